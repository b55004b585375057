"""What the daemon says about certificates, and a real Caddy that asks it, with contrib/caddy/Caddyfile."""

import os
import re
import shutil
import socket
import ssl
import subprocess

import pytest

from harness import SOURCE, environment
from http_client import AUTOCONFIG, Connection, fetch, request_bytes
from server_process import end, wait_for_ports

CADDYFILE = SOURCE / "contrib" / "caddy" / "Caddyfile"
GOLDEN = SOURCE / "tests" / "golden"
ASK = "/tls/ask"


# ---- the question ---------------------------------------------------------------------------

@pytest.fixture(scope="module")
def centurylink(module_daemon):
    return module_daemon("--listen", "127.0.0.1:0", table=SOURCE / "conf" / "centurylink.json")


@pytest.fixture(scope="module")
def table(module_daemon):
    return module_daemon("--listen", "127.0.0.1:0", table=GOLDEN / "table.json")


def asked(daemon, query, method="GET"):
    response = fetch(daemon.address, method, ASK + query, "127.0.0.1:8080")
    assert response.status == 405 or response["Cache-Control"] == "no-store"
    return response


@pytest.mark.parametrize("name", [
    "autoconfig.q.com", "autodiscover.q.com", "q.com", "www.q.com", "AUTOCONFIG.Q.COM", "autoconfig.q.com.",
    "autoconfig.qwestoffice.net", "autoconfig%2Eq%2Ecom"])
def test_names_of_the_table(centurylink, name):
    response = asked(centurylink, "?domain=" + name)
    assert response.status == 200
    assert response.body == b"This name is answered here.\n"


@pytest.mark.parametrize("query", [
    "", "?", "?domain", "?domain=", "?DOMAIN=q.com", "?name=q.com", "?domain=evil.example",
    "?domain=autoconfig.evil.example", "?domain=mail.q.com", "?domain=com", "?domain=*", "?domain=*.q.com",
    "?domain=q.com:443", "?domain=ann@q.com", "?domain=q..com", "?domain=%00", "?domain=q.com%00",
    "?domain=%ff.q.com", "?domain=%zz", "?domain=192.0.2.1", "?domain=[::1]", "?domain=" + "a" * 300,
    "?domain=" + "a." * 120 + "q.com", "?domain=https://q.com/"])
def test_names_outside_the_table(centurylink, query):
    response = asked(centurylink, query)
    assert response.status == 404
    assert b"q.com" not in response.body


@pytest.mark.parametrize("name, status", [
    ("autoconfig.shop.customers.example", 200), ("shop.customers.example", 200),
    ("customers.example", 404), ("autoconfig.customers.example", 404),
    ("autoconfig.mx.hoster.example", 200), ("autoconfig.a.mx.hoster.example", 200), ("mx.hoster.example", 404),
    ("autoconfig.jmap.example", 200), ("autodiscover.jmap.example", 404),
    ("autoconfig.b%C3%BCcher.example", 200), ("autoconfig.xn--bcher-kva.example", 200),
    ("off.example", 404), ("autoconfig.off.example", 404)])
def test_kinds_of_names(table, name, status):
    assert asked(table, "?domain=" + name).status == status


def test_the_default_is_not_enough(daemon):
    """A name that only "*" matches is answered, but gets no certificate."""
    one = daemon("--listen", "127.0.0.1:0", table=GOLDEN / "default.json")
    assert fetch(one.address, "GET", AUTOCONFIG, "autoconfig.anything.example").status == 200
    for name in ("anything.example", "autoconfig.anything.example", "autodiscover.anything.example"):
        assert asked(one, "?domain=" + name).status == 404


def test_beside_other_answers(daemon):
    """A daemon keeps its usual 404; this one is another, whichever comes first."""
    one = daemon("--listen", "127.0.0.1:0", table=GOLDEN / "table.json")
    for _ in range(2):
        assert asked(one, "?domain=evil.example").status == 404
        response = fetch(one.address, "GET", AUTOCONFIG, "autoconfig.evil.example")
        assert response.status == 404 and response["Cache-Control"] == "max-age=60"


def test_methods(centurylink):
    head = asked(centurylink, "?domain=q.com", "HEAD")
    assert head.status == 200 and head.body == b""
    post = asked(centurylink, "?domain=q.com", "POST")
    assert post.status == 405 and post.allow == {"GET", "HEAD"}


# ---- Caddy ----------------------------------------------------------------------------------

OWN = """{
	admin off
	local_certs
	skip_install_trust
	default_bind 127.0.0.1
	http_port %d
	https_port %d
	storage file_system %s
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Caddy:
    """With other addresses, and its own authority for certificates; everything else as it is shipped."""

    def __init__(self, upstream, folder):
        program = shutil.which("caddy")
        assert program, "caddy is not installed"
        self.folder = folder
        for attempt in range(5):
            self.ports = [free_port(), free_port(), free_port()]
            self._configure(upstream)
            with open(folder / "stderr", "w") as stderr:
                self.process = subprocess.Popen(
                    [program, "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
                    env=environment(HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
            if self._wait():
                return
            assert "address already in use" in self.log and attempt < 4, self.log

    def _configure(self, upstream):
        text = CADDYFILE.read_text()
        for pattern, replacement in (
                (r"(?m)^\{\n", OWN % (self.ports[0], self.ports[1], self.folder)),
                (r"(?m)^\temail .*\n", ""),
                (r"unix//run/mailconfd/http\.sock", "unix/" + str(upstream)),
                (r"127\.0\.0\.1:9180", "127.0.0.1:%d" % self.ports[2])):
            text, count = re.subn(pattern, replacement, text)
            assert count, pattern
        (self.folder / "Caddyfile").write_text(text)

    @property
    def log(self):
        return (self.folder / "stderr").read_text()

    def _wait(self):
        return wait_for_ports(self.process, self.ports, lambda: self.log)

    def authority(self):
        return self.folder / "pki" / "authorities" / "local" / "root.crt"

    def secure(self, name):
        """A verified connection; the first one for a name makes its certificate."""
        context = ssl.create_default_context(cafile=self.authority())
        s = socket.create_connection(("127.0.0.1", self.ports[1]), timeout=30)
        try:
            return context.wrap_socket(s, server_hostname=name)
        except Exception:
            s.close()
            raise

    def stop(self):
        end(self.process, "caddy")


@pytest.fixture(scope="module")
def caddy(module_daemon, tmp_path_factory):
    folder = tmp_path_factory.mktemp("caddy")
    module_daemon("--listen", "unix:%s" % (folder / "s"), table=SOURCE / "conf" / "centurylink.json")
    instance = Caddy(folder / "s", folder)
    yield instance
    instance.stop()


def test_certificate_at_the_first_handshake(caddy):
    s = caddy.secure("autoconfig.q.com")
    names = [value for kind, value in s.getpeercert()["subjectAltName"] if kind == "DNS"]
    assert names == ["autoconfig.q.com"]
    s.sendall(request_bytes("GET", AUTOCONFIG + "?emailaddress=ann@q.com", "autoconfig.q.com"))
    with Connection(sock=s) as c:
        response = c.response("GET")
    assert response.status == 200 and b'<domain>q.com</domain>' in response.body


def test_no_certificate_for_others(caddy):
    for name in ("evil.example", "autoconfig.evil.example", "mail.q.com"):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            caddy.secure(name)
    made = [path.name for path in caddy.folder.glob("certificates/local/*")]
    assert not [name for name in made if "evil" in name or name == "mail.q.com"], made


def test_plain_http(caddy):
    """No redirect of Caddy's own: autoconfig is answered, Autodiscover sent to https by the daemon."""
    address = ("127.0.0.1", caddy.ports[0])
    assert fetch(address, "GET", AUTOCONFIG, "autoconfig.q.com").status == 200
    response = fetch(address, "GET", "/autodiscover/autodiscover.xml", "autodiscover.q.com")
    assert response.status == 302
    assert response["Location"] == "https://autodiscover.q.com/autodiscover/autodiscover.xml"


def test_no_address_in_the_log(module_daemon, tmp_path):
    """Not even when the daemon does not answer."""
    instance = Caddy(tmp_path / "nobody", tmp_path)
    try:
        response = fetch(("127.0.0.1", instance.ports[0]), "GET", AUTOCONFIG + "?emailaddress=secret@q.com",
                         "autoconfig.q.com")
        assert response.status == 502
    finally:
        instance.stop()
    assert "secret" not in instance.log
