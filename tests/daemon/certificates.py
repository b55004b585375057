"""Certificates of the tests' own, made by openssl: a root, an issuer below it, and who signs."""

import subprocess

CONFIG = """
[ca]
default_ca = this
[this]
new_certs_dir = {folder}
database = {folder}/index
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
"""
LONG_AGO, PAST, FUTURE, FAR = "20200101000000Z", "20210101000000Z", "20900101000000Z", "20950101000000Z"


def openssl(*args, **kwargs):
    done = subprocess.run(["openssl", *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Authority:
    """A root and an issuer; .issue() makes a key and a certificate that the issuer signed."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "index").write_text("")
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        self.root, self.root_key = folder / "root.pem", folder / "root.key"
        self.key(self.root_key, "rsa")
        openssl("req", "-x509", "-new", "-key", self.root_key, "-subj", "/CN=Root", "-days", "3650", "-config", self.config,
                "-extensions", "root", "-out", self.root)
        self.issuer, self.issuer_key = folder / "issuer.pem", folder / "issuer.key"
        self.key(self.issuer_key, "rsa")
        self._sign(self.issuer_key, "Issuer", self.issuer, self.root, self.root_key, "root", LONG_AGO, FAR)

    def key(self, path, kind):
        how = {"rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
               "ed25519": ["ED25519"]}[kind]
        openssl("genpkey", "-algorithm", *how, "-out", path)
        path.chmod(0o600)

    def _sign(self, key, name, out, by, by_key, extensions, since, until):
        request = out.with_suffix(".csr")
        openssl("req", "-new", "-key", key, "-subj", "/CN=" + name, "-config", self.config, "-out", request)
        openssl("ca", "-batch", "-notext", "-config", self.config, "-cert", by, "-keyfile", by_key, "-in", request,
                "-extensions", extensions, "-startdate", since, "-enddate", until, "-out", out)

    def issue(self, name, kind="rsa", since=LONG_AGO, until=FUTURE, key=None):
        """(chain, key): PEM files; the chain is the certificate and its issuer."""
        key = key or self.folder / (name + ".key")
        if not key.exists():
            self.key(key, kind)
        leaf, chain = self.folder / (name + ".pem"), self.folder / (name + ".chain.pem")
        self._sign(key, name, leaf, self.issuer, self.issuer_key, "leaf", since, until)
        chain.write_bytes(leaf.read_bytes() + self.issuer.read_bytes())
        return chain, key

    def verify(self, message, folder):
        """The content of a signed message that this root vouches for, and its certificates' names."""
        signed, signer, certificates = folder / "signed", folder / "signer", folder / "certificates"
        signed.write_bytes(message)
        content = openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", signed, "-CAfile", self.root,
                          "-purpose", "any", "-signer", signer, "-certsout", certificates)
        names = [openssl("x509", "-noout", "-subject", "-nameopt", "multiline", input=b"-----BEGIN" + piece).decode()
                 .rpartition("=")[2].strip() for piece in certificates.read_bytes().split(b"-----BEGIN")[1:]]
        by = openssl("x509", "-noout", "-subject", "-nameopt", "multiline", "-in", signer).decode().rpartition("=")[2].strip()
        return content, names, by
