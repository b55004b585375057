"""What a file of Thunderbird's database means: the items of tests/fixtures/ispdb/README.md.

Read with lxml, and with nothing of the program. Two documents mean the same when their items are equal.
What the README calls "not needed for the meaning" is in no item: comments, the XML declaration, line ends,
white space, the order of children within a server and of the sections.
"""

import re

from lxml import etree

_parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

SERVER_TEXTS = ("hostname", "port", "socketType", "url", "username", "restriction", "addThisServer",
                "useGlobalPreferredServer", "owaURL", "ewsURL", "easURL")
POP3_TEXTS = ("leaveMessagesOnServer", "daysToLeaveMessagesOnServer", "downloadOnBiff")
OAUTH2_TEXTS = ("issuer", "scope", "authURL", "tokenURL", "clientID")
FORM_FIELDS = ("usernameField", "passwordField", "loginButton")

# Spellings of other drafts, and what they mean.
OLD_AUTHENTICATION = {"http-basic": ("http", "Basic"), "http-digest": ("http", "Digest"),
                      "plain": (None, "password-cleartext"), "secure": (None, "password-encrypted")}


def parse(path):
    return etree.parse(str(path), _parser).getroot()


def text(element):
    return re.sub(r"\s+", " ", element.text or "").strip()


def child_text(element, name):
    found = element.findall(name)
    assert len(found) <= 1, "%s twice" % name
    return text(found[0]) if found else None


def authentication(element):
    word = text(element)
    return OLD_AUTHENTICATION.get(word, (element.get("system"), word))


def localized(element, name):
    return [(e.get("lang"), text(e)) for e in element.findall(name)]


def pop3(element):
    if element is None:
        return None
    options = {name: child_text(element, name) for name in POP3_TEXTS}
    interval = element.find("checkInterval")
    options["checkInterval"] = None if interval is None else interval.get("minutes")
    return options


def server(element):
    items = {name: child_text(element, name) for name in SERVER_TEXTS}
    items["url"] = items["url"] or child_text(element, "serverURL")
    items["type"] = element.get("type")
    items["authentication"] = [authentication(e) for e in element.findall("authentication")]
    items["pop3"] = pop3(element.find("pop3"))
    return items


def key_of(element):
    return element.get("key").strip("%")


def web_mail(element):
    if element is None:
        return None
    page, info = element.find("loginPage"), element.find("loginPageInfo")
    items = {"loginPage": None if page is None else page.get("url"), "loginPageInfo": None}
    if info is not None:
        items["loginPageInfo"] = dict(info.attrib, username=child_text(info, "username"))
        for name in FORM_FIELDS:
            field = info.find(name)
            # one without id and name says nothing
            items["loginPageInfo"][name] = dict(field.attrib) if field is not None and field.attrib else None
    return items


def meaning(root):
    """Item by item; what is a list has an order, what is a set has none."""
    provider = root.find("emailProvider")

    def both(*names):
        """In emailProvider or at the root: the same."""
        return [e for parent in (provider, root) for e in parent if e.tag in names]

    update, oauth2 = root.find("clientConfigUpdate"), root.find("oAuth2")
    return {
        "id": provider.get("id"),
        "domains": {text(e) for e in provider.findall("domain") if e.get("purpose") != "mx"},
        "mail exchangers": {text(e) for e in provider.findall("domain") if e.get("purpose") == "mx"},
        "displayName": child_text(provider, "displayName"),
        "displayShortName": child_text(provider, "displayShortName"),
        "incoming": [server(e) for e in provider.findall("incomingServer")],
        "outgoing": [server(e) for e in provider.findall("outgoingServer")],
        "calendars": [server(e) for e in both("calendar")],
        "address books": [server(e) for e in both("addressbook", "addressBook")],
        "file shares": [server(e) for e in both("fileShare")],
        "setup servers": [server(e) for e in both("setupServer")],
        # "instruction" with a url is an old spelling of "documentation"
        "documentation": [(e.get("url"), localized(e, "descr")) for e in both("documentation", "instruction")],
        "enable": [(e.get("visiturl"), localized(e, "instruction")) for e in both("enable")],
        "input fields": [(key_of(e), e.get("label"), text(e)) for e in both("inputField", "userinput")],
        "webMail": web_mail(root.find("webMail")),
        "oAuth2": None if oauth2 is None else {name: child_text(oauth2, name) for name in OAUTH2_TEXTS},
        "update": None if update is None else update.get("url"),
    }


# Every element and attribute that meaning() looks at, so that a new one in a file cannot go unseen.
KNOWN_ELEMENTS = {
    "clientConfig", "emailProvider", "domain", "displayName", "displayShortName", "incomingServer",
    "outgoingServer", "calendar", "addressbook", "addressBook", "fileShare", "setupServer", "authentication",
    "serverURL", "pop3", "checkInterval", "documentation", "instruction", "descr", "enable", "inputField",
    "userinput", "webMail", "loginPage", "loginPageInfo", "oAuth2", "clientConfigUpdate",
    *SERVER_TEXTS, *POP3_TEXTS, *OAUTH2_TEXTS, *FORM_FIELDS}
KNOWN_ATTRIBUTES = {"version", "id", "purpose", "type", "system", "minutes", "url", "visiturl", "lang", "key", "label",
                    "waitForRedirectionURLPrefix", "name"}


def unknown(root):
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    return ({e.tag for e in elements} - KNOWN_ELEMENTS) | ({a for e in elements for a in e.attrib} - KNOWN_ATTRIBUTES)
