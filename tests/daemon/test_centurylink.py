"""The shipped table: the 18 domains of CenturyLink, as the default configuration answers them."""

import pytest

from http_client import AUTOCONFIG, AUTODISCOVER, WELL_KNOWN, XML, fetch, pox
import xml_tools

GROUP_A = ["centurylink.net", "centurytel.net", "clds.net", "coastalnow.net", "cochill.net",
           "cswnet.com", "elpasotel.net", "embarqmail.com", "emadisonriver.com", "emadisonriver.net",
           "gallatinriver.net", "grics.net", "gulftel.com", "madisonriver.biz", "mebtel.net", "q.com",
           "qwest.net"]
GROUP_B = ["qwestoffice.net"]
DOMAINS = GROUP_A + GROUP_B

CLEAR = ["password-cleartext"]
USER = "%EMAILADDRESS%"
SERVERS_A = [("pop3", "pop.centurylink.net", 995, "SSL", CLEAR, USER),
             ("imap", "mail.centurylink.net", 993, "SSL", CLEAR, USER),
             ("smtp", "smtp.centurylink.net", 587, "STARTTLS", CLEAR, USER)]
SERVERS_B = [("pop3", "pop.qwestoffice.net", 110, "plain", CLEAR, USER),
             ("smtp", "smtp.qwestoffice.net", 465, "SSL", CLEAR, USER)]

# Hosts that other sources name, and that get no password from us.
FOREIGN_HOSTS = ["imap.centurylink.com", "smtp.centurylink.com", "mail.q.com", "smtp.q.com",
                 "pop3.elpasotel.net", "mail.elpasotel.net", "smtp.elpasotel.net", "pop.centurytel.net",
                 "smtpauth.centurytel.net"]

NOT_ANSWERED = ["centurylink.com", "mail.q.com", "xq.com", "foo.centurylink.net", "lumen.com", "net", "com"]


@pytest.fixture(scope="module")
def default(module_daemon):
    return module_daemon("--listen", "127.0.0.1:0", table=None)


def servers_of(domain):
    return SERVERS_B if domain in GROUP_B else SERVERS_A


def get(daemon, target, host):
    return fetch(daemon.address, "GET", target, host)


def autoconfig(response, domain):
    """Judges one answer, and returns its bytes."""
    assert response.status == 200, response
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    xml_tools.no_bom_no_doctype(response.body)
    document = xml_tools.parse(response.body)
    xml_tools.valid(xml_tools.autoconfig_grammar(allow_plain=domain in GROUP_B), document)
    xml_tools.clean_texts(document)
    assert xml_tools.servers(document) == servers_of(domain)
    provider = document.find("emailProvider")
    assert provider.get("id") == ("qwestoffice.net" if domain in GROUP_B else "centurylink.net")
    assert [d.text for d in provider.findall("domain")] == [domain]
    leave = [e.text for e in document.iter("leaveMessagesOnServer")]
    assert leave == ["true"]
    pop3 = document.find("emailProvider/incomingServer[@type='pop3']/pop3")
    assert [child.tag for child in pop3] == ["leaveMessagesOnServer"]
    return response.body


def autodiscover(response, domain, address):
    assert response.status == 200, response
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    xml_tools.no_bom_no_doctype(response.body)
    document = xml_tools.parse(response.body)
    xml_tools.valid(xml_tools.autodiscover_schema(), document)
    xml_tools.clean_texts(document)
    words = {"SSL": ("on", "SSL"), "STARTTLS": ("on", "TLS"), "plain": ("off", "None")}
    expected = []
    for kind, host, port, socket_type, _, _ in servers_of(domain):
        protocol = {"Type": kind.upper(), "Server": host, "Port": str(port)}
        if address:
            protocol["LoginName"] = address
        protocol.update({"DomainRequired": "off", "SPA": "off", "SSL": words[socket_type][0],
                         "Encryption": words[socket_type][1], "AuthRequired": "on"})
        if kind == "smtp":
            protocol.update({"UsePOPAuth": "on", "SMTPLast": "off"})
        expected.append(protocol)
    assert xml_tools.protocols(document) == expected
    user = document.find(".//%sUser" % xml_tools.OUTLOOK_NS)
    if address:
        assert [e.text for e in user] == [address, address]
    else:
        assert user is None
    return response.body


@pytest.mark.parametrize("domain", DOMAINS)
def test_autoconfig_by_every_road(default, domain):
    first = autoconfig(get(default, AUTOCONFIG, "autoconfig." + domain), domain)
    roads = {
        "address": (AUTOCONFIG + "?emailaddress=ann%40" + domain, "autoconfig." + domain),
        "bare host": (WELL_KNOWN, domain),
        "bare host, address": (WELL_KNOWN + "?emailaddress=ann@" + domain, domain),
        "bare host, main path": (AUTOCONFIG, domain),
        "foreign host": (AUTOCONFIG + "?emailaddress=bob%40" + domain, "config.hoster.example"),
        "other domain's host": (AUTOCONFIG + "?emailaddress=bob%40" + domain,
                                "autoconfig." + ("q.com" if domain != "q.com" else "qwestoffice.net")),
        "old draft": ("/.well-known/mail-v1.xml", "autoconfig." + domain),
        "v1.1 prefix": ("/v1.1" + AUTOCONFIG, "autoconfig." + domain),
        "ISPDB": ("/v1.1/" + domain, "ispdb.hoster.example"),
        "ISPDB below a prefix": ("/some/prefix/v1.1/" + domain, "ispdb.hoster.example"),
        "upper case host": (AUTOCONFIG, "AUTOCONFIG." + domain.upper()),
        "upper case address": (AUTOCONFIG + "?emailaddress=BOB%40" + domain.upper(), "x.example"),
        "upper case ISPDB": ("/v1.1/" + domain.upper(), "x.example"),
        "port and dot": (AUTOCONFIG, "autoconfig." + domain + ".:8080"),
    }
    for name, (target, host) in roads.items():
        assert autoconfig(get(default, target, host), domain) == first, name


@pytest.mark.parametrize("domain", DOMAINS)
def test_autodiscover(default, domain):
    for host in ("autodiscover." + domain, domain, "mail.hoster.example"):
        for address in ("ann@" + domain, "o'neill+x@" + domain):
            escaped = address.replace("'", "&apos;")
            response = fetch(default.address, "POST", AUTODISCOVER, host, XML, pox(escaped))
            autodiscover(response, domain, address)
    for host in ("autodiscover." + domain, domain, "Autodiscover." + domain.upper()):
        autodiscover(get(default, AUTODISCOVER, host), domain, None)
    upper = fetch(default.address, "POST", "/Autodiscover/Autodiscover.xml", domain.upper(), XML,
                  pox("ann@" + domain.upper()))
    names = {p["LoginName"] for p in xml_tools.protocols(xml_tools.parse(upper.body))}
    assert names in ({"ann@" + domain.upper()}, {"ann@" + domain})


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_that_must_not_be_served(default, domain):
    answers = [get(default, AUTOCONFIG, "autoconfig." + domain).body,
               fetch(default.address, "POST", AUTODISCOVER, domain, XML, pox("ann@" + domain)).body]
    for body in answers:
        for host in FOREIGN_HOSTS:
            # pop.centurytel.net is a substring of nothing we serve; the same for the others
            assert host.encode() not in body
        assert b"<port>25</port>" not in body and b"<Port>25</Port>" not in body
        if domain in GROUP_A:
            assert b"plain" not in body and b"<SSL>off" not in body
        else:
            assert body.lower().count(b"imap") == 0
            assert b"centurylink.net" not in body
        # what is off in the table, with its reason
        assert b"smtp.centurylink.net" not in body or b">465<" not in body
        assert b">995<" not in body or b"qwestoffice" not in body
        # an answer never lists the provider's other domains
        servers = {b"centurylink.net", b"qwestoffice.net"}
        for other in DOMAINS:
            if other != domain and other.encode() not in servers and other != "q.com":
                assert other.encode() not in body
    assert answers[0].count(b"<socketType>plain</socketType>") == (1 if domain in GROUP_B else 0)


@pytest.mark.parametrize("domain", DOMAINS)
def test_autodiscover_says_spa_and_ssl_everywhere(default, domain):
    response = fetch(default.address, "POST", AUTODISCOVER, domain, XML, pox("ann@" + domain))
    for protocol in xml_tools.protocols(xml_tools.parse(response.body)):
        assert protocol["SPA"] == "off"
        assert protocol["SSL"] in ("on", "off")


def test_host_alone_is_enough(default):
    response = get(default, AUTOCONFIG, "autoconfig.q.com")
    assert autoconfig(response, "q.com") == response.body
    assert b"%EMAILADDRESS%" in response.body


def test_the_answer_is_the_same_for_every_local_part(default):
    plain = get(default, AUTOCONFIG, "autoconfig.qwest.net").body
    for local in ("ann", "does-not-exist", "fred%2Btag", "fred+tag", "j%C3%BCrgen", "%22fred%20smith%22"):
        assert get(default, AUTOCONFIG + "?emailaddress=%s%%40QWEST.NET" % local, "x.example").body == plain


@pytest.mark.parametrize("name", NOT_ANSWERED)
def test_other_names_are_not_answered(default, name):
    for host in (name, "autoconfig." + name):
        assert get(default, AUTOCONFIG, host).status == 404
        assert get(default, WELL_KNOWN, host).status == 404
        assert get(default, AUTOCONFIG + "?emailaddress=ann%40" + name, host).status == 404
    assert get(default, "/v1.1/" + name, "x.example").status == 404
    for host in (name, "autodiscover." + name):
        assert get(default, AUTODISCOVER, host).status == 404
    for host in (name, "autodiscover." + name, "autodiscover.q.com"):
        response = fetch(default.address, "POST", AUTODISCOVER, host, XML, pox("ann@" + name))
        assert response.status == 404 and b"<" not in response.body


def test_says_how_much_it_serves(default):
    assert any("ready: 18 domains of 2 providers" in line for line in default.lines)
    body = fetch(default.address, "GET", "/healthz", "localhost").body.decode()
    assert "domains 18\nproviders 2\n" in body
