"""Horde_Mail_Autoconfig, a PHP library for webmail, with its Thunderbird driver: see horde_probe.php."""

import json

import programs


def run(address, limit):
    ended, out, err = programs.run(["php", programs.HERE / "horde_probe.php", address], limit)
    # without JSON there, PHP itself has failed
    found = json.loads(out) if ended else {"incoming": [], "outgoing": []}
    return {"ended": ended, **found, "said": err}
