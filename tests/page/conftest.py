import pathlib
import sys

import pytest

# the daemon is started, watched and judged as in the black-box tests
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "daemon"))

from browser import Browser, Page  # noqa: E402
from harness import SOURCE, Daemon  # noqa: E402


@pytest.fixture(scope="session")
def browser():
    instance = Browser()
    yield instance
    instance.close()


@pytest.fixture(scope="session")
def serve():
    """serve(table, *options): a daemon, which at the end must exit 0 without a sanitizer's word."""
    started = []

    def start(table, *options):
        instance = Daemon("--listen", "127.0.0.1:0", *options, table=table)
        started.append(instance)
        return instance.wait_ready()

    yield start
    problems = []
    for instance in started:
        try:
            instance.finish()
        except AssertionError as error:
            problems.append(str(error))
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def site(serve):
    return serve(SOURCE / "conf" / "centurylink.json")


@pytest.fixture
def tab(browser):
    """tab(daemon): pages in profiles of their own, which are judged at the end."""
    opened = []

    def make(daemon, host="127.0.0.1", **options):
        opened.append(Page(browser, "http://%s:%d" % (host, daemon.address[1]), **options))
        return opened[-1]

    yield make
    try:
        for page in opened:
            page.judge()
    finally:
        for page in opened:
            page.close()


@pytest.fixture
def page(tab, site):
    """A page of CenturyLink's table."""
    return tab(site)
