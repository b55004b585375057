"""A real nginx with the shipped configuration in front of the daemon."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from harness import SOURCE, environment
from http_client import (AUTOCONFIG, AUTODISCOVER, WELL_KNOWN, XML, Connection, connect, pox, request_bytes)
import xml_tools

CONF = SOURCE / "contrib" / "nginx" / "mailconfd.conf"
HOST = "autoconfig.example.test"
LOCATION = "https://autodiscover.example.test/autodiscover/autodiscover.xml"

MAIN = """daemon off;
%s
pid %s/nginx.pid;
error_log stderr notice;
worker_processes 1;
events { worker_connections 64; }
http {
	client_body_temp_path %s/body;
	proxy_temp_path %s/proxy;
	fastcgi_temp_path %s/fastcgi;
	uwsgi_temp_path %s/uwsgi;
	scgi_temp_path %s/scgi;
	include %s/mailconfd.conf;
}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def certificate(folder):
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2", "-subj", "/CN=example.test",
         "-addext", "subjectAltName=DNS:autoconfig.example.test,DNS:autodiscover.example.test"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr


def adapted(upstream, folder, ports):
    """The shipped file with other addresses, certificate and log paths; everything else as it is."""
    text = CONF.read_text()
    for pattern, replacement in (
            (r"(?m)^(\tserver )(unix:\S+|127\.0\.0\.1:\d+);", r"\g<1>%s;" % upstream),
            (r"(?m)^(\tlisten )80\b", r"\g<1>127.0.0.1:%d" % ports[0]),
            (r"(?m)^(\tlisten )443\b", r"\g<1>127.0.0.1:%d" % ports[1]),
            (r"(?m)^(\tlisten )\[::\]:80\b", r"\g<1>[::1]:%d" % ports[0]),
            (r"(?m)^(\tlisten )\[::\]:443\b", r"\g<1>[::1]:%d" % ports[1]),
            (r"(?m)^(\tssl_certificate )\S+;", r"\g<1>%s/cert.pem;" % folder),
            (r"(?m)^(\tssl_certificate_key )\S+;", r"\g<1>%s/key.pem;" % folder),
            (r"(?m)^(\taccess_log )\S+/([^/\s]+)", r"\g<1>%s/\g<2>" % folder),
            (r"(?m)^(\terror_log )\S+/([^/\s]+)", r"\g<1>%s/\g<2>" % folder)):
        text, count = re.subn(pattern, replacement, text)
        assert count, pattern
    (folder / "mailconfd.conf").write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN % ((user,) + (folder,) * 7))


class Nginx:
    def __init__(self, upstream, folder):
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        assert program, "nginx is not installed"
        self.folder = folder
        folder.mkdir()
        certificate(folder)
        for attempt in range(5):
            self.ports = (free_port(), free_port())
            adapted(upstream, folder, self.ports)
            self.process = subprocess.Popen(
                [program, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"], env=environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(folder / "stderr", "w"))
            if self._wait():
                break
            said = (folder / "stderr").read_text()
            assert "Address already in use" in said and attempt < 4, said
        self.tls = ssl.create_default_context(cafile=folder / "cert.pem")

    def _wait(self):
        deadline = time.monotonic() + 30
        while self.process.poll() is None:
            try:
                for port in self.ports:
                    connect(("127.0.0.1", port)).close()
                return True
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, (self.folder / "stderr").read_text()
                time.sleep(0.02)
        return False

    def fetch(self, scheme, method, target, host, fields=(), body=None):
        s = connect(("127.0.0.1", self.ports[scheme == "https"]))
        if scheme == "https":
            name = host if host.endswith(".example.test") else HOST
            s = self.tls.wrap_socket(s, server_hostname=name)
            s.sendall(request_bytes(method, target, host, fields, body))
            with Connection(sock=s) as c:
                return c.response(method)
        with Connection(sock=s) as c:
            return c.request(method, target, host, fields, body)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("nginx does not end")

    @property
    def logs(self):
        return "".join(p.read_text() for p in self.folder.glob("*.log"))


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
