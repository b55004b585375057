"""Starts programs inside a run's network; used by the drivers of the clients."""

import os
import pathlib
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build" / "clients"
# Every run has this number for itself: its X sockets are in its own namespaces. See namespaces.HIDDEN.
DISPLAY = ":1"


def scratch():
    """A folder of this run."""
    return pathlib.Path(os.environ["TMPDIR"])


def run(command, limit, **environment):
    """(whether it ended by itself, stdout, stderr). Into files: what it leaves behind keeps no pipe open."""
    out, err = scratch() / "out", scratch() / "err"
    with open(out, "wb") as o, open(err, "wb") as e:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=o, stderr=e,
                                   env={**os.environ, **environment}, start_new_session=True)
        try:
            process.wait(limit)
            ended = True
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            ended = False
    return ended, out.read_text(errors="replace"), err.read_text(errors="replace")


def wait_for(condition, limit, what, pause=0.1):
    """The first true value of condition()."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < deadline, "no %s within %d s" % (what, limit)
        time.sleep(pause)
    return value


def start_display(size="800x600"):
    """An X server; -nolock, since its lock would be in the /tmp of all runs."""
    log = open(scratch() / "xvfb", "wb")
    process = subprocess.Popen(
        ["Xvfb", DISPLAY, "-nolock", "-screen", "0", size + "x24", "-nolisten", "tcp"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    path = pathlib.Path("/tmp/.X11-unix/X" + DISPLAY[1:])
    wait_for(lambda: path.exists() or process.poll() is not None, 30, "X server")
    assert process.poll() is None, (scratch() / "xvfb").read_text(errors="replace")
    os.environ["DISPLAY"] = DISPLAY
