import os
import pathlib
import sys

import pytest

# the daemon is started, watched and judged as in the black-box tests
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "daemon"))

from harness import Daemon  # noqa: E402
from judge import CENTURYLINK, TABLE  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def root():
    """Not a reason to skip: a client that could not run has not judged anything."""
    assert os.geteuid() == 0, "the tests of tests/clients make network namespaces, so they must run as root"


@pytest.fixture(scope="session")
def daemons(root):
    """A daemon for each table, by its path. Like any of the tests' daemons it must end well."""
    started = {table: Daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", table=table)
               for table in (CENTURYLINK, TABLE)}
    try:
        for daemon in started.values():
            daemon.wait_ready()
        yield started
    finally:
        for daemon in started.values():
            daemon.finish()
