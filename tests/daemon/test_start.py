"""Starting: options, errors, the table's diagnostics, --check, the listeners."""

import json
import os
import pathlib
import re
import shutil
import socket
import sys
import tempfile
import time

import pytest

from harness import SOURCE, TABLE, Daemon, plain_program, require, run
from http_client import AUTOCONFIG, AUTODISCOVER, Connection, fetch, pox
import xml_tools

HOST = "autoconfig.example.test"
OPTIONS = ["--config", "--table", "--templates", "--listen", "--listen-public-http", "--workers", "--check",
           "--trusted-proxy", "--max-connections", "--max-connections-per-address", "--max-body",
           "--max-header", "--idle-timeout", "--drain-timeout", "--log-level", "--host", "--help", "--version"]


def table_of(*providers):
    return json.dumps({"providers": list(providers)}, indent=2)


def one_error(done, *words):
    """Exit 1 and exactly one line that names what and where; a line may count the errors."""
    assert done.returncode == 1, done.stderr
    errors = [line for line in done.stderr.splitlines()
              if "error:" in line and not re.search(r": error: 1 error\b", line)]
    assert len(errors) == 1, done.stderr
    for word in words:
        assert word in errors[0], (word, errors)
    assert "ready:" not in done.stderr and done.stdout == ""
    return errors[0]


# ---- what cannot start ----------------------------------------------------------------------

def test_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        done = run("--table", TABLE, "--listen", address)
    line = one_error(done, "Address already in use")
    assert line == "mailconfd: error: cannot listen on %s: Address already in use" % address


def test_unix_socket_in_a_missing_folder(tmp_path):
    address = "unix:%s" % (tmp_path / "missing" / "s")
    line = one_error(run("--table", TABLE, "--listen", address))
    assert line == "mailconfd: error: cannot listen on %s: No such file or directory" % address


def test_address_of_somebody_else():
    one_error(run("--table", TABLE, "--listen", "192.0.2.1:8080"),
              "cannot listen on 192.0.2.1:8080", "Cannot assign requested address")


def test_no_permission(tmp_path):
    """As another user, where this test runs as root; root itself is refused nothing."""
    if os.getuid():
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        done = run("--table", TABLE, "--listen", "unix:%s" % (folder / "s"))
    else:
        # the source tree may be in a folder of root's alone: what the other user needs is copied
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            folder.chmod(0o755)
            shutil.copytree(SOURCE / "templates", folder / "templates")
            program = shutil.copy(require("mailconfd"), folder)
            table = shutil.copy(TABLE, folder)
            (folder / "closed").mkdir(mode=0o700)
            done = run("--table", table, "--templates", folder / "templates",
                       "--listen", "unix:%s" % (folder / "closed" / "s"), program=program,
                       user=65534, group=65534, extra_groups=[], cwd="/")
    one_error(done, "cannot listen on unix:", "Permission denied")


def test_missing_table(tmp_path):
    path = tmp_path / "no-such.json"
    one_error(run("--table", path, "--listen", "127.0.0.1:0"), str(path), "No such file or directory")


def test_missing_templates(tmp_path):
    path = tmp_path / "no-templates"
    done = run("--table", TABLE, "--templates", path, "--listen", "127.0.0.1:0")
    assert done.returncode == 1
    assert str(path) in done.stderr and "No such file or directory" in done.stderr
    assert "ready:" not in done.stderr


def test_missing_config(tmp_path):
    path = tmp_path / "no.json"
    one_error(run("--config", path), str(path), "No such file or directory")


# ---- usage ----------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments", [
    ["--no-such-option"], ["extra"], ["--workers"], ["--workers", "0"], ["--workers", "x"],
    ["--workers", "1x"], ["--workers", "-1"], ["--workers", ""], ["--listen", "nonsense"],
    ["--listen", "127.0.0.1"], ["--listen", "127.0.0.1:65536"], ["--listen", "127.0.0.1:x"],
    ["--listen", "[::1:80"], ["--listen", "unix:"], ["--listen", ""], ["--listen", "256.0.0.1:80"],
    ["--listen", "unix:/" + "x" * 200],
    ["--log-level", "loud"], ["--max-body", "-1"], ["--max-body", "1e3"], ["--idle-timeout", "soon"],
    ["--max-connections", "0"], ["--max-connections", "99999999999999999999"],
    ["--trusted-proxy", "10.0.0.0/33"], ["--trusted-proxy", "proxy.example"], ["--trusted-proxy", "::1/129"],
    ["--listen-public-http", "nonsense"], ["-Z"],
], ids=lambda arguments: " ".join(arguments)[:40])
def test_usage_errors(arguments):
    done = run("--check", *arguments)
    assert done.returncode == 2, done
    assert done.stdout == ""
    first = done.stderr.splitlines()[0]
    assert first.startswith("mailconfd: ")
    if arguments[0].startswith("--"):
        assert arguments[0] in first or arguments[0].lstrip("-") in first, first


def test_help_and_version():
    shown = run("--help")
    assert shown.returncode == 0 and shown.stderr == ""
    for option in OPTIONS:
        assert re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(option), shown.stdout), option
    version = run("--version")
    assert version.returncode == 0 and re.match(r"mailconfd \d+\.\d+", version.stdout)


# ---- settings file --------------------------------------------------------------------------

def test_settings_file(daemon, tmp_path):
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "tables").mkdir()
    (folder / "tables" / "one.json").write_text(TABLE.read_text())
    settings = {"//": "a comment", "table": ["tables/one.json"], "templates": str(SOURCE / "templates"),
                "listen": ["127.0.0.1:0", "unix:%s" % (tmp_path / "s")], "workers": 2, "max-body": 1000}
    (folder / "mailconfd.json").write_text(json.dumps(settings))
    one = daemon("--config", folder / "mailconfd.json", table=None, cwd="/")
    assert len(one.addresses) == 2
    for address in one.addresses:
        assert fetch(address, "GET", AUTOCONFIG, HOST).status == 200
        assert fetch(address, "POST", AUTODISCOVER, HOST, body=b" " * 1001).status == 413
    # a list on the command line replaces that of the file, a single value as well
    other = daemon("--config", folder / "mailconfd.json", "--listen", "127.0.0.1:0", "--max-body", "2000",
                   table=None, cwd="/")
    assert len(other.addresses) == 1
    assert fetch(other.address, "POST", AUTODISCOVER, HOST, body=b" " * 1001).status == 200


@pytest.mark.parametrize("text, words", [
    ('{\n "no-such-setting": 1\n}\n', "no-such-setting"),
    ('{\n "workers": "two"\n}\n', "workers"),
    ('{\n "listen": [\n  "nonsense"\n ]\n}\n', "nonsense|listen"),
    ('{\n "workers": 1,\n "workers": 2\n}\n', "workers|duplicate"),
    ('{\n "workers": 1,,\n}\n', "error"),
], ids=["unknown", "type", "value", "duplicate", "syntax"])
def test_broken_settings_file(tmp_path, text, words):
    path = tmp_path / "mailconfd.json"
    path.write_text(text)
    # with a table, so that there is nothing else to complain about
    done = run("--config", path, "--table", TABLE, "--check")
    assert done.returncode == 1, done
    match = re.search(r"^%s:(\d+):\d+: error: (.*)$" % re.escape(str(path)), done.stderr, re.M)
    assert match, done.stderr
    assert int(match[1]) >= 2 and re.search(words, match[0])
    assert "ready:" not in done.stderr


# ---- the table ------------------------------------------------------------------------------

SERVER = {"type": "imap", "hostname": "imap.a.test", "port": 993, "socketType": "SSL",
          "authentication": ["password-cleartext"], "username": "%EMAILADDRESS%"}
SMTP = dict(SERVER, type="smtp", hostname="smtp.a.test", port=465)
PROVIDER = {"id": "a.test", "displayName": "A", "displayShortName": "A", "domains": ["a.test"],
            "incomingServers": [SERVER], "outgoingServers": [SMTP]}

BROKEN = """{
  "providers": [
    {
      "id": "a.test",
      "displayName": "A",
      "displayShortName": "A",
      "domains": ["a.test", "b.test",
                  "a.test"],
      "incomingServers": [
        {"type": "imap", "hostname": "imap.a.test",
         "port": 99933,
         "socketType": "SSLv3",
         "authentication": ["password-cleartext"],
         "username": "%EMAILADDRESS%",
         "colour": "blue"}
      ],
      "outgoingServers": [
        {"type": "smtp", "hostname": "smtp a.test",
         "port": 465, "socketType": "SSL",
         "authentication": ["password-cleartxt"],
         "username": "%EMAILADDRESS%"}
      ]
    },
    {
      "id": "not a host name",
      "displayName": "B", "displayShortName": "B",
      "domains": ["b.test"]
    }
  ]
}
"""
BROKEN_LINES = {8: "a.test", 11: "99933|port", 12: "SSLv3|socketType", 15: "colour", 18: "smtp a.test|hostname|space",
                20: "password-cleartxt|authentication", 25: "not a host name|id", 27: "b.test"}


def diagnostics(text, path):
    return {int(line): word for line, word in
            re.findall(r"^%s:(\d+):\d+: (?:error|warning): (.+)$" % re.escape(str(path)), text, re.M)}


def test_all_diagnostics_of_a_broken_table(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text(BROKEN)
    for arguments in ([], ["--check"]):
        done = run("--table", path, "--listen", "127.0.0.1:0", *arguments)
        assert done.returncode == 1
        found = diagnostics(done.stderr, path)
        for line, words in BROKEN_LINES.items():
            assert line in found, "line %d (%s) is not reported:\n%s" % (line, words, done.stderr)
            assert re.search(words, found[line]), (line, found[line])
        assert "ready:" not in done.stderr and "listening" not in done.stderr


def test_settings_hide_no_errors_of_the_table(tmp_path):
    (tmp_path / "t.json").write_text('{"providers": 7}')
    settings = tmp_path / "s.json"
    settings.write_text('{"table": ["t.json"], "templates": "none",\n "workers": 0}')
    for arguments in ([], ["--check"]):
        done = run("--config", settings, "--listen", "127.0.0.1:0", *arguments)
        assert done.returncode == 1
        for words in ("s.json:2:13: error: ", "t.json:1:15: error: ", "none: error: cannot read the folder"):
            assert words in done.stderr, done.stderr
        assert "3 errors" in done.stderr.splitlines()[-1]


def test_check_says_all_whatever_the_log_level(tmp_path):
    path = tmp_path / "t.json"
    name = "x" * 3000
    path.write_text('{"providers": [],\n"%s": 1}' % name)
    done = run("--check", "--log-level", "error", "--table", path)
    assert done.returncode == 1
    assert '%s:2:1: error: unknown key "%s" in the table\n' % (path, name) in done.stderr
    path.write_text('{"providers": []}')
    done = run("--check", "--log-level", "error", "--table", path)
    assert done.returncode == 0
    assert "%s:1:15: warning: " % path in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"providers": [}', '{"providers": 1}', "\0",
                                  '{"providers": [], "providers": []}', '{"provider": []}', "{}\n{}",
                                  '{"providers": ["\xff"]}'], ids=ascii)
def test_what_is_no_table(tmp_path, text):
    path = tmp_path / "t.json"
    path.write_bytes(text.encode("latin-1"))
    done = run("--table", path, "--check")
    assert done.returncode == 1
    assert re.search(r"^%s:\d+:\d+: error: " % re.escape(str(path)), done.stderr, re.M), done.stderr


def test_a_folder_of_tables(daemon, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "a.json").write_text(table_of(PROVIDER))
    (folder / "b.json").write_text(TABLE.read_text())
    (folder / "notes.txt").write_text("not a table")
    one = daemon("--listen", "127.0.0.1:0", table=folder)
    assert fetch(one.address, "GET", AUTOCONFIG, "autoconfig.a.test").status == 200
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200
    assert "ready: 9 domains of 9 providers" in one.log


def test_several_tables(daemon, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(table_of(PROVIDER))
    one = daemon("--listen", "127.0.0.1:0", "--table", path)
    assert "ready: 9 domains of 9 providers" in one.log
    # the same domain in two of them
    again = tmp_path / "again.json"
    again.write_text(path.read_text())
    done = run("--check", "--table", path, "--table", again)
    assert done.returncode == 1 and str(again) in done.stderr + str(path)


def test_domains_file(daemon, tmp_path):
    (tmp_path / "customers.txt").write_text("# customers\nc1.test\n\n  c2.test  # the second\nBÜCHER.test\n")
    path = tmp_path / "t.json"
    path.write_text(table_of(dict(PROVIDER, domainsFile="customers.txt")))
    one = daemon("--listen", "127.0.0.1:0", table=path, cwd="/")
    for name in ("a.test", "c1.test", "c2.test", "xn--bcher-kva.test"):
        assert fetch(one.address, "GET", AUTOCONFIG, "autoconfig." + name).status == 200, name
    assert "ready: 4 domains of 1 provider" in one.log


def test_wildcards_only_where_written(daemon, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(table_of(dict(PROVIDER, domains=["a.test", "*.b.test"])))
    one = daemon("--listen", "127.0.0.1:0", table=path)

    def status(name):
        return fetch(one.address, "GET", AUTOCONFIG + "?emailaddress=x%40" + name, "x.example").status

    assert status("x.b.test") == 200
    assert status("b.test") == 404 and status("x.a.test") == 404 and status("xb.test") == 404


def test_mail_exchangers(daemon, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(table_of(dict(PROVIDER, mailExchangers=["hoster.example"])))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    asked = AUTOCONFIG + "?emailaddress=fred%40customer.example"
    for host in ("autoconfig.hoster.example", "hoster.example"):
        response = fetch(one.address, "GET", asked, host)
        assert response.status == 200, host
        assert b"imap.a.test" in response.body and b"%EMAILADDRESS%" in response.body
        assert b"customer" not in response.body
    assert fetch(one.address, "GET", asked, "autoconfig.other.example").status == 404


def test_a_server_that_is_off_is_not_answered(daemon, tmp_path):
    path = tmp_path / "t.json"
    off = dict(SERVER, type="pop3", hostname="pop.a.test", port=995, off="not tested")
    path.write_text(table_of(dict(PROVIDER, incomingServers=[off, SERVER])))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    body = fetch(one.address, "GET", AUTOCONFIG, "autoconfig.a.test").body
    assert b"imap.a.test" in body and b"pop.a.test" not in body and b"not tested" not in body


def test_table_text_is_escaped(daemon, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(table_of(dict(PROVIDER, displayName="<A> & \"B\" 'C' %s", displayShortName="</x>")))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    document = xml_tools.parse(fetch(one.address, "GET", AUTOCONFIG, "autoconfig.a.test").body)
    assert document.findtext("emailProvider/displayName") == "<A> & \"B\" 'C' %s"
    assert document.findtext("emailProvider/displayShortName") == "</x>"


# ---- --check --------------------------------------------------------------------------------

def test_check_good():
    done = run("--check", "--table", TABLE)
    assert done.returncode == 0, done.stderr
    assert "error:" not in done.stderr and "listening" not in done.stderr


def test_check_of_what_is_shipped():
    done = run("--check")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"error:|warning:.*templates", done.stderr)


def test_check_opens_no_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("--check", "--table", TABLE, "--listen", "127.0.0.1:%d" % taken.getsockname()[1])
    assert done.returncode == 0, done.stderr


# ---- listeners ------------------------------------------------------------------------------

def test_unix_listener(daemon, tmp_path):
    path = str(tmp_path / "http.sock")
    one = daemon("--listen", "unix:" + path)
    assert fetch(path, "GET", AUTOCONFIG, HOST).status == 200
    assert "listening on unix:%s" % path in one.log
    one.finish()
    # what a crash leaves behind does not keep the next one from starting
    with socket.socket(socket.AF_UNIX) as stale:
        if not os.path.exists(path):
            stale.bind(path)
    again = daemon("--listen", "unix:" + path)
    assert fetch(path, "GET", AUTOCONFIG, HOST).status == 200
    assert again.addresses == [path]


def test_unix_socket_in_use_is_not_stolen(daemon, tmp_path):
    path = str(tmp_path / "http.sock")
    daemon("--listen", "unix:" + path)
    one_error(run("--table", TABLE, "--listen", "unix:" + path), "unix:" + path, "Address already in use")
    assert fetch(path, "GET", AUTOCONFIG, HOST).status == 200


def test_a_plain_file_is_not_replaced_by_a_socket(tmp_path):
    path = tmp_path / "precious"
    path.write_text("mine")
    done = run("--table", TABLE, "--listen", "unix:%s" % path)
    one_error(done, str(path))
    assert path.read_text() == "mine"


def test_ipv6_listener(daemon):
    one = daemon("--listen", "[::1]:0")
    assert re.search(r"^mailconfd: listening on \[::1\]:\d+$", one.log, re.M), one.log
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_many_listeners(daemon, tmp_path):
    one = daemon("--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--listen", "127.0.0.2:0",
                 "--listen", "unix:%s" % (tmp_path / "s"), "--listen-public-http", "127.0.0.1:0",
                 "--workers", 2)
    assert len(one.addresses) == 4
    assert one.addresses[2][0] == "127.0.0.2"
    for address in one.addresses:
        assert fetch(address, "GET", AUTODISCOVER, "example.test").status == 200
    assert fetch(one.public, "GET", AUTODISCOVER, "example.test").status == 302


def test_first_lines(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0")
    lines = one.lines
    assert re.fullmatch(r"mailconfd: listening on 127\.0\.0\.1:\d+", lines[-3])
    assert re.fullmatch(r"mailconfd: listening on 127\.0\.0\.1:\d+ \(public http\)", lines[-2])
    assert lines[-1] == "mailconfd: ready: 8 domains of 8 providers"


def test_journal_lines_have_priorities(daemon, tmp_path):
    """Under the journal: JOURNAL_STREAM names the device and inode of stderr."""
    wrapper = ("import os,sys\n"
               "st=os.fstat(2)\n"
               "os.environ['JOURNAL_STREAM']='%d:%d'%(st.st_dev,st.st_ino)\n"
               "os.execv(sys.argv[1],sys.argv[1:])\n")
    one = daemon("--listen", "127.0.0.1:0", prefix=[sys.executable, "-c", wrapper])
    assert [line for line in one.lines if re.match(r"<6>listening on ", line)], one.log
    assert [line for line in one.lines if re.match(r"<\d>ready: ", line)], one.log
    assert "mailconfd: " not in one.log
    # a value that is about another stream does not count
    other = daemon("--listen", "127.0.0.1:0", env={"JOURNAL_STREAM": "1:1"})
    assert re.search(r"^mailconfd: ready: ", other.log, re.M)


def wait_answer(path):
    """An answer from a unix socket that may not be there yet."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return fetch(path, "GET", AUTOCONFIG, "autoconfig.q.com")
        except (FileNotFoundError, ConnectionRefusedError):
            assert time.monotonic() < deadline, "no daemon at " + path


def test_log_level(daemon, tmp_path):
    path = str(tmp_path / "s")
    quiet = daemon("--listen", "unix:" + path, "--log-level", "error", ready=False)
    wait_answer(path)
    quiet.finish()
    assert quiet.log == ""


# ---- what is measured -----------------------------------------------------------------------

def first_answer(binary, path):
    """Seconds from exec to the first answer, and the memory then."""
    started = time.monotonic()
    one = Daemon("--listen", "unix:" + path, table=None, binary=binary)
    try:
        response = wait_answer(path)
        taken = time.monotonic() - started
        assert response.status == 200
        one.wait_ready()
        return taken, one.rss_kib()
    finally:
        one.finish()


def test_first_answer_and_memory(tmp_path):
    binary = plain_program("mailconfd")
    runs = [first_answer(binary, str(tmp_path / ("s%d" % n))) for n in range(15)]
    best = min(taken for taken, _ in runs)
    assert best <= 0.030, "first answer after %.1f ms" % (best * 1000)
    smallest = min(rss for _, rss in runs)
    assert smallest <= 8 * 1024, "%d KiB resident" % smallest


def test_requests_leave_nothing_behind(tmp_path):
    path = str(tmp_path / "s")

    def work(one, connections):
        for n in range(connections):
            with Connection(path) as c:
                for _ in range(100):
                    c.request("GET", AUTOCONFIG, "autoconfig.q.com")
                    c.request("POST", AUTODISCOVER, "q.com", body=pox("ann%d@q.com" % n))
        return one.rss_kib("RssAnon")

    one = Daemon("--listen", "unix:" + path, table=None, binary=plain_program("mailconfd")).wait_ready()
    try:
        warm = work(one, 10)
        after = work(one, 30)
        assert after - warm <= 64, "%d KiB more after 6000 requests" % (after - warm)
    finally:
        one.finish()


def test_a_folder_of_templates_needs_only_what_differs(daemon, tmp_path):
    """Who wants another style sheet has one file; a folder that is not there is a mistake."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.css").write_text("body { color: green }\n")
    one = daemon("--listen", "127.0.0.1:0", "--templates", tmp_path / "own")
    assert fetch(one.address, "GET", "/assets/page.css", HOST).body == b"body { color: green }\n"
    assert fetch(one.address, "GET", "/assets/page.js", HOST).body == (SOURCE / "templates" / "page.js").read_bytes()
    assert fetch(one.address, "GET", "/mail/config-v1.1.xml", HOST).status == 200
    done = run("--check", "--templates", tmp_path / "none")
    assert done.returncode == 1 and "none: error: cannot read the folder: No such file" in done.stderr
