"""Where a domain's other services are: redirects for CalDAV, CardDAV (RFC 6764) and JMAP (RFC 8620)."""

import pytest

from http_client import Connection, fetch
from tables import provider, put, service, table

PATHS = {"caldav": 301, "carddav": 301, "jmap": 307}
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PROPFIND", "REPORT", "PUT", "DELETE", "MKCALENDAR"]
PROPFIND = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'


@pytest.fixture(scope="module")
def served(module_daemon, tmp_path_factory):
    path = put(tmp_path_factory.mktemp("well-known") / "t.json", table(
        provider("all.test", service("jmap", "https://jmap.test/session"), domains=["all.test", "*.all.test"],
                 calendars=[service("caldav", "https://dav.test:8443/cal/?a=1&b='2'"), service("caldav", "https://second.test/")],
                 addressBooks=[service("carddav", "https://dav.%EMAILDOMAIN%/card/%EMAILDOMAIN%/")]),
        provider("personal.test", service("jmap", "https://jmap.test/%EMAILADDRESS%"),
                 calendars=[service("caldav", "https://dav.test/%EMAILLOCALPART%/")],
                 addressBooks=[service("carddav", "https://%EMAILDOMAIN%/%EMAILADDRESS%")]),
        provider("none.test"),
        provider("self.test", service("jmap", "https://self.test/.well-known/jmap"),
                 calendars=[service("caldav", "https://%EMAILDOMAIN%:443/.well-known/caldav")],
                 addressBooks=[service("carddav", "https://self.test/.well-known/caldav")]),
        provider("off.test", calendars=[
            {**service("caldav", "https://off.test/"), "off": "closed"}, service("caldav", "https://on.test/")])))
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", table=path)


def ask(daemon, kind, host="all.test", method="GET", address=None):
    body = PROPFIND if method in ("PROPFIND", "REPORT", "POST", "PUT") else None
    return fetch(address or daemon.address, method, "/.well-known/" + kind, host, {}, body)


def leads(response, status, location):
    assert response.status == status, response
    assert response["Location"] == location
    assert response["Cache-Control"] == ("no-store" if status == 307 else "max-age=3600")
    assert response.body == b"" and response["Content-Length"] == "0"
    assert not response.all("Content-Type") and not response.all("WWW-Authenticate") and not response.all("Allow")
    assert response["X-Content-Type-Options"] == "nosniff"


LOCATIONS = {"caldav": "https://dav.test:8443/cal/?a=1&b='2'", "carddav": "https://dav.all.test/card/all.test/",
             "jmap": "https://jmap.test/session"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", PATHS)
def test_every_method_is_led_on(served, kind, method):
    leads(ask(served, kind, method=method), PATHS[kind], LOCATIONS[kind])
    # and by plain http, where a redirect to https is all there is to say
    leads(ask(served, kind, method=method, address=served.public), PATHS[kind], LOCATIONS[kind])


def test_the_connection_stays_in_step(served):
    with Connection(served.address) as c:
        for method in ("PROPFIND", "GET", "POST", "REPORT", "HEAD", "PROPFIND"):
            body = None if method in ("GET", "HEAD") else PROPFIND
            for kind in PATHS:
                leads(c.request(method, "/.well-known/" + kind, "all.test", {}, body), PATHS[kind], LOCATIONS[kind])


@pytest.mark.parametrize("kind", PATHS)
def test_path_and_host_in_any_form(served, kind):
    for target in ("/.Well-Known/" + kind.upper(), "/.well-known/%s?x=y" % kind, "https://all.test/.well-known/" + kind):
        leads(fetch(served.address, "PROPFIND", target, "ALL.test.:443"), PATHS[kind], LOCATIONS[kind])
    for target in ("/.well-known/%s/" % kind, "/.well-known/%s/x" % kind, "/.well-known/x" + kind,
                   "/.well-known/../.well-known/" + kind, "/" + kind):
        assert fetch(served.address, "GET", target, "all.test").status == 404, target


def test_the_domain_that_was_asked_is_filled_in(served):
    for host, domain in (("a.all.test", "a.all.test"), ("X.Y.all.test", "x.y.all.test"), ("all.test", "all.test")):
        leads(ask(served, "carddav", host), 301, "https://dav.%s/card/%s/" % (domain, domain))


@pytest.mark.parametrize("method", ["GET", "PROPFIND", "OPTIONS"])
@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("host", ["personal.test", "none.test", "unknown.test", "[::1]", "all.test.evil.test",
                                  "evil.test\\@all.test", "all.test@evil.test"])
def test_not_there(served, kind, host, method):
    response = ask(served, kind, host, method)
    assert response.status == 404 and not response.all("Location")
    assert b"%EMAIL" not in response.raw


def test_what_is_off_is_passed_over(served):
    leads(ask(served, "caldav", "off.test"), 301, "https://on.test/")


def test_never_to_the_place_that_was_asked(served):
    """A program would follow that until it gives up."""
    for kind in ("jmap", "caldav"):
        assert ask(served, kind, "self.test").status == 404
        assert ask(served, kind, "self.test", address=served.public).status == 404
    leads(ask(served, "carddav", "self.test"), 301, "https://self.test/.well-known/caldav")
