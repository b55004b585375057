"""A raw HTTP client: sends exact bytes and reads exactly what comes back.

An address is (host, port) for TCP or a str path for a unix socket.
"""

import select
import socket
import time

TIMEOUT = 20.0


class Closed(Exception):
    """The peer closed the connection; `data` is what came before."""

    def __init__(self, data=b""):
        super().__init__("connection closed after %r" % data[:200])
        self.data = data


class Response:
    def __init__(self, head, body, interim, buffered):
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ", 2)
        assert len(parts) >= 2 and parts[0] in ("HTTP/1.1", "HTTP/1.0"), lines[0]
        self.version = parts[0]
        self.status = int(parts[1])
        self.fields = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            assert colon and name == name.strip() and name, "bad header line %r" % line
            self.fields.append((name.lower(), value.strip()))
        self.head = head
        self.body = body
        self.raw = head + b"\r\n\r\n" + body
        self.interim = interim
        self.buffered = buffered

    def all(self, name):
        return [v for n, v in self.fields if n == name.lower()]

    def __getitem__(self, name):
        values = self.all(name)
        assert len(values) == 1, "%s: %d times in %r" % (name, len(values), self.head)
        return values[0]

    def get(self, name, default=None):
        return self[name] if self.all(name) else default

    @property
    def allow(self):
        return {m.strip() for m in self["Allow"].split(",")}

    @property
    def closing(self):
        tokens = ",".join(self.all("Connection")).lower()
        return "close" in tokens

    def __repr__(self):
        return "<Response %d %r>" % (self.status, self.raw[:400])


def connect(address, timeout=TIMEOUT, source=None):
    """A connected socket. A listener that is not there raises at once."""
    if isinstance(address, str):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        s = socket.socket(family, socket.SOCK_STREAM)
        if source:
            s.bind((source, 0))
    s.settimeout(timeout)
    try:
        s.connect(address)
        if not isinstance(address, str):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        s.close()
        raise
    return s


class Connection:
    def __init__(self, address=None, timeout=TIMEOUT, sock=None, source=None):
        self.sock = sock or connect(address, timeout, source)
        self.timeout = timeout
        self.data = b""
        self.eof = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        """Write all of data, reading meanwhile; stops early when the peer has had enough."""
        view = memoryview(data)
        deadline = time.monotonic() + self.timeout
        self.sock.setblocking(False)
        try:
            while view and not self.eof:
                left = deadline - time.monotonic()
                assert left > 0, "the peer does not read: %d bytes unsent" % len(view)
                r, w, _ = select.select([self.sock], [self.sock], [], left)
                if r:
                    self._receive()
                if w and not self.eof:
                    try:
                        view = view[self.sock.send(view):]
                    except BlockingIOError:
                        pass
                    except (BrokenPipeError, ConnectionResetError):
                        break
        finally:
            self.sock.settimeout(self.timeout)
        return self

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)

    def _receive(self):
        try:
            chunk = self.sock.recv(65536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            chunk = b""
        if chunk:
            self.data += chunk
        else:
            self.eof = True

    def _fill(self, deadline):
        """Wait for more bytes. Closed at end of file, TimeoutError at the deadline."""
        if self.eof:
            raise Closed(self.data)
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.sock], [], [], left)[0]:
            raise TimeoutError("no answer within %g s, so far %r" % (self.timeout, self.data[:200]))
        self._receive()

    def _head(self, deadline):
        while b"\r\n\r\n" not in self.data:
            self._fill(deadline)
        head, _, self.data = self.data.partition(b"\r\n\r\n")
        return head

    def _take(self, count, deadline):
        while len(self.data) < count:
            self._fill(deadline)
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def _line(self, deadline):
        while b"\r\n" not in self.data:
            self._fill(deadline)
        line, _, self.data = self.data.partition(b"\r\n")
        return line

    def interim(self):
        """One interim answer, for a client that waits for 100."""
        deadline = time.monotonic() + self.timeout
        response = Response(self._head(deadline), b"", [], b"")
        assert 100 <= response.status < 200, response
        return response

    def response(self, method="GET", timeout=None):
        """The next final answer; 1xx ones before it are in .interim."""
        deadline = time.monotonic() + (timeout or self.timeout)
        interim = []
        while True:
            try:
                head = self._head(deadline)
            except Closed as closed:
                if closed.data:
                    raise AssertionError("closed inside an answer: %r" % closed.data[:200])
                raise
            response = Response(head, b"", interim, b"")
            if not 100 <= response.status < 200:
                break
            interim.append(response)
        try:
            body = self._body(response, method, deadline)
        except Closed as closed:
            raise AssertionError("closed inside a body: %r" % closed.data[:200])
        return Response(head, body, interim, self.data)

    def _body(self, response, method, deadline):
        if method == "HEAD" or response.status in (204, 304):
            return b""
        encoding = response.get("Transfer-Encoding")
        if encoding:
            assert encoding.lower() == "chunked"
            body = b""
            while True:
                size = int(self._line(deadline).split(b";")[0], 16)
                if not size:
                    while self._line(deadline):
                        pass
                    return body
                body += self._take(size, deadline)
                assert self._line(deadline) == b""
        if response.all("Content-Length"):
            return self._take(int(response["Content-Length"]), deadline)
        assert response.closing or response.version == "HTTP/1.0", "endless body"
        while True:
            try:
                self._fill(deadline)
            except Closed:
                body, self.data = self.data, b""
                return body

    def wait_closed(self, timeout=None):
        """Until the peer closes; nothing may come before that."""
        deadline = time.monotonic() + (timeout or self.timeout)
        try:
            while True:
                self._fill(deadline)
                assert not self.data, "unexpected bytes: %r" % self.data[:400]
        except Closed as closed:
            assert not closed.data, "unexpected bytes: %r" % closed.data[:400]

    def until_closed(self, timeout=None):
        """Everything that still comes until the peer closes."""
        deadline = time.monotonic() + (timeout or self.timeout)
        try:
            while True:
                self._fill(deadline)
        except Closed as closed:
            return closed.data

    def silent(self, seconds):
        """True when nothing, not even a close, comes for that long."""
        return not self.data and not select.select([self.sock], [], [], seconds)[0]

    def request(self, method, target, host="example.test", fields=(), body=None, version="1.1"):
        self.send(request_bytes(method, target, host, fields, body, version))
        return self.response(method)


def request_bytes(method, target, host="example.test", fields=(), body=None, version="1.1"):
    lines = ["%s %s HTTP/%s" % (method, target, version)]
    if host is not None:
        lines.append("Host: " + host)
    fields = dict(fields)
    if body is not None and not {"content-length", "transfer-encoding"} & {n.lower() for n in fields}:
        fields["Content-Length"] = str(len(body))
    lines += ["%s: %s" % item for item in fields.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def chunked(body, size=1000):
    out = b""
    for at in range(0, len(body), size):
        piece = body[at:at + size]
        out += b"%x\r\n%s\r\n" % (len(piece), piece)
    return out + b"0\r\n\r\n"


def fetch(address, method, target, host="example.test", fields=(), body=None, version="1.1"):
    """One request on a connection of its own."""
    with Connection(address) as c:
        return c.request(method, target, host, fields, body, version)


def pox(address, schema="outlook"):
    """An Autodiscover request body for that address."""
    base = "http://schemas.microsoft.com/exchange/autodiscover/"
    if schema == "outlook":
        ask, answer = base + "outlook/requestschema/2006", base + "outlook/responseschema/2006a"
    else:
        ask, answer = (base + "mobilesync/%sschema/2006" % w for w in ("request", "response"))
    return ('<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="%s"><Request>'
            "<EMailAddress>%s</EMailAddress>"
            "<AcceptableResponseSchema>%s</AcceptableResponseSchema>"
            "</Request></Autodiscover>" % (ask, address, answer)).encode()


AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
AUTODISCOVER = "/autodiscover/autodiscover.xml"
XML = {"Content-Type": "text/xml; charset=utf-8"}
