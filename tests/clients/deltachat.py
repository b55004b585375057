"""Delta Chat's core, driven over JSON-RPC as its desktop program drives it.

It looks the settings up and logs in with them at once. `candidates` is what it found, in the order
of trying, or what it guesses: the caller tells these apart by the names. The account itself is what
it logged in with, which is in the record of the fake mail server.
"""

import json
import os
import queue
import re
import subprocess
import threading

import programs

SERVER = (programs.BUILD / "npm" / "node_modules" / "@deltachat" / "stdio-rpc-server-linux-x64"
          / "deltachat-rpc-server")
# for the look-up see run()
ANSWER = 60
SECURITY = {"tls": "SSL", "starttls": "STARTTLS", "plain": "plain"}


class Rpc:
    def __init__(self):
        self.log = programs.scratch() / "core"
        self.process = subprocess.Popen(
            [SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=open(self.log, "w"),
            env={**os.environ, "DC_ACCOUNTS_PATH": str(programs.scratch() / "accounts")})
        self.answers = queue.Queue()
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.answers.put(json.loads(line))

    def said(self):
        return self.log.read_text(errors="replace")

    def call(self, method, *params, limit):
        """One at a time. Raises queue.Empty without an answer in time."""
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.answers.get(timeout=limit)
        assert answer.get("id") == self.number, answer
        return answer


def _candidates(info):
    """From the core's own words: "imap:[host:port:tls, ...] smtp:[...]"."""
    found = {"incoming": [], "outgoing": []}
    for kind, key in (("imap", "incoming"), ("smtp", "outgoing")):
        listed = re.search(kind + r":\[(.*?)\]", info.get("used_transport_settings") or "")
        for item in listed[1].split(", ") if listed and listed[1] else []:
            host, port, security = item.strip().split(":")
            found[key].append({"type": kind, "hostname": host, "port": int(port),
                               "socketType": SECURITY.get(security, security)})
    return found


def prepare():
    assert SERVER.exists(), "no %s: script/test installs it" % SERVER


def run(address, limit):
    rpc = Rpc()
    account = rpc.call("add_account", limit=ANSWER)["result"]
    # The core has certificate authorities of its own and can be told of no other.
    login = {"addr": address, "password": "secret", "oauth2": False,
             "certificateChecks": "acceptInvalidCertificates"}
    try:
        answer = rpc.call("add_or_update_transport", account, login, limit=limit)
    except queue.Empty:
        return {"ended": False, "error": None, "saved": [], "candidates": {}, "said": rpc.said()}
    saved = rpc.call("list_transports", account, limit=ANSWER)["result"]
    info = rpc.call("get_info", account, limit=ANSWER)["result"]
    return {"ended": True, "error": answer.get("error"), "saved": saved, "candidates": _candidates(info),
            "said": rpc.said()}


def conclude(found, record):
    """Adds the account: each way to log in once."""
    found.update(incoming=[], outgoing=[])
    for login in record.rows("login"):
        server = {key: login[key] for key in ("type", "hostname", "port", "socketType", "username")}
        servers = found["outgoing" if login["type"] == "smtp" else "incoming"]
        if login["username"] and server not in servers:
            servers.append(server)
