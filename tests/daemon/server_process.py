"""What the other servers in the tests have in common: until they listen, and how they end."""

import subprocess
import time

from http_client import connect


def wait_for_ports(process, ports, said):
    """Whether it listens on all of them; not, where it has ended. `said` gives its words for a complaint."""
    deadline = time.monotonic() + 30
    while process.poll() is None:
        try:
            for port in ports:
                connect(("127.0.0.1", port)).close()
            return True
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, said()
            time.sleep(0.02)
    return False


def end(process, name):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError("%s does not end" % name)
