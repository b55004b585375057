"""PACC (draft-ietf-mailmaint-pacc): one document a domain, whose digest stands in the DNS."""

import base64
import hashlib
import subprocess

import pytest

from harness import TABLE, run
from http_client import Connection, fetch
from json_tools import parse, valid
from tables import provider, put, server, service, table

PATH = "/.well-known/user-agent-configuration.json"

# The draft's example as the format's description has it, 526 octets; the table below has to give it.
VECTOR = (b'{"protocols":{"imap":{"host":"imap.example.com"},"pop3":{"host":"pop.example.com"},'
          b'"submit":{"host":"smtp.example.com"},"jmap":{"url":"https://jmap.example.com/session"},'
          b'"caldav":{"url":"https://dav.example.com/cal/"},"carddav":{"url":"https://dav.example.com/card/"}},'
          b'"authentication":{"oauth-public":{"issuer":"https://login.example.com/"},"password":true},'
          b'"info":{"provider":{"name":"Example Mail","shortName":"Example"},'
          b'"help":{"documentation":"https://help.example.com/mail","contact":["mailto:postmaster@example.com"]}}}')
DIGEST = "jAraJjljJzkCvZh1C68nwHAqXBux3wtP6DgrDhDo8W4="


def example(**members):
    return provider("example.com", server("pop3", "pop.example.com", 995), **{
        "displayName": "Example Mail", "displayShortName": "Example",
        "incomingServers": [server("imap", "imap.example.com", 993, methods=["OAuth2", "password-cleartext"]),
                            server("pop3", "pop.example.com", 995),
                            service("jmap", "https://jmap.example.com/session")],
        "calendars": [service("caldav", "https://dav.example.com/cal/")],
        "addressBooks": [service("carddav", "https://dav.example.com/card/")],
        "oAuth2": {"issuer": "https://login.example.com/", "scope": "mail"},
        "documentation": [{"url": "https://help.example.com/mail"}],
        "contact": "postmaster@example.com", **members})


def ask(daemon, domain="example.com", method="GET", **fields):
    return fetch(daemon.address, method, PATH, "ua-auto-config." + domain,
                 {name.replace("_", "-"): value for name, value in fields.items()})


def good(response, revision="03"):
    assert response.status == 200, response
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.all("Content-Encoding") and not response.all("Transfer-Encoding")
    assert int(response["Content-Length"]) == len(response.body)
    return valid("pacc-" + revision, response.body)


@pytest.fixture(scope="module")
def served(module_daemon, tmp_path_factory):
    path = put(tmp_path_factory.mktemp("pacc") / "t.json", table(
        example(domains=["example.com", "*.hosted.test"]),
        provider("refused.test", outgoingServers=[server("smtp", "smtp.refused.test", 587, "STARTTLS")])))
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", table=path)


def test_the_very_bytes(served):
    response = ask(served)
    assert response.body == VECTOR
    good(response)


def test_the_digest_that_stands_in_the_dns(served, tmp_path):
    body = ask(served).body
    (tmp_path / "pacc.json").write_bytes(body)
    done = subprocess.run(["openssl", "dgst", "-binary", "-sha256", tmp_path / "pacc.json"],
                          stdout=subprocess.PIPE, check=True)
    assert base64.b64encode(done.stdout).decode() == DIGEST
    assert done.stdout == hashlib.sha256(VECTOR).digest()


def test_every_host_of_the_domain(served):
    first = ask(served).body
    for host in ("example.com", "UA-Auto-Config.EXAMPLE.com", "ua-auto-config.example.com.:443",
                 "ua-auto-config.shop.hosted.test", "ua-auto-config.a.b.hosted.test"):
        assert fetch(served.address, "GET", PATH, host).body == first
    for target in (PATH.upper(), PATH + "?", PATH + "?emailaddress=a@refused.test"):
        assert fetch(served.address, "GET", target, "ua-auto-config.example.com").body == first


@pytest.mark.parametrize("host", [
    "ua-auto-config.unknown.test", "ua-auto-config.com", "ua-auto-config.refused.test", "refused.test",
    "ua-auto-config.ua-auto-config.example.com", "ua-auto-config", "[::1]", "192.0.2.1"])
def test_not_there(served, host):
    response = fetch(served.address, "GET", PATH, host)
    assert response.status == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8" and not response.all("Access-Control-Allow-Origin")


def test_never_over_plain_http(served):
    for host in ("ua-auto-config.example.com", "example.com"):
        for method in ("GET", "HEAD"):
            response = fetch(served.public, method, PATH, host)
            assert response.status == 404 and not response.all("Location")
            assert b"protocols" not in response.body


def test_methods(served):
    get, head = ask(served), ask(served, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert [f for f in head.fields if f[0] != "date"] == [f for f in get.fields if f[0] != "date"]
    options = ask(served, method="OPTIONS")
    assert options.status == 204 and options.allow == {"GET", "HEAD", "OPTIONS"}
    assert options["Access-Control-Allow-Origin"] == "*"
    for method in ("POST", "PUT", "PROPFIND"):
        response = ask(served, method=method)
        assert response.status == 405 and response.allow == {"GET", "HEAD", "OPTIONS"}


def test_entity_tag(served):
    first = ask(served)
    tag = first["ETag"]
    for field in (tag, "W/" + tag, '"x", ' + tag, "*"):
        response = ask(served, If_None_Match=field)
        assert response.status == 304 and response.body == b""
        assert response["ETag"] == tag and response["Cache-Control"] == "public, max-age=300"
        assert response["Access-Control-Allow-Origin"] == "*"
    assert ask(served, If_None_Match='"0000000000000000"').body == first.body
    assert ask(served, "refused.test", If_None_Match="*").status == 404


def test_the_same_bytes_everywhere_and_always(daemon, tmp_path):
    """Two workers, kept alive and not, another start, a reload, another table around it."""
    path = put(tmp_path / "t.json", table(example()))
    tags = set()

    def look(one):
        for _ in range(10):
            with Connection(one.address) as c:
                for _ in range(3):
                    response = c.request("GET", PATH, "ua-auto-config.example.com")
                    assert response.body == VECTOR
                    tags.add(response["ETag"])

    one = daemon("--listen", "127.0.0.1:0", "--workers", "2", table=path)
    look(one)
    assert "reloaded: " in one.reload()
    look(one)
    put(path, table(provider("before.test"), example(notes=[{"text": "new"}]), provider("behind.test")))
    assert "reloaded: " in one.reload()
    look(one)
    one.finish()
    look(daemon("--listen", "127.0.0.1:0", "--workers", "1", table=path))
    assert len(tags) == 1
    settings = put(tmp_path / "s.json", "{}")
    shown = run("show", "ann@example.com", "--as", "pacc", "--config", settings, "--table", path, name="mailconf")
    assert shown.stdout.encode() == VECTOR


def test_other_settings_are_other_bytes_at_once(daemon, tmp_path):
    path = put(tmp_path / "t.json", table(example()))
    one = daemon("--listen", "127.0.0.1:0", "--workers", "2", table=path)
    old = ask(one)
    put(path, table(example(displayName="Example Post")))
    assert "reloaded: " in one.reload()
    for _ in range(10):
        new = ask(one, If_None_Match=old["ETag"])
        assert new.status == 200 and new["ETag"] != old["ETag"]
        assert good(new)["info"]["provider"]["name"] == "Example Post"


def test_revisions(daemon, tmp_path):
    path = put(tmp_path / "t.json", table(example()))
    second = VECTOR.replace(b'"submit":', b'"smtp":')
    one = daemon("--listen", "127.0.0.1:0", "--pacc-revision", "02", table=path)
    good(ask(one), "02")
    assert ask(one).body == second
    with pytest.raises(AssertionError):
        good(ask(one), "03")
    one = daemon("--listen", "127.0.0.1:0", "--pacc-revision", "03", table=path)
    assert ask(one).body == VECTOR
    with pytest.raises(AssertionError):
        good(ask(one), "02")
    one = daemon("--listen", "127.0.0.1:0", "--pacc-revision", "off", table=path)
    assert ask(one).status == 404
    assert fetch(one.address, "GET", "/mail/config-v1.1.xml", "autoconfig.example.com").status == 200
    for value in ("04", "3", "", "OFF"):
        done = run("--pacc-revision", value, "--table", path, "--check")
        assert done.returncode != 0 and "expected 02, 03 or off" in done.stderr, done.stderr


def test_revision_by_reload(daemon, tmp_path):
    path = put(tmp_path / "t.json", table(example()))
    settings = tmp_path / "mailconfd.json"

    def say(revision):
        put(settings, '{"table": ["%s"], "listen": ["127.0.0.1:0"], "pacc-revision": "%s"}' % (path, revision))

    say("03")
    one = daemon("--config", settings, table=None)
    first = ask(one)
    assert first.body == VECTOR
    say("02")
    assert "reloaded: " in one.reload()
    second = ask(one, If_None_Match=first["ETag"])
    assert second.status == 200 and b'"smtp"' in second.body
    say("off")
    assert "reloaded: " in one.reload()
    assert ask(one).status == 404
    say("04")
    assert "keeping the configuration" in one.reload()
    assert ask(one).status == 404
    say("03")
    assert "reloaded: " in one.reload()
    assert ask(one).body == VECTOR


def with_servers(imap=None, smtp=None, **more):
    members = {"incomingServers": [imap or server("imap", "imap.a.test", 993)],
               "outgoingServers": [smtp or server("smtp", "smtp.a.test", 465)], **more}
    return provider("a.test", **members)


OAUTH = {"issuer": "https://login.a.test", "scope": "mail"}
REFUSED = {
    "STARTTLS": with_servers(server("imap", "imap.a.test", 143, "STARTTLS")),
    "another port": with_servers(server("imap", "imap.a.test", 1993)),
    "no encryption": with_servers(server("imap", "imap.a.test", 993, "plain")),
    "POP3 on IMAP's port": with_servers(server("pop3", "pop.a.test", 993)),
    "sending by STARTTLS": with_servers(smtp=server("smtp", "smtp.a.test", 587, "STARTTLS")),
    "sending on another port": with_servers(smtp=server("smtp", "smtp.a.test", 587)),
    "nothing to send with": with_servers(outgoingServers=[]),
    "the local part as login": with_servers(server("imap", "imap.a.test", 993, user="%EMAILLOCALPART%")),
    "sending with the local part": with_servers(smtp=server("smtp", "smtp.a.test", 465, user="%EMAILLOCALPART%")),
    "OAuth without an issuer": with_servers(server("imap", "imap.a.test", 993, methods=["OAuth2"])),
    "an issuer that is a host": with_servers(server("imap", "imap.a.test", 993, methods=["OAuth2"]),
                                             oAuth2={"issuer": "login.a.test", "scope": "x"}),
    "an issuer with a query": with_servers(server("imap", "imap.a.test", 993, methods=["OAuth2"]),
                                           oAuth2={"issuer": "https://login.a.test/?a", "scope": "x"}),
    "certificates": with_servers(server("imap", "imap.a.test", 993, methods=["TLS-client-cert"])),
    "ActiveSync alone": with_servers(incomingServers=[service("activeSync", "https://a.test/e")]),
    "JMAP at another port": with_servers(incomingServers=[service("jmap", "https://a.test:8443/j")]),
    "JMAP for somebody": with_servers(incomingServers=[service("jmap", "https://a.test/%EMAILLOCALPART%")]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_cannot_say_is_not_said(daemon, tmp_path, name):
    path = put(tmp_path / "t.json", table(REFUSED[name], provider("b.test")))
    one = daemon("--listen", "127.0.0.1:0", table=path)
    assert ask(one, "a.test").status == 404
    assert ask(one, "b.test").status == 200
    settings = put(tmp_path / "s.json", "{}")
    said = run("check", "--config", settings, "--table", path, name="mailconf").stderr
    assert [line for line in said.splitlines() if 'provider "a.test": nothing to answer for' in line and "PACC" in line], said
    assert "PACC: " in said


SAID = {
    "OAuth alone": (with_servers(server("imap", "i.a.test", 993, methods=["OAuth2"]), oAuth2=OAUTH),
                    {"password": False, "oauth-public": {"issuer": "https://login.a.test"}}, {"imap", "submit"}),
    "both": (with_servers(server("imap", "i.a.test", 993, methods=["password-cleartext", "OAuth2"]), oAuth2=OAUTH),
             {"password": True, "oauth-public": {"issuer": "https://login.a.test"}}, {"imap", "submit"}),
    "JMAP alone": (with_servers(incomingServers=[service("jmap", "https://a.test/j")], outgoingServers=[]),
                   {"password": True}, {"jmap"}),
    "one of each way": (with_servers(incomingServers=[server("imap", "i.a.test", 143, "STARTTLS"), server("imap", "i.a.test", 993)]),
                        {"password": True}, {"imap", "submit"}),
    "services at other places": (with_servers(
        calendars=[service("caldav", "https://a.test:8443/cal/")], addressBooks=[service("carddav", "https://a.test/")],
        fileShares=[service("webdav", "https://a.test/%EMAILADDRESS%/")]), {"password": True}, {"imap", "submit"}),
    "services with the port said": (with_servers(
        calendars=[service("caldav", "https://a.test:443/cal/")]), {"password": True}, {"imap", "submit", "caldav"}),
    "services with another login": (with_servers(
        calendars=[service("caldav", "https://a.test/cal/", user="%EMAILLOCALPART%")]),
        {"password": True}, {"imap", "submit"}),
}


@pytest.mark.parametrize("name", SAID)
def test_what_it_says_of_others(daemon, tmp_path, name):
    members, authentication, protocols = SAID[name]
    path = put(tmp_path / "t.json", table(members))
    response = ask(daemon("--listen", "127.0.0.1:0", table=path), "a.test")
    assert response.status == 200
    document = parse(response.body)
    assert document["authentication"] == authentication
    assert set(document["protocols"]) == protocols
    if name != "services with the port said":
        good(response)


@pytest.mark.parametrize("name, short, wanted", [
    ('A "b" \\ </script>', '"\\', ('A "b" \\ </script>', '"\\')),
    ("日本 😀", "日", ("日本 😀", "日")),
    ("Two  spaces", None, ("a.test", "Two  spaces")),
    ("Mail of %EMAILDOMAIN%", None, ("a.test", "a.test")),
    ("x" * 60, None, ("x" * 60, "x" * 20))])
def test_names(daemon, tmp_path, name, short, wanted):
    members = provider("a.test", displayName=name, **({"displayShortName": short} if short else {}))
    path = put(tmp_path / "t.json", table(members))
    info = good(ask(daemon("--listen", "127.0.0.1:0", table=path), "a.test"))["info"]
    assert (info["provider"]["name"], info["provider"]["shortName"]) == wanted


def test_the_shipped_tables_and_fixtures(daemon):
    """The fixtures' table: which of its providers PACC can say."""
    one = daemon("--listen", "127.0.0.1:0", table=TABLE)
    said = {name for name in ("example", "starttls", "plain", "localpart", "dav", "eas", "ews", "xn--bcher-kva")
            if ask(one, name + ".test").status == 200}
    assert said == {"example", "dav", "eas", "ews", "xn--bcher-kva"}
