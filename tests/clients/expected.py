"""The account that a table means for an address, and what of it each program takes.

Computed from the table, never from an answer of the daemon.
"""

import json

FIELDS = ("type", "hostname", "port", "socketType", "authentication", "username")


def provider(table, domain):
    """As the table says it; the domain in ASCII."""
    for found in json.loads(table.read_text())["providers"]:
        if domain in [name.encode("idna").decode() for name in found["domains"]]:
            return found
    raise AssertionError("%s is not in %s" % (domain, table))


def _server(row, address):
    username = row["username"].replace("%EMAILADDRESS%", address)
    return {"type": row["type"], "hostname": row["hostname"], "port": row["port"],
            "socketType": row["socketType"], "authentication": row["authentication"][0],
            "username": username.replace("%EMAILLOCALPART%", address.split("@")[0])}


def account(table, address):
    """{"incoming": [...], "outgoing": [...]}, in the order of the table and without what is switched off."""
    found = provider(table, address.split("@")[1].encode("idna").decode())
    return {key: [_server(row, address) for row in found[key + "Servers"] if not row.get("off")]
            for key in ("incoming", "outgoing")}


def mail_hosts(table, address):
    return sorted({server["hostname"] for servers in account(table, address).values() for server in servers})


def _thunderbird(meant):
    return meant


def _by_kind(meant):
    """IMAP before POP3, whatever comes first: Evolution and KMail keep a list for each."""
    return {**meant, "incoming": sorted(meant["incoming"], key=lambda server: server["type"])}


def _deltachat(meant):
    """No POP3. It does not read how to log in, but tries what the server offers."""
    return {key: [{field: server[field] for field in FIELDS if field != "authentication"}
                  for server in servers if server["type"] != "pop3"]
            for key, servers in meant.items()}


def _horde(meant):
    """It reads whether there is TLS from the first byte; STARTTLS and no TLS at all are one to it."""
    return {key: [{**server, "authentication": None,
                   "socketType": "SSL" if server["socketType"] == "SSL" else None} for server in servers]
            for key, servers in meant.items()}


TAKES = {"deltachat": _deltachat, "evolution": _by_kind, "horde": _horde, "kmail": _by_kind,
         "thunderbird": _thunderbird}


def shown_address(client, address):
    """The address as the program itself writes it: Horde shows a domain of ASCII in Unicode."""
    if client != "horde":
        return address
    local, _, domain = address.partition("@")
    return "%s@%s" % (local, domain.encode("idna").decode("idna"))


def arrives(client, table, address):
    """What the program's account must be."""
    return TAKES[client](account(table, shown_address(client, address)))
