"""The same behind a real nginx with the shipped configuration, which does TLS itself."""

import time

import pytest

import expected
from certificates import Authority
from harness import Daemon
from judge import CENTURYLINK, CLIENTS, DOMAINS, look_up
from nginx import Nginx

DOMAIN, UNKNOWN = DOMAINS["pop3-first"], DOMAINS["unknown"]


@pytest.fixture(scope="module")
def front(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("nginx")
    authority = Authority(folder / "authority")
    daemon = Daemon("--listen", "unix:%s" % (folder / "s"), table=CENTURYLINK).wait_ready()
    try:
        nginx = Nginx("unix:%s" % (folder / "s"), folder / "front",
                      certify=lambda target: authority.issue(DOMAIN.web + UNKNOWN.web, target))
        nginx.authority = authority.certificate
        yield nginx
        nginx.stop()
    finally:
        daemon.finish()


def wait_logged(front, *lines):
    """One of them. nginx writes its log when the request is over for it."""
    deadline = time.monotonic() + 10
    while not any(line in front.logs for line in lines):
        assert time.monotonic() < deadline, "no %s in\n%s" % (lines, front.logs)
        time.sleep(0.05)


@pytest.mark.parametrize("client", CLIENTS)
def test_behind_nginx(front, client):
    http, https = (("127.0.0.1", port) for port in front.ports)
    run = look_up(client, DOMAIN, http, https, authority=front.authority, name=client + "-nginx")
    assert run.ended
    assert run.account == expected.arrives(client, DOMAIN.table, DOMAIN.address), run.said
    if client == "horde":
        assert [url for url in run.answered(200) if url.startswith("http://autoconfig.q.com/")]
        return  # never asks over TLS
    assert run.tls
    wait_logged(front, " https autoconfig.q.com GET autoconfig 200 ")
    if client == "thunderbird":
        wait_logged(front, " https autodiscover.q.com POST autodiscover 200 ")
        # 499: it has the answer by https already, and hangs up
        wait_logged(front, " http autodiscover.q.com POST autodiscover 302 ",
                    " http autodiscover.q.com POST autodiscover 499 ")


def test_kmail_is_slowed_down(front):
    """Where it finds nothing it asks for ever, a thousand times a second without the limit of 20."""
    seconds = 5
    http, https = (("127.0.0.1", port) for port in front.ports)
    run = look_up("kmail", UNKNOWN, http, https, authority=front.authority, limit=seconds,
                  name="kmail-nginx-unknown")
    assert not run.ended
    asked = [line.split() for line in front.logs.splitlines() if " unknown.test GET autoconfig " in line]
    # 499: it was stopped while it waited
    assert {line[5] for line in asked} - {"499"} == {"404"}
    # the first forty do not have to wait
    assert 40 < len(asked) < 40 + 20 * (seconds + 2), len(asked)
