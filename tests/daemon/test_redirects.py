"""Autodiscover's redirects: to another address, to another place, and from http to https."""

import json
import re

import pytest

from harness import run
from http_client import AUTOCONFIG, AUTODISCOVER, XML, fetch, pox
from tables import provider, put, service, table
import xml_tools

EXPECTED = xml_tools.REQUESTS / "expected"
FAR = "https://autodiscover.hoster.test/autodiscover/autodiscover.xml"


def addressed(domain, target, **more):
    return provider(domain, redirectAddr=target, **more)


def placed(domain, target, **more):
    return {"id": domain, "displayName": domain, "domains": [domain], "redirectUrl": target, **more}


@pytest.fixture(scope="module")
def served(module_daemon, tmp_path_factory):
    path = put(tmp_path_factory.mktemp("redirects") / "t.json", table(
        provider("other.test"),
        addressed("old.test", "%EMAILLOCALPART%@other.test"),
        addressed("team.test", "team@other.test"),
        addressed("eas.test", "%EMAILLOCALPART%.%EMAILLOCALPART%@other.test",
                  incomingServers=[service("activeSync", "https://eas.test/Microsoft-Server-ActiveSync")]),
        placed("away.test", FAR), placed("query.test", FAR + "?a=1&b='2'"),
        placed("served.test", FAR, autodiscoverHost="discover.%EMAILDOMAIN%",
               **{k: v for k, v in provider("served.test").items() if k.endswith("Servers")})))
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", table=path)


def post(daemon, address, schema="outlook", host="x.test"):
    return fetch(daemon.address, "POST", AUTODISCOVER, host, XML, pox(address, schema))


def document(response):
    assert response.status == 200, response
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert not response.all("Location")
    xml_tools.no_bom_no_doctype(response.body)
    root = xml_tools.parse(response.body)
    xml_tools.valid(xml_tools.autodiscover_schema(), root)
    xml_tools.clean_texts(root)
    return root


def reference(name, **replaced):
    text = (EXPECTED / name).read_text()
    for old, new in replaced.items():
        text = re.sub(r"(<%s>)[^<]*" % old, lambda m: m[1] + new, text)
    return xml_tools.flat(xml_tools.parse(text.encode()))


@pytest.mark.parametrize("address, leads_to", [
    ("ann@old.test", "ann@other.test"), ("Ann.B+c@OLD.test", "Ann.B+c@other.test"),
    ("o'neill&amp;co@old.test", "o&apos;neill&amp;co@other.test"), ("ann@team.test", "team@other.test"),
    ("%EMAILDOMAIN%@old.test", "%EMAILDOMAIN%@other.test"), ("jürgen@old.test", "jürgen@other.test"),
    ("ann@eas.test", "ann.ann@other.test")])
def test_to_another_address(served, address, leads_to):
    root = document(post(served, address))
    assert xml_tools.flat(root) == reference("settings-redirectaddr.xml", RedirectAddr=leads_to)
    # the one element, and none of the account
    names = [e.tag.rpartition("}")[2] for e in root.iter()]
    assert names == ["Autodiscover", "Response", "Account", "AccountType", "Action", "RedirectAddr"]


@pytest.mark.parametrize("address", ["ann@eas.test", "ann@old.test"])
def test_to_another_address_for_phones(served, address):
    got = document(post(served, address, "mobilesync"))
    target = address.replace("old.test", "other.test") if "old" in address else "ann.ann@other.test"
    assert xml_tools.flat(got) == reference("mobilesync-redirect.xml", EMailAddress=address, Redirect=target)
    assert b"Microsoft-Server-ActiveSync" not in post(served, address, "mobilesync").body


@pytest.mark.parametrize("domain, url", [
    ("away.test", FAR), ("query.test", FAR + "?a=1&amp;b='2'"), ("served.test", FAR)])
def test_to_another_place(served, domain, url):
    wanted = reference("settings-redirecturl.xml", RedirectUrl=url)
    assert xml_tools.flat(document(post(served, "ann@" + domain))) == wanted
    # and without an address, since the place is the same for all
    for host in (domain, "autodiscover." + domain):
        assert xml_tools.flat(document(fetch(served.address, "GET", AUTODISCOVER, host))) == wanted


def test_another_address_needs_an_address(served):
    """A GET that names none gets no success: Thunderbird and Delta Chat look elsewhere then."""
    for domain in ("old.test", "team.test"):
        for host in (domain, "autodiscover." + domain):
            for method in ("GET", "HEAD"):
                assert fetch(served.address, method, AUTODISCOVER, host).status == 404
        document(fetch(served.address, "GET", AUTODISCOVER + "?Email=a@" + domain, "x.test"))


def test_a_place_alone_has_nothing_for_others(served):
    assert b"<ErrorCode>601<" in post(served, "ann@away.test", "mobilesync").body
    for target in (AUTOCONFIG + "?emailaddress=ann@away.test", "/profile.mobileconfig?emailaddress=ann@away.test",
                   "/v1.1/away.test"):
        assert fetch(served.address, "GET", target, "autoconfig.away.test").status == 404
    for path in ("/.well-known/user-agent-configuration.json", "/.well-known/caldav"):
        assert fetch(served.address, "GET", path, "away.test").status == 404


def test_other_protocols_do_not_know_redirects(served):
    for domain in ("old.test", "served.test"):
        response = fetch(served.address, "GET", AUTOCONFIG, "autoconfig." + domain)
        assert response.status == 200
        assert ("imap.%s" % domain).encode() in response.body and b"other.test" not in response.body


@pytest.mark.parametrize("host, leads_to", [
    ("old.test", "autodiscover.old.test"), ("autodiscover.old.test", "autodiscover.old.test"),
    ("Served.test:80", "discover.served.test"), ("autodiscover.served.test", "discover.served.test"),
    ("away.test", "autodiscover.away.test")])
def test_plain_http_leads_to_https_and_nowhere_else(served, host, leads_to):
    """Exactly 302, absolute, in the one spelling that every program takes; the query is none of POX's."""
    for path in (AUTODISCOVER, "/Autodiscover/Autodiscover.xml", AUTODISCOVER + "?a=b", AUTODISCOVER.upper()):
        for method, body in (("GET", None), ("HEAD", None), ("POST", pox("ann@other.test"))):
            response = fetch(served.public, method, path, host, XML, body)
            assert response.status == 302, response
            assert response["Location"] == "https://%s/autodiscover/autodiscover.xml" % leads_to
            assert response["Cache-Control"] == "no-store"
            assert response.body == b"" and not response.all("Content-Type")
    assert fetch(served.public, "GET", AUTODISCOVER, "unknown.test").status == 404


CIRCLES = {
    "to itself": [addressed("a.test", "x@a.test")],
    "to itself below a wildcard": [addressed("a.test", "x@b.a.test", domains=["a.test", "*.a.test"])],
    "two addresses": [addressed("a.test", "x@b.test"), addressed("b.test", "x@a.test")],
    "a chain": [addressed("a.test", "x@b.test"), addressed("b.test", "x@c.test"), provider("c.test")],
    "an address, then a place": [addressed("a.test", "x@b.test"), placed("b.test", FAR)],
    "a place that is its own": [placed("a.test", "https://autodiscover.a.test/autodiscover/autodiscover.xml")],
    "a place in capitals": [placed("a.test", "https://AutoDiscover.A.test./autodiscover/autodiscover.xml")],
    "the bare domain": [placed("a.test", "https://a.test/autodiscover/autodiscover.xml")],
    "a host of the table": [placed("a.test", "https://x.test/autodiscover/autodiscover.xml", autodiscoverHost="x.test")],
    "two places": [placed("a.test", "https://b.test/autodiscover/autodiscover.xml"), placed("b.test", FAR)],
}
STRAIGHT = {
    "an address": [addressed("a.test", "x@b.test"), provider("b.test")],
    "an address of nobody's": [addressed("a.test", "x@elsewhere.test")],
    "two to one": [addressed("a.test", "x@c.test"), addressed("b.test", "x@c.test"), provider("c.test")],
    "a place of a served domain": [placed("a.test", "https://autodiscover.b.test/autodiscover/autodiscover.xml"),
                                   provider("b.test")],
}


@pytest.mark.parametrize("name", [*CIRCLES, *STRAIGHT])
def test_no_circles(name, tmp_path):
    path = put(tmp_path / "t.json", table(*{**CIRCLES, **STRAIGHT}[name]))
    settings = put(tmp_path / "s.json", "{}")
    checked = run("check", "--config", settings, "--table", path, name="mailconf")
    daemon = run("--check", "--config", settings, "--table", path)
    assert checked.returncode == daemon.returncode == (1 if name in CIRCLES else 0), checked.stderr
    if name in CIRCLES:
        for said in (checked.stderr, daemon.stderr):
            assert re.search(r"t\.json:1:\d+: error: \"redirect(Addr|Url)\": leads ", said), said


def test_a_circle_is_refused_at_reload(daemon, tmp_path):
    path = put(tmp_path / "t.json", table(addressed("a.test", "x@b.test"), provider("b.test")))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    before = document(post(one, "ann@a.test"))
    put(path, table(addressed("a.test", "x@b.test"), addressed("b.test", "x@a.test")))
    assert "keeping the configuration" in one.reload()
    assert xml_tools.flat(document(post(one, "ann@a.test"))) == xml_tools.flat(before)
    assert json.loads(path.read_text())["providers"][1]["redirectAddr"] == "x@a.test"
    put(path, table(provider("a.test")))
    assert "reloaded: " in one.reload()
    assert [p["Server"] for p in xml_tools.protocols(document(post(one, "ann@a.test")))] == ["imap.a.test", "smtp.a.test"]
