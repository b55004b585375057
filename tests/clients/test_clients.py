"""Every client and every way for a domain to be found: it arrives at the table's account, or gives up."""

import pytest

import expected
from judge import CLIENTS, DOMAINS, look_up

# Who does not arrive, by its own rules, and the statuses of what it asks the daemon before it gives up.
GIVES_UP = {
    # Logs in by IMAP only. The document is found, but has nothing for it.
    ("deltachat", "no-imap"): {200},
    # Ask at the domain itself and below it. (Evolution 3.46 would look at name servers, not at mail
    # exchangers, and that only when Mozilla's database has said 404.)
    ("deltachat", "mail-exchanger"): set(),
    ("evolution", "mail-exchanger"): set(),
    ("horde", "mail-exchanger"): set(),
    # Its module for Exchange gets the answer, but takes servers of Exchange only.
    ("evolution", "autodiscover"): {200},
    # Know autoconfig only.
    ("horde", "autodiscover"): set(),
    # Do not make ASCII of a domain: they ask nobody.
    ("deltachat", "idn-unicode"): set(),
    ("thunderbird", "idn-unicode"): set(),
    ("deltachat", "unknown"): {404},
    # 405 for its PROPFIND of "/", where it looks for address books
    ("evolution", "unknown"): {404, 405},
    ("horde", "unknown"): {404},
    ("thunderbird", "unknown"): {404},
}

# KMail's wizard of Debian 12 asks its last URL again and again when that has no answer for it.
NEVER_ENDS = {
    ("kmail", "mail-exchanger"): set(),
    ("kmail", "autodiscover"): set(),
    ("kmail", "idn-unicode"): set(),
    ("kmail", "unknown"): {404},
}
# How long that is watched.
WATCHED = 4

EVERY = [(client, kind) for kind in DOMAINS for client in CLIENTS]
ARRIVES = [pair for pair in EVERY if pair not in GIVES_UP and pair not in NEVER_ENDS]


def ask(daemons, client, kind, **more):
    """With TLS ended on the way, as a proxy does; plain http comes directly."""
    domain = DOMAINS[kind]
    daemon = daemons[domain.table]
    return look_up(client, domain, daemon.public, daemon.address, name="%s-%s" % (client, kind), **more)


def found_by(kind, url):
    """Whether that is the way by which a domain of this kind is to be found."""
    if kind == "mail-exchanger":
        return url == ("https://autoconfig.hoster.test/mail/config-v1.1.xml?emailaddress="
                       + DOMAINS[kind].address.replace("@", "%40"))
    if kind == "autodiscover":
        return url == "https://autodiscover.discovered.test/autodiscover/autodiscover.xml"
    return "://autoconfig." in url and "/mail/config-v1.1.xml" in url


@pytest.mark.parametrize("client, kind", ARRIVES)
def test_arrives(daemons, client, kind):
    run = ask(daemons, client, kind)
    domain = DOMAINS[kind]
    assert run.ended
    assert run.account == expected.arrives(client, domain.table, domain.address), run.said
    scheme = "http:" if client == "horde" else "https:"  # the only one that never asks over TLS
    assert [url for url in run.answered(200) if url.startswith(scheme) and found_by(kind, url)], run.http
    if client == "thunderbird":
        # its own word for where that came from; "guess" would be one, too
        source = "exchange-from-url1" if kind == "autodiscover" else "xml-from-isp-https"
        assert run.found["source"] == source
    if client == "deltachat":
        tried = [server["hostname"] for key in run.account for server in run.found["candidates"][key]]
        assert tried and set(tried) <= set(domain.mail), "it has guessed"
        assert run.found["saved"] and not run.found["error"]


@pytest.mark.parametrize("client, kind", GIVES_UP)
def test_gives_up(daemons, client, kind):
    """By itself, with nothing found, and soon: not even a guess, since there is no other mail host."""
    run = ask(daemons, client, kind)
    assert run.ended
    assert run.names, "it has not even begun"
    assert run.statuses == GIVES_UP[client, kind], run.http
    if client == "deltachat":
        # it may have logged in to send, but without a way to receive it keeps no account
        assert run.found["error"] and run.found["saved"] == [] and not run.found["incoming"]
    else:
        assert run.account == {"incoming": [], "outgoing": []}
    if client == "thunderbird":
        assert run.found["error"]
    if client == "evolution":
        assert run.found["workers"] and not run.found["errors"]


@pytest.mark.parametrize("client, kind", NEVER_ENDS)
def test_is_stopped(daemons, client, kind):
    """It finds nothing and does not end, whatever the answer: what counts is that each time it got one."""
    run = ask(daemons, client, kind, limit=WATCHED)
    assert not run.ended, "it gives up now: this case belongs in GIVES_UP"
    assert run.names, "it has not even begun"
    assert run.account == {"incoming": [], "outgoing": []}
    assert run.statuses == NEVER_ENDS[client, kind], run.http
    if run.http:
        assert max(row["times"] for row in run.http) > 1
        # without words in it KMail takes the answer for a document
        assert all(row["answer"].strip() for row in run.http)


def test_every_pair_is_tried():
    assert {client for client, _ in EVERY} == set(CLIENTS) and len(EVERY) == len(CLIENTS) * len(DOMAINS)
    assert set(GIVES_UP) | set(NEVER_ENDS) <= set(EVERY)
    # a kind that nobody arrives at shows nothing of the daemon but refusals
    assert {kind for _, kind in ARRIVES} == set(DOMAINS) - {"unknown"}
