"""Thunderbird's set-up window, used as a person uses it. The pictures stay in build/logs/clients."""

import struct

import expected
import thunderbird
from judge import DOMAINS, LOGS, look_up

DOMAIN = DOMAINS["pop3-first"]
# the window's words for the table's
SECURITY = {"SSL": "SSL/TLS", "STARTTLS": "STARTTLS", "plain": "None"}
AUTHENTICATION = {"password-cleartext": "Normal Password"}


# what it did not show before 153
LATER = {"incomingPort", "incomingAuthenticationType", "outgoingPort", "outgoingAuthenticationType"}


def shown(server, prefix):
    return {prefix + "Type": server["type"], prefix + "Host": server["hostname"],
            prefix + "Port": str(server["port"]), prefix + "SocketType": SECURITY[server["socketType"]],
            prefix + "AuthenticationType": AUTHENTICATION[server["authentication"]],
            prefix + "Username": server["username"]}


def size_of(path):
    """Width and height of a PNG."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR", "%s is no PNG" % path
    return struct.unpack(">II", head[16:])


def test_window(daemons):
    daemon = daemons[DOMAIN.table]
    run = look_up("thunderbird-window", DOMAIN, daemon.public, daemon.address)
    meant = expected.account(DOMAIN.table, DOMAIN.address)
    outgoing = shown(meant["outgoing"][0], "outgoing")
    assert run.found["refusal"] is None and run.found["step"] == thunderbird.FOUND
    choices = {server["type"]: {**shown(server, "incoming"), **outgoing} for server in meant["incoming"]}
    if int(run.found["version"].split(".")[0]) < 153:
        choices = {name: {key: choice[key] for key in choice if key not in LATER}
                   for name, choice in choices.items()}
    assert run.found["choices"] == choices
    # the first of the table is what a person gets who only presses Continue
    first = meant["incoming"][0]["type"]
    assert run.found["recommended"] == run.found["selected"] == [first] == ["pop3"]

    pictures = thunderbird.save(run.found["pictures"], LOGS)
    assert set(pictures) == {"form", "found", "imap", "pop3"}
    for path in pictures.values():
        width, height = size_of(path)
        assert width >= 800 and height >= 600
        assert path.stat().st_size > 20000, "%s is empty" % path
    assert pictures["imap"].read_bytes() != pictures["pop3"].read_bytes()
