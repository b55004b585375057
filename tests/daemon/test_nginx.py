"""A real nginx with the shipped configuration in front of the daemon."""

import time

import pytest

from http_client import AUTOCONFIG, AUTODISCOVER, WELL_KNOWN, XML, pox
from nginx import Nginx
import xml_tools

HOST = "autoconfig.example.test"
LOCATION = "https://autodiscover.example.test/autodiscover/autodiscover.xml"


@pytest.fixture(scope="module", params=["unix", "tcp"])
def nginx(request, module_daemon, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    if request.param == "unix":
        daemon = module_daemon("--listen", "unix:%s" % (folder / "s"))
        upstream = "unix:%s" % (folder / "s")
    else:
        daemon = module_daemon("--listen", "127.0.0.1:0")
        upstream = "127.0.0.1:%d" % daemon.address[1]
    front = Nginx(upstream, folder / "front")
    yield front
    front.stop()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_autoconfig(nginx, scheme):
    for target in (AUTOCONFIG, AUTOCONFIG + "?emailaddress=ann%40example.test", WELL_KNOWN):
        response = nginx.fetch(scheme, "GET", target, HOST)
        assert response.status == 200, response
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        document = xml_tools.parse(response.body)
        xml_tools.valid(xml_tools.autoconfig_grammar(), document)
        assert document.find("emailProvider").get("id") == "example.test"
    again = nginx.fetch(scheme, "GET", AUTOCONFIG, HOST, {"If-None-Match": response["ETag"]})
    assert again.status == 304
    assert nginx.fetch(scheme, "HEAD", AUTOCONFIG, HOST).status == 200
    assert nginx.fetch(scheme, "GET", AUTOCONFIG, "autoconfig.unknown.example").status == 404


def test_autodiscover_over_https(nginx):
    for target in (AUTODISCOVER, "/Autodiscover/Autodiscover.xml"):
        response = nginx.fetch("https", "POST", target, "autodiscover.example.test", XML, pox("ann@example.test"))
        assert response.status == 200, response
        document = xml_tools.parse(response.body)
        xml_tools.valid(xml_tools.autodiscover_schema(), document)
        assert {p["LoginName"] for p in xml_tools.protocols(document)} == {"ann@example.test"}
    assert nginx.fetch("https", "GET", AUTODISCOVER, "autodiscover.example.test").status == 200


def test_autodiscover_over_http_is_redirected(nginx):
    for method, body in (("GET", None), ("POST", pox("ann@example.test"))):
        response = nginx.fetch("http", method, AUTODISCOVER, "autodiscover.example.test", XML, body)
        assert response.status == 302, response
        assert response["Location"] == LOCATION
    assert nginx.fetch("http", "GET", AUTODISCOVER, "autodiscover.unknown.example").status == 404


def test_a_client_cannot_forge_what_the_proxy_says(nginx):
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "autodiscover.eas.test",
              "Forwarded": "proto=https;host=autodiscover.eas.test"}
    response = nginx.fetch("http", "GET", AUTODISCOVER, "autodiscover.example.test", forged)
    assert response.status == 302 and response["Location"] == LOCATION
    response = nginx.fetch("https", "GET", AUTODISCOVER, "autodiscover.example.test",
                           {"Forwarded": "proto=http", "X-Forwarded-Proto": "http"})
    assert response.status == 200


def test_the_proxys_log_holds_no_address(nginx):
    nginx.fetch("https", "GET", AUTOCONFIG + "?emailaddress=carol%40example.test", HOST,
                {"Authorization": "Basic c2VjcmV0"})
    nginx.fetch("http", "GET", "/nothing/carol@example.test?carol", HOST)
    deadline = time.monotonic() + 10
    while nginx.logs.count("\n") < 2:
        assert time.monotonic() < deadline, "nothing is logged"
        time.sleep(0.01)
    for word in ("carol", "emailaddress", "c2VjcmV0", "127.0.0.1"):
        assert word not in nginx.logs
