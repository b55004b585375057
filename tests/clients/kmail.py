"""KMail's account wizard: /usr/bin/ispdb, the command that KDE ships beside it, over the same class."""

import re

import programs

# KMail's words for the table's. "TLS" is its STARTTLS; its "plain" is a mechanism of SASL.
SECURITY = {"None": "plain", "SSL": "SSL", "TLS": "STARTTLS"}
AUTHENTICATION = {"plain": "password-cleartext", "CramMD5": "password-encrypted", "OAuth2": "OAuth2"}
HEADING = re.compile(r"(imap|pop3|smtp) servers:", re.I)
SERVER = re.compile(r'hostname: "(.*?)" - port: (-?\d+) - encryption: "(.*?)" - username: "(.*?)"'
                    r' - authentication: "(.*?)"')


def _servers(text):
    """From the summary at its end; what comes before is its log."""
    found = {"incoming": [], "outgoing": []}
    kind = None
    for line in text[max(0, text.rfind("\nDomains ")):].splitlines():
        heading = HEADING.match(line.strip())
        server = SERVER.search(line.replace('" "', "").replace(':" ', ": "))
        if heading:
            kind = heading[1].lower()
        elif server and kind:
            host, port, security, user, mechanism = server.groups()
            found["outgoing" if kind == "smtp" else "incoming"].append({
                "type": kind, "hostname": host, "port": int(port),
                "socketType": SECURITY.get(security, security),
                "authentication": AUTHENTICATION.get(mechanism, mechanism), "username": user})
    return found


def run(address, limit):
    ended, out, err = programs.run(
        ["dbus-run-session", "--", "ispdb", "--email", address], limit,
        QT_QPA_PLATFORM="offscreen", KDE_FORK_SLAVES="1", LC_ALL="C.UTF-8", QT_MESSAGE_PATTERN="%{message}",
        QT_LOGGING_RULES="org.kde.pim.accountwizard.debug=true")
    said = out + err
    return {"ended": ended, **_servers(said), "said": said}
