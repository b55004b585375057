"""Runs a function in a network of its own, and serves that network from outside."""

import json
import os
import pathlib
import signal
import socket
import threading
import time
import traceback

import namespaces
from certificates import Authority, server_context
from dns_stub import Dns
from fake_mail import PORTS, FakeMail
from http_front import Front

NAME_SERVER = "127.0.0.1"
BACKLOG = 64
# what is lent to the end of connections whose client has gone
AFTERMATH = 3.0
# what a client must not inherit: ways around the private network, the caller's desktop
UNWANTED = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "dbus_session_bus_address", "display",
            "wayland_display", "xdg_config_home", "xdg_data_home", "xdg_cache_home")


class Record:
    """What happened, in the order in which it ended for the first time. Rows are dicts with a "kind".

    The same again only counts in "times": a client may ask one thing a thousand times a second.
    """

    def __init__(self):
        self.counted = {}
        self.lock = threading.Lock()
        self.started = time.monotonic()

    def __call__(self, **row):
        key = json.dumps(row)
        at = round(time.monotonic() - self.started, 2)
        with self.lock:
            self.counted.setdefault(key, {"at": at, "times": 0, **row})["times"] += 1

    def rows(self, kind=None):
        with self.lock:
            return [row for row in self.counted.values() if kind in (None, row["kind"])]


class Connections:
    """A thread for each connection; those that are left at the end are waited for."""

    def __init__(self):
        self.threads = []

    def accept(self, listener, handle):
        threading.Thread(target=self._accept, args=(listener, handle), daemon=True).start()

    def _accept(self, listener, handle):
        while True:
            connection = listener.accept()[0]
            thread = threading.Thread(target=self._handle, args=(handle, connection), daemon=True)
            thread.start()
            self.threads.append(thread)

    def _handle(self, handle, connection):
        try:
            handle(connection)
        except OSError:
            pass  # the client, or the server behind us, is gone: both sides show in what they report

    def wait(self):
        deadline = time.monotonic() + AFTERMATH
        for thread in self.threads[:]:
            thread.join(max(0, deadline - time.monotonic()))


class Plan:
    """What a run is to find.

    web         names that resolve and have ports 80 and 443
    mail        names that resolve and have the ports of a mail server; no other name resolves
    exchangers  pairs of a domain and its mail exchanger
    http        (host, port) that port 80 leads to
    https       the same for port 443
    authority   a file with the certificate authority of `https`, which then does TLS itself; without
                it TLS ends in this process
    folder      for the run's files
    limit       seconds, after which the run is ended
    """

    def __init__(self, folder, web, mail, exchangers, http, https, authority=None, limit=120):
        self.folder, self.limit = pathlib.Path(folder), limit
        self.web, self.mail, self.exchangers = list(web), list(mail), dict(exchangers)
        self.http, self.https, self.authority = http, https, authority


def _listen(address, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen(BACKLOG)
    return s


class Listeners:
    """Made inside of the network, used from outside."""

    def __init__(self, plan, addresses):
        self.names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.names.bind((NAME_SERVER, 53))
        self.names_tcp = _listen(NAME_SERVER, 53)
        self.http = [_listen(addresses[host], 80) for host in plan.web]
        self.https = [_listen(addresses[host], 443) for host in plan.web]
        self.mail = [_listen(addresses[host], port) for host in plan.mail for port in PORTS]


def _inside(plan, authorities, function, result):
    """The child's part: it is the first process of its PID namespace."""
    namespaces.die_with_parent()
    os.setsid()
    etc = plan.folder / "etc"
    etc.mkdir()
    namespaces.new_mounts(etc, authorities)
    for name in list(os.environ):
        if name.lower() in UNWANTED:
            del os.environ[name]
    for name, folder in (("HOME", "home"), ("XDG_RUNTIME_DIR", "run"), ("TMPDIR", "tmp")):
        (plan.folder / folder).mkdir(mode=0o700)
        os.environ[name] = str(plan.folder / folder)
    result.write_text(json.dumps(function()))


def _fork(plan, authorities, function, result):
    namespaces.new_processes()
    child = os.fork()
    if child:
        return child
    try:
        _inside(plan, authorities, function, result)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _wait(child, limit):
    """False when the child had to be ended."""
    deadline = time.monotonic() + limit
    while True:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.02)


def _serve(plan, dns, listeners, authority, record):
    folder = authority.folder
    authority.issue(plan.web + plan.mail, folder)
    context = None if plan.authority else server_context(folder, ["http/1.1"])
    front = Front(plan.http, plan.https, context, record)
    mail = FakeMail(server_context(folder), dns.host, record)
    connections = Connections()
    threading.Thread(target=dns.serve_udp, args=(listeners.names,), daemon=True).start()
    connections.accept(listeners.names_tcp, dns.serve_tcp)
    for sockets, handle in ((listeners.http, front.port_80), (listeners.https, front.port_443),
                            (listeners.mail, mail.handle)):
        for listener in sockets:
            connections.accept(listener, handle)
    return connections


def run(plan, function):
    """(what function() returned or None, whether it ended, the record).

    One call a process, and before there is any thread: the child is made before this process goes
    back to the machine's network, and the threads after. The sockets stay where they were made, and
    what the threads make is outside.
    """
    authority = Authority(plan.folder / "tls")
    authorities = [authority.certificate] + ([pathlib.Path(plan.authority)] if plan.authority else [])
    record = Record()
    dns = Dns(plan.web + plan.mail, plan.exchangers, record)
    result = plan.folder / "result.json"
    outside = namespaces.here()
    namespaces.new_network()
    listeners = Listeners(plan, dns.hosts)
    child = _fork(plan, authorities, function, result)
    namespaces.return_to(outside)
    connections = _serve(plan, dns, listeners, authority, record)
    ended = _wait(child, plan.limit)
    connections.wait()
    return (json.loads(result.read_text()) if result.exists() else None), ended, record
