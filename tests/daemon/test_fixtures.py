"""Every request of fixtures/autodiscover, byte for byte, against one daemon."""

import base64
import csv
import re
import shutil
import time

import pytest

from harness import TABLE
from http_client import Closed, Connection, fetch
import json_tools
import xml_tools

REQUESTS = xml_tools.REQUESTS

with open(REQUESTS / "cases.tsv", encoding="utf-8", newline="") as tsv:
    CASES = list(csv.DictReader(tsv, delimiter="\t", quoting=csv.QUOTE_NONE))

# The address a settings answer is for, where it is not alice@example.test; alternatives where both do.
ADDRESSES = {
    "107": ["Alice@EXAMPLE.Test", "Alice@example.test"],
    "112": ["alice+tag@example.test"],
    "113": ["jürgen@example.test"],
    "114": ["alice@bücher.test", "alice@xn--bcher-kva.test"],
    "115": ["alice@xn--bcher-kva.test"],
    "128": ["alice@eas.test"],
    "138": ["alice@starttls.test"],
    "140": ["alice@plain.test"],
    "141": ["alice@localpart.test"],
    "142": ["alice@dav.test"],
    "143": ["o'hara&co@example.test"],
    "144": ["alice@eas.test"],
    "217": ['"a@b"@example.test'],
    "225": ["jürgen@example.test"],
    "245": ["a" * 65 + "@example.test"],
    "250": ["x</LoginName><Server>evil.example</Server>@example.test"],
    "251": ["%s%n%x@example.test"],
    "252": ["%EMAILDOMAIN%@example.test"],
}

# The codes of refusals that have no reference of their own.
JSON_CODES = {"049": "MandatoryParameterMissing", "055": "InvalidRequest", "063": "InvalidRequest",
              "064": "InvalidRequest"}

# Nothing of a request may come back in a refusal.
ECHOES = [b"alice", b"mallory", b"evil.example", b"not-a-real-password", b"<Autodiscover", b"AAAAAAAA",
          b"unknown.invalid", b"X-Injected", b"passwd"]

IDLE = 2


def number(row):
    return row["file"][:3]


def request_of(row):
    return (REQUESTS / row["file"]).read_bytes()


@pytest.fixture(scope="module")
def served(module_daemon):
    daemon = module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0",
                           "--idle-timeout", IDLE, "--max-connections", 200)
    return daemon


def ask(daemon, row):
    """The answer, or None for a close without one; and what follows the answer until the close."""
    address = daemon.public if row["port"] == "80" else daemon.address
    with Connection(address) as c:
        c.send(request_of(row))
        try:
            response = c.response("HEAD" if number(row) == "017" else "GET")
        except Closed:
            return None, b""
        # what the daemon makes of the rest of the bytes, if there is one
        try:
            c.half_close()
        except OSError:
            pass
        rest = c.until_closed()
        return response, rest


# ---- what each kind means -------------------------------------------------------------------

def autodiscover_headers(response):
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.all("ETag")
    assert int(response["Content-Length"]) > 0


def autodiscover_document(response):
    assert response.status == 200
    autodiscover_headers(response)
    xml_tools.no_bom_no_doctype(response.body)
    assert b"xmlns:" not in response.body, "clients match names without prefixes"
    document = xml_tools.parse(response.body)
    xml_tools.valid(xml_tools.autodiscover_schema(), document)
    xml_tools.clean_texts(document)
    return document


def expected_settings(domain, address):
    """The reference answer for an address, or for nobody."""
    name = "settings-%s%s.xml" % (domain, "" if address else "-no-address")
    path = REQUESTS / "expected" / name
    if path.exists():
        root = xml_tools.parse(path.read_bytes())
        own = domain
    else:
        root = xml_tools.parse((REQUESTS / "expected" / "settings-localpart.test.xml").read_bytes())
        own = "localpart.test"
    for element in root.iter():
        text = (element.text or "").strip()
        if not text:
            continue
        if text == "alice@" + own:
            text = address
        elif text == "alice":
            text = address.rpartition("@")[0] if domain == "localpart.test" else address
        elif text.endswith("." + own):
            text = text[:-len(own)] + domain
        element.text = text
    return root


def settings(row, response):
    document = autodiscover_document(response)
    got = xml_tools.flat(document)
    accepted = []
    for address in ADDRESSES.get(number(row), ["alice@example.test"]):
        domain = address.rpartition("@")[2].lower().replace("bücher", "xn--bcher-kva")
        accepted.append(xml_tools.flat(expected_settings(domain, address)))
    assert got in accepted


def settings_nouser(row, response):
    document = autodiscover_document(response)
    assert xml_tools.flat(document) == xml_tools.flat(expected_settings("example.test", None))


def head(row, response):
    assert response.status == 200 and response.body == b""
    autodiscover_headers(response)


def error(code):
    def check(row, response):
        got = xml_tools.flat(autodiscover_document(response))
        want = xml_tools.flat(xml_tools.parse(
            (REQUESTS / "expected" / ("error-%d.xml" % code)).read_bytes()))
        assert [e[:2] for e in got] == [e[:2] for e in want]
        assert [e[3] for e in got if e[1].endswith("}ErrorCode")] == [str(code)]
        assert [e[3] for e in got if e[1].endswith("}DebugData")] == [""]
    return check


def mobilesync(row, response):
    got = xml_tools.flat(autodiscover_document(response))
    assert got == xml_tools.flat(xml_tools.parse(
        (REQUESTS / "expected" / "mobilesync-eas.test.xml").read_bytes()))


def json_headers(response):
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.all("ETag") and not response.all("Location")


def json_good(row, response):
    """The very bytes of the reference."""
    assert response.status == 200
    json_headers(response)
    found = json_tools.valid("autodiscover-json", response.body)
    reference = REQUESTS / "expected" / ("json-%s.json" % found["Protocol"].lower())
    assert response.body == reference.read_bytes()


def json_refusal(row, response):
    """The reference's members and code; only the wording is free."""
    assert response.status == 400
    json_headers(response)
    found = json_tools.valid("autodiscover-json-error", response.body)
    references = {code: json_tools.parse((REQUESTS / "expected" / ("json-error-%s.json" % code)).read_bytes())
                  for code in ("invalidprotocol", "missingprotocol")}
    for reference in references.values():
        assert list(found) == list(reference)
    like = references.get(found["ErrorCode"].lower())
    assert found["ErrorCode"] == (like["ErrorCode"] if like else JSON_CODES[number(row)])


def redirect(row, response):
    assert response.status == 302
    domain = "eas.test" if number(row) == "022" else "example.test"
    if number(row) == "062":
        assert response["Location"].startswith("https://autodiscover.example.test/autodiscover/")
    else:
        assert response["Location"] == "https://autodiscover.%s/autodiscover/autodiscover.xml" % domain
    assert b"<Protocol>" not in response.body


def autoconfig(row, response):
    assert response.status == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    xml_tools.no_bom_no_doctype(response.body)
    document = xml_tools.parse(response.body)
    xml_tools.valid(xml_tools.autoconfig_grammar(), document)
    xml_tools.clean_texts(document)


def refusal(response):
    for echo in ECHOES:
        assert echo not in response.raw, response


def notfound(row, response):
    assert response.status == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=60" in response["Cache-Control"]
    assert 0 < len(response.body) < 200
    refusal(response)


def method(row, response):
    assert response.status in (405, 501, 204, 200)
    if response.status == 405:
        assert {"GET", "HEAD"} <= response.allow
    refusal(response)


def badreq(row, response):
    assert 400 <= response.status < 500
    refusal(response)


def toolarge(row, response):
    assert response.status == 413
    refusal(response)


KINDS = {
    "settings": settings, "settings-nouser": settings_nouser, "head": head, "mobilesync": mobilesync,
    "err500": error(500), "err600": error(600), "err601": error(601),
    "json-ok": json_good, "json-err": json_refusal, "redirect": redirect, "autoconfig": autoconfig,
    "notfound": notfound, "method": method, "badreq": badreq, "toolarge": toolarge,
}


def judge(row, response, rest):
    statuses = row["status"].split("|")
    if response is None:
        assert "close" in statuses, "closed without an answer"
        return
    assert str(response.status) in statuses, response
    if number(row) == "205":
        # 408 is the only answer there is to a body that does not come
        refusal(response)
        return
    complaints = []
    kinds = row["kind"].split("|")
    if response.status == 411:
        kinds = ["badreq"]
    for kind in kinds:
        if kind == "drop":
            continue
        try:
            KINDS[kind](row, response)
            break
        except AssertionError as complaint:
            complaints.append("not %s: %s" % (kind, complaint))
    else:
        raise AssertionError("\n".join(complaints))
    for needle in filter(None, row["must_contain"].split(" && ")):
        assert needle.encode() in response.raw, needle
    for needle in filter(None, row["must_not_contain"].split(" && ")):
        assert needle.encode() not in response.raw + rest, needle
    assert not response.all("WWW-Authenticate") and not response.all("Set-Cookie")
    # Bytes after a request are at best a bad request of their own.
    assert not re.search(rb"HTTP/1\.[01] [123]", rest), rest


@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"][:-len(".http")]) for row in CASES])
def test_case(served, row):
    response, rest = ask(served, row)
    judge(row, response, rest)


def test_cases_and_files_agree():
    assert sorted(row["file"] for row in CASES) == sorted(p.name for p in REQUESTS.glob("*.http"))
    assert len(CASES) == 190
    assert {kind for row in CASES for kind in row["kind"].split("|")} <= set(KINDS) | {"drop"}


def test_head_has_the_fields_of_get(served):
    fields = {}
    for verb in ("GET", "HEAD"):
        response = fetch(served.address, verb, "/Autodiscover/Autodiscover.xml", "autodiscover.example.test")
        fields[verb] = [f for f in response.fields if f[0] != "date"]
    assert fields["GET"] == fields["HEAD"]


def test_secrets_are_in_no_answer_and_no_log(daemon):
    """All requests once more, in one go, at the most talkative level."""
    one = daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0",
                 "--idle-timeout", IDLE, "--log-level", "debug")
    answers = []
    for row in CASES:
        if number(row) == "205":
            continue
        response, rest = ask(one, row)
        if response:
            answers.append(response.raw + rest)
    # whatever was going to be logged is logged before the end
    one.finish()
    secrets = [b"not-a-real-password"]
    for row in CASES:
        for token in re.findall(rb"(?i)\r\nAuthorization: *(?:Basic|Bearer|Negotiate|NTLM) +([^\s]+)",
                                request_of(row)):
            secrets.append(token)
            try:
                plain = base64.b64decode(token)
            except ValueError:
                continue
            if b":" in plain:
                secrets.append(plain)
    assert len(secrets) > 3
    log = one.log.encode()
    for secret in secrets:
        assert secret not in log, secret
        assert not [a for a in answers if secret in a], secret
    # nobody's name, no address, no name that only the client uttered
    for word in (b"alice", b"mallory", b"hara&co", b"rgen@", b"evil.example", b"unknown.invalid",
                 b"X-Injected", b"@example.test", b"emailaddress=", b"Email=", b"%s%n"):
        assert word.lower() not in log.lower(), word
    # and nothing that could steer a terminal or fake a line
    assert not re.search(r"[^\t\n\x20-\x7e]", one.log), ascii(one.log)


def test_external_entities_touch_nothing(daemon, tmp_path):
    strace = shutil.which("strace")
    assert strace, "strace is not installed"
    trace = tmp_path / "trace"
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", IDLE,
                 prefix=[strace, "-D", "-f", "-s", "200", "-e", "trace=network,openat", "-o", trace],
                 env={"ASAN_OPTIONS": "detect_leaks=0"})
    for row in CASES:
        if "234" <= number(row) <= "238":
            judge(row, *ask(one, row))
    one.finish()
    deadline = time.monotonic() + 20
    while "+++ exited with 0 +++" not in trace.read_text():
        assert time.monotonic() < deadline, "the trace has no end"
        time.sleep(0.02)
    calls = trace.read_text()
    # the trace sees what it is meant to see
    assert TABLE.name in calls and re.search(r"\baccept4?\(", calls)
    assert "connect(" not in calls
    assert "passwd" not in calls
    assert not re.search(r"openat\([^)]*(?:\.dtd|\.ent|xinclude)", calls)
