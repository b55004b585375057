"""Autodiscover's second version: one URL for one protocol, as JSON."""

import re
import urllib.parse

import pytest

from http_client import fetch
from json_tools import valid
from tables import provider, put, service, table
from xml_tools import REQUESTS

PATH = "/autodiscover/autodiscover.json"
HOST = "autodiscover.example.test"


@pytest.fixture(scope="module")
def served(module_daemon):
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0")


@pytest.fixture(scope="module")
def other(module_daemon, tmp_path_factory):
    """Tables of our own: other hosts, redirects, a domain in the URLs."""
    path = put(tmp_path_factory.mktemp("json") / "t.json", table(
        provider("pattern.test", domains=["pattern.test", "*.pattern.test"],
                 autodiscoverHost="discover.%EMAILDOMAIN%"),
        provider("literal.test", domains=["literal.test", "second.test"],
                 autodiscoverHost="Discover.Literal.test"),
        provider("urls.test", service("activeSync", "https://eas.%EMAILDOMAIN%:8443/eas?a=\"%41&b=1"),
                 service("ews", "https://ews.urls.test/")),
        provider("moved.test", service("ews", "https://ews.moved.test/"), redirectAddr="x@pattern.test"),
        {"id": "away.test", "displayName": "Away", "domains": ["away.test"],
         "redirectUrl": "https://far.test/autodiscover/autodiscover.xml"}))
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", table=path)


def ask(daemon, target, host=HOST, method="GET"):
    return fetch(daemon.address, method, target, host)


def fields(response):
    """What every answer in JSON has, and nothing else has."""
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert int(response["Content-Length"]) > 0
    names = {name for name, _ in response.fields}
    assert names <= {"content-type", "cache-control", "x-content-type-options", "content-length", "date"}, names


def good(response, protocol, url):
    assert response.status == 200, response
    fields(response)
    assert valid("autodiscover-json", response.body) == {"Protocol": protocol, "Url": url}
    return response.body


def refused(response, code):
    assert response.status == 400, response
    fields(response)
    document = valid("autodiscover-json-error", response.body)
    assert document["ErrorCode"] == code
    return document["ErrorMessage"]


def nothing(response):
    assert response.status == 404, response
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert b"{" not in response.body


@pytest.mark.parametrize("name, domain, protocol", [
    ("json-autodiscoverv1", "example.test", "AutodiscoverV1"),
    ("json-activesync", "eas.test", "ActiveSync"),
    ("json-ews", "ews.test", "Ews")])
def test_the_very_bytes_in_any_case_and_form(served, name, domain, protocol):
    expected = (REQUESTS / "expected" / (name + ".json")).read_bytes()
    url = "https" + expected.decode().split('"https', 1)[1].rstrip('"}')
    for asked in (protocol, protocol.lower(), protocol.upper(), protocol.swapcase()):
        for form in ("%s?Email=ann@%s&Protocol=%s", "%s?email=ann%%40%s&protocol=%s",
                     "%s?EMAIL=%%61nn%%40%s&PROTOCOL=%s&RedirectCount=1", "%s/v1.0/ann@%s?Protocol=%s",
                     "%s/v1.0/ann%%40%s?Protocol=%s&ServerLocation=true", "%s/V2/ann@%s?Protocol=%s",
                     "%s/ann@%s?Protocol=%s", "%s?&Email=a+b@%s&&Protocol=%s&"):
            for path in (PATH, "/Autodiscover/Autodiscover.json", PATH.upper()):
                body = good(ask(served, form % (path, domain, asked)), protocol, url)
                assert body == expected
    # the domain alone decides
    assert good(ask(served, "%s?Email=nobody@%s&Protocol=%s" % (PATH, domain.upper(), protocol)),
                protocol, url) == expected


def test_head_is_get_without_a_body(served):
    target = PATH + "?Email=ann@example.test&Protocol=AutodiscoverV1"
    get, head = (ask(served, target, method=method) for method in ("GET", "HEAD"))
    assert head.body == b"" and head.status == 200
    assert [f for f in head.fields if f[0] != "date"] == [f for f in get.fields if f[0] != "date"]
    options = ask(served, target, method="OPTIONS")
    assert options.status == 204 and options.allow == {"GET", "HEAD", "OPTIONS"}
    for method in ("POST", "PUT", "PROPFIND"):
        response = ask(served, target, method=method)
        assert response.status == 405 and response.allow == {"GET", "HEAD", "OPTIONS"}


def test_without_an_address_the_host_decides(served):
    url = "https://autodiscover.eas.test/autodiscover/autodiscover.xml"
    for host in ("autodiscover.eas.test", "eas.test", "EAS.test.:443"):
        for query in ("?Protocol=AutodiscoverV1", "?Email=&Protocol=AutodiscoverV1"):
            good(ask(served, PATH + query, host), "AutodiscoverV1", url)
    nothing(ask(served, PATH + "?Protocol=AutodiscoverV1", "autodiscover.unknown.test"))


def test_the_address_decides_before_the_host_and_alone(served):
    good(ask(served, PATH + "?Email=a@eas.test&Protocol=ActiveSync", HOST),
         "ActiveSync", "https://eas.test/Microsoft-Server-ActiveSync")
    # a path says it again: the path counts
    good(ask(served, PATH + "/v1.0/a@eas.test?Email=a@example.test&Protocol=ActiveSync", HOST),
         "ActiveSync", "https://eas.test/Microsoft-Server-ActiveSync")
    for address in ("a@unknown.test", "a", "@example.test", "a@b@example.test", "a@", "a%0D%0Ab@example.test"):
        nothing(ask(served, PATH + "?Email=%s&Protocol=AutodiscoverV1" % address, HOST))


def test_what_is_missing_or_there_twice(served):
    refused(ask(served, PATH), "MandatoryParameterMissing")
    refused(ask(served, PATH + "?"), "MandatoryParameterMissing")
    for query in ("?Email=a@example.test", "?Email=a@example.test&Protocol=", "?x=1"):
        refused(ask(served, PATH + query), "MissingProtocol")
    for query in ("?Email=a@example.test&Email=a@example.test&Protocol=Ews", "?Protocol=Ews&protocol=Ews",
                  "?Email=a@example.test&Protocol=%zz", "?Email=%ff@example.test&Protocol=Ews",
                  "?Email=a%00@example.test&Protocol=Ews", "?Email=a@example.test&Protocol",
                  "?Email=%s@example.test&Protocol=Ews" % ("a" * 320)):
        refused(ask(served, PATH + query), "InvalidRequest")


@pytest.mark.parametrize("tail", ["/v1.0/example.test", "/x/a@example.test", "/a@example.test/x", "/a@b/a@example.test",
                                  "x", "/v1.0//a@example.test", "/../autodiscover.json", "/v1.0/%2e%2e/a@example.test",
                                  "/v1.0/a@example.test%00", "/v1.0/a@example.test%2F..%2F"])
def test_other_paths_are_not_there(served, tail):
    nothing(ask(served, PATH + tail + "?Protocol=AutodiscoverV1"))


def test_only_what_is_there_is_offered(served):
    for domain, offered in (("example.test", "AutodiscoverV1"), ("eas.test", "ActiveSync, AutodiscoverV1"),
                            ("ews.test", "AutodiscoverV1, Ews")):
        said = refused(ask(served, "%s?Email=a@%s&Protocol=Rest" % (PATH, domain)), "InvalidProtocol")
        assert said == "The protocol 'Rest' is not available. Available: %s." % offered
    refused(ask(served, PATH + "?Email=a@example.test&Protocol=ActiveSync"), "InvalidProtocol")
    refused(ask(served, PATH + "?Email=a@eas.test&Protocol=Ews"), "InvalidProtocol")


HOSTILE = ['<script>alert("x")</script>', '"},{"x":"', "\\", "\\u0041", "\r\nX-Injected: 1", "'; DROP TABLE--",
           "../../etc/passwd", "%s%n%x", "%EMAILADDRESS%", "\u202e", "日本", "😀", "\x7f\x1b[31m", "${jndi:ldap://x}",
           "A" * 300, "Ews ", " Ews", "Ews\u200b", "Ews/..", "Ews,Ews", "AutodiscoverV1x", "Autodiscover"]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_comes_back_but_letters_and_digits(served, value):
    query = "?Email=a@example.test&Protocol=" + urllib.parse.quote(value, safe="")
    response = ask(served, PATH + query)
    said = refused(response, "InvalidProtocol")
    echo = re.fullmatch(r"The protocol '([A-Za-z0-9]*)' is not available\. Available: AutodiscoverV1\.", said)[1]
    assert echo == re.sub("[^A-Za-z0-9]", "", value)[:32]
    response.raw.decode("ascii")
    assert b"X-Injected:" not in response.raw and b"<" not in response.raw


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_of_an_address_comes_back(served, value):
    marker = "marker7" + value
    for target in (PATH + "?Protocol=Rest&Email=%s@example.test" % urllib.parse.quote(marker, safe=""),
                   PATH + "?Protocol=AutodiscoverV1&Email=%s@example.test" % urllib.parse.quote(marker, safe=""),
                   PATH + "?Protocol=AutodiscoverV1&Email=a@%s" % urllib.parse.quote(marker, safe="")):
        response = ask(served, target)
        assert response.status in (200, 400, 404)
        assert b"marker7" not in response.raw
        assert b"X-Injected" not in response.raw


def test_autodiscover_host(other):
    for domain, host in (("pattern.test", "discover.pattern.test"), ("a.pattern.test", "discover.a.pattern.test"),
                         ("literal.test", "discover.literal.test"), ("second.test", "discover.literal.test"),
                         ("moved.test", "autodiscover.moved.test")):
        good(ask(other, "%s?Email=a@%s&Protocol=AutodiscoverV1" % (PATH, domain), "x.test"), "AutodiscoverV1",
             "https://%s/autodiscover/autodiscover.xml" % host)


def test_urls_of_the_table_are_escaped_and_filled(other):
    response = ask(other, PATH + "?Email=a@urls.test&Protocol=ActiveSync")
    assert b'"https://eas.urls.test:8443/eas?a=\\"%41&b=1"' in response.body
    good(response, "ActiveSync", 'https://eas.urls.test:8443/eas?a="%41&b=1')
    good(ask(other, PATH + "?Email=a@urls.test&Protocol=EWS"), "Ews", "https://ews.urls.test/")


def test_redirect_url_is_where_autodiscover_is(other):
    good(ask(other, PATH + "?Email=a@away.test&Protocol=AutodiscoverV1"), "AutodiscoverV1",
         "https://far.test/autodiscover/autodiscover.xml")
    refused(ask(other, PATH + "?Email=a@away.test&Protocol=Ews"), "InvalidProtocol")


PLAIN = [
    ("/autodiscover/autodiscover.json?Email=a@example.test&Protocol=AutodiscoverV1", None),
    ("/Autodiscover/AutoDiscover.JSON/v1.0/a%40example.test?Protocol=Ews&RedirectCount=1", None),
    ("/autodiscover/autodiscover.json", None),
    ("/autodiscover/autodiscover.json?", "/autodiscover/autodiscover.json"),
    ("/autodiscover/autodiscover.json?a=%0D%0AX:1&b='(1)*!~", None),
    # what no URL may have is left out, and the rest with it
    ('/autodiscover/autodiscover.json?a="b"', "/autodiscover/autodiscover.json"),
    ("/autodiscover/autodiscover.json?a=<b>&Protocol=Ews", "/autodiscover/autodiscover.json"),
    ("/autodiscover/autodiscover.json?a=b|c{d}", "/autodiscover/autodiscover.json"),
    ("/autodiscover/autodiscover.json?a=b\\c", "/autodiscover/autodiscover.json"),
    ("/autodiscover/autodiscover.json?a=\xe9", "/autodiscover/autodiscover.json"),
]


@pytest.mark.parametrize("target, kept", PLAIN)
def test_plain_http_keeps_path_and_query(served, target, kept):
    for method in ("GET", "HEAD"):
        response = fetch(served.public, method, target, HOST)
        assert response.status == 302, response
        assert response["Location"] == "https://autodiscover.example.test" + (kept or target)
        assert response["Cache-Control"] == "no-store" and response.body == b""
    for host in ("example.test", "EXAMPLE.test:80"):
        assert fetch(served.public, "GET", target, host)["Location"].startswith("https://autodiscover.example.test/")
    for host in ("unknown.test", "evil.test\\@example.test", "example.test@evil.test"):
        assert fetch(served.public, "GET", target, host).status == 404


def test_plain_http_leads_to_the_host_of_the_table(other):
    target = PATH + "?Email=a@pattern.test&Protocol=AutodiscoverV1"
    for domain, host in (("pattern.test", "discover.pattern.test"), ("autodiscover.b.pattern.test", "discover.b.pattern.test"),
                         ("second.test", "discover.literal.test"), ("away.test", "autodiscover.away.test")):
        assert fetch(other.public, "GET", target, domain)["Location"] == "https://%s%s" % (host, target)


def test_a_long_query_is_left_out(served):
    target = PATH + "?Email=a@example.test&Protocol=" + "a" * 7000
    response = fetch(served.public, "GET", target, HOST)
    assert response.status in (302, 414), response
    if response.status == 302:
        assert response["Location"] in ("https://autodiscover.example.test" + target,
                                        "https://autodiscover.example.test" + PATH)
