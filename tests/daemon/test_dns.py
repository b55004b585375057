"""What `mailconf dns` prints, loaded into a real name server and asked for with dig."""

import hashlib
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import time

import jsonschema
import pytest

from harness import FIXTURES, SOURCE, environment, run
from http_client import fetch
from server_process import end

GOLDEN = SOURCE / "tests" / "golden"
TABLES = {"centurylink": SOURCE / "conf" / "centurylink.json", "table": GOLDEN / "table.json"}
# Beside those that `mailconf names` lists: two that a wildcard stands for.
MORE = {"centurylink": [], "table": ["shop.customers.example", "two.vip.customers.example"]}
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PACC = "/.well-known/user-agent-configuration.json"

# What a zone has already, and the hosts within it that records lead to.
HEAD = """$TTL 3600
@ IN SOA ns.example.net. hostmaster.example.net. 1 3600 900 604800 300
@ IN NS ns.example.net.
"""
# What a host has that the zones print no addresses for.
HOST = {"name": ["config.example.net"], "addresses": ["192.0.2.1", "2001:db8::1"]}


def mailconf(*args):
    return run(*args, name="mailconf")


def options(table, hosts=()):
    words = ["--table", TABLES[table], "--templates", SOURCE / "templates"]
    for host in hosts:
        words += ["--host", host]
    return words


def domains(table):
    """All that the table has."""
    listed = mailconf("names", "--with-domains", *options(table)).stdout.split()
    return [name for name in listed if "autoconfig." + name in listed] + MORE[table]


def as_zone(domain, table, hosts):
    done = mailconf("dns", domain, *options(table, hosts))
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_json(names, table, hosts):
    done = mailconf("dns", *names, "--format", "json", *options(table, hosts))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def host_records(records, domain):
    """An address for each host of the zone that the records lead to but do not name."""
    below = "." + domain + "."
    named = {record["name"] for record in records}
    targets = {record["target"] for record in records if record["type"] == "SRV"}
    return "".join("%s IN A 192.0.2.9\n" % target for target in sorted(targets - named)
                   if target.endswith(below) or target == below[1:])


class Zones:
    """The zones of a table, as files."""

    def __init__(self, table, hosts, folder):
        self.table, self.folder = table, folder
        self.domains = domains(table)
        self.records = as_json(self.domains, table, hosts)
        for domain in self.domains:
            own = [record for record in self.records if record["domain"] == domain]
            (folder / domain).write_text(HEAD + host_records(own, domain) + as_zone(domain, table, hosts))


class Named:
    def __init__(self, zones):
        program = shutil.which("named", path=PATH)
        assert program, "bind9 is not installed"
        self.folder = zones.folder
        for attempt in range(5):
            with socket.socket() as s:
                s.bind(("127.0.0.1", 0))
                self.port = s.getsockname()[1]
            self._configure(zones)
            with open(self.folder / "stderr", "w") as stderr:
                self.process = subprocess.Popen(
                    [program, "-g", "-n", "1", "-c", self.folder / "named.conf"], env=environment(),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)
            if self._wait():
                return
            assert "address in use" in self.log and attempt < 4, self.log

    def _configure(self, zones):
        text = """options {
	directory "%s";
	listen-on port %d { 127.0.0.1; };
	listen-on-v6 { none; };
	pid-file none;
	session-keyfile none;
	lock-file none;
	recursion no;
	dnssec-validation no;
	notify no;
	allow-transfer { none; };
};
controls { };
""" % (self.folder, self.port)
        for domain in zones.domains:
            text += 'zone "%s" { type primary; file "%s"; };\n' % (domain, domain)
        (self.folder / "named.conf").write_text(text)

    @property
    def log(self):
        return (self.folder / "stderr").read_text()

    def _wait(self):
        """Ready, or ended, or without the address."""
        deadline = time.monotonic() + 30
        while self.process.poll() is None:
            if re.search(r" running$", self.log, flags=re.M):
                if "address in use" not in self.log:
                    return True
                self.stop()
                return False
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)
        return False

    def dig(self, questions):
        """The answers to (name, type) pairs: a set of (name, TTL, type, data)."""
        lines = ["%s %s" % question for question in sorted(questions)]
        (self.folder / "questions").write_text("\n".join(lines) + "\n")
        done = subprocess.run(
            ["dig", "@127.0.0.1", "-p", str(self.port), "+norecurse", "+noall", "+answer", "+nocmd", "+tries=3",
             "-f", self.folder / "questions"], stdout=subprocess.PIPE, text=True, timeout=120, check=True)
        answers = set()
        for line in done.stdout.splitlines():
            if line.startswith(";"):
                continue  # a question that was put again on a busy machine
            name, ttl, _, kind, data = re.split(r"[ \t]+", line, maxsplit=4)
            answers.add((name, int(ttl), kind, data))
        return answers

    def stop(self):
        end(self.process, "named")


@pytest.fixture(scope="module", params=[(table, kind) for table in TABLES for kind in HOST],
                ids=lambda param: "%s-%s" % param)
def zones(request, tmp_path_factory):
    table, kind = request.param
    return Zones(table, HOST[kind], tmp_path_factory.mktemp("zones"))


@pytest.fixture(scope="module")
def named(zones):
    instance = Named(zones)
    yield instance
    instance.stop()


def test_zones_load(zones):
    """Everything within a zone is there; a host name for the daemon makes aliases, which it says."""
    assert zones.domains
    for domain in zones.domains:
        done = subprocess.run(["named-checkzone", "-i", "local", domain, zones.folder / domain],
                              env=dict(environment(), PATH=PATH), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        lines = done.stdout.splitlines()
        assert lines[-1] == "OK", done.stdout
        for line in lines[:-2]:
            assert re.search(r"_autodiscover\._tcp\S*/SRV '\S+' is a CNAME \(illegal\)$", line), done.stdout
            assert "; RFC 2782 wants no alias" in (zones.folder / domain).read_text()


def test_every_record_is_found(zones, named):
    wanted = {(record["name"], record["ttl"], record["type"], record["data"]) for record in zones.records}
    assert len(wanted) == len(zones.records)
    assert named.dig({(name, kind) for name, _, kind, _ in wanted}) == wanted


def test_zone_and_json_agree(zones, named):
    """Nothing stands in the zone that JSON lacks, but for what a zone has already."""
    for domain in zones.domains:
        done = subprocess.run(["named-checkzone", "-i", "none", "-D", "-q", "-o", "-", domain,
                               zones.folder / domain], env=dict(environment(), PATH=PATH),
                              stdout=subprocess.PIPE, text=True, check=True)
        found = {tuple(re.split(r"[ \t]+", line, maxsplit=4)) for line in done.stdout.splitlines()}
        found = {(name, int(ttl), kind, data) for name, ttl, _, kind, data in found
                 if kind not in ("SOA", "NS") and data != "192.0.2.9"}
        assert found == {(record["name"], record["ttl"], record["type"], record["data"])
                         for record in zones.records if record["domain"] == domain}


def test_what_is_not_offered(zones, named):
    """Each service has an answer for each domain: a host, or the root, never both, never nothing."""
    labels = ("imaps imap pop3s pop3 submissions submission sieve jmap caldavs caldav carddavs carddav "
              "autodiscover").split()
    answers = named.dig({("_%s._tcp.%s." % (label, domain), "SRV") for label in labels
                         for domain in zones.domains})
    for domain in zones.domains:
        for label in labels:
            own = [data for name, _, _, data in answers if name == "_%s._tcp.%s." % (label, domain)]
            assert own, (label, domain)
            assert own == ["0 0 0 ."] or all(not data.endswith(" .") for data in own), own


def test_no_record_leads_to_a_plain_port(zones):
    table = json.loads(TABLES[zones.table].read_text())
    plain = {(server["hostname"].lower(), server["port"]) for provider in table["providers"]
             for servers in ("incomingServers", "outgoingServers") for server in provider.get(servers, [])
             if server.get("socketType") == "plain"}
    for record in zones.records:
        assert (record.get("target", "").rstrip("."), record.get("port")) not in plain


def test_schema(zones):
    schema = json.loads((FIXTURES / "dns.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(zones.records, schema, cls=jsonschema.Draft202012Validator)


def test_schema_without_a_host():
    schema = json.loads((FIXTURES / "dns.schema.json").read_text())
    records = as_json(["q.com"], "centurylink", ())
    jsonschema.validate(records, schema, cls=jsonschema.Draft202012Validator)
    assert {record["name"] for record in records if record["data"] is None} >= \
        {"autoconfig.q.com.", "autodiscover.q.com."}


def test_digest_is_of_what_is_answered(zones, daemon):
    """A program compares the PACC document with the digest: no record without one, and no other."""
    one = daemon("--listen", "127.0.0.1:0", table=TABLES[zones.table])
    for domain in zones.domains:
        host = "ua-auto-config." + domain
        response = fetch(one.address, "GET", PACC, host)
        said = [record["text"] for record in zones.records
                if record["name"] == "_ua-auto-config." + domain + "."]
        named = [record for record in zones.records if record["name"] == host + "."]
        if response.status != 200:
            assert not said and not named, domain
            continue
        digest = base64.b64encode(hashlib.sha256(response.body).digest()).decode()
        assert said == ["v=UAAC1; a=sha256; d=" + digest]
        assert named


def test_hosts_that_are_published_get_certificates(zones, daemon):
    one = daemon("--listen", "127.0.0.1:0", table=TABLES[zones.table])
    names = {record["name"].rstrip(".") for record in zones.records
             if record["type"] in ("A", "AAAA", "CNAME")}
    listed = set(mailconf("names", *options(zones.table)).stdout.split())
    for name in names:
        assert fetch(one.address, "GET", "/tls/ask?domain=" + name, "127.0.0.1").status == 200
        assert name in listed or any(name.endswith("." + domain) for domain in MORE[zones.table])
    for name in listed:
        assert fetch(one.address, "GET", "/tls/ask?domain=" + name, "127.0.0.1").status == 200
