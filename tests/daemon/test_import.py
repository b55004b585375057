"""`mailconf import` and `mailconf export --ispdb`: what comes in goes out with the same meaning."""

import collections
import hashlib
import json
import os
import re

import pytest
from lxml import etree

from harness import FIXTURES, SOURCE, run
import ispdb_meaning
from ispdb_meaning import meaning, parse

ISPDB = FIXTURES / "ispdb"
CORPUS = sorted(path.name for path in ISPDB.glob("*.xml"))
TEMPLATES = SOURCE / "templates"

# What is wrong in files of the corpus, or will trip a program: each finding, at its place, in its words.
ANDROID_PLAIN = "warning: Thunderbird for Android rejects the whole file because of an %s server with socketType plain"
OAUTH2_ALONE = ("warning: OAuth2 alone: Thunderbird ignores the server unless its host is one of those built into "
                "the program")
EVOLUTION = "warning: Evolution uses the last %s server, and so no encryption"
NO_USERNAME = ('warning: no "username": Thunderbird would log in as "undefined", and Thunderbird for Android '
               "rejects the whole file")
OLD_INSTRUCTION = 'warning: "instruction" is an old spelling of "documentation"'
UNCLOSED = 'error: "username": placeholder "%EMAILADDRESS" lacks its closing "%"'
FINDINGS = {
    "bay.wind.ne.jp.xml": [("21:7", ANDROID_PLAIN % "smtp")],
    "bb-niigata.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "broba.cc.xml": [("20:7", ANDROID_PLAIN % "smtp")],
    "charter.net.xml": [("25:7", "warning: socketType SSL on port 587, where STARTTLS is usual")],
    "clio.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "co2.wind.ne.jp.xml": [("18:7", ANDROID_PLAIN % "smtp")],
    "co3.wind.ne.jp.xml": [("18:7", ANDROID_PLAIN % "smtp")],
    "dan.wind.ne.jp.xml": [("21:7", ANDROID_PLAIN % "smtp")],
    "goo.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "hal.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "ic-net.or.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "inet-shibata.or.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "iwafune.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "ji.jet.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "kl.wind.ne.jp.xml": [("25:7", ANDROID_PLAIN % "smtp")],
    "mahoroba.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "mail.iwafune.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "mail.wind.ne.jp.xml": [("22:7", ANDROID_PLAIN % "smtp")],
    "messagingengine.com.xml": [("31:5", OLD_INSTRUCTION),
        ("34:5", OLD_INSTRUCTION)],
    "mit.edu.xml": [("12:7", OAUTH2_ALONE)],
    "ml.murakami.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "mx1.tiki.ne.jp.xml": [("47:7", ANDROID_PLAIN % "smtp")],
    "nifty.com.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "nsat.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "office365.com.xml": [("15:7", OAUTH2_ALONE),
        ("22:7", OAUTH2_ALONE),
        ("28:5", NO_USERNAME),
        ("29:7", UNCLOSED),
        ("33:5", NO_USERNAME),
        ("34:7", UNCLOSED),
        ("49:7", OAUTH2_ALONE),
        ("58:7", OAUTH2_ALONE)],
    "parabox.or.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "pdx.edu.xml": [("17:7", "warning: port 587 is the usual one of smtp, not of imap")],
    "peoplepc.com.xml": [("10:7", ANDROID_PLAIN % "imap")],
    "po.wind.ne.jp.xml": [("21:7", ANDROID_PLAIN % "smtp")],
    "pop.shibata.ne.jp.xml": [("18:7", ANDROID_PLAIN % "smtp")],
    "rediffmail.com.xml": [("18:7", EVOLUTION % "pop3"),
        ("39:7", ANDROID_PLAIN % "smtp"),
        ("39:7", EVOLUTION % "smtp")],
    "so.wind.ne.jp.xml": [("11:7", ANDROID_PLAIN % "imap"),
        ("18:7", ANDROID_PLAIN % "smtp")],
    "teol.net.xml": [("22:5", NO_USERNAME)],
    "tiki.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "vp.tiki.ne.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
    "xp.wind.jp.xml": [("17:7", ANDROID_PLAIN % "smtp")],
}

# The values that these errors leave out: the only ones whose meaning does not come back.
LEFT_OUT = {"office365.com.xml": [("incoming", 2, "username"), ("incoming", 3, "username")]}


def convert(kind, *files, status=0, cwd=None):
    done = run("import", kind, *files, name="mailconf", cwd=cwd)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def check(table):
    done = run("check", "--table", table, "--templates", TEMPLATES, name="mailconf")
    assert done.returncode == 0, done.stderr
    return done


def export(table, folder, *names, status=0):
    done = run("export", "--ispdb", folder, "--table", table, "--templates", TEMPLATES, *names, name="mailconf")
    assert done.returncode == status, done.stdout + done.stderr
    return done


def files_of(folder):
    return sorted(os.listdir(folder))


def only_file(folder):
    names = [name for name in files_of(folder) if name.endswith(".xml")]
    assert len(names) == 1, names
    return folder / names[0]


def said(stderr):
    """{file: [(place, words)]}"""
    findings = collections.defaultdict(list)
    for line in stderr.splitlines():
        found = re.match(r"([^ :]+):(\d+:\d+): (.*)", line)
        if found:
            findings[os.path.basename(found.group(1))].append((found.group(2), found.group(3)))
    return dict(findings)


# --- The corpus ---

def test_corpus_is_whole():
    """The files are those of the manifest, byte for byte, and nothing in them is unknown to the meaning."""
    wanted = dict(reversed(line.split()) for line in (ISPDB / "MANIFEST.sha256").read_text().splitlines())
    for name in [*CORPUS, "LICENSE"]:
        assert hashlib.sha256((ISPDB / name).read_bytes()).hexdigest() == wanted[name], name
    assert len(CORPUS) == 115
    for name in CORPUS:
        assert not ispdb_meaning.unknown(parse(ISPDB / name)), name


def without(items, left_out):
    for section, index, key in left_out:
        assert items[section][index][key] is not None
        items[section][index][key] = None
    return items


@pytest.mark.parametrize("name", CORPUS)
def test_round_trip(tmp_path, name):
    status = 1 if any(words.startswith("error") for _, words in FINDINGS.get(name, [])) else 0
    table, again = tmp_path / "table.json", tmp_path / "again.json"
    done = convert("ispdb", ISPDB / name, status=status)
    table.write_text(done.stdout)
    assert said(done.stderr).get(name, []) == FINDINGS.get(name, [])
    check(table)

    export(table, tmp_path / "out")
    written = only_file(tmp_path / "out")
    before, after = meaning(parse(ISPDB / name)), meaning(parse(written))
    for item, value in without(before, LEFT_OUT.get(name, [])).items():
        assert after[item] == value, item

    # named after its main domain
    domains = before["domains"]
    assert written.stem == (before["id"].lower() if before["id"].lower() in domains else min(domains))
    # and the JSON is the same again, byte for byte
    again.write_text(convert("ispdb", written).stdout)
    assert again.read_bytes() == table.read_bytes()


def test_findings(tmp_path):
    """All files in one table: exactly these findings, and no domain is in two of them."""
    done = convert("ispdb", *(ISPDB / name for name in CORPUS), "--output", tmp_path / "all.json", status=1)
    assert done.stdout == ""
    assert said(done.stderr) == FINDINGS
    checked = check(tmp_path / "all.json")
    warnings = sum(words.startswith("warning") for found in FINDINGS.values() for _, words in found)
    spellings = sum(words == OLD_INSTRUCTION for found in FINDINGS.values() for _, words in found)
    assert checked.stdout == "522 domains of 115 providers: %d warnings\n" % (warnings - spellings)


def test_whole_table(tmp_path):
    """One export of all: a file a provider, each with its meaning; again: nothing changes."""
    table = tmp_path / "all.json"
    run("import", "ispdb", *(ISPDB / name for name in CORPUS), "--output", table, name="mailconf")
    done = export(table, tmp_path / "out")
    assert done.stdout == "%s: 115 providers, 115 files: 115 written, 0 removed\n" % (tmp_path / "out")
    by_domains = {frozenset(items["domains"]): items for items in
                  (meaning(parse(path)) for path in (tmp_path / "out").glob("*.xml"))}
    assert len(by_domains) == 115
    for name in CORPUS:
        items = without(meaning(parse(ISPDB / name)), LEFT_OUT.get(name, []))
        assert by_domains[frozenset(items["domains"])] == items, name
    assert export(table, tmp_path / "out").stdout.endswith("115 files: 0 written, 0 removed\n")


@pytest.mark.parametrize("name, words", [
    ("gmx.net.not-well-formed.xml", ("68:56", "error: undefined entity: write the character itself")),
    ("purelymail.com.not-well-formed.xml", ("19:22", "error: this tag does not end the element of line 16")),
])
def test_not_well_formed(name, words):
    """Such a file is left out, and the others are not."""
    assert convert("ispdb", ISPDB / "history" / name, status=1).stdout == ""
    done = convert("ispdb", ISPDB / "history" / name, ISPDB / "126.com.xml", status=1)
    assert words in said(done.stderr)[name]
    assert [p["id"] for p in json.loads(done.stdout)["providers"]] == ["126.com"]


@pytest.mark.parametrize("name, kinds", [
    ("gmx.com.caldav-carddav.xml", {"http-basic", "serverURL", "addressBook"}),
    ("student.tugraz.at.userinput.xml", {"userinput", "key"}),
])
def test_other_drafts(tmp_path, name, kinds):
    done = convert("ispdb", ISPDB / "history" / name)
    assert {re.search('"([^"]*)"', words).group(1) for _, words in said(done.stderr)[name]} == kinds
    (tmp_path / "table.json").write_text(done.stdout)
    check(tmp_path / "table.json")
    export(tmp_path / "table.json", tmp_path / "out")
    root = parse(only_file(tmp_path / "out"))
    assert meaning(root) == meaning(parse(ISPDB / "history" / name))
    assert root.get("version") == ("1.2" if "calendar" in {e.tag for e in root} else "1.1")


# --- Files of our own: what ISPDB never had, and each kind of mistake ---

GOOD = """<clientConfig version="1.2">
<emailProvider id="example.com">
<domain>example.com</domain>
<displayName>Example</displayName>
<displayShortName>Ex</displayShortName>
<incomingServer type="imap">
<hostname>imap.example.com</hostname>
<port>993</port>
<socketType>SSL</socketType>
<authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username>
</incomingServer>
<outgoingServer type="smtp">
<hostname>smtp.example.com</hostname>
<port>465</port>
<socketType>SSL</socketType>
<authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username>
</outgoingServer>
</emailProvider>
</clientConfig>
"""
IMAP_PORT = "<port>993</port>"


def import_text(folder, text, status=0, name="f.xml"):
    (folder / name).write_text(text)
    return convert("ispdb", name, status=status, cwd=folder)


def test_everything_of_the_drafts(tmp_path):
    url_server = "<url>https://dav.example.com/%EMAILADDRESS%/</url><authentication system=\"http\">Basic" \
                 "</authentication><authentication>OAuth2</authentication><username>%EMAILADDRESS%</username>"
    text = GOOD.replace("<domain>example.com</domain>",
                        '<domain>example.com</domain><domain purpose="mx">mx.example.net</domain>')
    text = text.replace("</incomingServer>", """</incomingServer>
        <incomingServer type="pop3"><hostname>pop.%EMAILDOMAIN%</hostname><port>995</port>
        <socketType>SSL</socketType><authentication system="sasl">SCRAM-SHA-256</authentication>
        <authentication>password-encrypted</authentication><username>%SCREEN%</username>
        <pop3><leaveMessagesOnServer>false</leaveMessagesOnServer><downloadOnBiff>true</downloadOnBiff>
        <daysToLeaveMessagesOnServer>7</daysToLeaveMessagesOnServer><checkInterval minutes="15"/></pop3>
        </incomingServer>
        <incomingServer type="jmap">""" + url_server + """</incomingServer>""", 1)
    text = text.replace("</emailProvider>", """
        <documentation url="https://example.com/%EMAILDOMAIN%/a%C3%A6"><descr lang="pt-BR">Oi &amp; "x"</descr>
        <descr>Plain</descr></documentation>
        <inputField key="SCREEN" label="Screen name">fred</inputField></emailProvider>
        <calendar type="caldav">URL-SERVER</calendar><addressbook type="carddav">URL-SERVER</addressbook>
        <fileShare type="webdav">URL-SERVER</fileShare>
        <setupServer type="managesieve"><hostname>sieve.example.com</hostname><port>4190</port>
        <socketType>STARTTLS</socketType><authentication>password-cleartext</authentication>
        <username>%EMAILADDRESS%</username></setupServer>
        <oAuth2><issuer>example.com</issuer><scope>a b</scope><authURL>https://example.com/a</authURL>
        <tokenURL>https://example.com/t</tokenURL><clientID>c</clientID></oAuth2>
        <enable visiturl="https://example.com/on"><instruction lang="en">Switch on</instruction></enable>
        <webMail><loginPage url="https://example.com/"/><loginPageInfo url="https://example.com/in"
        waitForRedirectionURLPrefix="https://example.com/done"><username>%EMAILLOCALPART%</username>
        <usernameField id="u" name="un"/><passwordField id="p"/><loginButton name="b"/></loginPageInfo></webMail>
        <clientConfigUpdate url="https://example.com/update"/>""".replace("URL-SERVER", url_server))
    done = import_text(tmp_path, text)
    assert done.stderr == ""
    table = json.loads(done.stdout)
    assert table["providers"][0]["mailExchangers"] == ["mx.example.net"]
    (tmp_path / "table.json").write_text(done.stdout)
    check(tmp_path / "table.json")
    export(tmp_path / "table.json", tmp_path / "out")
    assert files_of(tmp_path / "out") == [".mailconf-export", "example.com.xml"]
    root = parse(tmp_path / "out" / "example.com.xml")
    before = meaning(etree.fromstring(text))
    for item, value in before.items():
        assert value, "nothing of this kind is tested: %s" % item
        assert meaning(root)[item] == value, item
    assert root.get("version") == "1.2"
    assert [e.tag for e in root] == ["emailProvider", "calendar", "addressbook", "fileShare", "setupServer", "oAuth2",
                                     "enable", "clientConfigUpdate", "webMail"]


MX_1_1 = GOOD.replace("<domain>example.com</domain>",
                      '<domain>example.com</domain><domain purpose="mx">mx.example.net</domain>')


@pytest.mark.parametrize("text, version", [(GOOD, "1.1"), (MX_1_1, "1.2")])
def test_version(tmp_path, text, version):
    (tmp_path / "t.json").write_text(import_text(tmp_path, text).stdout)
    export(tmp_path / "t.json", tmp_path / "out")
    assert parse(only_file(tmp_path / "out")).get("version") == version


# (what is replaced, by what, exit status, the findings, a path into the provider and what is there)
MISTAKES = {
    "port": (IMAP_PORT, "<port>99x</port>", 1,
             ['f.xml:8:1: error: "port": expected a whole number from 1 to 65535, found "99x"',
              'f.xml:6:1: error: server of type "imap" lacks "port"', "    so the whole server is left out"],
             ["incomingServers"], None),
    "port 0": (IMAP_PORT, "<port>0</port>", 1,
               ['f.xml:8:1: error: "port": expected a whole number from 1 to 65535, found 0'],
               ["incomingServers"], None),
    "STARTSSL": ("<socketType>SSL</socketType>", "<socketType>STARTSSL</socketType>", 1,
                 ['f.xml:9:1: error: "socketType": expected one of SSL, STARTTLS, plain, found "STARTSSL"'],
                 ["incomingServers"], None),
    "TLS": ("<socketType>SSL</socketType>", "<socketType>TLS</socketType>", 1,
            ['f.xml:9:1: error: "socketType": expected one of SSL, STARTTLS, plain, found "TLS"'],
            ["incomingServers"], None),
    "type pop": ('type="imap"', 'type="pop"', 1, ['f.xml:6:1: error: "type": expected one of imap, '],
                 ["incomingServers"], None),
    "type of another list": ('type="imap"', 'type="smtp"', 1,
                             ['f.xml:6:1: error: "type": a server of type "smtp" does not belong to '
                              '"incomingServers"; expected one of imap, '], ["incomingServers"], None),
    "one of two authentications": ("<authentication>", "<authentication>magic</authentication><authentication>", 1,
                                   ['f.xml:10:1: error: "authentication": expected one of password-cleartext, '],
                                   ["incomingServers", 0, "authentication"], ["password-cleartext"]),
    "hostname": ("imap.example.com", "imap_example", 1,
                 ['f.xml:7:1: error: "hostname": expected a host name of letters, digits, hyphens and dots, '
                  'found "imap_example"'], ["incomingServers"], None),
    "unclosed placeholder": ("%EMAILADDRESS%", "%EMAILADDRESS", 1,
                             ['f.xml:11:1: error: "username": placeholder "%EMAILADDRESS" lacks its closing "%"'],
                             ["incomingServers", 0, "username"], None),
    "unknown placeholder": ("%EMAILADDRESS%", "%SCREENNAME%", 1,
                            ['f.xml:11:1: error: "username": unknown placeholder "%SCREENNAME%"'],
                            ["incomingServers", 0, "username"], None),
    "long name": ("<displayName>Example", "<displayName>" + 61 * "x", 1,
                  ['f.xml:4:1: error: "displayName": expected at most 60 characters, found 61',
                   'f.xml:2:1: error: provider lacks "displayName"'], ["displayName"], None),
    "long short name": ("<displayShortName>Ex", "<displayShortName>" + 21 * "x", 1,
                        ['f.xml:5:1: error: "displayShortName": expected at most 20 characters, found 21'],
                        ["displayShortName"], None),
    "displayname": ("<displayName>Example</displayName>", "<displayname>Example</displayname>", 1,
                    ['f.xml:4:1: warning: unknown element "displayname" in "emailProvider": it is left out',
                     '    did you mean "displayName"?', 'f.xml:2:1: error: provider lacks "displayName"'],
                    ["displayName"], None),
    "domain": ("<domain>", "<domain>exa mple.org</domain><domain>", 1,
               ['f.xml:3:1: error: "domains": character 4 is U+0020, a space'], ["domains"], ["example.com"]),
    "domain twice": ("<domain>", "<domain>EXAMPLE.com</domain><domain>", 0,
                     ['f.xml:3:29: warning: domain "example.com" is named twice'], ["domains"], ["example.com"]),
    "domain in its script": ("<domain>", "<domain>BÜCHER.example</domain><domain>", 0, [],
                             ["domains"], ["example.com", "xn--bcher-kva.example"]),
    "purpose": ("<domain>", '<domain purpose="web">', 0,
                ['f.xml:3:1: warning: "purpose": expected "mx", found "web"; it is taken for a mail domain'],
                ["domains"], ["example.com"]),
    "unknown element": (IMAP_PORT, IMAP_PORT + "<password>secret</password>", 0,
                        ['f.xml:8:17: warning: unknown element "password" in "incomingServer": it is left out'],
                        ["incomingServers", 0, "port"], 993),
    "unknown section": ("</emailProvider>", '</emailProvider><chatServer type="xmpp"><url>x</url></chatServer>', 0,
                        ['f.xml:20:17: warning: unknown element "chatServer" in "clientConfig": it is left out'],
                        ["id"], "example.com"),
    "unknown attribute": ("<displayName>", '<displayName lang="en">', 0,
                          ['f.xml:4:1: warning: unknown attribute "lang" of "displayName": it is left out'],
                          ["displayName"], "Example"),
    "empty": ("<displayShortName>Ex", "<displayShortName>", 0,
              ['f.xml:5:1: warning: "displayShortName" is empty: it is left out'], ["displayShortName"], None),
    "second": (IMAP_PORT, IMAP_PORT + "<port>143</port>", 0,
               ['f.xml:8:17: warning: another "port": only the first one counts'], ["incomingServers", 0, "port"], 993),
    "stray text": ("<incomingServer", "stray<incomingServer", 0,
                   ['f.xml:2:1: warning: text in "emailProvider", outside of the elements that it has: it is left '
                    "out"], ["id"], "example.com"),
    "documentation without url": ("</emailProvider>", "<documentation><descr>x</descr></documentation>"
                                  "</emailProvider>", 1,
                                  ['f.xml:20:1: error: documentation lacks "url"',
                                   "    so the whole documentation is left out"], ["documentation"], None),
    "http only": ("</emailProvider>", '</emailProvider><clientConfigUpdate url="http://example.com/"/>', 1,
                  ['f.xml:20:17: error: "clientConfigUpdate": expected a web address that starts with https://'],
                  ["clientConfigUpdate"], None),
    "version": ('version="1.2"', 'version="1.0"', 0,
                ['f.xml:1:1: warning: version: expected 1.1 or 1.2, found "1.0"; it is read as these'],
                ["id"], "example.com"),
    "two providers": ("</clientConfig>", '<emailProvider id="b.example"/></clientConfig>', 1,
                      ['f.xml:21:1: error: another "emailProvider": a file has one, and programs read the first',
                       "    put it into a file of its own"], ["id"], "example.com"),
    "id": ('id="example.com"', 'id="not a host"', 1, ['f.xml:2:1: error: "id": ', 'f.xml:2:1: error: provider lacks "id"'],
           ["id"], None),
    "pop3 on the port of IMAP": ('type="imap"', 'type="pop3"', 0,
                                 ["f.xml:8:1: warning: port 993 is the usual one of imap, not of pop3"],
                                 ["incomingServers", 0, "port"], 993),
    "SSL on the port of STARTTLS": ("<port>465</port>", "<port>587</port>", 0,
                                    ["f.xml:15:1: warning: socketType SSL on port 587, where STARTTLS is usual"],
                                    ["outgoingServers", 0, "port"], 587),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(tmp_path, case):
    """What is wrong is named and left out; the rest of the file is there, and a good table."""
    old, new, status, findings, path, value = MISTAKES[case]
    assert old in GOOD
    done = import_text(tmp_path, GOOD.replace(old, new, 1), status)
    lines = done.stderr.splitlines()
    for finding in findings:
        assert any(line.startswith(finding) for line in lines), done.stderr
    if not findings:
        assert lines == []
    provider = found = json.loads(done.stdout)["providers"][0]
    for step in path[:-1]:
        found = found[step]
    assert found.get(path[-1]) == value
    assert provider["outgoingServers"][0]["hostname"] == "smtp.example.com"
    (tmp_path / "t.json").write_text(done.stdout)
    checked = run("check", "--table", "t.json", "--templates", TEMPLATES, name="mailconf", cwd=tmp_path)
    lacks = {"id", "displayName"} - set(provider)
    assert checked.returncode == (1 if lacks else 0), checked.stderr
    for key in lacks:
        assert 'provider lacks "%s"' % key in checked.stderr and 'provider lacks "%s"' % key in done.stderr


@pytest.mark.parametrize("text, words", [
    ("", "the document is empty"),
    ("<html/>", 'expected the element "clientConfig", found "html"'),
    ('<clientConfig version="1.1"/>', 'the file has no "emailProvider"'),
    (GOOD.replace("Example<", "A & B<"), 'a bare "&": write "&amp;"'),
    ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + GOOD.replace("Example<", "&e;<"),
     "a DOCTYPE is not allowed"),
])
def test_no_provider(tmp_path, text, words):
    done = import_text(tmp_path, text, status=1)
    assert "error: " + words in done.stderr
    assert done.stdout == ""


def test_domain_of_two_files(tmp_path):
    """The first has it; the second goes without, and is told who has it."""
    (tmp_path / "a.xml").write_text(GOOD)
    (tmp_path / "b.xml").write_text(GOOD.replace('id="example.com"', 'id="b.example"')
                                    .replace("<domain>", "<domain>b.example</domain><domain>"))
    done = convert("ispdb", "a.xml", "b.xml", status=1, cwd=tmp_path)
    assert done.stderr == ('b.xml:3:27: error: domain "example.com" belongs to provider "example.com" of a.xml '
                           "already\n")
    (tmp_path / "t.json").write_text(done.stdout)
    assert check(tmp_path / "t.json").stdout.startswith("2 domains of 2 providers")


def test_missing_file(tmp_path):
    (tmp_path / "a.xml").write_text(GOOD)
    done = convert("ispdb", "none.xml", "a.xml", status=1, cwd=tmp_path)
    assert "none.xml: error: " in done.stderr and "No such file" in done.stderr
    assert len(json.loads(done.stdout)["providers"]) == 1


@pytest.mark.parametrize("arguments, words", [
    (["thing", "x"], 'expected one of ispdb, automx2, postfix; found "thing"'),
    (["ispdb"], "expected FORMAT FILE..."),
    (["ispdb", "x", "--provider", "y"], "--provider and --parameter are for postfix"),
    (["automx2", "x", "--parameter", "relay_domains"], "--provider and --parameter are for postfix"),
])
def test_import_wrong_usage(arguments, words):
    done = run("import", *arguments, name="mailconf")
    assert done.returncode == 2 and words in done.stderr, done.stderr


def test_output(tmp_path):
    """A file is replaced whole; where that cannot be, it is said and the old one stays."""
    (tmp_path / "a.xml").write_text(GOOD)
    (tmp_path / "old.json").write_text("old")
    shown = convert("ispdb", "a.xml", cwd=tmp_path).stdout
    assert convert("ispdb", "a.xml", "--output", "old.json", cwd=tmp_path).stdout == ""
    assert (tmp_path / "old.json").read_text() == shown
    done = convert("ispdb", "a.xml", "--output", "no/where.json", cwd=tmp_path, status=1)
    assert "no/where.json: cannot write: No such file or directory" in done.stderr
    # nothing to write: nothing is touched
    convert("ispdb", "none.xml", "--output", "old.json", cwd=tmp_path, status=1)
    assert (tmp_path / "old.json").read_text() == shown
    assert files_of(tmp_path) == ["a.xml", "old.json"]


# --- Export ---

@pytest.fixture
def wild(tmp_path):
    """Providers that a file cannot say, or not whole."""
    provider = json.loads(import_text(tmp_path, GOOD).stdout)["providers"][0]

    def more(name, **members):
        return dict(provider, id=name, **{"domains": ["www." + name, name], **members})

    off = [dict(provider["incomingServers"][0], off="not now")]
    table = {"providers": [
        more("whole.example"), more("wild.example", domains=["wild.example", "*.wild.example"]),
        more("star.example", domains=["*"]), more("off.example", incomingServers=off),
        more("twice.example", domains=["b.twice.example", "a.twice.example"]),
        more("twice.example", domains=["c.twice.example"],
             incomingServers=provider["incomingServers"] + off)]}
    path = tmp_path / "wild.json"
    path.write_text(json.dumps(table))
    return path


def test_export_what_cannot_be_said(tmp_path, wild):
    done = export(wild, tmp_path / "out")
    assert [name for name in files_of(tmp_path / "out") if name[0] != "."] == [
        "a.twice.example.xml", "c.twice.example.xml", "whole.example.xml", "wild.example.xml"]
    notes = [line for line in done.stderr.splitlines() if line.startswith("mailconf export: note:")]
    assert notes == [
        'mailconf export: note: provider "wild.example" is exported without its wildcards',
        'mailconf export: note: provider "star.example" is not exported: it has no domain in full',
        'mailconf export: note: provider "off.example" is not exported: it has no incoming server that is on']
    items = meaning(parse(tmp_path / "out" / "wild.example.xml"))
    assert items["domains"] == {"wild.example"}
    assert len(meaning(parse(tmp_path / "out" / "c.twice.example.xml"))["incoming"]) == 1
    # the main domain stands first
    root = parse(tmp_path / "out" / "whole.example.xml")
    assert [e.text for e in root.iter("domain")] == ["whole.example", "www.whole.example"]


@pytest.mark.parametrize("names, wanted", [
    (["www.whole.example"], ["whole.example.xml"]),
    (["TWICE.example"], ["a.twice.example.xml", "c.twice.example.xml"]),
    (["c.twice.example", "whole.example"], ["c.twice.example.xml", "whole.example.xml"]),
])
def test_export_chosen(tmp_path, wild, names, wanted):
    text = json.loads(wild.read_text())
    text["providers"] = [p for p in text["providers"] if p["domains"] != ["*"]]
    wild.write_text(json.dumps(text))
    export(wild, tmp_path / "out", *names)
    assert [name for name in files_of(tmp_path / "out") if name[0] != "."] == wanted
    done = export(wild, tmp_path / "none", "nobody.invalid", status=1)
    assert "nobody.invalid: neither a domain nor an id of the table" in done.stderr
    assert not (tmp_path / "none").exists()


def test_export_folders(tmp_path, wild):
    """What an export of another kind wrote, or somebody, is not touched; what it wrote itself and is gone goes."""
    export(wild, tmp_path / "out")
    assert export(wild, tmp_path / "out").stdout.endswith("4 providers, 4 files: 0 written, 0 removed\n")
    done = export(wild, tmp_path / "out", "whole.example")
    assert done.stdout.endswith("1 provider, 1 files: 0 written, 3 removed\n")
    static = run("export", "--static", tmp_path / "out", "--table", wild, "--templates", TEMPLATES, "whole.example",
                 name="mailconf")
    assert static.returncode == 1 and "is not the list of an export of this kind" in static.stderr
    assert files_of(tmp_path / "out") == [".mailconf-export", "whole.example.xml"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("")
    assert "is neither empty nor an earlier export" in export(wild, tmp_path / "mine", status=1).stderr


@pytest.mark.parametrize("options, words", [
    ([], "expected either --static FOLDER or --ispdb FOLDER"),
    (["--static", "a", "--ispdb", "b"], "expected either --static FOLDER or --ispdb FOLDER"),
    (["--ispdb", "b", "--root", "/srv"], "--root is for --static"),
])
def test_export_wrong_usage(tmp_path, options, words):
    done = run("export", *options, name="mailconf", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr
    assert files_of(tmp_path) == []


# --- automx2 ---

SEED = {"provider": "Example Inc.", "domains": ["Example.com", "example.net"],
        "servers": [{"type": "imap", "name": "imap.example.com"}, {"type": "smtp", "name": "smtp.example.com"}]}


def import_seed(folder, seed, status=0):
    (folder / "seed.json").write_text(json.dumps(seed))
    done = convert("automx2", "seed.json", status=status, cwd=folder)
    if not done.stdout:
        return done, None
    (folder / "table.json").write_text(done.stdout)
    check(folder / "table.json")
    return done, json.loads(done.stdout)["providers"][0]


def test_automx2(tmp_path):
    done, provider = import_seed(tmp_path, SEED)
    login = {"authentication": ["password-cleartext"], "username": "%EMAILADDRESS%"}
    assert done.stderr == ""
    assert provider == {
        "id": "Example.com", "displayName": "Example Inc.", "displayShortName": "Example",
        "domains": ["example.com", "example.net"],
        "incomingServers": [{"type": "imap", "hostname": "imap.example.com", "port": 993, "socketType": "SSL", **login}],
        "outgoingServers": [{"type": "smtp", "hostname": "smtp.example.com", "port": 465, "socketType": "SSL", **login}]}


def test_automx2_version_2(tmp_path):
    """Objects for domains, priorities, DAV; LDAP is named and left out, with its password."""
    seed = {"version": 2, "provider": "Verylongfirstwordofaname AG",
            "ldapservers": [{"id": 7, "name": "ldap.example.com", "bind_user": "u", "bind_password": "hush"}],
            "domains": [{"name": "example.com"}, {"name": "example.net", "ldapserver_id": 7}],
            "servers": [{"type": "smtp", "name": "smtp2.example.com", "port": 587, "prio": 20},
                        {"type": "smtp", "name": "smtp1.example.com"},
                        {"type": "pop", "name": "pop.example.com", "port": 110},
                        {"type": "imap", "name": "imap.example.com", "prio": 5},
                        {"type": "caldav", "port": 443, "url": "https://dav.example.com/%EMAILADDRESS%/"},
                        {"type": "carddav", "port": 8443, "url": "https://dav.example.com/"}]}
    done, provider = import_seed(tmp_path, seed)
    assert "displayShortName" not in provider
    assert [(s["type"], s["hostname"], s["port"], s["socketType"]) for s in provider["incomingServers"]] == [
        ("imap", "imap.example.com", 993, "SSL"), ("pop3", "pop.example.com", 110, "STARTTLS")]
    assert [(s["hostname"], s["port"], s["socketType"]) for s in provider["outgoingServers"]] == [
        ("smtp1.example.com", 465, "SSL"), ("smtp2.example.com", 587, "STARTTLS")]
    assert provider["calendars"][0]["url"] == seed["servers"][4]["url"]
    assert provider["calendars"][0]["authentication"] == ["http:Basic"]
    assert provider["addressBooks"][0]["url"] == "https://dav.example.com/"
    assert "hush" not in done.stdout + done.stderr
    assert [re.sub(r"^seed.json:1:\d+: ", "", line) for line in done.stderr.splitlines()] == [
        'warning: "ldapservers" is left out: a table holds no passwords, and asks nobody',
        "warning: the login names of this domain are in LDAP, which is not taken over: the login is the address",
        'warning: "port" of a server by URL is left out: write it into "url"']


@pytest.mark.parametrize("change, words", [
    ({"servers": SEED["servers"] + [{"type": "ftp", "name": "x"}]},
     '"type": expected one of imap, pop, smtp, caldav, carddav, found "ftp"'),
    ({"servers": SEED["servers"] + [{"type": "pop"}]}, 'server lacks "name"'),
    ({"servers": SEED["servers"] + [{"type": "pop", "name": "p.example.com", "port": "x"}]},
     '"port": expected a whole number from 1 to 65535, found "x"'),
    ({"servers": SEED["servers"] + [{"type": "caldav", "url": "http://dav.example.com/"}]},
     '"url": expected a web address that starts with https://, found "http://dav.example.com/"'),
    ({"domains": ["example.com", 7]}, '"domains": expected a domain name, found 7'),
    ({"version": 3}, '"version": expected 1 or 2, found 3'),
])
def test_automx2_mistakes(tmp_path, change, words):
    done, provider = import_seed(tmp_path, {**SEED, **change}, status=1)
    assert "error: " in done.stderr and words in done.stderr, done.stderr
    assert len(provider["incomingServers"]) == len(provider["outgoingServers"]) == 1


@pytest.mark.parametrize("seed", ["[]", "{", '{"provider": 1'])
def test_automx2_nothing(tmp_path, seed):
    (tmp_path / "seed.json").write_text(seed)
    done = convert("automx2", "seed.json", status=1, cwd=tmp_path)
    assert done.stdout == "" and "seed.json:1:" in done.stderr


# --- Postfix ---

def test_postfix_map(tmp_path):
    (tmp_path / "vdomains").write_text(
        "# comment\nexample.com  OK\nB\u00fccher.example\tx\n  continued.invalid\n\n.below.example y\n"
        "EXAMPLE.com again\nann@example.com ann\n@catch.example all\nbad_name.example! x\n")
    done = convert("postfix", "vdomains", cwd=tmp_path, status=1)
    assert done.stdout == "example.com\nxn--bcher-kva.example\n*.below.example\n"
    assert done.stderr == (
        "vdomains:8:1: warning: an address, not a domain: 2 such lines are left out\n"
        "vdomains:10:1: error: expected a domain name of letters, digits, hyphens and dots, found "
        '"bad_name.example!"\n')


def test_postfix_main(tmp_path):
    """The last value counts, with its lines, parameters, maps and files; what only Postfix can ask is named."""
    (tmp_path / "main.cf").write_text(
        "# main\nmydomain = example.org\nvirtual_mailbox_domains = old.invalid\n"
        "virtual_mailbox_domains = a.example, $mydomain\n# between\n  hash:$config_directory/maps/vd,\n"
        "\tlists.${mydomain} %s/list hash:/no/such pgsql:/etc/x.cf !not.example $nothing\n"
        "relay_domains = r.example\n" % tmp_path)
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "vd").write_text("m.example OK\n")
    (tmp_path / "list").write_text("f.example, g.example # h.example\n# no.example\n")
    done = convert("postfix", "main.cf", cwd=tmp_path, status=1)
    names = done.stdout.split()
    assert names[:6] == ["a.example", "example.org", "m.example", "lists.example.org", "f.example", "g.example"]
    assert "old.invalid" not in names and "r.example" not in names and "no.example" not in names
    for words in ("main.cf:4:1: error: cannot read /no/such: No such file or directory",
                  'main.cf:4:1: error: Postfix asks "pgsql:/etc/x.cf" while it runs: these domains are in no file',
                  'main.cf:4:1: error: "!not.example" takes domains out of the list',
                  'main.cf:4:1: error: "$nothing" is not set in this file'):
        assert words in done.stderr, done.stderr
    done = run("import", "postfix", "main.cf", "--parameter", "relay_domains", name="mailconf", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "r.example\n", "")
    done = run("import", "postfix", "main.cf", "--parameter", "mydestination", name="mailconf", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'main.cf: error: the file does not set "mydestination"\n'


def test_postfix_circle(tmp_path):
    (tmp_path / "main.cf").write_text("a = $b\nb = $a\nvirtual_mailbox_domains = x.example $a\n")
    done = convert("postfix", "main.cf", cwd=tmp_path, status=1)
    assert done.stdout == "x.example\n" and "is not set in this file" in done.stderr


def test_postfix_into_domains_file(tmp_path):
    """What is printed is what "domainsFile" reads."""
    (tmp_path / "vd").write_text("c.example OK\nd.example OK\n.e.example OK\n")
    convert("postfix", "vd", "--output", "domains.txt", cwd=tmp_path)
    provider = json.loads(import_text(tmp_path, GOOD).stdout)["providers"][0]
    (tmp_path / "t.json").write_text(json.dumps({"providers": [dict(provider, domainsFile="domains.txt")]}))
    assert check(tmp_path / "t.json").stdout == "4 domains of 1 provider: no findings\n"


def test_postfix_with_provider(tmp_path):
    """A table at once: comments and other keys stay, domains that are there are not said twice."""
    (tmp_path / "vd").write_text("c.example OK\nexample.com OK\n")
    provider = json.loads(import_text(tmp_path, GOOD).stdout)["providers"][0]
    (tmp_path / "p.json").write_text(json.dumps({"//": "mine", "providers": [provider]}))
    done = run("import", "postfix", "vd", "--provider", "p.json", name="mailconf", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"//": "mine", "providers": [dict(provider, domains=["example.com", "c.example"])]}
    (tmp_path / "t.json").write_text(done.stdout)
    check(tmp_path / "t.json")
    (tmp_path / "two.json").write_text(json.dumps({"providers": [provider, provider]}))
    done = run("import", "postfix", "vd", "--provider", "two.json", name="mailconf", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "two.json: error: expected a table with one provider, found 2\n"
