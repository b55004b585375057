"""Has a client look up an address of one of the domains below; used by the tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

import expected
from harness import SOURCE

HERE = Path(__file__).resolve().parent
LOGS = SOURCE / "build" / "logs" / "clients"
CENTURYLINK = SOURCE / "conf" / "centurylink.json"
TABLE = HERE / "table.json"

CLIENTS = ("deltachat", "evolution", "horde", "kmail", "thunderbird")
# Seconds for a look-up that is to end. All take two or less on an idle machine.
LIMIT = 60
# Start of a program, and of the network; see run.py.
MARGIN = 120


class Domain:
    """A way to be found: which names are in the DNS, and the address that is asked for."""

    def __init__(self, address, web, table=TABLE, exchangers=(), known=True):
        self.address, self.web, self.table = address, web, table
        self.exchangers = exchangers
        self.mail = expected.mail_hosts(table, address) if known else []


def _both(domain):
    return ["autoconfig." + domain, "autodiscover." + domain]


DOMAINS = {
    "pop3-first": Domain("alice@q.com", _both("q.com"), CENTURYLINK),
    "no-imap": Domain("alice@qwestoffice.net", _both("qwestoffice.net"), CENTURYLINK),
    "starttls": Domain("alice@starttls.test", _both("starttls.test")),
    # Only its hoster has a name to ask at.
    "mail-exchanger": Domain("alice@customer.test", ["autoconfig.hoster.test"],
                             exchangers=[("customer.test", "mx.hoster.test")]),
    "autodiscover": Domain("alice@discovered.test", ["autodiscover.discovered.test"]),
    "idn": Domain("alice@xn--bcher-kva.test", _both("xn--bcher-kva.test")),
    # The same domain, as its owner types it.
    "idn-unicode": Domain("alice@bücher.test", _both("xn--bcher-kva.test")),
    # All its names lead to the daemon, also the domain's own.
    "unknown": Domain("alice@unknown.test", _both("unknown.test") + ["unknown.test"], known=False),
}


class Run:
    """How it went: .found, .ended (by itself), and what was asked and answered."""

    def __init__(self, report):
        self.found = report["found"]
        self.ended = self.found["ended"]
        self.rows = report["record"]
        self.seconds = report["seconds"]

    @property
    def account(self):
        return {key: self.found[key] for key in ("incoming", "outgoing")}

    @property
    def said(self):
        """For the message of a failed test."""
        parts = (json.dumps(part, indent=1) for part in (self.account, self.http))
        return "arrived at %s\nafter %s" % tuple(parts)

    @property
    def http(self):
        return [row for row in self.rows if row["kind"] == "http"]

    @property
    def names(self):
        """That were looked for in the DNS."""
        return {row["name"] for row in self.rows if row["kind"] == "dns"}

    @property
    def tls(self):
        return [row for row in self.rows if row["kind"] == "tls"]

    @property
    def statuses(self):
        return {row["status"] for row in self.http}

    def answered(self, status):
        """The URLs. Delta Chat sends whole ones as targets."""
        return [row["target"] if "://" in row["target"] else "%(scheme)s://%(host)s%(target)s" % row
                for row in self.http if row["status"] == status]


def _words(address):
    return "%s:%d" % address


def look_up(client, domain, http, https, authority=None, limit=LIMIT, name=None):
    """A run.py of its own; its report stays in LOGS. A client that cannot run fails the test here."""
    command = [sys.executable, str(HERE / "run.py"), client, domain.address, "--limit", str(limit),
               "--http", _words(http), "--https", _words(https), "--web", *domain.web]
    if domain.mail:
        command += ["--mail", *domain.mail]
    for pair in domain.exchangers:
        command += ["--exchanger", *pair]
    if authority:
        command += ["--authority", str(authority)]
    LOGS.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, timeout=limit + MARGIN, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    (LOGS / ("%s.json" % (name or client))).write_text(done.stdout + done.stderr)
    assert done.returncode == 0, "%s could not run:\n%s\n%s" % (client, done.stderr, done.stdout[-2000:])
    return Run(json.loads(done.stdout))
