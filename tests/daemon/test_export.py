"""`mailconf export --static`: its files, and real web servers over them, say what the daemon says."""

import fcntl
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
from urllib.parse import unquote

import pytest

from harness import SOURCE, TABLE, Daemon, environment, run
from http_client import AUTOCONFIG, AUTODISCOVER, WELL_KNOWN, XML, Connection, connect, fetch, pox, request_bytes
from nginx import certificate, free_port
from server_process import end, wait_for_ports

CENTURYLINK = SOURCE / "conf" / "centurylink.json"
LABELS = ("autoconfig.", "", "autodiscover.", "ua-auto-config.")
JSON = "/autodiscover/autodiscover.json"
PACC = "/.well-known/user-agent-configuration.json"
DAV = ("/.well-known/caldav", "/.well-known/carddav", "/.well-known/jmap")
PATHS = (AUTOCONFIG, WELL_KNOWN, "/.well-known/mail-v1.xml", "/v1.1/mail/config-v1.1.xml", AUTODISCOVER, PACC, *DAV)
LONG = "a-domain-whose-name-is-longer-than-a-bucket-of-nginx.and-some-more.example"
PROTOCOLS = ("AutodiscoverV1", "autodiscoverv1", "ActiveSync", "ACTIVESYNC", "Ews", "EWS")
FIELDS = ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "X-Content-Type-Options")
DAV_LOGIN = {"authentication": ["http:Basic"], "username": "%EMAILADDRESS%"}


def provider(name, jmap=None, **more):
    server = {"hostname": "mail." + name, "socketType": "SSL", "authentication": ["password-cleartext"],
              "username": "%EMAILADDRESS%"}
    return {"id": name, "displayName": "Mail", "displayShortName": "Mail", "domains": [name],
            "incomingServers": [dict(server, type="imap", port=993)] + (
                [{"type": "jmap", "url": jmap, **DAV_LOGIN}] if jmap else []),
            "outgoingServers": [dict(server, type="smtp", port=465)], **more}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Two domains without a finding: what is said is about the export."""
    path = tmp_path_factory.mktemp("small") / "table.json"
    calendar = {"type": "caldav", "url": "https://dav.test/caldav/", **DAV_LOGIN}
    path.write_text(json.dumps({"providers": [provider("example.test"), provider("dav.test", calendars=[calendar])]}))
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The fixtures' table, and what is hard for web servers."""
    providers = json.loads(TABLE.read_text())["providers"] + [
        provider(LONG, calendars=[{"type": "caldav", "url": "https://dav.example/a%20b/$x?y=$1", **DAV_LOGIN}]),
        provider("taken.example", domains=["taken.example", "autoconfig.taken.example"],
                 calendars=[{"type": "caldav", "url": "https://dav.example/~/$uri/%7BHTTP_HOST%7D/\\1", **DAV_LOGIN}]),
        provider("jmap.example", jmap="https://jmap.example/session?a=1&b=2"),
        provider("hoster.example", domains=["hoster.example", "*.wild.example"],
                 mailExchangers=["mx.example"]),
    ]
    path = tmp_path_factory.mktemp("table") / "table.json"
    path.write_text(json.dumps({"providers": providers}))
    return path


def domains_of(path):
    names = [name for row in json.loads(path.read_text())["providers"] for name in row["domains"]]
    return sorted(name for name in names if not name.startswith("*"))


def export(tree, *domains, table, status=0, **kwargs):
    done = run("export", "--static", tree, "--table", table, *domains, name="mailconf", **kwargs)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def files_of(tree):
    return sorted(str(path.relative_to(tree)) for path in pathlib.Path(tree).rglob("*") if not path.is_dir())


@pytest.fixture(scope="module")
def served(module_daemon, table):
    # the page depends on the visitor: it is not exported
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", "--page", "off", table=table)


@pytest.fixture(scope="module")
def tree(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "tree"
    export(folder, table=table)
    return folder


def says(daemon, method, target, host, scheme="https", body=None):
    return fetch(daemon.address if scheme == "https" else daemon.public, method, target, host, XML if body else (), body)


def json_target(domain, protocol):
    return "%s?Email=postmaster%%40%s&Protocol=%s" % (JSON, domain, protocol)


# ---- the files ------------------------------------------------------------------------------

def is_answer(name):
    return name.startswith("sites/") and pathlib.Path(name).name not in ("_headers", "_redirects", "404.html")


def check_files(tree, daemon, domains):
    """Every file has the daemon's bytes, and every answer of the daemon's has its file."""
    checked = 0
    names = set(filter(is_answer, files_of(tree)))
    for domain in domains:
        for label in LABELS:
            host = label + domain
            if label and host in domains:
                continue
            targets = [(path, path) for path in PATHS]
            targets += [(json_target(domain, word), "/autodiscover/json/%s.json" % word.lower())
                        for word in ("AutodiscoverV1", "ActiveSync", "Ews")]
            for target, path in targets:
                answer = says(daemon, "GET", target, host)
                name = "sites/" + host + path
                assert (answer.status == 200) == (name in names), (host, target, answer.status)
                if name in names:
                    assert (tree / name).read_bytes() == answer.body, name
                    names.remove(name)
                    checked += 1
    return checked, names


def test_files_are_the_daemons_answers(tree, served, table):
    checked, rest = check_files(tree, served, domains_of(table))
    assert checked > 5 * 4 * len(domains_of(table))
    # without an address, the hosts of a mail exchanger
    assert {name.split("/")[1] for name in rest} == {label + "mx.example" for label in LABELS}
    for name in rest:
        host, _, path = name[len("sites/"):].partition("/")
        assert (tree / name).read_bytes() == says(served, "GET", "/" + path, host).body


def test_centurylink(daemon, tmp_path):
    tree = tmp_path / "tree"
    done = export(tree, table=CENTURYLINK)
    assert not done.stderr
    domains = domains_of(CENTURYLINK)
    checked, rest = check_files(tree, daemon("--listen", "127.0.0.1:0", table=CENTURYLINK), domains)
    assert checked >= len(domains) * 4 * 5 and not rest
    assert done.stdout == "%s: %d domains, %d files: %d written, 0 removed\n" % (
        tree, len(domains), len(files_of(tree)) - 1, len(files_of(tree)) - 1)


# ---- web servers ----------------------------------------------------------------------------

class Server:
    """A web server over the tree, on two ports of its own; at the top of each site a page that is not ours."""

    def start(self, folder, tree, domains):
        self.folder, self.tree, self.domains = folder, tree, domains
        folder.mkdir()
        certificate(folder)
        (folder / "web").mkdir()
        (folder / "web" / "index.html").write_text("a web site")
        (folder / "web" / ".well-known").mkdir()
        (folder / "web" / DAV[0][1:]).write_text("a service of the web site")
        for attempt in range(5):
            self.ports = (free_port(), free_port())
            with open(folder / "stderr", "w") as stderr:
                self.process = subprocess.Popen(self.command(), env=environment(), stdin=subprocess.DEVNULL,
                                                stdout=subprocess.DEVNULL, stderr=stderr)
            if self.wait():
                break
            assert "in use" in (folder / "stderr").read_text() and attempt < 4, (folder / "stderr").read_text()
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE

    def wait(self):
        return wait_for_ports(self.process, self.ports, lambda: (self.folder / "stderr").read_text())

    def says(self, method, target, host, scheme="https", body=None):
        s = connect(("127.0.0.1", self.ports[scheme == "https"]))
        if scheme == "https":
            name = host.split(":")[0].rstrip(".")
            s = self.tls.wrap_socket(s, server_hostname=name if re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) else None)
            s.sendall(request_bytes(method, target, host, XML if body else (), body))
            with Connection(sock=s) as c:
                return c.response(method)
        with Connection(sock=s) as c:
            return c.request(method, target, host, XML if body else (), body)

    def stop(self):
        end(self.process, type(self).__name__)
        said = self.stderr()
        assert "[warn]" not in said and "[error]" not in said and "[emerg]" not in said, said

    def stderr(self):
        """Without what the web site that is not ours says."""
        lines = (self.folder / "stderr").read_text().splitlines(True)
        return "".join(line for line in lines if "/web/" not in line)

    def edited(self, name, *changes):
        """The example, edited as its comments say, for the ports and paths of the test."""
        text = (self.tree / name).read_text()
        for pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, text)
            assert count, pattern
        return text


def program(name):
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    assert path, "%s is not installed" % name
    return path


class Nginx(Server):
    def command(self):
        folder, ports = self.folder, self.ports
        text = self.edited("nginx-example.conf", (r"listen 80;", "listen 127.0.0.1:%d;" % ports[0]),
                           (r"listen 443 ssl;", "listen 127.0.0.1:%d ssl;" % ports[1]),
                           (r"\tlisten \[::\]:\d+.*\n", ""), ("/etc/ssl/mailconf/fullchain.pem", "%s/cert.pem" % folder),
                           ("/etc/ssl/mailconf/privkey.pem", "%s/key.pem" % folder),
                           ("/var/log/nginx/mailconf-error.log", "%s/error.log" % folder))
        site = re.search(r'^#\t(include "[^"]*";)$', text, flags=re.M).group(1)
        temporary = "".join("\t%s_temp_path %s/%s;\n" % (word, folder, word)
                            for word in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            "daemon off;\n%spid %s/pid;\nerror_log stderr warn;\nworker_processes 1;\n"
            "events { worker_connections 64; }\nhttp {\n%s\tserver_names_hash_bucket_size 128;\n"
            "\taccess_log %s/access.log;\n\ttypes { text/html html; }\n%s\n"
            "\tserver {\n\t\tlisten 127.0.0.1:%d;\n\t\tlisten 127.0.0.1:%d ssl;\n\t\tssl_certificate %s/cert.pem;\n"
            "\t\tssl_certificate_key %s/key.pem;\n\t\tserver_name %s;\n\t\troot %s/web;\n\t\t%s\n\t}\n}\n" % (
                "user root;\n" if os.getuid() == 0 else "", folder, temporary, folder, text, *ports, folder, folder,
                " ".join(name for name in self.domains if not name.startswith("autoconfig.")), folder, site))
        return [program("nginx"), "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]


class Apache(Server):
    MODULES = ("mpm_event", "authz_core", "dir", "mime", "negotiation", "alias", "rewrite", "headers", "ssl",
               "socache_shmcb")

    def command(self):
        folder, ports = self.folder, self.ports
        text = self.edited("apache-example.conf", (r"\*:80>", "127.0.0.1:%d>" % ports[0]),
                           (r"\*:443>", "127.0.0.1:%d>" % ports[1]),
                           ("/etc/ssl/mailconf/fullchain.pem", "%s/cert.pem" % folder),
                           ("/etc/ssl/mailconf/privkey.pem", "%s/key.pem" % folder),
                           (r"\$\{APACHE_LOG_DIR\}", str(folder)))
        site = re.search(r'^#\t(Include "[^"]*")$', text, flags=re.M).group(1)
        names = [name for name in self.domains if not name.startswith("autoconfig.")]
        tls = ("SSLEngine On\nSSLCertificateFile %s/cert.pem\nSSLCertificateKeyFile %s/key.pem\n" % (folder, folder))
        sites = "".join("<VirtualHost 127.0.0.1:%d>\nServerName %s\nServerAlias %s\n%sDocumentRoot %s/web\n%s\n"
                        "</VirtualHost>\n" % (port, names[0], " ".join(names), tls if port == ports[1] else "",
                                              folder, site) for port in ports)
        # as in Debian: extensions that are also endings of domains mean something
        (folder / "apache.conf").write_text(
            "%sServerRoot %s\nPidFile %s/pid\nErrorLog %s/error.log\nLogLevel warn\nServerName localhost\n"
            "DefaultRuntimeDir %s\nTypesConfig /etc/mime.types\nAddLanguage de .de\nAddEncoding x-gzip .test\n"
            "AddDefaultCharset iso-8859-1\n<Directory />\nAllowOverride None\nRequire all denied\n</Directory>\n"
            "<Directory %s/web>\nRequire all granted\n</Directory>\nListen 127.0.0.1:%d\nListen 127.0.0.1:%d\n%s\n%s" % (
                "".join("LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n" % (m, m) for m in self.MODULES),
                folder, folder, folder, folder, folder, *ports, text, sites))
        return [program("apache2"), "-X", "-d", folder, "-f", folder / "apache.conf"]


@pytest.fixture(scope="module", params=[Nginx, Apache])
def server(request, tree, table, tmp_path_factory):
    server = request.param()
    server.start(tmp_path_factory.mktemp("server") / "server", tree, domains_of(table))
    yield server
    server.stop()


def spellings(path):
    return {path, path.upper(), path.title(), path.replace("a", "%61")}


def same(found, wanted, what):
    assert found.status == wanted.status, (what, found, wanted)
    redirect = 300 <= wanted.status < 400
    # a redirect's text is the server's own
    for field in FIELDS[redirect:]:
        assert found.all(field) == wanted.all(field), (what, field, found, wanted)
    assert found.all("Location") == wanted.all("Location"), (what, found, wanted)
    assert not found.all("Content-Language") and not found.all("Content-Encoding"), (what, found)
    if wanted.all("Allow"):
        assert found.allow == wanted.allow, (what, found, wanted)
    if wanted.status == 400 and wanted.body:
        # the daemon says what is missing; the text here is one for all
        assert set(json.loads(found.body)) == set(json.loads(wanted.body)) == {"ErrorCode", "ErrorMessage"}
    elif not redirect:
        assert found.body == wanted.body, (what, found, wanted)


def compare(server, served, method, target, host, scheme="https", body=None):
    wanted = says(served, method, target, host, scheme, body)
    if wanted.status == 404 and unquote(target.partition("?")[0]).lower() in DAV and host.lower().split(":")[0].rstrip(".") in server.domains:
        # where it leads nowhere, the web site keeps what it has
        found = server.says(method, target, host, scheme, body)
        assert found.status in (200, 204, 404, 405, 501), found
        if method == "GET" and target == DAV[0]:
            assert found.body == b"a service of the web site", (host, found)
        return wanted
    same(server.says(method, target, host, scheme, body), wanted, (scheme, method, target, host))
    return wanted


def hosts(domains):
    return [label + name for name in domains for label in LABELS] + [
        "autoconfig.unknown.example", "autodiscover.unknown.example", "autoconfig.below.hoster.example"]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_every_path_of_every_host(server, served, table, scheme):
    statuses = {compare(server, served, "GET", path, host, scheme).status
                for host in hosts(domains_of(table)) for path in PATHS}
    assert {200, 404} <= statuses and (scheme == "https" or 302 in statuses)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_spellings_and_methods(server, served, scheme):
    for host in ("autoconfig.example.test", "AutoConfig.Example.Test", "autodiscover.dav.test:8443",
                 "ua-auto-config.example.test", "dav.test", "DAV.test.", "autoconfig.unknown.example"):
        for path in PATHS:
            for spelling in spellings(path):
                compare(server, served, "GET", spelling, host, scheme)
            for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"):
                compare(server, served, method, path, host, scheme)
            if path != AUTODISCOVER:
                compare(server, served, "POST", path, host, scheme, b"text")
            compare(server, served, "GET", path + "?emailaddress=ann%40example.invalid", host, scheme)
            compare(server, served, "GET", path + "?a=b&c", host, scheme)


def test_other_paths(server, served):
    for target in ("/mail", "/mail/", "/mail/config-v1.1.xml/", "/mail/config-v1.1.xml.bak", "/mail//config-v1.1.xml",
                   "/xmail/config-v1.1.xml", "/_headers", "/404.html", "/README.txt", "/.mailconf-export",
                   "/mailconf-error/404.txt", "/sites/example.test/mail/config-v1.1.xml",
                   "/autodiscover/json/autodiscoverv1.json", "/mailconf-to-caldav", "/autodiscover/autodiscover.svc"):
        for method in ("GET", "HEAD", "POST"):
            assert compare(server, served, method, target, "autoconfig.example.test").status == 404


def test_only_files_of_the_tree(server):
    for host in ("..", ".", "../../etc", "autoconfig.example.test/../x", "autoconfig.%2e%2e", ""):
        assert server.says("GET", AUTOCONFIG, host).status in (400, 404), host
    for target in ("/v1.1/..", "/v1.1/../../etc/passwd", "/v1.1/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/v1.1/%00",
                   "/x/%2e%2e/v1.1/..%2f"):
        assert server.says("GET", target, "autoconfig.example.test").status in (400, 404), target


def test_database(server, served, table):
    for prefix in ("/v1.1/", "/a/b/V1.1/"):
        for name in domains_of(table) + ["EXAMPLE.test", "unknown.example", "autoconfig.example.test", "mx.example",
                                         "none", "a b", "", "x/example.test"]:
            for method in ("GET", "HEAD", "OPTIONS", "POST"):
                compare(server, served, method, prefix + name.replace(" ", "%20"), "autoconfig.example.test")
    assert says(served, "GET", "/v1.1/example.test", "autoconfig.unknown.example").status == 200
    compare(server, served, "GET", "/v1.1/example.test", "autoconfig.unknown.example")


def test_post_to_autodiscover_is_answered_as_get(server, served, table):
    for host in hosts(domains_of(table)):
        for path in (AUTODISCOVER, "/Autodiscover/Autodiscover.xml"):
            wanted = says(served, "GET", path, host)
            for body in (pox("ann@example.test"), b"x" * 9000, None):
                same(server.says("POST", path, host, body=body), wanted, (host, path))
            if body is None:
                compare(server, served, "POST", path, host, "http")
    again = server.says("GET", AUTODISCOVER, "autodiscover.example.test")
    assert again.status == 200 and b"LoginName" not in again.body


def test_json(server, served, table):
    for domain in domains_of(table):
        for label in ("autodiscover.", ""):
            for word in PROTOCOLS:
                target = json_target(domain, word)
                compare(server, served, "GET", target, label + domain)
                compare(server, served, "HEAD", target.replace("Protocol", "pROTOCOL"), label + domain)
                compare(server, served, "GET", "/AutoDiscover/autodiscover.JSON/v1.0/ann@%s?x=y&Protocol=%s" % (
                    domain, word), label + domain)
    for word in ("Rest", "Autodiscoverv", "xEws", "Ews2", ""):
        compare(server, served, "GET", json_target("example.test", word), "autodiscover.example.test")
    for host in ("autodiscover.example.test", "autodiscover.unknown.example"):
        for target in (JSON, JSON + "?", JSON + "?Email=ann%40example.test", JSON + "/v1.0/ann@example.test", JSON + "/x",
                       JSON + "x", JSON + "?Protocol=Ews&Email="):
            compare(server, served, "GET", target, host)
            if not target.endswith(("?", "/x")):  # http: these lead to a 404 that is said at once here
                compare(server, served, "GET", target, host, "http")
    assert server.says("GET", JSON, "autodiscover.example.test").body == says(
        served, "GET", JSON, "autodiscover.example.test").body
    for method in ("OPTIONS", "PUT", "POST"):
        compare(server, served, method, json_target("example.test", "Ews"), "autodiscover.example.test")
    compare(server, served, "GET", json_target("unknown.example", "Ews"), "autodiscover.unknown.example")


def test_a_web_site_keeps_its_pages(server):
    for target in ("/", "/index.html"):
        answer = server.says("GET", target, "example.test")
        assert answer.status == 200 and answer.body == b"a web site"
    missing = server.says("GET", "/nothing", "example.test")
    assert missing.status == 404 and b"mail settings" not in missing.body
    assert server.says("GET", WELL_KNOWN, "example.test").status == 200


def test_logs_hold_no_address(server):
    server.says("GET", "/?seen", "example.test")
    server.says("GET", AUTOCONFIG + "?emailaddress=carol%40example.test", "autoconfig.example.test")
    server.says("GET", "/carol?carol", "autoconfig.example.test")
    names = ["autodiscover.unknown.example", "autodiscover.example.test", "autoconfig.dav.test"]
    # the site's own log is not ours; nginx can be told not to log a path there
    for host in names + (["dav.test"] if isinstance(server, Nginx) else []):
        for scheme in ("https", "http"):
            server.says("POST", AUTODISCOVER + "?carol", host, scheme, body=pox("carol@example.test"))
            server.says("PUT", AUTODISCOVER + "?carol", host, scheme)
            server.says("GET", json_target("carol", "Rest") + "carol", host, scheme)
            server.says("PROPFIND", DAV[0] + "?carol", host, scheme)
            server.says("GET", "/v1.1/carol", host, scheme)
    logs = "".join(path.read_text() for path in server.folder.glob("*.log")) + server.stderr()
    assert "seen" in logs or isinstance(server, Apache), "nothing is logged"
    assert "carol" not in logs, [line for line in logs.splitlines() if "carol" in line]


# ---- Netlify, Cloudflare Pages --------------------------------------------------------------

class Site:
    """What both of them make of a folder: exact paths, the first redirect, the fields of that path."""

    def __init__(self, folder):
        self.folder = folder
        self.headers, self.redirects = {}, {}
        path = None
        for line in (folder / "_headers").read_text().splitlines():
            if line.startswith("  "):
                name, colon, value = line.strip().partition(": ")
                assert colon and name not in self.headers[path], line
                self.headers[path][name] = value
            else:
                assert re.fullmatch(r"/[!-~]+", line) and not set(line) & set("*:"), line
                path = line
                assert path not in self.headers
                self.headers[path] = {}
        for line in (folder / "_redirects").read_text().splitlines():
            source, target, status = line.split(" ")
            assert source not in self.redirects
            self.redirects[source] = (target, int(status))

    def says(self, path):
        target, status = self.redirects.get(path, (path, 200))
        file = self.folder / target.lstrip("/")
        if status != 200:
            return status, target, {}
        if not file.is_file():
            return 404, (self.folder / "404.html").read_bytes(), {}
        return 200, file.read_bytes(), self.headers.get(path, {})


def test_cdn(tree, served, table):
    redirects = 0
    for host in [label + name for name in domains_of(table) for label in LABELS] + ["mx.example"]:
        if not (tree / "sites" / host).exists():
            continue
        site = Site(tree / "sites" / host)
        for path in (*PATHS, "/nothing", "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml"):
            wanted = says(served, "GET", path, host)
            status, body, fields = site.says(path)
            assert status == wanted.status, (host, path)
            if status in (200, 404):
                assert body == wanted.body, (host, path)
            else:
                assert body == wanted["Location"], (host, path)
                redirects += 1
            if status == 200:
                assert fields == {name: wanted[name] for name in FIELDS if wanted.all(name)}, (host, path)
    assert redirects == 0 or redirects >= 4


# ---- writing --------------------------------------------------------------------------------

def test_modes_do_not_depend_on_the_umask(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", preexec_fn=lambda: os.umask(0o077), table=small)
    for path in [tree, *tree.rglob("*")]:
        assert path.stat().st_mode & 0o7777 == (0o755 if path.is_dir() else 0o644), path
    (tree / "README.txt").chmod(0o600)
    export(tree, "example.test", table=small)
    assert (tree / "README.txt").stat().st_mode & 0o7777 == 0o644


def test_again_changes_nothing(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", "dav.test", table=small)
    before = {path: path.lstat() for path in tree.rglob("*")}
    done = export(tree, "dav.test", "example.test", table=small)
    assert re.fullmatch(r".*: 2 domains, \d+ files: 0 written, 0 removed\n", done.stdout)
    for path in before:
        if path.is_file():
            assert path.lstat().st_mtime_ns == before[path].st_mtime_ns, path
            assert path.lstat().st_ino == before[path].st_ino, path
    assert set(tree.rglob("*")) == set(before)


def test_what_is_not_needed_any_more_goes(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", "dav.test", table=small)
    (tree / "sites" / "autoconfig.dav.test" / "mine.txt").write_text("mine")
    (tree / "mine").mkdir()
    (tree / "mine" / "too.txt").write_text("mine")
    gone = [name for name in files_of(tree) if ".dav.test/" in name or name.startswith("sites/dav.test/")]
    done = export(tree, "example.test", table=small)
    assert re.search(r", (\d+) removed$", done.stdout.strip()).group(1) == str(len(gone) - 1)
    left = files_of(tree)
    assert [name for name in left if "dav.test" in name] == ["sites/autoconfig.dav.test/mine.txt"]
    assert "mine/too.txt" in left
    assert not (tree / "sites" / "dav.test").exists()
    assert not (tree / "sites" / "autoconfig.dav.test" / "mail").exists()
    fresh = tmp_path / "fresh"
    export(fresh, "example.test", "--root", str(tree), table=small)
    assert [name for name in left if "mine" not in name] == files_of(fresh)
    for name in files_of(fresh):
        assert (tree / name).read_bytes() == (fresh / name).read_bytes(), name


def test_a_changed_file_is_written_anew(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    path = tree / "sites" / "example.test" / AUTODISCOVER[1:]
    good = path.read_bytes()
    path.write_bytes(good[:-2] + b"x\n")
    done = export(tree, "example.test", table=small)
    assert path.read_bytes() == good and ": 1 written, 0 removed" in done.stdout


def refused(table, tree, words, *domains):
    done = export(tree, *(domains or ("example.test",)), status=1, table=table)
    assert done.stdout == "" and done.stderr == "mailconf export: %s\n" % words


def test_refused_folders(tmp_path, small):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "index.html").write_text("mine")
    refused(small, foreign, "%s: is neither empty nor an earlier export; choose a new folder, or empty it" % foreign)
    assert files_of(foreign) == ["index.html"]
    refused(small, tmp_path / "no" / "such", "%s: cannot make the folder: No such file or directory" % (tmp_path / "no" / "such"))
    refused(small, foreign / "index.html", "%s: cannot open the folder: Not a directory" % (foreign / "index.html"))
    (tmp_path / "empty").mkdir()
    export(tmp_path / "empty", "example.test", table=small)


def test_foreign_files_are_kept(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    other = tree / "sites" / "dav.test" / "mail"
    other.mkdir(parents=True)
    (other / "config-v1.1.xml").write_text("mine")
    before = {name: (tree / name).read_bytes() for name in files_of(tree)}
    refused(small, tree, "%s/sites/dav.test/mail/config-v1.1.xml: is in the way: no export wrote it" % tree, "dav.test")
    assert {name: (tree / name).read_bytes() for name in files_of(tree)} == before


def test_links_are_not_followed(tmp_path, small):
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    export(tree, "example.test", "dav.test", table=small)
    # a folder of ours became a link: nothing is written or removed behind it
    shutil.move(tree / "sites" / "dav.test", outside)
    (tree / "sites" / "dav.test").symlink_to(outside)
    before = {name: (outside / name).read_bytes() for name in files_of(outside)}
    (outside / AUTODISCOVER[1:]).write_bytes(b"other")
    before[AUTODISCOVER[1:]] = b"other"
    done = export(tree, "example.test", "dav.test", status=1, table=small)
    assert re.fullmatch(r"mailconf export: %s/sites/dav\.test/\S+: cannot write: (Not a directory|Too many levels of "
                        r"symbolic links)\n" % re.escape(str(tree)), done.stderr)
    done = export(tree, "example.test", status=1, table=small)
    assert "cannot remove: " in done.stderr
    assert {name: (outside / name).read_bytes() for name in files_of(outside)} == before
    # a file of ours became one: the link is replaced
    (tree / "sites" / "dav.test").unlink()
    target = tmp_path / "target"
    target.write_text("mine")
    (tree / "README.txt").unlink()
    (tree / "README.txt").symlink_to(target)
    export(tree, "example.test", table=small)
    assert target.read_text() == "mine" and not (tree / "README.txt").is_symlink()


@pytest.mark.parametrize("line", ["../outside", "/etc/hostname", "sites/../../outside", "a//b", "sites/", "./a"])
def test_a_list_that_leads_out_is_refused(tmp_path, small, line):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    (tmp_path / "outside").write_text("mine")
    with open(tree / ".mailconf-export", "a") as list_:
        list_.write(line + "\n")
    refused(small, tree, "%s/%s: is no path within an export" % (tree, line))
    assert (tmp_path / "outside").exists()


def test_another_list(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    (tree / ".mailconf-export").write_text("mailconf export 2\n")
    refused(small, tree, "%s/.mailconf-export: is not the list of an export of this kind, or of a version that is known" % tree)


def test_one_export_at_a_time(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    fd = os.open(tree, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    refused(small, tree, "%s: another export is writing here" % tree)
    os.close(fd)
    export(tree, "example.test", table=small)


def test_an_export_that_broke_off_is_repeated(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", table=small)
    (tree / "sites" / "dav.test").mkdir()
    (tree / "sites" / "dav.test" / "autodiscover").write_text("a file where a folder goes")
    done = export(tree, "dav.test", status=1, table=small)
    assert "cannot write: Not a directory" in done.stderr
    (tree / "sites" / "dav.test" / "autodiscover").unlink()
    export(tree, "dav.test", table=small)
    assert not (tree / "sites" / "example.test").exists()
    assert not [name for name in files_of(tree) if name.endswith(".new")]


# ---- the command line -----------------------------------------------------------------------

def test_names_that_are_not_exported(tmp_path):
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"providers": [provider("a.example", domains=["a.example", "*.b.example", "*"],
                                                        mailExchangers=["mx.a.example", "*.mx.b.example"])]}))
    done = export(tmp_path / "tree", table=table)
    assert sorted(done.stderr.splitlines()) == [
        'mailconf export: note: "*", every other domain, is not exported: name the domains that you mean on the '
        "command line",
        'mailconf export: note: "*.b.example" is not exported: name the domains below it on the command line',
        'mailconf export: note: mail exchanger "mx.a.example" is exported without its customers\' domains: it answers '
        "the same to all of them",
        'mailconf export: note: mail exchangers "*.mx.b.example" are not exported: a file needs the host\'s full name',
    ]
    assert (tmp_path / "tree" / "sites" / "autoconfig.mx.a.example" / AUTOCONFIG[1:]).exists()
    done = export(tmp_path / "tree", "x.b.example", "Y.B.example.", "bücher.example", table=table)
    assert done.stderr == "" and ": 3 domains," in done.stdout
    for name in ("x.b.example", "y.b.example", "xn--bcher-kva.example"):
        text = (tmp_path / "tree" / "sites" / ("autoconfig." + name) / AUTOCONFIG[1:]).read_text()
        assert "<domain>%s</domain>" % name in text


def test_autodiscover_elsewhere(tmp_path):
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"providers": [
        provider("a.example", domains=["a.example", "b.example"], autodiscoverHost="autodiscover.hoster.example"),
        provider("c.example", autodiscoverHost="autodiscover.%EMAILDOMAIN%"), provider("d.example")]}))
    done = export(tmp_path / "tree", table=table)
    assert done.stderr == ('mailconf export: note: Autodiscover of provider "a.example" is at '
                           '"autodiscover.hoster.example": only the daemon can answer there\n')
    assert export(tmp_path / "tree", "d.example", table=table).stderr == ""


def test_command_line(tmp_path, small):
    tree = tmp_path / "tree"
    for words, status, said in (
            ((), 2, "mailconf export: expected either --static FOLDER or --ispdb FOLDER\n"),
            (("--static",), 2, 'mailconf export: option "--static" lacks its value\nTry "mailconf export --help".\n'),
            (("--static", tree, "exmaple.test", "a b"), 1,
             "mailconf export: exmaple.test: not a domain of the table\nmailconf export: a b: not a domain of the table\n"),
            (("--static", tree, "--root", "srv/x"), 1, None),
            (("--static", tree, "--root", "/srv/a b"), 1, None),
            (("--static", tree, "--root", '/srv/a"b'), 1, None),
            (("--static", tree, "--root", "/srv/a$b"), 1,
             "mailconf export: --root: expected an absolute path of letters, digits and /-_.+,=@~, as it stands in "
             'configuration files; found "/srv/a$b"\n')):
        done = run("export", *words, "--table", small, name="mailconf") if words != ("--static",) else \
            run("export", *words, name="mailconf")
        assert done.returncode == status and done.stdout == "", done
        assert done.stderr == said if said else "--root: expected" in done.stderr, done.stderr
        assert not tree.exists()


def test_root(tmp_path, small):
    tree = tmp_path / "tree"
    export(tree, "example.test", "--root", "/srv/www/mail-settings", table=small)
    for name in files_of(tree):
        assert str(tmp_path) not in (tree / name).read_text(), name
    assert 'root "/srv/www/mail-settings/sites/$host";' in (tree / "nginx-locations.conf").read_text()
    export("tree", "example.test", cwd=tmp_path, table=small)
    assert 'root "%s/sites/$host";' % tree in (tree / "nginx-locations.conf").read_text()
