"""Tables of the tests' own, and replacing files as an editor does it."""

import json


def server(kind, host, port, socket="SSL", methods=("password-cleartext",), user="%EMAILADDRESS%", **more):
    return {"type": kind, "hostname": host, "port": port, "socketType": socket,
            "authentication": list(methods), "username": user, **more}


def service(kind, url, methods=("http:Basic",), user="%EMAILADDRESS%"):
    return {"type": kind, "url": url, "authentication": list(methods), "username": user}


def provider(domain, *more_incoming, **members):
    """IMAP and SMTP with TLS from the first byte; members replace and add."""
    return {"id": domain, "displayName": "Mail of " + domain, "domains": [domain],
            "incomingServers": [server("imap", "imap." + domain, 993), *more_incoming],
            "outgoingServers": [server("smtp", "smtp." + domain, 465)], **members}


def table(*providers):
    return json.dumps({"providers": providers}, ensure_ascii=False)


def put(path, text):
    """Whole, by renaming."""
    new = path.with_name(path.name + ".new")
    if isinstance(text, bytes):
        new.write_bytes(text)
    else:
        new.write_text(text, "utf-8")
    new.rename(path)
    return path
