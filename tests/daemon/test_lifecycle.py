"""A life: reload, drain, limits on connections, what a service manager sees, the log."""

import json
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time

import pytest

from harness import NAMESPACE_ADDRESS, SOURCE, TABLE, Daemon, Namespace, NotifySocket
from http_client import AUTOCONFIG, AUTODISCOVER, XML, Closed, Connection, fetch, pox, request_bytes
import xml_tools

HOST = "autoconfig.example.test"
BODY = pox("ann@example.test")
GET = request_bytes("GET", AUTOCONFIG, HOST)


def eventually(condition, what, timeout=20):
    """Waits for a condition; it is given up at the deadline."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def generation(number, domain="example.test", more=0):
    """A table whose every host name tells which one it is; with some more domains."""
    def server(kind, port):
        return {"type": kind, "hostname": "%s.g%d.test" % (kind, number), "port": port, "socketType": "SSL",
                "authentication": ["password-cleartext"], "username": "%EMAILADDRESS%"}
    return json.dumps({"providers": [{
        "id": domain, "displayName": "Generation %d" % number, "displayShortName": "G%d" % number,
        "domains": [domain] + ["more%d.test" % n for n in range(more)], "incomingServers": [server("imap", 993), server("pop3", 995)],
        "outgoingServers": [server("smtp", 465)]}]})


def put(path, text):
    """As an editor does it: whole, by renaming."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


def generations_in(body):
    return {int(n) for n in re.findall(rb"(?:(?:imap|pop3|smtp)\.g|Generation )(\d+)", body)}


# ---- reload ---------------------------------------------------------------------------------

class Hammer:
    """Clients that never stop asking; every answer is looked at."""

    def __init__(self, address):
        self.address = address
        self.stop = threading.Event()
        self.problems = []
        self.seen = set()
        self.count = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._run, args=(job,)) for job in
                        (self._keep_alive, self._keep_alive, self._new, self._new, self._post)]
        for thread in self.threads:
            thread.start()

    def _run(self, job):
        try:
            while not self.stop.is_set():
                job()
        except Exception as error:
            with self.lock:
                self.problems.append("%s: %r" % (job.__name__, error))

    def _look(self, response):
        assert response.status == 200, response
        found = generations_in(response.body)
        assert len(found) == 1, "half old, half new: %r" % response.body
        assert response.body.count(b".test") >= 4
        xml_tools.parse(response.body)
        with self.lock:
            self.seen |= found
            self.count += 1

    def _keep_alive(self):
        with Connection(self.address) as c:
            for _ in range(50):
                self._look(c.request("GET", AUTOCONFIG, HOST))

    def _new(self):
        self._look(fetch(self.address, "GET", AUTOCONFIG, HOST))

    def _post(self):
        with Connection(self.address) as c:
            for _ in range(10):
                self._look(c.request("POST", AUTODISCOVER, HOST, XML, BODY))

    def wait_more(self, more=50):
        target = self.count + more
        eventually(lambda: self.count >= target or self.problems, "the clients stand still")

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        assert not self.problems, self.problems


@pytest.mark.parametrize("workers", [1, 4])
def test_reload_under_load(daemon, tmp_path, workers):
    path = tmp_path / "t.json"
    put(path, generation(0))
    one = daemon("--listen", "127.0.0.1:0", "--workers", workers, table=path)
    hammer = Hammer(one.address)
    try:
        hammer.wait_more()
        for number in range(1, 11):
            # another number of domains each time, so that every line is a new one
            put(path, generation(number, more=number))
            assert "reloaded: %d domains of 1 provider" % (number + 1) in one.reload()
            # from here on nobody gets the old one, on whatever connection
            for _ in range(workers * 2):
                assert generations_in(fetch(one.address, "GET", AUTOCONFIG, HOST).body) == {number}
            hammer.wait_more()
    finally:
        hammer.end()
    assert hammer.seen == set(range(11))
    assert hammer.count > 500


def test_open_connections_see_the_new_table(daemon, tmp_path):
    path = tmp_path / "t.json"
    put(path, generation(1))
    one = daemon("--listen", "127.0.0.1:0", "--workers", 4, table=path)
    connections = [Connection(one.address) for _ in range(12)]
    try:
        tag = fetch(one.address, "GET", AUTOCONFIG, HOST)["ETag"]
        for c in connections:
            response = c.request("GET", AUTOCONFIG, HOST)
            assert generations_in(response.body) == {1}
            assert response["ETag"] == tag
        put(path, generation(2, "other.test"))
        assert "reloaded: 1 domain of 1 provider" in one.reload()
        for c in connections:
            assert c.request("GET", AUTOCONFIG, HOST).status == 404
            response = c.request("GET", AUTOCONFIG, "autoconfig.other.test", {"If-None-Match": tag})
            assert response.status == 200 and generations_in(response.body) == {2}
    finally:
        for c in connections:
            c.close()


BROKEN_TABLES = {
    "syntax": '{\n "providers": [\n',
    "not there": None,
    "two mistakes": generation(2).replace("993", "99399").replace("465", "99465"),
}


@pytest.mark.parametrize("name", BROKEN_TABLES)
def test_broken_reload_changes_nothing(daemon, tmp_path, name):
    path = tmp_path / "t.json"
    put(path, generation(1))
    one = daemon("--listen", "127.0.0.1:0", "--workers", 2, table=path)
    before = fetch(one.address, "GET", AUTOCONFIG, HOST)
    health = fetch(one.address, "GET", "/healthz", "x").body
    at = one.mark()
    if BROKEN_TABLES[name] is None:
        path.unlink()
    else:
        put(path, BROKEN_TABLES[name])
    line = one.reload()
    match = re.search(r"(\d+) errors?; keeping the configuration loaded at \d\d:\d\d:\d\d", line)
    assert match, line
    said = [x for x in one.lines[at:] if "error:" in x and str(path) in x]
    assert len(said) == int(match[1]) >= (2 if name == "two mistakes" else 1), one.log
    if name != "not there":
        for diagnostic in said:
            assert re.match(r"%s:\d+:\d+: error: " % re.escape(str(path)), diagnostic)
    with Connection(one.address) as c:
        for _ in range(4):
            after = c.request("GET", AUTOCONFIG, HOST)
            assert (after.status, after.body, after["ETag"]) == (200, before.body, before["ETag"])
    assert fetch(one.address, "GET", "/healthz", "x").body == health
    # and a good one is taken afterwards
    put(path, generation(3))
    assert "reloaded: " in one.reload()
    assert generations_in(fetch(one.address, "GET", AUTOCONFIG, HOST).body) == {3}


def test_reload_reads_templates_and_domains_file(daemon, tmp_path):
    templates = tmp_path / "templates"
    shutil.copytree(SOURCE / "templates", templates)
    table = json.loads(generation(1))
    table["providers"][0]["domainsFile"] = "more.txt"
    path = tmp_path / "t.json"
    put(path, json.dumps(table))
    more = tmp_path / "more.txt"
    more.write_text("")
    one = daemon("--listen", "127.0.0.1:0", "--templates", templates, table=path)
    assert fetch(one.address, "GET", AUTOCONFIG, "autoconfig.more.test").status == 404
    more.write_text("more.test\n")
    template = templates / "autoconfig.xml"
    text = template.read_text()
    assert "</clientConfig>" in text
    template.write_text(text.replace("</clientConfig>", "<added/></clientConfig>"))
    assert "reloaded: 2 domains of 1 provider" in one.reload()
    response = fetch(one.address, "GET", AUTOCONFIG, "autoconfig.more.test")
    assert response.status == 200 and b"<added/>" in response.body
    # a template that is no XML any more changes nothing
    template.write_text(text.replace("</clientConfig>", ""))
    assert "keeping the configuration" in one.reload()
    again = fetch(one.address, "GET", AUTOCONFIG, "autoconfig.more.test")
    assert again.body == response.body


def test_every_reload_is_reported(daemon, tmp_path):
    """Also when it says the same as the one before: somebody waits for that line."""
    path = tmp_path / "t.json"
    put(path, generation(1))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    for text, said in ((generation(1), "reloaded: 1 domain"), ("{", "keeping the configuration")):
        put(path, text)
        for _ in range(3):
            at = one.mark()
            one.signal(signal.SIGHUP)
            one.wait_line(said, after=at, timeout=5)


def test_reload_names_what_waits_for_a_start(daemon, tmp_path):
    put(tmp_path / "t.json", generation(1))
    settings = tmp_path / "mailconfd.json"
    put(settings, json.dumps({"table": ["t.json"], "listen": ["127.0.0.1:0"], "workers": 1}))
    one = daemon("--config", settings, table=None)
    at = one.mark()
    put(settings, json.dumps({"table": ["t.json"], "listen": ["127.0.0.1:0"], "workers": 2,
                              "trusted-proxy": ["192.0.2.1"]}))
    one.reload()
    said = [line for line in one.lines[at:] if "next start" in line]
    assert len(said) == 2 and '"workers"' in said[0] and '"trusted-proxy"' in said[1], one.log
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_many_hangups_at_once(daemon, tmp_path):
    path = tmp_path / "t.json"
    put(path, generation(1))
    one = daemon("--listen", "127.0.0.1:0", "--workers", 2, table=path)
    for _ in range(200):
        one.signal(signal.SIGHUP)
    put(path, generation(2))
    one.signal(signal.SIGHUP)
    eventually(lambda: generations_in(fetch(one.address, "GET", AUTOCONFIG, HOST).body) == {2},
               "the last table is not loaded")


# ---- the end --------------------------------------------------------------------------------

@pytest.fixture
def notify(tmp_path):
    made = NotifySocket(str(tmp_path / "notify"))
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_with_nothing_to_do(daemon, number):
    one = daemon("--listen", "127.0.0.1:0")
    address = one.address
    one.signal(number)
    assert one.wait_exit(10) == 0
    with pytest.raises(ConnectionRefusedError):
        Connection(address)


def test_a_half_sent_post_is_still_answered(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 60, "--drain-timeout", 60)
    half = len(BODY) // 2
    with Connection(one.address) as c, Connection(one.address) as idle:
        c.send(request_bytes("POST", AUTODISCOVER, "example.test",
                             {"Expect": "100-continue", "Content-Length": str(len(BODY)), **XML}))
        # now it is in progress
        assert c.interim().status == 100
        c.send(BODY[:half])
        assert idle.request("GET", AUTOCONFIG, HOST).status == 200
        one.signal(signal.SIGTERM)
        # idle connections are closed: it is draining
        idle.wait_closed()
        c.send(BODY[half:])
        response = c.response("POST")
        assert response.status == 200 and b"ann@example.test" in response.body
        assert response.closing
        c.wait_closed()
    assert one.wait_exit() == 0


def test_a_half_sent_header_is_still_answered(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 60, "--drain-timeout", 60)
    half = GET.index(b"Host:") + 3
    with Connection(one.address) as fresh, Connection(one.address) as kept, Connection(one.address) as idle:
        assert kept.request("GET", AUTOCONFIG, HOST).status == 200
        for c in (fresh, kept):
            c.send(GET[:half])
        # answered after what came before it
        assert idle.request("GET", AUTOCONFIG, HOST).status == 200
        one.signal(signal.SIGTERM)
        idle.wait_closed()
        for c in (fresh, kept):
            c.send(GET[half:])
            response = c.response()
            assert response.status == 200 and response.closing
            c.wait_closed()
    assert one.wait_exit() == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_what_waits_to_be_accepted_is_answered(daemon, workers):
    """Requests that arrive before the signal but are seen after it."""
    one = daemon("--listen", "127.0.0.1:0", "--workers", workers)
    kept = [Connection(one.address) for _ in range(10)]
    waiting = []
    stopped = False
    try:
        for c in kept:
            assert c.request("GET", AUTOCONFIG, HOST).status == 200
        one.signal(signal.SIGSTOP)
        stopped = True
        eventually(lambda: open("/proc/%d/stat" % one.pid).read().rpartition(")")[2].split()[0] == "T",
                   "it does not stop")
        for c in kept:
            c.send(GET)
        for _ in range(300):
            c = Connection(one.address)
            waiting.append(c)
            c.send(GET)
        one.signal(signal.SIGTERM)
        one.signal(signal.SIGCONT)
        stopped = False
        for c in kept + waiting:
            # some may be answered before the signal is, and are then closed as idle ones
            assert c.response().status == 200
            c.wait_closed()
    finally:
        # not twice: one at the very end would upset the leak check, which stops the process itself
        if stopped:
            one.signal(signal.SIGCONT)
        for c in kept + waiting:
            c.close()
    assert one.wait_exit() == 0


def test_idle_connections_do_not_hold_up_the_end(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 120, "--drain-timeout", 120)
    connections = [Connection(one.address) for _ in range(5)]
    try:
        for c in connections[:3]:
            assert c.request("GET", AUTOCONFIG, HOST).status == 200
        # one more that is known to be accepted, having been answered after the two silent ones
        fetch(one.address, "GET", AUTOCONFIG, HOST)
        one.signal(signal.SIGTERM)
        for c in connections:
            c.wait_closed(20)
        assert one.wait_exit(20) == 0
    finally:
        for c in connections:
            c.close()


def test_drain_timeout(daemon, notify):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 120, "--drain-timeout", 2,
                 env={"NOTIFY_SOCKET": notify.name})
    with Connection(one.address) as c:
        c.send(request_bytes("POST", AUTODISCOVER, "example.test",
                             {"Expect": "100-continue", "Content-Length": "1000", **XML}))
        assert c.interim().status == 100
        c.send(b"x" * 10)
        one.signal(signal.SIGTERM)
        notify.wait("STOPPING=1")
        assert one.wait_exit(20) == 0


def test_nobody_is_lost_under_load(daemon, notify):
    """Whoever got a connection gets an answer, or the connection is closed before the request is whole."""
    one = daemon("--listen", "127.0.0.1:0", "--workers", 2, env={"NOTIFY_SOCKET": notify.name})
    address = one.address
    lost, answered = [], []
    asking = threading.Barrier(9)

    def client():
        with Connection(address) as c:
            assert c.request("GET", AUTOCONFIG, HOST).status == 200
            asking.wait(30)
            while True:
                try:
                    response = c.request("GET", AUTOCONFIG, HOST)
                except (Closed, AssertionError) as error:
                    lost.append(error)
                    return
                answered.append(response)
                if response.closing:
                    return

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    asking.wait(30)
    eventually(lambda: len(answered) > 100, "no answers")
    one.signal(signal.SIGTERM)
    for thread in threads:
        thread.join(60)
    assert not lost, lost[:3]
    assert len([r for r in answered if r.closing]) == 8
    assert all(r.status == 200 for r in answered)
    assert one.wait_exit() == 0


def test_signals_while_stopping_do_no_harm(daemon, notify):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 30, env={"NOTIFY_SOCKET": notify.name})
    with Connection(one.address) as c:
        c.send(request_bytes("POST", AUTODISCOVER, "example.test",
                             {"Expect": "100-continue", "Content-Length": str(len(BODY)), **XML}))
        c.interim()
        one.signal(signal.SIGTERM)
        notify.wait("STOPPING=1")
        one.signal(signal.SIGHUP)
        one.signal(signal.SIGTERM)
        c.send(BODY)
        try:
            assert c.response("POST").status == 200
        except Closed:
            pass  # a second SIGTERM may mean "at once"
    assert one.wait_exit() == 0


def test_the_unix_socket_is_gone_afterwards(daemon, tmp_path):
    path = str(tmp_path / "s")
    one = daemon("--listen", "unix:" + path)
    assert fetch(path, "GET", AUTOCONFIG, HOST).status == 200
    one.finish()
    assert not os.path.exists(path)


# ---- the service manager --------------------------------------------------------------------

def activated(daemon, sockets, names=None, pid=None, options=(), **kwargs):
    """Starts it as systemd does, with listening sockets from descriptor 3 on."""
    wrapper = (
        "import os,sys\n"
        "fds=[int(x) for x in sys.argv[1].split(',')]\n"
        "high=[os.dup2(fd,100+n,inheritable=False) for n,fd in enumerate(fds)]\n"
        "for n,fd in enumerate(high): os.dup2(fd,3+n,inheritable=True)\n"
        "os.environ['LISTEN_FDS']=str(len(fds))\n"
        "os.environ['LISTEN_PID']=sys.argv[2] or str(os.getpid())\n"
        "if sys.argv[3]: os.environ['LISTEN_FDNAMES']=sys.argv[3]\n"
        "os.execv(sys.argv[4],sys.argv[4:])\n")
    fds = [s.fileno() for s in sockets]
    prefix = [sys.executable, "-c", wrapper, ",".join(map(str, fds)), pid or "", ":".join(names or [])]
    return daemon(*options, prefix=prefix, pass_fds=fds, **kwargs)


def listening(path=None):
    s = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    s.bind(path or ("127.0.0.1", 0))
    s.listen()
    return s


def test_socket_activation(daemon, tmp_path):
    path = str(tmp_path / "s")
    with listening() as tcp, listening(path) as unix, listening() as public:
        one = activated(daemon, [tcp, unix, public], ["http", "unix", "public-http"])
        assert one.addresses == [tcp.getsockname(), path]
        assert one.public == public.getsockname()
        for address in one.addresses:
            assert fetch(address, "GET", AUTODISCOVER, "example.test").status == 200
        assert fetch(one.public, "GET", AUTODISCOVER, "example.test").status == 302
        # a request that was there before the daemon is answered too; and a socket that was given stays
        one.finish()
        assert os.path.exists(path)
        with Connection(tcp.getsockname()) as c:
            c.send(GET)
            activated(daemon, [tcp, unix, public], ["http", "unix", "public-http"])
            assert c.response().status == 200


def test_socket_activation_without_names(daemon):
    with listening() as tcp:
        one = activated(daemon, [tcp])
        assert one.addresses == [tcp.getsockname()]
        assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_sockets_for_another_process_are_left_alone(daemon):
    with listening() as tcp:
        one = activated(daemon, [tcp], pid="1", options=["--listen", "127.0.0.1:0"])
        assert tcp.getsockname() not in one.addresses
        assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_activation_with_workers(daemon):
    with listening() as tcp:
        one = activated(daemon, [tcp], options=["--workers", 4])
        for _ in range(20):
            assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


@pytest.mark.parametrize("abstract", [False, True])
def test_notifications(daemon, tmp_path, abstract):
    name = "@mailconfd-test-%d-%s" % (os.getpid(), tmp_path.name) if abstract else str(tmp_path / "n")
    path = str(tmp_path / "http")
    table = tmp_path / "t.json"
    put(table, generation(1))
    notify = NotifySocket(name)
    try:
        one = Daemon("--listen", "unix:" + path, table=table, env={"NOTIFY_SOCKET": name})
        try:
            notify.wait("READY=1")
            # ready means ready
            assert generations_in(fetch(path, "GET", AUTOCONFIG, HOST).body) == {1}
            put(table, generation(2))
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            one.signal(signal.SIGHUP)
            message = notify.wait("RELOADING=1")
            after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            assert before <= int(message["MONOTONIC_USEC"]) <= after
            notify.wait("READY=1")
            assert generations_in(fetch(path, "GET", AUTOCONFIG, HOST).body) == {2}
            # a reload that fails is over as well, else the service manager waits for ever
            put(table, "{")
            one.signal(signal.SIGHUP)
            notify.wait("RELOADING=1")
            notify.wait("READY=1")
            assert generations_in(fetch(path, "GET", AUTOCONFIG, HOST).body) == {2}
            one.signal(signal.SIGTERM)
            notify.wait("STOPPING=1")
        finally:
            one.finish()
        assert [m for m in notify.messages if any(line.startswith("STATUS=") for line in m)]
        everything = "\n".join("\n".join(m) for m in notify.messages)
        assert re.search(r"STATUS=.*1 domain", everything)
    finally:
        notify.close()


def test_a_notify_socket_that_is_gone_does_no_harm(daemon, tmp_path):
    one = daemon("--listen", "127.0.0.1:0", env={"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


# ---- limits on connections ------------------------------------------------------------------

def hold(address, count, source=None, connect=None):
    """That many connections that have been answered once, so they are known to be counted."""
    held = []
    for _ in range(count):
        c = Connection(sock=connect(address)) if connect else Connection(address, source=source)
        held.append(c)
        assert c.request("GET", AUTOCONFIG, HOST).status == 200
    return held


def close_all(connections):
    for c in connections:
        c.close()


def test_full_table(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--max-connections", 8, "--idle-timeout", 60)
    held = hold(one.address, 8)
    try:
        with Connection(one.address) as ninth:
            ninth.send(GET)
            assert ninth.silent(0.5), "a ninth connection is served"
            # those that are in go on
            assert held[0].request("GET", AUTOCONFIG, HOST).status == 200
            held.pop().close()
            assert ninth.response().status == 200
    finally:
        close_all(held)


def test_full_table_clears_by_itself(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--max-connections", 8, "--idle-timeout", 2)
    held = hold(one.address, 8)
    try:
        with Connection(one.address) as ninth:
            started = time.monotonic()
            ninth.send(GET)
            assert ninth.response().status == 200
            assert 0.5 < time.monotonic() - started < 15
    finally:
        close_all(held)


def test_full_table_ends_in_order(daemon):
    """SIGTERM with every place taken and somebody waiting."""
    one = daemon("--listen", "127.0.0.1:0", "--max-connections", 4, "--idle-timeout", 60)
    held = hold(one.address, 4)
    try:
        with Connection(one.address) as waiting:
            waiting.send(GET)
            one.signal(signal.SIGTERM)
            try:
                response = waiting.response()
                assert response.status in (200, 503)
            except Closed:
                pass
            assert one.wait_exit(20) == 0
    finally:
        close_all(held)


def refused(address, connect=None):
    """True when a connection too many is closed or told so."""
    c = Connection(sock=connect(address)) if connect else Connection(address)
    with c:
        try:
            c.send(GET)
            return c.response().status in (429, 503)
        except (Closed, ConnectionResetError, BrokenPipeError):
            return True


def test_limit_for_one_address(daemon):
    one = daemon("--listen-public-http", "127.0.0.1:0", "--listen", "127.0.0.1:0",
                 "--max-connections-per-address", 4, "--idle-timeout", 60)
    held = hold(one.public, 4)
    try:
        assert refused(one.public)
        # another address is not affected
        with Connection(one.public, source="127.0.0.9") as other:
            assert other.request("GET", AUTOCONFIG, HOST).status == 200
        held.pop().close()
        eventually(lambda: not refused(one.public), "the place is not given back")
        # a proxy is one address for everybody
        close_all(hold(one.address, 20))
    finally:
        close_all(held)


def test_no_limit_for_one_address(daemon):
    one = daemon("--listen-public-http", "127.0.0.1:0", "--max-connections-per-address", 0)
    close_all(hold(one.public, 150))


def test_default_limit_for_one_address(daemon):
    one = daemon("--listen-public-http", "127.0.0.1:0", "--idle-timeout", 60)
    held = hold(one.public, 128)
    try:
        assert refused(one.public)
    finally:
        close_all(held)


def test_limit_spares_unix_peers(daemon, tmp_path):
    path = str(tmp_path / "s")
    daemon("--listen", "unix:" + path, "--max-connections-per-address", 2)
    close_all(hold(path, 10))


def test_limit_spares_trusted_proxies_only(daemon):
    namespace = Namespace()
    try:
        for options, limited in (([], True), (["--trusted-proxy", NAMESPACE_ADDRESS], False)):
            one = daemon("--listen", NAMESPACE_ADDRESS + ":0", "--max-connections-per-address", 3,
                         "--idle-timeout", 60, *options, namespace=namespace)
            held = hold(one.address, 3, connect=namespace.connect)
            try:
                assert refused(one.address, namespace.connect) == limited
            finally:
                close_all(held)
    finally:
        namespace.close()


def test_idle_timeout(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 1)
    with Connection(one.address) as silent, Connection(one.address) as kept, Connection(one.address) as half:
        assert kept.request("GET", AUTOCONFIG, HOST).status == 200
        half.send(GET[:20])
        silent.wait_closed(15)
        kept.wait_closed(15)
        try:
            assert half.response(timeout=15).status == 408
        except Closed:
            pass


def test_idle_timeout_is_not_sooner(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 3)
    with Connection(one.address) as c:
        assert c.request("GET", AUTOCONFIG, HOST).status == 200
        assert c.silent(1.5)
        assert c.request("GET", AUTOCONFIG, HOST).status == 200


def test_a_client_that_never_reads(daemon):
    """It asks and asks and takes nothing: it is dropped in the end, and nobody else suffers."""
    one = daemon("--listen", "127.0.0.1:0", "--idle-timeout", 1)
    with Connection(one.address) as deaf:
        deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sock.settimeout(0.5)
        try:
            for _ in range(3000):
                deaf.sock.sendall(GET * 10)
        except (TimeoutError, ConnectionError):
            pass
        assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_clients_that_go_away(daemon):
    """Closed and reset at every point of a request."""
    one = daemon("--listen", "127.0.0.1:0", "--workers", 2)
    request = request_bytes("POST", AUTODISCOVER, "example.test", XML, BODY)
    linger = b"\1\0\0\0\0\0\0\0"
    for at in list(range(0, len(request), 17)) + [len(request)]:
        for reset in (False, True):
            with Connection(one.address) as c:
                c.send(request[:at])
                if reset:
                    c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    assert fetch(one.address, "GET", AUTOCONFIG, HOST).status == 200


def test_workers(daemon, tmp_path):
    path = tmp_path / "t.json"
    put(path, generation(1))
    one = daemon("--listen", "127.0.0.1:0", "--listen", "unix:%s" % (tmp_path / "s"), "--workers", 4, table=path)
    for address in one.addresses:
        held = hold(address, 16)
        close_all(held)
    put(path, generation(2))
    assert "reloaded: " in one.reload()
    for address in one.addresses:
        for _ in range(16):
            assert generations_in(fetch(address, "GET", AUTOCONFIG, HOST).body) == {2}
    tasks = os.listdir("/proc/%d/task" % one.pid)
    assert len(tasks) >= 4


# ---- the log --------------------------------------------------------------------------------

def test_repeated_misses_are_folded(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--log-level", "debug", table=TABLE)
    with Connection(one.address) as c:
        for _ in range(500):
            assert c.request("GET", AUTOCONFIG, "unknown.example").status == 404
    one.finish()
    assert len(one.lines) < 100, "%d lines" % len(one.lines)


def test_different_misses_do_not_flood_the_log(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--log-level", "info")
    with Connection(one.address) as c:
        for n in range(300):
            assert c.request("GET", "/no/%d" % n, "n%d.example" % n).status == 404
    one.finish()
    assert len(one.lines) < 150, "%d lines" % len(one.lines)


def test_the_log_holds_nobody(daemon):
    one = daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", "--log-level", "debug")
    secret = "c2VjcmV0LXVzZXI6c2VjcmV0LXBhc3M="
    fields = {"Authorization": "Basic " + secret, "Cookie": "session=secret-cookie", "User-Agent": "agent\x1b[31m",
              "X-Forwarded-For": "192.0.2.77", "Referer": "http://secret-referer.example/", **XML}
    for address in (one.address, one.public):
        for query in ("?emailaddress=secret-local%40example.test", "?emailaddress=secret-local@unknown.example",
                      "?Email=secret-local%40example.test", "?token=secret-token"):
            for path in (AUTOCONFIG, AUTODISCOVER, "/nothing/secret-path@x", "/v1.1/secret-name.example"):
                for host in (HOST, "secret-host.example"):
                    fetch(address, "GET", path + query, host, fields)
        for body in (pox("secret-local@example.test"), pox("secret-local@unknown.example"),
                     pox("secret-local@@x"), b"secret-body", b"secret-body" * 2000):
            fetch(address, "POST", AUTODISCOVER, "example.test", fields, body)
        with Connection(address) as c:
            c.send(b"secret-garbage\r\n\r\n")
            try:
                c.response()
            except Closed:
                pass
    one.finish()
    assert one.lines
    for word in ("secret", secret, "@", "emailaddress", "Email=", "192.0.2.77", "Basic", "\x1b"):
        assert word not in one.log, (word, one.log)
