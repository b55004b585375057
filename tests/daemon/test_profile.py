"""Apple's configuration profiles, and who signs them."""

import os
import plistlib
import re
import subprocess
import urllib.parse
import uuid

from lxml import etree
import pytest

from certificates import FAR, FUTURE, LONG_AGO, PAST, Authority, openssl
from harness import FIXTURES, environment, require, run
from http_client import fetch
from tables import provider, put, server, service, table

PATH = "/profile.mobileconfig"
NAME = "Fred Example"

# Every key that we write, with Apple's type (apple/device-management, mdm/profiles).
COMMON = {"PayloadType": str, "PayloadVersion": int, "PayloadIdentifier": str, "PayloadUUID": str,
          "PayloadDisplayName": str}
TOP = {**COMMON, "PayloadDescription": str, "PayloadOrganization": str, "PayloadContent": list}
MAIL = {**COMMON, "EmailAccountType": str, "EmailAccountDescription": str, "EmailAccountName": str, "EmailAddress": str,
        "IncomingMailServerAuthentication": str, "IncomingMailServerHostName": str, "IncomingMailServerPortNumber": int,
        "IncomingMailServerUseSSL": bool, "IncomingMailServerUsername": str, "OutgoingMailServerAuthentication": str,
        "OutgoingMailServerHostName": str, "OutgoingMailServerPortNumber": int, "OutgoingMailServerUseSSL": bool,
        "OutgoingMailServerUsername": str, "OutgoingPasswordSameAsIncomingPassword": bool}
REQUIRED = {"EmailAccountType", "IncomingMailServerAuthentication", "IncomingMailServerHostName",
            "OutgoingMailServerAuthentication", "OutgoingMailServerHostName"}


def dav(name):
    return {**COMMON, name + "AccountDescription": str, name + "HostName": str, name + "Port": int, name + "UseSSL": bool,
            name + "PrincipalURL": str, name + "Username": str}


PAYLOADS = {"com.apple.mail.managed": (MAIL, set(COMMON) | REQUIRED, "mail"),
            "com.apple.caldav.account": (dav("CalDAV"), set(COMMON) | {"CalDAVHostName"}, "caldav"),
            "com.apple.carddav.account": (dav("CardDAV"), set(COMMON) | {"CardDAVHostName"}, "carddav")}


def example(domain="example.com"):
    return provider(domain, server("pop3", "pop." + domain, 995), displayName="Example <Mail> & \"Co\"",
                    calendars=[service("caldav", "https://dav.%s/cal/" % domain)],
                    addressBooks=[service("carddav", "https://dav.%s:8443/card/%%EMAILADDRESS%%/" % domain)])


@pytest.fixture(scope="module")
def served(module_daemon, tmp_path_factory):
    path = put(tmp_path_factory.mktemp("profile") / "t.json", table(
        example(), example("other.test"),
        provider("imap.test"),
        provider("pop.test", incomingServers=[server("pop3", "pop.pop.test", 995)]),
        provider("popfirst.test", incomingServers=[server("pop3", "pop.popfirst.test", 995, user="p-%EMAILLOCALPART%"),
                                                   server("imap", "imap.popfirst.test", 993)]),
        provider("oauth.test", incomingServers=[server("imap", "i.oauth.test", 993, methods=["OAuth2"])]),
        provider("sends.test", outgoingServers=[server("smtp", "s.sends.test", 465, methods=["OAuth2"])]),
        provider("davoauth.test", calendars=[service("caldav", "https://d.test/", ["OAuth2"])]),
        {"id": "jmap.test", "displayName": "J", "domains": ["jmap.test"],
         "incomingServers": [service("jmap", "https://jmap.test/j")]}))
    return module_daemon("--listen", "127.0.0.1:0", "--listen-public-http", "127.0.0.1:0", "--workers", "2", table=path)


def target(address, name=None, kind=None):
    quote = lambda text: urllib.parse.quote(text, safe="")
    return (PATH + "?emailaddress=" + quote(address) + ("&name=" + quote(name) if name is not None else "")
            + ("&type=" + quote(kind) if kind is not None else ""))


def ask(daemon, address="fred@example.com", name=None, kind=None, host="x.test", method="GET"):
    return fetch(daemon.address, method, target(address, name, kind), host)


def fields(response):
    assert response.status == 200, response
    assert response["Content-Type"] == "application/x-apple-aspen-config"
    assert response["Content-Disposition"] == 'attachment; filename="mail.mobileconfig"'
    assert response["Cache-Control"] == "no-store" and not response.all("ETag")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.all("Access-Control-Allow-Origin")


GRAMMAR = []


def read(body):
    """The profile; each key has Apple's type, nothing required is missing, nothing is empty."""
    if not GRAMMAR:
        GRAMMAR.append(etree.RelaxNG(etree.parse(str(FIXTURES / "profile.rng"))))
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
                           b'"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n')
    document = etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False))
    assert GRAMMAR[0].validate(document), GRAMMAR[0].error_log
    profile = plistlib.loads(body)
    keys(profile, TOP, set(TOP))
    assert profile["PayloadType"] == "Configuration" and profile["PayloadVersion"] == 1
    seen = {profile["PayloadUUID"]}
    for payload in profile["PayloadContent"]:
        types, required, suffix = PAYLOADS[payload["PayloadType"]]
        keys(payload, types, required)
        assert payload["PayloadVersion"] == 1
        assert payload["PayloadIdentifier"] == profile["PayloadIdentifier"] + "." + suffix
        seen.add(payload["PayloadUUID"])
    assert len(seen) == 1 + len(profile["PayloadContent"])
    assert all(str(uuid.UUID(text)).upper() == text for text in seen)
    assert not re.search(b"<key>[^<]*Password</key>", body.replace(b"OutgoingPasswordSameAsIncomingPassword", b""))
    return profile


def keys(found, types, required):
    assert required <= set(found) <= set(types), set(found) ^ set(types)
    for name, value in found.items():
        assert type(value) is types[name], name
        assert value != "" and value != []


def profile(daemon, *args, **kwargs):
    response = ask(daemon, *args, **kwargs)
    fields(response)
    return read(response.body)


def mail(daemon, *args, **kwargs):
    return profile(daemon, *args, **kwargs)["PayloadContent"][0]


# ---- what is in it --------------------------------------------------------------------------

def test_all_of_it(served):
    found = profile(served, "fred@example.com", NAME)
    assert found["PayloadDisplayName"] == found["PayloadOrganization"] == 'Example <Mail> & "Co"'
    first, calendar, book = found["PayloadContent"]
    own = lambda payload: {k: v for k, v in payload.items() if k not in COMMON}
    assert own(first) == {
        "EmailAccountType": "EmailTypeIMAP", "EmailAccountDescription": "fred@example.com", "EmailAccountName": NAME,
        "EmailAddress": "fred@example.com", "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": "imap.example.com", "IncomingMailServerPortNumber": 993,
        "IncomingMailServerUseSSL": True, "IncomingMailServerUsername": "fred@example.com",
        "OutgoingMailServerAuthentication": "EmailAuthPassword", "OutgoingMailServerHostName": "smtp.example.com",
        "OutgoingMailServerPortNumber": 465, "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": "fred@example.com", "OutgoingPasswordSameAsIncomingPassword": True}
    assert own(calendar) == {
        "CalDAVAccountDescription": "fred@example.com", "CalDAVHostName": "dav.example.com", "CalDAVPort": 443,
        "CalDAVUseSSL": True, "CalDAVPrincipalURL": "/cal/", "CalDAVUsername": "fred@example.com"}
    assert own(book) == {
        "CardDAVAccountDescription": "fred@example.com", "CardDAVHostName": "dav.example.com", "CardDAVPort": 8443,
        "CardDAVUseSSL": True, "CardDAVPrincipalURL": "/card/fred%40example.com/", "CardDAVUsername": "fred@example.com"}


def expected_uuid(kind, address):
    local, _, domain = address.rpartition("@")
    space = uuid.uuid5(uuid.NAMESPACE_DNS, domain)
    return str(uuid.uuid5(space, "%s\n%s@%s" % (kind, local, domain))).upper()


def test_uuids_are_those_of_the_rule(served):
    """Version 5 of "KIND LF ADDRESS", in the name space that is version 5 of the domain."""
    assert str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.com")) == "cfbff0d1-9375-5685-968c-48ce8b15ae17"
    assert mail(served)["PayloadUUID"] == expected_uuid("mail", "fred@example.com") == "6A0C489D-A740-5B9F-85B3-C4F6C1E9006B"
    for address in ("fred@example.com", "Fred+tag@example.com", "o'neill&co@other.test", "jürgen@example.com"):
        found = profile(served, address)
        assert found["PayloadUUID"] == expected_uuid("profile", address)
        assert [p["PayloadUUID"] for p in found["PayloadContent"]] == [
            expected_uuid(kind, address) for kind in ("mail", "caldav", "carddav")]
        backwards = ".".join(reversed(address.rpartition("@")[2].split(".")))
        assert found["PayloadIdentifier"] == "%s.mailconfd.%s" % (backwards, found["PayloadUUID"][:8].lower())
    assert mail(served, kind="pop3")["PayloadUUID"] == expected_uuid("pop3", "fred@example.com")


def identities(found):
    return [(p["PayloadIdentifier"], p["PayloadUUID"]) for p in [found, *found["PayloadContent"]]]


def test_the_same_again_is_the_same(served):
    bodies = {ask(served, name=NAME).body for _ in range(20)}
    assert len(bodies) == 1
    # the host that was asked does not matter, nor the case of the domain
    assert {ask(served, name=NAME, host=host).body for host in ("example.com", "other.test", "unknown.test")} == bodies
    first = identities(profile(served, "ANN@example.com"))
    for address in ("ANN@EXAMPLE.COM", "ANN@Example.com", "ANN@example.com."):
        assert identities(profile(served, address)) == first
    # nor the name of the person
    assert identities(profile(served, "ANN@example.com", "Ann")) == first
    # but the local part does, which servers may tell apart by case
    assert not set(identities(profile(served, "ann@example.com"))) & set(first)


def test_another_address_is_another_profile(served):
    found = [set(identities(profile(served, a))) for a in ("fred@example.com", "fre@example.com", "fred@other.test")]
    assert not found[0] & found[1] and not found[0] & found[2] and not found[1] & found[2]
    assert len({i for f in found for _, i in f}) == 12


def test_another_kind_replaces_the_account(served):
    imap, pop = profile(served, kind="imap"), profile(served, kind="pop3")
    assert imap["PayloadIdentifier"] == pop["PayloadIdentifier"] and imap["PayloadUUID"] == pop["PayloadUUID"]
    a, b = imap["PayloadContent"], pop["PayloadContent"]
    assert a[0]["PayloadUUID"] != b[0]["PayloadUUID"] and a[1:] == b[1:]
    assert a[0]["PayloadIdentifier"] == b[0]["PayloadIdentifier"]


def test_types(served):
    assert mail(served, kind="imap")["EmailAccountType"] == "EmailTypeIMAP"
    pop = mail(served, kind="pop3")
    assert (pop["EmailAccountType"], pop["IncomingMailServerHostName"], pop["IncomingMailServerPortNumber"]) == (
        "EmailTypePOP", "pop.example.com", 995)
    assert ask(served, kind="IMAP").body == ask(served, kind="imap").body == ask(served).body
    assert ask(served, kind="").body == ask(served).body
    for kind in ("other", "smtp", "pop", "imap ", "imap\0", "imap,pop3", "x" * 400):
        assert ask(served, kind=kind).status == 404, kind
    assert ask(served, "a@imap.test", kind="pop3").status == 404
    assert ask(served, "a@pop.test", kind="imap").status == 404
    # without a word the first of the table
    assert mail(served, "a@pop.test")["EmailAccountType"] == "EmailTypePOP"
    assert mail(served, "a@popfirst.test")["EmailAccountType"] == "EmailTypePOP"


def test_one_password_for_both_only_where_it_is_one(served):
    pop, imap = (mail(served, "a@popfirst.test", kind=kind) for kind in ("pop3", "imap"))
    assert pop["IncomingMailServerUsername"] == "p-a" and pop["OutgoingMailServerUsername"] == "a@popfirst.test"
    assert "OutgoingPasswordSameAsIncomingPassword" not in pop
    assert imap["OutgoingPasswordSameAsIncomingPassword"] is True


@pytest.mark.parametrize("address", ["a@oauth.test", "a@sends.test", "a@jmap.test", "a@unknown.test", "a", "@example.com",
                                     "a@b@example.com", "a@", "", "<a>@example.com", "a\r\nb@example.com", "a\ufffe@example.com",
                                     "a" * 300 + "@example.com"])
def test_not_there(served, address):
    for host in ("example.com", "oauth.test"):
        response = ask(served, address, host=host)
        assert response.status == 404 and b"plist" not in response.body
        assert not response.all("Content-Disposition")


def test_not_without_an_address_nor_with_two(served):
    for query in ("", "?", "?name=x", "?emailaddress=a@example.com&emailaddress=a@example.com",
                  "?emailaddress=a@example.com&EmailAddress=b@example.com", "?emailaddress=%zz",
                  "?emailaddress=a@example.com&name=a&name=b", "?emailaddress=a@example.com&type=imap&type=pop3",
                  "?emailaddress=a@example.com&name=%ff", "?emailaddress=a@example.com&name=%00"):
        assert fetch(served.address, "GET", PATH + query, "example.com").status == 404, query


def test_a_calendar_that_takes_no_password_is_left_out(served):
    assert len(profile(served, "a@davoauth.test")["PayloadContent"]) == 1


def test_never_over_plain_http(served):
    for host in ("example.com", "x.test"):
        response = fetch(served.public, "GET", target("fred@example.com"), host)
        assert response.status == 404 and not response.all("Location")


def test_methods(served):
    get, head = ask(served), ask(served, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert [f for f in head.fields if f[0] != "date"] == [f for f in get.fields if f[0] != "date"]
    for method in ("POST", "PUT", "OPTIONS", "PROPFIND"):
        response = ask(served, method=method)
        assert response.status == 405 and response.allow == {"GET", "HEAD"}


# ---- the name -------------------------------------------------------------------------------

@pytest.mark.parametrize("name", [NAME, "Jürgen Müller", "山田 太郎", "😀", "</string><key>IncomingPassword</key><string>x",
                                  "a & b < c > d \"e\" 'f'", "]]>", "&amp;", "%EMAILADDRESS%", "{address}", "a+b",
                                  "x" * 200, "ü" * 100, "'" * 200, "\"" * 200, "می\u200cخواهم"])
def test_name(served, name):
    for kind in ("imap", "pop3"):
        assert mail(served, name=name, kind=kind)["EmailAccountName"] == name
    assert "EmailAccountName" not in mail(served)


def test_name_of_a_form(served):
    """A form sends a plus for a space, and an escape for a plus."""
    response = fetch(served.address, "GET", target("fred@example.com") + "&name=Fred+Example", "x.test")
    assert response.body == ask(served, name="Fred Example").body


def test_no_name(served):
    plain = ask(served).body
    for name in ("", " ", "  \t "):
        assert ask(served, name=name).body == plain
    assert ask(served, name="  Fred  ").body == ask(served, name="Fred").body


@pytest.mark.parametrize("name", ["a\nb", "a\r\nX-Injected: 1", "a\tb", "a\0b", "\x1b[31m", "a\x7fb", "a\x85b", "a\ufffeb", "a\uffffb",
                                  "a\u202eb", "x" * 201, "x" * 300, "ü" * 101, "x" * 400])
def test_what_is_no_name(served, name):
    response = ask(served, name=name)
    assert response.status == 404 and b"X-Injected" not in response.raw


def test_the_longest_of_everything(served):
    address = "'" * 64 + "@" + "example.com"
    found = mail(served, address, "'" * 200)
    assert found["EmailAddress"] == address and found["IncomingMailServerUsername"] == address
    response = ask(served, "'" * 242 + "@example.com", "'" * 200)
    fields(response)
    assert read(response.body)["PayloadContent"][0]["EmailAccountName"] == "'" * 200


# ---- signed ---------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def signing(authority):
    """The files of each kind of key."""
    return {kind: authority.issue("signer-" + kind, kind) for kind in ("rsa", "ec")}


@pytest.fixture
def settings(tmp_path):
    path = put(tmp_path / "t.json", table(example()))

    def write(certificate=None, key=None):
        words = ['"table": ["%s"]' % path, '"listen": ["127.0.0.1:0"]']
        words += ['"profile-certificate": "%s"' % certificate] if certificate else []
        words += ['"profile-key": "%s"' % key] if key else []
        return put(tmp_path / "mailconfd.json", "{%s}" % ", ".join(words))

    return write


@pytest.fixture
def unsigned(daemon, settings):
    return ask(daemon("--config", settings(), table=None), name=NAME).body


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_signed(daemon, settings, tmp_path, authority, signing, unsigned, kind):
    one = daemon("--config", settings(*signing[kind]), table=None)
    response = ask(one, name=NAME)
    fields(response)
    body = response.body
    # CMS SignedData, DER and nothing around it
    assert body[:2] == b"\x30\x82" and int.from_bytes(body[2:4], "big") + 4 == len(body)
    assert bytes.fromhex("06092a864886f70d010702") in body[:20] and b"-----BEGIN" not in body
    content, names, signer = authority.verify(body, tmp_path)
    assert content == unsigned
    assert signer == "signer-" + kind and sorted(names) == ["Issuer", "signer-" + kind]
    read(content)
    again = ask(one, name=NAME).body
    assert authority.verify(again, tmp_path)[0] == unsigned
    if kind == "rsa":
        assert again == body
    head = ask(one, name=NAME, method="HEAD")
    assert head.status == 200 and (kind == "ec" or head["Content-Length"] == str(len(body)))
    # others are as they were, and so is what is not there
    assert fetch(one.address, "GET", "/mail/config-v1.1.xml", "autoconfig.example.com").body.startswith(b"<?xml")
    assert ask(one, "a@unknown.test").status == 404


def test_a_changed_byte_does_not_verify(daemon, settings, tmp_path, authority, signing):
    body = ask(daemon("--config", settings(*signing["rsa"]), table=None), name=NAME).body
    at = body.index(b"imap.example.com")
    with pytest.raises(AssertionError):
        authority.verify(body[:at] + b"evil" + body[at + 4:], tmp_path)


def test_the_tool_signs_alike(daemon, settings, tmp_path, signing):
    path = settings(*signing["rsa"])
    one = daemon("--config", path, table=None)
    with open(tmp_path / "shown", "wb") as out:
        subprocess.run([require("mailconf"), "show", "fred@example.com", "--as", "mobileconfig", "--config", path],
                       stdout=out, env=environment(), check=True)
    assert (tmp_path / "shown").read_bytes() == ask(one).body


def test_key_in_the_file_of_the_certificate(daemon, settings, tmp_path, authority, signing, unsigned):
    chain, key = signing["rsa"]
    for order in ((chain, key), (key, chain)):
        both = put(tmp_path / "both.pem", b"".join(path.read_bytes() for path in order))
        both.chmod(0o600)
        one = daemon("--config", settings(both), table=None)
        assert authority.verify(ask(one, name=NAME).body, tmp_path)[0] == unsigned


def test_options_of_the_command_line(daemon, settings, tmp_path, authority, signing, unsigned):
    chain, key = signing["rsa"]
    one = daemon("--config", settings(), "--profile-certificate", chain, "--profile-key", key, table=None)
    assert authority.verify(ask(one, name=NAME).body, tmp_path)[0] == unsigned


def test_reload_takes_the_renewed_certificate(daemon, settings, tmp_path, authority, signing):
    own, own_key = put(tmp_path / "own.pem", signing["rsa"][0].read_bytes()), signing["rsa"][1]
    one = daemon("--config", settings(own, own_key), table=None)
    assert authority.verify(ask(one).body, tmp_path)[2] == "signer-rsa"
    renewed, _ = authority.issue("renewed", key=own_key)
    put(own, renewed.read_bytes())
    assert authority.verify(ask(one).body, tmp_path)[2] == "signer-rsa"
    assert "reloaded: " in one.reload()
    assert authority.verify(ask(one).body, tmp_path)[2] == "renewed"
    # without certificates again, they are not signed
    settings()
    assert "reloaded: " in one.reload()
    read(ask(one).body)


# ---- what is wrong with certificates and keys -----------------------------------------------

def mistakes(authority, signing, folder):
    """For each: certificate, key, which of them is named first, and the words."""
    chain, key = signing["rsa"]
    garbage = put(folder / "garbage.pem", "no PEM\n")
    fit = "the first certificate does not fit the private key"
    locked = folder / "locked.key"
    authority.key(folder / "open.key", "rsa")
    openssl("pkey", "-in", folder / "open.key", "-aes128", "-passout", "pass:x", "-out", locked)
    wrong_order = put(folder / "wrong-order.pem", authority.issuer.read_bytes() + chain.read_bytes())
    return {
        "the key of another": (chain, signing["ec"][1], "certificate", fit),
        "the issuer first": (wrong_order, key, "certificate", fit),
        "expired": (*authority.issue("expired", key=key, since=LONG_AGO, until=PAST), "certificate",
                    "the certificate expired on 2021-01-01"),
        "not yet valid": (*authority.issue("early", key=key, since=FUTURE, until=FAR), "certificate",
                          "the certificate is not valid before 2090-01-01"),
        "no certificate": (folder / "missing.pem", key, "certificate", "cannot read the file: No such file or directory"),
        "no key": (chain, folder / "missing.key", "key", "cannot read the file: No such file or directory"),
        "a folder as certificate": (folder, key, "certificate", "cannot read the file: it is no regular file"),
        "a folder as key": (chain, folder, "key", "cannot read the file: it is no regular file"),
        "a certificate that is none": (garbage, key, "certificate",
                                       "expected certificates in PEM form, the signer's own first: "),
        "a key that is none": (chain, garbage, "key", "expected a private key in PEM form, without a password: "),
        "a key with a password": (chain, locked, "key", "expected a private key in PEM form, without a password: "),
        "a certificate as key": (chain, chain, "key", "expected a private key in PEM form, without a password: "),
        "a key as certificate": (key, signing["ec"][1], "certificate",
                                 "expected certificates in PEM form, the signer's own first: "),
    }


NAMES = ["the key of another", "the issuer first", "expired", "not yet valid", "no certificate", "no key",
         "a folder as certificate", "a folder as key", "a certificate that is none", "a key that is none",
         "a key with a password", "a certificate as key", "a key as certificate"]


@pytest.fixture(scope="module")
def wrong(authority, signing, tmp_path_factory):
    found = mistakes(authority, signing, tmp_path_factory.mktemp("wrong"))
    assert list(found) == NAMES
    return found


def error_lines(text):
    """What is said, without the time and level of a log."""
    return [line for line in text.splitlines() if ": error: " in line or line.startswith("    ")]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_said_alike_by_all(settings, wrong, name):
    certificate, key, first, words = wrong[name]
    path = settings(certificate, key)
    checked = run("check", "--config", path, name="mailconf")
    daemon = run("--check", "--config", path)
    started = run("--config", path)
    named, other = (certificate, "its private key: %s" % key) if first == "certificate" else (key, "its certificate: %s" % certificate)
    for done in (checked, daemon, started):
        assert done.returncode == 1, done
        lines = error_lines(done.stderr)
        assert lines[0].startswith("%s: error: %s" % (named, words)), done.stderr
        assert words.endswith(": ") or lines[0] == "%s: error: %s" % (named, words)
        # the other file, if there is one
        assert lines[1:] == (["    " + other] if certificate != key else [])
        assert lines == error_lines(checked.stderr)


def test_both_files_missing_are_two_errors(settings, tmp_path):
    done = run("check", "--config", settings(tmp_path / "a.pem", tmp_path / "b.pem"), name="mailconf")
    assert [line.partition(": error: ")[0] for line in error_lines(done.stderr)[::2]] == [
        str(tmp_path / "a.pem"), str(tmp_path / "b.pem")]


def test_a_key_without_a_certificate(settings, signing):
    path = settings(key=signing["rsa"][1])
    said = set()
    for done in (run("check", "--config", path, name="mailconf"), run("--check", "--config", path), run("--config", path)):
        assert done.returncode == 1
        said.add("\n".join(error_lines(done.stderr)))
    assert said == {'%s: error: "profile-key" without "profile-certificate": expected both, or the certificate alone '
                    'with the key in its file' % signing["rsa"][1]}


def test_a_certificate_without_its_key(settings, signing):
    chain = signing["rsa"][0]
    done = run("check", "--config", settings(chain), name="mailconf")
    assert done.returncode == 1
    said = error_lines(done.stderr)
    assert len(said) == 1 and said[0].startswith("%s: error: expected a private key in PEM form" % chain)


def test_a_key_that_everybody_can_read(daemon, settings, tmp_path, signing):
    chain, key = signing["rsa"]
    own = put(tmp_path / "own.key", key.read_bytes())
    path = settings(chain, own)
    words = "%s: warning: everybody on this machine can read this private key: chmod o-r" % own
    for mode, count in ((0o644, 1), (0o604, 1), (0o640, 0), (0o600, 0)):
        own.chmod(mode)
        for done in (run("check", "--config", path, name="mailconf"), run("--check", "--config", path)):
            assert done.returncode == 0
            assert done.stderr.count(words) == count, done.stderr
    own.chmod(0o644)
    one = daemon("--config", path, table=None)
    assert one.log.count(words) == 1
    assert ask(one).body[:2] == b"\x30\x82"


def test_a_key_that_cannot_be_read(settings, tmp_path, signing):
    own = put(tmp_path / "own.key", signing["rsa"][1].read_bytes())
    own.chmod(0)
    # root reads everything, but for these capabilities
    without = ["--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = run(*without, require("mailconf"), "check", "--config", settings(signing["rsa"][0], own), program="setpriv")
    assert error_lines(done.stderr)[0] == "%s: error: cannot read the file: Permission denied" % own


@pytest.mark.parametrize("name", ["expired", "the key of another", "no key", "a certificate that is none"])
def test_at_reload_the_old_one_stays(daemon, settings, tmp_path, authority, signing, wrong, name):
    one = daemon("--config", settings(*signing["rsa"]), table=None)
    before = ask(one).body
    certificate, key, first, words = wrong[name]
    settings(certificate, key)
    put(tmp_path / "t.json", table(example("new.test")))
    at = one.mark()
    assert "keeping the configuration" in one.reload()
    named = certificate if first == "certificate" else key
    one.wait_line(re.escape("%s: error: %s" % (named, words)), after=at)
    assert ask(one).body == before and ask(one, "a@new.test").status == 404
    assert authority.verify(before, tmp_path)[2] == "signer-rsa"
    settings(*signing["rsa"])
    assert "reloaded: " in one.reload()
    assert ask(one).status == 404 and ask(one, "a@new.test").status == 200


def test_nothing_of_keys_or_names_is_logged(daemon, settings, tmp_path, signing, wrong):
    one = daemon("--config", settings(*signing["rsa"]), "--log-level", "debug", table=None)
    ask(one, "fred@example.com", NAME)
    settings(*wrong["a key that is none"][:2])
    one.reload()
    one.finish()
    for secret in ("fred", "Fred", "PRIVATE", "no PEM", *signing["rsa"][1].read_text().splitlines()[1:3]):
        assert secret not in one.log
