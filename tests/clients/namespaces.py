"""A network in which a mail program sees this machine only.

Programs ask for names of their own making, on ports 80, 443 and 53, and go to Mozilla's database
when they find nothing. So each run gets a network namespace, where these ports are free and no real
host can be reached; a mount namespace, where the resolver's files and the certificate store say
what the test wants; and a PID namespace, so that the kernel ends all that a program leaves behind.
"""

import ctypes
import fcntl
import itertools
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
PR_SET_PDEATHSIG = 1
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 1

# "hosts: files dns" and nothing else: other sources ask daemons outside of this network.
ETC = {
    "/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\n"
                          "protocols: files\nservices: files\n",
}
# Sockets in the file system lead out of a network namespace: name look-ups, the system's bus.
# The last holds those of X servers, whose numbers are then free for every run.
HIDDEN = ("/run/nscd", "/run/dbus", "/tmp/.X11-unix")
STORE = "/etc/ssl/certs"

libc = ctypes.CDLL(None, use_errno=True)


def _check(status, what):
    if status:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))


def _mount(source, target, kind=None, flags=0):
    _check(libc.mount(str(source).encode(), str(target).encode(), kind, ctypes.c_ulong(flags), None),
           "mount on %s" % target)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def here():
    """The namespaces that return_to() takes."""
    return [(os.open("/proc/self/ns/" + name, os.O_RDONLY | os.O_CLOEXEC), kind)
            for name, kind in (("net", CLONE_NEWNET), ("pid", CLONE_NEWPID))]


def return_to(namespaces):
    """What is made from now on is made there. Without the old PID namespace there could be no threads."""
    for fd, kind in namespaces:
        _check(libc.setns(fd, kind), "setns")


def new_network():
    """Leaves the machine's network for an empty one with loopback."""
    _check(libc.unshare(CLONE_NEWNET), "unshare the network")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
    _pretend_a_way_out()


def _pretend_a_way_out():
    """An interface and a default route that lead nowhere.

    GNetworkMonitor and AI_ADDRCONFIG take a machine without them to be offline, and such programs
    do not even ask.
    """
    for command in ("link add out type veth peer name nowhere", "address add 10.99.0.1/24 dev out",
                    "link set out up", "link set nowhere up", "route add default via 10.99.0.2 dev out"):
        subprocess.run(["ip", *command.split()], check=True)


def new_processes():
    """The children of this process, but not itself, get a PID namespace; the first is its init."""
    _check(libc.unshare(CLONE_NEWPID), "unshare the processes")


def new_mounts(folder, authorities):
    """What this process and its children see of the file system: ETC, and these certificates trusted."""
    _check(libc.unshare(CLONE_NEWNS), "unshare the mounts")
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", b"proc")
    for target, text in ETC.items():
        source = folder / pathlib.Path(target).name
        source.write_text(text)
        if os.path.exists(target):
            _mount(source, target, None, MS_BIND)
    pathlib.Path("/tmp/.X11-unix").mkdir(mode=0o1777, exist_ok=True)
    for path in HIDDEN:
        if os.path.isdir(path):
            _mount("tmpfs", path, b"tmpfs")
    _mount(_store(folder / "certs", authorities), STORE, None, MS_BIND)


def _store(folder, authorities):
    """Debian's certificate store and ours: one file with all of them, and a link by hash for each."""
    shutil.copytree(STORE, folder, symlinks=True)
    for number, authority in enumerate(authorities):
        name = "authority-%d.pem" % number
        shutil.copy(authority, folder / name)
        with open(folder / "ca-certificates.crt", "a") as bundle:
            bundle.write("\n" + authority.read_text())
        digest = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", authority], check=True,
                                stdout=subprocess.PIPE, text=True).stdout.strip()
        # OpenSSL looks for HASH.0 and on, and ends at the first number that is not there
        links = (folder / ("%s.%d" % (digest, n)) for n in itertools.count())
        next(link for link in links if not link.is_symlink()).symlink_to(name)
    return folder
