"""Evolution's account look-up, all of it, by Debian's own libraries: see evolution_probe.c."""

import fcntl
import shlex
import subprocess

import programs

PROBE = programs.BUILD / "evolution-probe"
SOURCE = programs.HERE / "evolution_probe.c"
LIBRARIES = ("evolution-mail-3.0", "evolution-shell-3.0", "camel-1.2", "libedataserver-1.2")
# What of Evolution's words is what of the table's. It has no word for the way to log in that a server
# offers by itself, and one for SMTP, which has none such.
TYPES = {"imapx": "imap", "pop": "pop3", "smtp": "smtp"}
AUTHENTICATION = {"": "password-cleartext", "LOGIN": "password-cleartext", "CRAM-MD5": "password-encrypted"}


def _server(line):
    kind, backend, host, port, security, mechanism, user = line.split("|")
    return kind, {"type": TYPES.get(backend, backend), "hostname": host, "port": int(port),
                  "socketType": security, "authentication": AUTHENTICATION.get(mechanism, mechanism),
                  "username": user}


def _pkg_config(*args):
    done = subprocess.run(["pkg-config", *args], check=True, stdout=subprocess.PIPE, text=True)
    return shlex.split(done.stdout)


def _compile():
    folders = {name: _pkg_config("--variable=" + name, "evolution-shell-3.0")[0]
               for name in ("moduledir", "privlibdir")}
    made = PROBE.with_suffix(".new")
    # Debian's GTK warns of its own past
    subprocess.run(["gcc", "-O1", "-Wall", "-Wno-deprecated-declarations", "-o", made, SOURCE,
                    '-DEVOLUTION_MODULEDIR="%s"' % folders["moduledir"],
                    *_pkg_config("--cflags", "--libs", *LIBRARIES), "-Wl,-rpath," + folders["privlibdir"]],
                   check=True)
    made.rename(PROBE)


def prepare():
    """Once, when several runs begin at the same time, too."""
    programs.BUILD.mkdir(parents=True, exist_ok=True)
    with open(programs.BUILD / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PROBE.exists() or PROBE.stat().st_mtime < SOURCE.stat().st_mtime:
            _compile()


def run(address, limit):
    """Asks with a password, since evolution-ews does not try Autodiscover without one."""
    programs.start_display()
    ended, out, err = programs.run(
        ["dbus-run-session", "--", PROBE, address, "secret"], limit,
        NO_AT_BRIDGE="1", GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8")
    found = {"ended": ended, "incoming": [], "outgoing": [], "workers": [], "errors": [], "said": err}
    for line in out.splitlines():
        key, _, value = line.partition("\t")
        if key == "server":
            kind, server = _server(value)
            found[kind].append(server)
        elif key in ("worker", "error"):
            found[key + "s"].append(value)
    return found
