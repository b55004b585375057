"""Reading and judging XML answers."""

import functools

from lxml import etree

from harness import FIXTURES

ROOT_NS = "{http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006}"
OUTLOOK_NS = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"
MOBILESYNC_NS = "{http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006}"
REQUESTS = FIXTURES / "autodiscover"

_parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def parse(data):
    return etree.fromstring(data, _parser)


@functools.lru_cache(maxsize=None)
def autodiscover_schema():
    return etree.XMLSchema(etree.parse(str(REQUESTS / "schema" / "response-root.xsd")))


@functools.lru_cache(maxsize=None)
def autoconfig_grammar(allow_plain=False):
    """The strict grammar; a variant lets socketType be plain."""
    text = (FIXTURES / "autoconfig-strict.rng").read_text()
    if allow_plain:
        starttls = '<value type="string">STARTTLS</value>'
        assert text.count(starttls) == 1
        text = text.replace(starttls, starttls + '<value type="string">plain</value>')
    return etree.RelaxNG(etree.fromstring(text.encode()))


def valid(validator, document):
    assert validator.validate(document), "%s\n%s" % (
        validator.error_log, etree.tostring(document).decode())


def flat(document):
    """Names, attributes and texts in document order; white space around texts does not count."""
    return [(len(list(e.iterancestors())), e.tag, dict(e.attrib), (e.text or "").strip())
            for e in document.iter() if isinstance(e.tag, str)]


def clean_texts(document):
    """No leaf has white space around its text: clients do not trim."""
    for element in document.iter():
        if isinstance(element.tag, str) and not len(element) and element.text:
            assert element.text == element.text.strip(), etree.tostring(element)


def no_bom_no_doctype(body, encoding_words=(b'"utf-8"', b'"UTF-8"')):
    assert body.startswith(b'<?xml version="1.0" encoding='), body[:80]
    assert any(word in body[:60] for word in encoding_words), body[:80]
    assert b"<!DOCTYPE" not in body
    body.decode("utf-8")


def protocols(document):
    """The Protocol elements of a settings answer, each a dict in document order."""
    return [{child.tag[len(OUTLOOK_NS):]: child.text for child in protocol}
            for protocol in document.iter(OUTLOOK_NS + "Protocol")]


def servers(document):
    """The servers of an autoconfig answer, in document order."""
    found = []
    for e in document.iter("incomingServer", "outgoingServer"):
        found.append((e.get("type"), e.findtext("hostname"), int(e.findtext("port")),
                      e.findtext("socketType"), [a.text for a in e.findall("authentication")],
                      e.findtext("username")))
    return found
