"""A throw-away certificate authority."""

import ssl
import subprocess

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True)
    assert done.returncode == 0, done.stderr


class Authority:
    """`folder`/ca.pem and its key. Programs must be told to trust it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.certificate = folder / "ca.pem"
        self.key = folder / "ca-key.pem"
        _openssl("req", "-x509", *KEY, "-keyout", self.key, "-out", self.certificate, "-days", "2",
                 "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, names, folder):
        """`folder`/cert.pem and key.pem for these names. Mozilla rejects an authority's own here."""
        request, extensions = self.folder / "request.pem", self.folder / "extensions"
        extensions.write_text("subjectAltName=%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
                              % ",".join("DNS:" + name for name in names))
        _openssl("req", *KEY, "-keyout", folder / "key.pem", "-out", request, "-subj", "/CN=" + names[0])
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                 "-CAcreateserial", "-days", "2", "-out", folder / "cert.pem", "-extfile", extensions)


def server_context(folder, protocols=()):
    """A server's side of TLS with what Authority.issue() has put there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    if protocols:
        context.set_alpn_protocols(protocols)
    return context
