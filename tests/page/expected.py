"""What the page has to say, from the table and the catalogues of texts, not from the page."""

import json
import re

from harness import SOURCE

PROVIDERS = json.loads((SOURCE / "conf" / "centurylink.json").read_text())["providers"]
DOMAINS = sorted(domain for provider in PROVIDERS for domain in provider["domains"])
# the words of programs for a socketType
SECURITY = {"SSL": "SSL/TLS", "STARTTLS": "STARTTLS", "plain": "None"}
PROTOCOL = {"pop3": "POP3", "imap": "IMAP", "smtp": "SMTP"}
ROLE = {"pop3": "Incoming mail", "imap": "Incoming mail", "smtp": "Outgoing mail"}


def provider_of(domain):
    return next(p for p in PROVIDERS if domain in p["domains"])


def servers(domain):
    """(role, protocol, host, port, security) in the order of the table, without those that are off."""
    provider = provider_of(domain)
    return [(ROLE[s["type"]], PROTOCOL[s["type"]], s["hostname"], str(s["port"]), SECURITY[s["socketType"]])
            for s in provider["incomingServers"] + provider["outgoingServers"] if not s.get("off")]


# Of the card of a page, the same. A value is what a copy button would take, or all of the cell.
CARD = """(() => {
    const text = (e) => e.innerText.replace(/\\s+/g, " ").trim();
    return Array.from(document.querySelectorAll("#settings section.server")).map((server) => {
        const rows = {};
        for (const row of server.querySelectorAll("dl > div")) {
            const cell = row.querySelector("dd");
            rows[text(row.querySelector("dt"))] = text(cell.querySelector(".v") || cell);
        }
        return {role: text(server.querySelector(".role")), protocol: text(server.querySelector("h3 span + span")),
                rows, said: Array.from(server.querySelectorAll("p")).map(text)};
    });
})()"""

LOGIN = """(() => {
    const row = document.querySelector("#settings .login div dd");
    return (row.querySelector(".v") || row).innerText.trim();
})()"""


def shown(page):
    """As servers(), of the page."""
    return [(s["role"], s["protocol"], s["rows"]["Server"], s["rows"]["Port"], s["rows"]["Security"])
            for s in page.evaluate(CARD)]


def catalog(language):
    """{text: translation} of templates/po, by a reader that is not the daemon's."""
    text = (SOURCE / "templates" / "po" / (language + ".po")).read_text("utf-8")
    unquote = lambda strings: "".join(json.loads(s) for s in re.findall(r'^\s*(?:msgid|msgstr)?\s*("(?:[^"\\]|\\.)*")$', strings, re.M))
    found = {}
    for entry in re.split(r"\n\s*\n", text):
        if "msgid" in entry and "\n#, fuzzy" not in "\n" + entry:
            head, _, tail = entry.partition("msgstr")
            found[unquote(head)] = unquote("msgstr" + tail)
    found.pop("", None)
    return found
