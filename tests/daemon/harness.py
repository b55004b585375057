"""Starts and watches the program under test.

MAILCONFD and MAILCONF name the programs; without them build-asan/ and then build/ of the source
tree are taken. MAILCONFD_SOURCE names another source tree for what is read from there.
"""

import ctypes
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("MAILCONFD_SOURCE", HERE.parent.parent)).resolve()
FIXTURES = HERE.parent / "fixtures"
TABLE = FIXTURES / "table.json"

START_TIMEOUT = 30.0
STOP_TIMEOUT = 40.0
SANITIZER_EXIT = 77
SANITIZER_WORDS = re.compile(r"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|runtime error:")


def program(name):
    """The program under test, or None where it has not been built."""
    named = os.environ.get(name.upper())
    if named:
        return str(pathlib.Path(named).resolve())
    for folder in ("build-asan", "build"):
        path = SOURCE / folder / name
        if path.exists():
            return str(path)
    return None


def require(name):
    path = program(name)
    assert path and os.access(path, os.X_OK), \
        "no %s: build it or set %s (looked in %s)" % (name, name.upper(), SOURCE)
    return path


def plain_program(name):
    """The program without sanitizers, for what is measured."""
    for path in (os.environ.get(name.upper()), SOURCE / "build" / name):
        if path and pathlib.Path(path).exists():
            if b"__asan_init" not in pathlib.Path(path).read_bytes():
                return str(pathlib.Path(path).resolve())
    raise AssertionError("no %s without sanitizers in %s" % (name, SOURCE / "build"))


def environment(**more):
    env = {k: v for k, v in os.environ.items()
           if k not in ("NOTIFY_SOCKET", "JOURNAL_STREAM", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")}
    common = "halt_on_error=1:abort_on_error=0:exitcode=%d:" % SANITIZER_EXIT
    # after the caller's own, such as a log_path: the last one counts
    ours = {"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
            "UBSAN_OPTIONS": "print_stacktrace=1"}
    for name, words in ours.items():
        env[name] = ":".join(filter(None, (env.get(name), common + words)))
    env["LC_ALL"] = "C.UTF-8"
    for name, value in more.items():
        env[name] = "%s:%s" % (env[name], value) if name in ours else str(value)
    return env


def run(*args, name="mailconfd", program=None, timeout=60, cwd=None, **kwargs):
    """Runs a program to its end; no sanitizer may have spoken."""
    done = subprocess.run([program or require(name), *map(str, args)], env=environment(**kwargs.pop("env", {})),
                          cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs)
    assert done.returncode != SANITIZER_EXIT and not SANITIZER_WORDS.search(done.stderr), done.stderr
    return done


LISTENING = re.compile(r"listening on (unix:(?P<path>.+?)|\[(?P<v6>[^]]+)\]:(?P<p6>\d+)|"
                       r"(?P<host>[^\s\[\]]+):(?P<port>\d+))(?P<public> \(public http\))?$")


class Daemon:
    """A running mailconfd.

    .addresses and .public hold what it listens on, in its own order, as http_client takes them.
    """

    def __init__(self, *args, table=TABLE, env=None, cwd=None, ready=True, prefix=(), binary=None,
                 namespace=None, pass_fds=(), expect_exit=0):
        argv = [*map(str, prefix), binary or require("mailconfd")]
        if table:
            argv += ["--table", str(table)]
        argv += map(str, args)
        self.argv = argv
        self.expect_exit = expect_exit
        self.lines = []
        self.news = threading.Condition()
        self.ended = False
        self.stopped = False
        self.process = subprocess.Popen(
            argv, env=environment(**(env or {})), cwd=cwd, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=pass_fds,
            preexec_fn=namespace.enter if namespace else None)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        with self.news:
            return "\n".join(self.lines)

    def wait_line(self, pattern, after=0, timeout=START_TIMEOUT):
        """The first line from number `after` on that the pattern is found in."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + timeout
        with self.news:
            at = after
            while True:
                while at < len(self.lines):
                    if expression.search(self.lines[at]):
                        return self.lines[at]
                    at += 1
                left = deadline - time.monotonic()
                if self.ended or left <= 0:
                    raise AssertionError("%s: no line %r in the log of %s:\n%s" % (
                        "it ended" if self.ended else "time is over", pattern,
                        " ".join(self.argv), "\n".join(self.lines)))
                self.news.wait(left)

    def mark(self):
        """A place in the log, for wait_line(after=)."""
        with self.news:
            return len(self.lines)

    def wait_ready(self):
        self.wait_line(r"\bready: \d+ domains? of \d+ providers?")
        return self

    def _listeners(self, public):
        found = []
        with self.news:
            for line in self.lines:
                match = LISTENING.search(line)
                if match and bool(match["public"]) == public:
                    if match["path"]:
                        found.append(match["path"])
                    elif match["v6"]:
                        found.append((match["v6"], int(match["p6"])))
                    else:
                        found.append((match["host"], int(match["port"])))
        return found

    @property
    def addresses(self):
        return self._listeners(False)

    @property
    def address(self):
        assert self.addresses, self.log
        return self.addresses[0]

    @property
    def public(self):
        listeners = self._listeners(True)
        assert listeners, self.log
        return listeners[0]

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """SIGHUP, and the line that says how it went."""
        at = self.mark()
        self.signal(signal.SIGHUP)
        return self.wait_line(r"\breloaded: |keeping the configuration", after=at)

    def wait_exit(self, timeout=STOP_TIMEOUT):
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError("pid %d does not end: %s\n%s" % (self.pid, " ".join(self.argv), self.log))
        self.reader.join(timeout)
        self.stopped = True
        return status

    def rss_kib(self, which="VmRSS"):
        for line in pathlib.Path("/proc/%d/status" % self.pid).read_text().splitlines():
            if line.startswith(which + ":"):
                return int(line.split()[1])
        raise AssertionError("no " + which)

    def finish(self):
        """SIGTERM unless it has ended already; judges the way it ended."""
        if not self.stopped:
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
            try:
                self.wait_exit()
            except AssertionError:
                self.process.kill()
                self.process.wait()
                self.reader.join(5)
                raise
        command = " ".join(self.argv)
        assert not SANITIZER_WORDS.search(self.log), "%s\n%s" % (command, self.log)
        assert self.process.returncode == self.expect_exit, \
            "%s: exit status %d\n%s" % (command, self.process.returncode, self.log)


# ---- a network of its own -------------------------------------------------------------------

CLONE_NEWNET = 0x40000000
NAMESPACE_ADDRESS = "198.18.0.1"
NAMESPACE_OTHER = "198.18.0.2"
NAMESPACE_V6 = "2001:db8::1"


def _libc():
    return ctypes.CDLL(None, use_errno=True)


class Namespace:
    """A network namespace with addresses that are not loopback addresses.

    Nothing in it leaves the machine: the addresses sit on its own loopback device.
    """

    def __init__(self):
        self.fd = None
        self.libc = _libc()
        problem = self._thread(self._make)
        assert problem is None, "cannot make a network namespace: %s" % problem

    def _thread(self, function, *args):
        """Only the calling thread changes its namespace, and that thread ends here."""
        result = []

        def body():
            try:
                result.append(function(*args))
            except Exception as error:
                result.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        return result[0]

    def _make(self):
        if self.libc.unshare(CLONE_NEWNET):
            return OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        for command in ("link set lo up",
                        "address add %s/32 dev lo" % NAMESPACE_ADDRESS,
                        "address add %s/32 dev lo" % NAMESPACE_OTHER,
                        "-6 address add %s/128 dev lo nodad" % NAMESPACE_V6):
            # a child starts in the namespace of the thread that makes it
            done = subprocess.run(["ip", *command.split()], stderr=subprocess.PIPE, text=True)
            if done.returncode:
                return RuntimeError("ip %s: %s" % (command, done.stderr))
        return None

    def enter(self):
        if self.libc.setns(self.fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    def connect(self, address, source=None):
        """A socket connected within; it may be used from anywhere."""
        from http_client import connect

        def inside():
            self.enter()
            return connect(address, source=source)

        result = self._thread(inside)
        if isinstance(result, Exception):
            raise result
        return result

    def close(self):
        if self.fd is not None:
            os.close(self.fd)


# ---- systemd's side -------------------------------------------------------------------------

class NotifySocket:
    """What a service manager hears."""

    def __init__(self, path):
        self.name = path
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind("\0" + path[1:] if path.startswith("@") else path)
        self.messages = []

    def wait(self, field, timeout=START_TIMEOUT):
        """The next message with that assignment in it, as a dict."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            assert left > 0, "no %s among %r" % (field, self.messages)
            self.sock.settimeout(left)
            try:
                data = self.sock.recv(4096)
            except TimeoutError:
                continue
            lines = data.decode().splitlines()
            self.messages.append(lines)
            if field in lines:
                return dict(line.split("=", 1) for line in lines)

    def close(self):
        self.sock.close()
