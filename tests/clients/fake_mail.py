"""A mail server that says yes to everybody and notes who came how.

Delta Chat keeps an account only after it has logged in with it; what it logs in with is what it
found. Enough IMAP and SMTP for that.
"""

import base64
import ssl

# port: protocol, TLS from the first byte
PORTS = {143: ("imap", False), 993: ("imap", True), 110: ("pop3", False), 995: ("pop3", True),
         25: ("smtp", False), 587: ("smtp", False), 465: ("smtp", True)}
TIMEOUT = 60
SELECTED = ("* 0 EXISTS", "* 0 RECENT", "* FLAGS (\\Seen \\Deleted)", "* OK [UIDVALIDITY 1] valid",
            "* OK [UIDNEXT 1] next")


def _decoded(text):
    return base64.b64decode(text).decode("utf-8", "replace")


def _plain_user(text):
    return _decoded(text).split("\0")[1]


class Session:
    """One connection. `.login` is what the recorder gets."""

    def __init__(self, sock, host, port, context):
        self.protocol, self.implicit = PORTS[port]
        self.sock, self.context = sock, context
        self.file = None
        self.login = {"kind": "login", "type": self.protocol, "hostname": host, "port": port,
                      "socketType": "SSL" if self.implicit else "plain", "mechanism": None, "username": None}

    def _start_tls(self, mode):
        self.sock = self.context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")
        self.login["socketType"] = mode

    def _say(self, *lines):
        self.sock.sendall("".join(line + "\r\n" for line in lines).encode())

    def _hear(self):
        line = self.file.readline(65536)
        if not line:
            raise EOFError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def _is(self, mechanism, user):
        self.login.update(mechanism=mechanism, username=user)

    def run(self, record):
        try:
            self.sock.settimeout(TIMEOUT)
            self.file = self.sock.makefile("rb")
            if self.implicit:
                self._start_tls("SSL")
            getattr(self, "_" + self.protocol)()
        except (EOFError, OSError, ssl.SSLError):
            pass  # however it ended: what was noted until then counts
        finally:
            record(**self.login)
            self.sock.close()

    # ---- IMAP

    def _capabilities(self):
        offer = " STARTTLS" if self.login["socketType"] == "plain" else ""
        return "IMAP4rev1 AUTH=PLAIN SASL-IR IDLE ID NAMESPACE UIDPLUS ENABLE" + offer

    def _imap(self):
        self._say("* OK [CAPABILITY %s] ready" % self._capabilities())
        while True:
            tag, _, rest = self._hear().partition(" ")
            command, _, argument = rest.partition(" ")
            if command.upper() == "UID":
                command, _, argument = argument.partition(" ")
            command = command.upper()
            if command == "STARTTLS":
                self._say(tag + " OK go on")
                self._start_tls("STARTTLS")
                continue
            self._imap_command(command, argument)
            self._say(tag + " OK done")
            if command == "LOGOUT":
                return

    def _imap_command(self, command, argument):
        if command == "CAPABILITY":
            self._say("* CAPABILITY " + self._capabilities())
        elif command == "LOGIN":
            self._is("LOGIN", argument.split(" ")[0].strip('"'))
        elif command == "AUTHENTICATE":
            mechanism, _, first = argument.partition(" ")
            if not first:
                self._say("+ ")
                first = self._hear()
            self._is(mechanism.upper(), _plain_user(first))
        elif command == "NAMESPACE":
            self._say('* NAMESPACE (("" "/")) NIL NIL')
        elif command in ("LIST", "LSUB"):
            self._say('* %s (\\HasNoChildren) "/" INBOX' % command)
        elif command in ("SELECT", "EXAMINE"):
            self._say(*SELECTED)
        elif command == "STATUS":
            self._say("* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1)")
        elif command == "SEARCH":
            self._say("* SEARCH")
        elif command == "IDLE":
            self._say("+ idling")
            self._hear()

    # ---- POP3

    def _pop3(self):
        """Nobody here logs in by POP3: a connection is noted, and that is an answer, too."""
        self._say("+OK ready")
        while True:
            command, _, argument = self._hear().partition(" ")
            if command.upper() == "USER":
                self._is("USER", argument)
            self._say("+OK")

    # ---- SMTP

    def _smtp(self):
        self._say("220 mail ESMTP")
        while True:
            command, _, argument = self._hear().partition(" ")
            command = command.upper()
            if command == "EHLO":
                offer = ["250-STARTTLS"] if self.login["socketType"] == "plain" else []
                self._say("250-mail", *offer, "250-AUTH PLAIN", "250 SIZE 1000000")
            elif command == "STARTTLS":
                self._say("220 go on")
                self._start_tls("STARTTLS")
            elif command == "AUTH":
                mechanism, _, first = argument.partition(" ")
                if not first:
                    self._say("334 ")
                    first = self._hear()
                self._is(mechanism.upper(), _plain_user(first))
                self._say("235 yes")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")


class FakeMail:
    """`host_of` tells the name that an address stands for."""

    def __init__(self, context, host_of, record):
        self.context, self.host_of, self.record = context, host_of, record

    def handle(self, sock):
        address, port = sock.getsockname()
        Session(sock, self.host_of(address), port, self.context).run(self.record)
