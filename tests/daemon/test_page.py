"""The page for people, as bytes: sizes, fields, statuses, what becomes of bad input. tests/page/ looks at it in a browser."""

import html
import json
import re
import shutil
import urllib.parse

import pytest
from lxml import html as lxml_html

from harness import SOURCE, run
from http_client import Connection, fetch
from tables import provider, put, table

CENTURYLINK = SOURCE / "conf" / "centurylink.json"
PROVIDERS = json.loads(CENTURYLINK.read_text())["providers"]
DOMAINS = [(domain, p) for p in PROVIDERS for domain in p["domains"]]
LANGUAGES = ["en", "de", "es"]
MOST = 40000
CSP = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
       "base-uri 'none'; frame-ancestors 'none'")
START, FOUND = "Set up your mail program", "Mail settings for "
UNKNOWN, MALFORMED = "No settings for this domain", "This is not an e-mail address"


@pytest.fixture(scope="module")
def served(module_daemon):
    return module_daemon("--listen", "127.0.0.1:0", table=CENTURYLINK)


def ask(daemon, target, host="somewhere.test", method="GET", **fields):
    return fetch(daemon.address, method, target, host, {n.replace("_", "-"): v for n, v in fields.items()})


def query(**parameters):
    return "/?" + urllib.parse.urlencode(parameters)


def tree(response):
    return lxml_html.document_fromstring(response.body.decode("utf-8"))


def text(element):
    return " ".join(element.text_content().split())


def heading(response):
    return text(tree(response).find(".//h1"))


def field(response):
    return tree(response).get_element_by_id("address").get("value")


def is_page(response, status):
    assert response.status == status, response
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Security-Policy"] == CSP
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {w.strip() for w in response["Vary"].split(",")} == {"Accept-Language", "User-Agent"}
    assert response["Content-Language"] in LANGUAGES
    assert not response.all("Set-Cookie") and not response.all("Transfer-Encoding")
    assert response.body.startswith(b"<!DOCTYPE html>\n<html lang=\"%s\">" % response["Content-Language"].encode())
    assert response.body.endswith(b"</html>\n") and len(response.body) < MOST
    # a form, in whatever variant
    form = tree(response).find(".//form")
    assert (form.get("action"), form.get("method")) == ("/", "get")
    return response


# ---- every domain ----

def words(socket):
    return {"SSL": "SSL/TLS", "STARTTLS": "STARTTLS", "plain": "None"}[socket]


def facts(page, owner, domain):
    """specification of the CenturyLink domains, section 8, item 6; and the servers."""
    said = text(page.find(".//main"))
    card = text(page.get_element_by_id("settings"))
    rows = [tuple(text(s) for s in server.xpath(".//dd")[:3]) for server in page.xpath("//section[@id='settings']//section")]
    wanted = [s for s in owner["incomingServers"] + owner["outgoingServers"] if not s.get("off")]
    assert rows == [(s["hostname"], str(s["port"]), words(s["socketType"])) for s in wanted]
    assert "up to 700 MB" in card and "up to 10 MB" in card
    assert "Leave a copy on the server yes" in card and "leave a copy of the messages on the server" in said
    assert "port 25" in said
    assert "The e-mail login is not the My CenturyLink online account login" in said
    assert "The user name is the full e-mail address" in said
    if domain == "qwestoffice.net":
        assert "Not encrypted" in card and "POP3 for qwestoffice.net is not encrypted" in card
        assert "IMAP" not in [text(h).split()[-1] for h in page.xpath("//section[@id='settings']//h3")]
    else:
        assert "CenturyLink does not support IMAP" in card and "not encrypted" not in card.lower()


@pytest.mark.parametrize("domain, owner", DOMAINS, ids=[d for d, _ in DOMAINS])
def test_every_domain(served, domain, owner):
    response = is_page(ask(served, "/settings/" + domain), 200)
    page = tree(response)
    facts(page, owner, domain)
    assert heading(response) == FOUND + domain
    assert "your full e-mail address" in text(page.get_element_by_id("settings"))
    assert is_page(ask(served, query(domain=domain)), 200).body == response.body
    assert is_page(ask(served, query(emailaddress=domain)), 200).body == response.body

    response = is_page(ask(served, query(emailaddress="ann@" + domain)), 200)
    page = tree(response)
    facts(page, owner, domain)
    assert heading(response) == FOUND + "ann@" + domain
    assert text(page.xpath("//section[@id='settings']//dd")[0]) == "ann@" + domain

    for language in LANGUAGES[1:]:
        assert is_page(ask(served, query(emailaddress="ann@" + domain, lang=language)), 200)["Content-Language"] == language


@pytest.mark.parametrize("prefix", ["", "autoconfig.", "autodiscover.", "www."])
def test_the_domains_own_names_lead_to_it(served, prefix):
    assert heading(is_page(ask(served, "/", prefix + "q.com"), 200)) == FOUND + "q.com"


@pytest.mark.parametrize("host", ["somewhere.test", "centurylink.com", "mail.q.com", "xq.com", "127.0.0.1", "[::1]:8080"])
def test_any_other_host_begins_at_the_start(served, host):
    response = is_page(ask(served, "/", host), 200)
    assert heading(response) == START
    listed = [a.text_content() for a in tree(response).xpath("//section[contains(@class, 'domains')]//a")]
    assert sorted(listed) == sorted("@" + d for d, _ in DOMAINS)


def test_no_icon_is_an_answer(served):
    """Browsers ask for it by themselves, and Chromium's console has an error where there is none."""
    response = ask(served, "/favicon.ico")
    assert response.status == 204 and response.body == b""


def test_what_it_is_made_of_is_ours(served):
    """Nothing inline, and nothing of elsewhere but links to go to."""
    for target in ("/", "/settings/q.com", query(emailaddress="ann@qwestoffice.net"), query(emailaddress="@")):
        page = tree(ask(served, target))
        assert not page.xpath("//style | //*[@style] | //script[not(@src)] | //script[text()] | //iframe | //object | //base")
        assert not [a for e in page.iter() if isinstance(e.tag, str) for a in e.attrib if a.startswith("on")]
        loaded = page.xpath("//link/@href | //script/@src | //img/@src")
        assert loaded and all(re.fullmatch(r"/[^/].*", url) for url in loaded)
        for url in loaded:
            assert ask(served, url).status == 200, url
        assert not page.xpath("//a[starts-with(@href, 'http:')]")


def test_assets(served):
    for name, kind in (("page.css", "text/css; charset=utf-8"), ("page.js", "text/javascript; charset=utf-8")):
        response = ask(served, "/assets/" + name)
        assert response.status == 200 and response["Content-Type"] == kind
        assert response.body == (SOURCE / "templates" / name).read_bytes()
        assert response["Cache-Control"] == "public, max-age=3600"
        assert ask(served, "/assets/" + name, If_None_Match=response["ETag"]).status == 304
        # the same on every host
        assert ask(served, "/assets/" + name, "autoconfig.q.com").body == response.body
    for name in ("", "page.xml", "page", "../page.xml", "po/de.po", "page.css/"):
        assert ask(served, "/assets/" + name).status == 404, name


# ---- fields ----

def test_who_is_named_is_not_kept(served):
    assert ask(served, query(emailaddress="ann@q.com"))["Cache-Control"] == "no-store"
    assert ask(served, query(emailaddress="ann@nowhere.test"))["Cache-Control"] == "no-store"
    assert ask(served, query(emailaddress="ann"))["Cache-Control"] == "no-store"
    assert ask(served, "/")["Cache-Control"] == "private, max-age=300"
    assert ask(served, "/", "q.com")["Cache-Control"] == "private, max-age=300"


@pytest.mark.parametrize("accept, language", [
    ("de", "de"), ("es-MX, en;q=0.5", "es"), ("fr", "en"), ("", "en"), ("*", "en"), ("DE-at", "de"),
    ("en;q=0.2, es;q=0.9, de;q=0.8", "es"), ("de;q=0", "en"), ("de;q=0, es;q=0.1", "es"), (",;=,\t;q=,de", "de")])
def test_languages(served, accept, language):
    assert is_page(ask(served, "/", Accept_Language=accept), 200)["Content-Language"] == language


def test_a_language_asked_for_wins(served):
    for code, language in (("de", "de"), ("ES", "es"), ("en", "en"), ("fr", "de"), ("", "de"), ("../de", "de")):
        response = ask(served, "/?lang=" + urllib.parse.quote(code), Accept_Language="de")
        assert is_page(response, 200)["Content-Language"] == language, code
    # and goes along in every link of the page, and in the form
    page = tree(ask(served, "/?lang=es"))
    assert page.xpath("//input[@name='lang']/@value") == ["es"]
    for url in page.xpath("//section[contains(@class, 'domains')]//a/@href"):
        assert url.endswith("?lang=es")


def test_methods(served):
    for target in ("/", "/settings/q.com", "/assets/page.css"):
        get, head = ask(served, target), ask(served, target, method="HEAD")
        assert head.status == 200 and head["Content-Length"] == str(len(get.body)) and head.body == b""
        refused = ask(served, target, method="POST")
        assert refused.status == 405 and refused.allow >= {"GET", "HEAD"}


# ---- bad input ----

@pytest.mark.parametrize("typed, status, words", [
    ("ann@nowhere.test", 404, UNKNOWN), ("nowhere.test", 404, UNKNOWN), ("ann@mail.q.com", 404, UNKNOWN),
    ("ann@centurylink.com", 404, UNKNOWN), ("ann", 404, UNKNOWN),
    ("ann@", 400, MALFORMED), ("@", 400, MALFORMED), ("@q.com", 400, MALFORMED), ("ann@@q.com", 400, MALFORMED),
    ("ann@q..com", 400, MALFORMED), ("a b@q.com", 400, MALFORMED), ("ann@q.com/", 400, MALFORMED),
    ("https://q.com/", 400, MALFORMED), ("x" * 300, 400, MALFORMED)])
def test_what_to_do_is_said(served, typed, status, words):
    response = is_page(ask(served, "/?emailaddress=" + urllib.parse.quote(typed, safe="")), status)
    assert heading(response) == words
    page = tree(response)
    said = page.get_element_by_id("address-error")
    assert text(said).endswith(".") and "address-error" in page.get_element_by_id("address").get("aria-describedby").split()
    # what is longer than an address is not said again
    assert field(response) == (typed if len(typed) < 255 else "")
    assert len(page.xpath("//section[contains(@class, 'domains')]//a")) == len(DOMAINS)
    # in the language of the visitor, too
    assert heading(ask(served, "/?lang=de&emailaddress=" + urllib.parse.quote(typed, safe=""))) != words


HOSTILE = {
    "markup": "\"><script>alert(1)</script>", "attribute": "' onfocus='alert(1)' autofocus='", "comment": "--><!--",
    "end": "</title></textarea></script><img src=x>", "script": "javascript:alert(1)", "data": "data:text/html,<b>",
    "entity": "&lt;script&gt;&quot;", "template": "{address}{{7*7}}<t:value select='domain'/>%EMAILADDRESS%",
    "bidi": "\u202e\u2066moc.q@nna", "zero width": "a\u200bnn@q.com", "long": "x" * 300, "longer": "<b>" * 1700,
    "at": "<b>@q.com", "quote": "\"<b>\"@q.com", "line": "a\nb", "field": "a\r\nSet-Cookie: a=b\r\n\r\n<b>",
    "tab": "a\t<b>", "escape": "\x1b[2J", "nul": "a\0<b>", "domain": "ann@<b>.q.com", "u-label": "ann@\u202eq.com",
}


@pytest.mark.parametrize("where", ["emailaddress", "domain", "path", "lang", "host"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_stay_text(served, name, where):
    """Whatever is sent, the page is the one for a harmless value, but for the value of the field, escaped."""
    value = HOSTILE[name]
    quoted = urllib.parse.quote(value, safe="")
    if where == "host":
        with Connection(served.address) as c:
            c.send(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % re.sub("[\r\n\0]", "", value).encode())
            response = c.response()
        assert response.status in (200, 400)
        assert not tree(response).xpath("//b | //*[@onfocus]") if response.status == 200 else True
        return
    response = ask(served, {"path": "/settings/", "lang": "/?lang="}.get(where, "/?%s=" % where) + quoted)
    assert response.status < 500 and not response.all("Set-Cookie")
    if response.status == 404 and where == "path" and response["Content-Type"].startswith("text/plain"):
        # there is no such place: a path of that length, or with a NUL
        assert len(value) > 390 or "\0" in value
        assert value.encode() not in response.body
        return
    is_page(response, 200 if where == "lang" else response.status)
    typed = field(response)
    assert typed in (value, value.strip(), "")
    if where == "lang":
        assert response.body == ask(served, "/").body
        return
    assert response.status in (400, 404)
    harmless = ask(served, query(emailaddress="@" if response.status == 400 else "nowhere.test"))
    assert harmless.status == response.status
    mark = b" value=\"%s\" " % (b"@" if response.status == 400 else b"nowhere.test")
    assert harmless.body.count(mark) == 1
    before, after = harmless.body.split(mark)
    assert response.body.startswith(before) and response.body.endswith(after)
    written = response.body[len(before):-len(after)].decode()
    assert re.fullmatch(r' value="[^"<>]*" ', written, re.S), written
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#39;|#\d+;)", written)


def test_control_characters_are_not_echoed(served):
    body = ask(served, "/?emailaddress=a%1B%5B2J%01%7F").body.decode()
    assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", body)


@pytest.mark.parametrize("raw", [
    "emailaddress=%ff%fe@q.com", "emailaddress=%c0%af@q.com", "emailaddress=%", "emailaddress=%zz@q.com",
    "emailaddress=ann@q.com&emailaddress=bob@q.com", "domain=q.com&domain=qwest.net",
    "emailaddress=ann@q.com&EMAILADDRESS=bob@q.com", "emailaddress=%ed%a0%80@q.com"])
def test_what_cannot_be_read_is_not_guessed(served, raw):
    response = is_page(ask(served, "/?" + raw), 400)
    assert heading(response) == MALFORMED and field(response) == ""


def test_nothing_is_asked(served):
    for target in ("/?emailaddress=", "/?domain=", "/?", "/?other=1"):
        response = is_page(ask(served, target), 200)
        assert heading(response) == START and field(response) == ""
    # the way from a domain's own page to the others
    assert heading(ask(served, "/?emailaddress=", "q.com")) == START


@pytest.mark.parametrize("local", ["a", "root", "postmaster", "o'brien", "a&b", "a.b-c_d", "x" * 64, "a+b", "{domain}", "%41", "a=b?c#d/e"])
def test_the_same_for_every_local_part(served, local):
    """But for the address itself, so that nobody learns which there are."""
    def page(part):
        address = part + "@q.com"
        body = is_page(ask(served, "/?emailaddress=" + urllib.parse.quote(address, safe="")), 200).body.decode()
        assert html.escape(address).replace("&#x27;", "&#39;") in body
        body = body.replace(html.escape(address).replace("&#x27;", "&#39;"), "(address)")
        return body.replace(urllib.parse.quote(address, safe="-._~"), "(quoted)")

    assert page(local) == page("ann")


# ---- what the administrator says ----

def test_off(module_daemon):
    daemon = module_daemon("--listen", "127.0.0.1:0", "--page", "off", table=CENTURYLINK)
    for target in ("/", "/settings/q.com", "/?emailaddress=ann@q.com", "/assets/page.css", "/assets/page.js", "/favicon.ico"):
        for host in ("q.com", "somewhere.test"):
            response = ask(daemon, target, host)
            assert response.status == 404 and response["Content-Type"].startswith("text/plain"), target
    assert ask(daemon, "/mail/config-v1.1.xml?emailaddress=ann@q.com", "autoconfig.q.com").status == 200


def test_a_reload_switches_it(daemon, tmp_path):
    def settings(switch):
        return put(tmp_path / "mailconfd.json", json.dumps(
            {"table": [str(CENTURYLINK)], "listen": ["127.0.0.1:0"], "page": switch}))

    running = daemon("--config", settings("on"), table=None)
    for switch, status in (("off", 404), ("on", 200), ("off", 404)):
        settings(switch)
        assert "reloaded" in running.reload()
        assert ask(running, "/").status == status
        assert ask(running, "/assets/page.css").status == status


def test_a_mistake_in_a_text_keeps_the_page(daemon, tmp_path):
    """A catalogue that cannot be read is no reason to go without a page."""
    templates = tmp_path / "templates"
    shutil.copytree(SOURCE / "templates", templates)
    running = daemon("--listen", "127.0.0.1:0", "--templates", templates, table=CENTURYLINK)
    before = ask(running, "/?lang=de").body
    po = templates / "po" / "de.po"
    good = po.read_text("utf-8")
    put(po, good.replace("msgstr", "msgstring"))
    mark = running.mark()
    assert "keeping" in running.reload()
    running.wait_line(r"de\.po:\d+: error: expected msgid, msgstr or a text in quotes", after=mark - 1000 if mark > 1000 else 0)
    assert ask(running, "/?lang=de").body == before
    # another language, another name: no tool, no restart
    put(templates / "po" / "nds.po", 'msgid ""\nmsgstr "X-Language-Name: Plattd\u00fc\u00fctsch\\n"\n\n'
                                     'msgid "Set up your mail program"\nmsgstr "<b>Post</b> & mehr"\n')
    put(po, good)
    assert "reloaded" in running.reload()
    response = ask(running, "/", Accept_Language="nds")
    assert is_page_of(response, "nds") and heading(response) == "<b>Post</b> & mehr"
    assert "Plattd\u00fc\u00fctsch" in response.body.decode()


def test_a_catalogue_is_utf8(daemon, tmp_path):
    templates = tmp_path / "templates"
    shutil.copytree(SOURCE / "templates", templates)
    running = daemon("--listen", "127.0.0.1:0", "--templates", templates, table=CENTURYLINK)
    put(templates / "po" / "fr.po", 'msgid "Show"\nmsgstr "Affich\u00e9"\n'.encode("latin-1"))
    assert "keeping" in running.reload()


def is_page_of(response, language):
    return response.status == 200 and response["Content-Language"] == language


def test_domains_are_listed_only_where_that_is_said(daemon, tmp_path):
    path = put(tmp_path / "t.json", table(provider("private.test"), provider("other.test", publicDomains=False)))
    running = daemon("--listen", "127.0.0.1:0", table=path)
    for target, status in (("/", 200), ("/?emailaddress=ann@nowhere.test", 404), ("/?emailaddress=@", 400)):
        response = is_page(ask(running, target), status)
        assert b"private.test" not in response.body and b"other.test" not in response.body
        assert not tree(response).xpath("//section[contains(@class, 'domains')]")
    assert heading(is_page(ask(running, "/settings/private.test"), 200)) == FOUND + "private.test"
    # of two providers the one that says so; never a wildcard, nor what is not answered
    put(path, table(provider("private.test"), provider("public.test", domains=["public.test", "*.public.test"], publicDomains=True)))
    assert "reloaded" in running.reload()
    listed = tree(ask(running, "/")).xpath("//section[contains(@class, 'domains')]//a")
    assert [text(a) for a in listed] == ["@public.test"]


def test_every_text_is_translated():
    """What "mailconf messages" lists is in the catalogues that come along."""
    listed = run("messages", name="mailconf").stdout
    texts = set(re.findall(r'^msgid "(.+)"$', listed, re.M))
    assert len(texts) > 150
    for language in LANGUAGES[1:]:
        po = (SOURCE / "templates" / "po" / (language + ".po")).read_text("utf-8")
        pairs = dict(re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', po, re.M))
        joined = {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', k)): "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', v))
                  for k, v in pairs.items()}
        missing = {t for t in texts if not joined.get(t)}
        assert not missing, (language, missing)
        assert not {t for t in joined if t} - texts, "texts that no template has"
        # each value of a sentence is in its translation
        for source, translation in joined.items():
            assert not source or sorted(re.findall(r"{\w[\w.]*}", source)) == sorted(re.findall(r"{\w[\w.]*}", translation)), source
