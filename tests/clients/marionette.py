"""Mozilla's Marionette protocol: scripts inside a running Thunderbird.

A message is its length, a colon and JSON.
"""

import json
import socket
import time

PORT = 2828


class Marionette:
    def __init__(self, process, limit=60):
        self.data = b""
        self.number = 0
        deadline = time.monotonic() + limit
        while True:
            try:
                self.sock = socket.create_connection(("127.0.0.1", PORT), 5)
                break
            except OSError:
                assert process.poll() is None, "Thunderbird has ended"
                assert time.monotonic() < deadline, "Thunderbird does not listen"
                time.sleep(0.1)
        self.sock.settimeout(limit)
        self._read()
        session = self.command("WebDriver:NewSession", capabilities={})
        self.version = session["capabilities"]["browserVersion"]
        self.command("Marionette:SetContext", value="chrome")

    def _more(self):
        data = self.sock.recv(65536)
        assert data, "Thunderbird has closed the connection"
        self.data += data

    def _read(self):
        while b":" not in self.data:
            self._more()
        length, _, self.data = self.data.partition(b":")
        while len(self.data) < int(length):
            self._more()
        message, self.data = self.data[:int(length)], self.data[int(length):]
        return json.loads(message)

    def command(self, name, **params):
        self.number += 1
        message = json.dumps([0, self.number, name, params]).encode()
        self.sock.sendall(b"%d:%s" % (len(message), message))
        while True:
            kind, number, error, result = self._read()
            if (kind, number) == (1, self.number):
                assert not error, "%s: %s" % (name, error)
                return result

    def script(self, text, *args, limit=30):
        """The value that the script's last argument, a function, is called with."""
        self.sock.settimeout(limit + 10)
        return self.command("WebDriver:ExecuteAsyncScript", script=text, args=args, newSandbox=True,
                            sandbox="system", scriptTimeout=limit * 1000)["value"]
