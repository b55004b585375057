import pytest

from harness import Daemon


def _factory():
    started = []

    def start(*args, **kwargs):
        instance = Daemon(*args, **kwargs)
        started.append(instance)
        return instance.wait_ready() if kwargs.get("ready", True) else instance

    return start, started


def _finish(started):
    problems = []
    for instance in reversed(started):
        try:
            instance.finish()
        except AssertionError as error:
            problems.append(str(error))
    assert not problems, "\n".join(problems)


@pytest.fixture
def daemon():
    """daemon(*options) starts one that is ready; at the end it must exit 0 without a sanitizer's word."""
    start, started = _factory()
    yield start
    _finish(started)


@pytest.fixture(scope="module")
def module_daemon():
    """The same for daemons that the tests of a module share."""
    start, started = _factory()
    yield start
    _finish(started)
