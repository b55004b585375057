"""Starts a real nginx with the shipped configuration."""

import os
import re
import shutil
import socket
import ssl
import subprocess

from harness import SOURCE, environment
from http_client import Connection, connect, request_bytes
from server_process import end, wait_for_ports

CONF = SOURCE / "contrib" / "nginx" / "mailconfd.conf"

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
    """`certify` puts cert.pem and key.pem into the folder it is given."""

    def __init__(self, upstream, folder, certify=certificate):
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        assert program, "nginx is not installed"
        self.folder = folder
        folder.mkdir()
        certify(folder)
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
        return wait_for_ports(self.process, self.ports, lambda: (self.folder / "stderr").read_text())

    def fetch(self, scheme, method, target, host, fields=(), body=None):
        s = connect(("127.0.0.1", self.ports[scheme == "https"]))
        if scheme == "https":
            name = host if host.endswith(".example.test") else "autoconfig.example.test"
            s = self.tls.wrap_socket(s, server_hostname=name)
            s.sendall(request_bytes(method, target, host, fields, body))
            with Connection(sock=s) as c:
                return c.response(method)
        with Connection(sock=s) as c:
            return c.request(method, target, host, fields, body)

    def stop(self):
        end(self.process, "nginx")

    @property
    def logs(self):
        return "".join(p.read_text() for p in self.folder.glob("*.log"))
