"""Ports 80 and 443 of a run's network, carried to the daemon or a proxy outside of it.

What passes is recorded, except inside TLS that this front does not end.
"""

import re
import socket
import ssl
import threading

TIMEOUT = 60
# What a proxy that ends TLS tells the daemon, whose --listen trusts it.
FORWARDED = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.99.0.1\r\n"


class Message:
    """One HTTP message as it came: .start, .fields, .body, and all of it in .raw."""

    def __init__(self, raw, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.start = lines[0]
        self.fields = [line.partition(":")[::2] for line in lines[1:]]
        self.body = body

    def field(self, name):
        for found, value in self.fields:
            if found.strip().lower() == name:
                return value.strip()
        return None


def _chunked(data, at):
    """The end of a chunked body that starts there, or None when more must come."""
    while True:
        line = data.find(b"\r\n", at)
        if line < 0:
            return None
        size = int(data[at:line].split(b";")[0], 16)
        at = line + 2 + size + 2
        if len(data) < at:
            return None
        if not size:
            return at


def take(data, bodyless=False):
    """The first whole message of the data and what follows it; (None, data) when more must come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None, data
    body = end + 4
    message = Message(data, data[:end], b"")
    end = body
    if not bodyless and "chunked" in (message.field("transfer-encoding") or ""):
        end = _chunked(data, body)
    elif not bodyless:
        end = body + int(message.field("content-length") or 0)
    if end is None or len(data) < end:
        return None, data
    return Message(data[:end], data[:body - 4], data[body:end]), data[end:]


class Carrier:
    """One connection of a client, and the one to the server behind it."""

    def __init__(self, client, scheme, target, mark, record):
        self.client, self.scheme, self.record = client, scheme, record
        self.mark = mark
        self.server = socket.create_connection(target, TIMEOUT)
        self.waiting = []
        self.lock = threading.Lock()

    def _ask(self, message):
        method, target = message.start.split(" ")[:2]
        with self.lock:
            self.waiting.append({"kind": "http", "scheme": self.scheme, "method": method, "target": target,
                                 "host": message.field("host"), "agent": message.field("user-agent"),
                                 "body": message.body.decode("latin-1")})
        raw = message.raw
        if self.mark:
            raw = raw.replace(b"\r\n", b"\r\n" + FORWARDED, 1)
        self.server.sendall(raw)

    def _told(self, message):
        status = int(message.start.split(" ")[1])
        if status < 200:
            return
        with self.lock:
            exchange = self.waiting.pop(0)
        self.record(**exchange, status=status, answer=message.body.decode("utf-8", "replace"))

    def _bodyless(self, data):
        with self.lock:
            head = bool(self.waiting) and self.waiting[0]["method"] == "HEAD"
        return head or re.match(rb"HTTP/1\.. (1..|204|304) ", data) is not None

    def requests(self):
        data = b""
        while more := self.client.recv(65536):
            data += more
            message, data = take(data)
            while message:
                self._ask(message)
                message, data = take(data)
        self.server.sendall(data)
        self.server.shutdown(socket.SHUT_WR)

    def responses(self):
        data = b""
        try:
            while more := self.server.recv(65536):
                data += more
                message, data = take(data, self._bodyless(data))
                while message:
                    self._told(message)
                    self.client.sendall(message.raw)
                    message, data = take(data, self._bodyless(data))
            self.client.sendall(data)
            self.client.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the client is gone

    def run(self):
        thread = threading.Thread(target=self.responses, daemon=True)
        thread.start()
        try:
            self.requests()
        except OSError:
            pass
        thread.join(TIMEOUT)
        self.server.close()
        with self.lock:
            for exchange in self.waiting:
                self.record(**exchange, status=None, answer="")


def _pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Front:
    """`http` and `https` are the (host, port) that the two ports are carried to.

    With a TLS context, TLS ends here and https goes on as plain HTTP that says so (see FORWARDED);
    without one its bytes go on as they are.
    """

    def __init__(self, http, https, context, record):
        self.http, self.https, self.context, self.record = http, https, context, record

    def port_80(self, client):
        with client:
            client.settimeout(TIMEOUT)
            Carrier(client, "http", self.http, False, self.record).run()

    def port_443(self, client):
        client.settimeout(TIMEOUT)
        if not self.context:
            return self._pass_through(client)
        try:
            client = self.context.wrap_socket(client, server_side=True)
        except (ssl.SSLError, OSError) as error:
            self.record(kind="tls", error=str(error))
            client.close()
            return None
        with client:
            Carrier(client, "https", self.https, True, self.record).run()

    def _pass_through(self, client):
        self.record(kind="tls", error=None)
        with client, socket.create_connection(self.https, TIMEOUT) as server:
            thread = threading.Thread(target=_pump, args=(server, client), daemon=True)
            thread.start()
            _pump(client, server)
            thread.join(TIMEOUT)
