"""A name server that knows the names of one test and no other."""

import socket
import struct

A, MX = 1, 15
TYPES = {A: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", MX: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
         65: "HTTPS"}
NOERROR, NXDOMAIN = 0, 3
HEADER = struct.Struct(">HHHHHH")
ADDRESS = "127.1.0.%d"


def _labels(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


class Dns:
    """Each of `hosts` has an address of its own, in .hosts; `exchangers` maps domains to mail exchangers.

    By its address a connection tells which name it was made for, also where no client says so.
    """

    def __init__(self, hosts, exchangers, record):
        self.hosts = {host: ADDRESS % number for number, host in enumerate(hosts, 1)}
        self.exchangers = exchangers
        self.record = record

    def _answers(self, name, kind):
        if kind == A and name in self.hosts:
            return [socket.inet_aton(self.hosts[name])]
        if kind == MX and name in self.exchangers:
            return [struct.pack(">H", 10) + _labels(self.exchangers[name])]
        return []

    def _exists(self, name):
        """Also a name that only has others below it: such a name has no data, but is there."""
        return any(known == name or known.endswith("." + name) for known in [*self.hosts, *self.exchangers])

    def reply(self, query):
        ident, flags = HEADER.unpack_from(query)[:2]
        at, labels = HEADER.size, []
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        name = ".".join(labels).lower()
        kind = struct.unpack_from(">H", query, at + 1)[0]
        answers = self._answers(name, kind)
        status = NOERROR if self._exists(name) else NXDOMAIN
        self.record(kind="dns", name=name, type=TYPES.get(kind, str(kind)), answers=len(answers),
                    status=status)
        flags = 0x8580 | (flags & 0x0100) | status  # an authoritative answer, recursion available
        packet = HEADER.pack(ident, flags, 1, len(answers), 0, 0) + query[HEADER.size:at + 5]
        for data in answers:
            packet += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
        return packet

    def host(self, address):
        return next((host for host, own in self.hosts.items() if own == address), address)

    def serve_udp(self, sock):
        while True:
            query, peer = sock.recvfrom(4096)
            try:
                sock.sendto(self.reply(query), peer)
            except (IndexError, struct.error):
                self.record(kind="dns", name=repr(query), type="malformed", answers=0, status=None)

    def serve_tcp(self, connection):
        """One connection; some resolvers repeat a question that way."""
        with connection:
            size = connection.recv(2)
            if len(size) == 2:
                reply = self.reply(connection.recv(struct.unpack(">H", size)[0]))
                connection.sendall(struct.pack(">H", len(reply)) + reply)
