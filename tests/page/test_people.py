"""People find their settings: choose a domain, type an address, copy, download, carry to the phone, change language."""

import json
import plistlib
import subprocess
import time

import pytest

from expected import CARD, DOMAINS, LOGIN, catalog, provider_of, servers, shown
from harness import SOURCE
from http_client import fetch

HERE = SOURCE / "tests" / "page"
ADDRESS = "ann+lists@q.com"
LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}


def wait_until(condition, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def test_all_domains_are_listed(page):
    page.open("/")
    assert len(DOMAINS) == 18
    assert page.texts(".domains a") == ["@" + domain for domain in DOMAINS]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_is_chosen(page, domain):
    page.open("/")
    page.click(".domains a[href^='/settings/%s?']" % domain)
    assert page.evaluate("location.pathname") == "/settings/" + domain
    assert page.texts("h1") == ["Mail settings for " + domain]
    assert domain in page.evaluate("document.title")
    assert shown(page) == servers(domain)
    assert page.evaluate(LOGIN) == "your full e-mail address"


def test_an_address_by_keyboard_alone(page):
    """From the top of the page with Tab, and each stop is to be seen."""
    page.open("/")
    stops = []
    for _ in range(12):
        page.press("Tab")
        stop = page.evaluate("""(() => {
            const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
            return {id: e.id, name: e.innerText, outline: style.outlineStyle, width: parseFloat(style.outlineWidth),
                    seen: box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight};
        })()""")
        stops.append(stop)
        if stop["id"] == "address":
            break
    assert stops[0]["name"] == "Go to the content"
    assert stops[-1]["id"] == "address", stops
    assert all(s["seen"] and s["outline"] != "none" and s["width"] >= 2 for s in stops), stops
    page.type(ADDRESS)
    page.press("Enter", leads=True)
    assert page.texts("h1") == ["Mail settings for " + ADDRESS]
    assert shown(page) == servers("q.com")
    assert page.evaluate(LOGIN) == ADDRESS
    assert page.evaluate("document.querySelector('#address').value") == ADDRESS


@pytest.mark.parametrize("domain", ["qwest.net", "qwestoffice.net"])
def test_an_address_by_mouse(page, domain):
    page.open("/settings/" + domain)
    page.fill("#address", "bob@" + domain.upper())
    page.click(".ask button")
    assert shown(page) == servers(domain)
    assert page.evaluate(LOGIN).lower() == "bob@" + domain


def test_a_domain_is_enough(page):
    page.open("/")
    page.fill("#address", "q.com")
    page.press("Enter", leads=True)
    assert shown(page) == servers("q.com")


def test_nothing_typed_is_nothing_asked(page):
    page.open("/?lang=es")
    page.click(".ask button")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.count(".domains a") == len(DOMAINS) and not page.count(".error")


@pytest.mark.parametrize("typed", ["ann@q.com ", " ann@q.com"])
def test_spaces_around_an_address_do_no_harm(page, typed):
    """Keyboards of phones put one behind each word that they complete."""
    page.open("/")
    page.fill("#address", typed)
    at = page.mark()
    page.press("Enter", leads=True)
    response = page.wait("Network.responseReceived", at, lambda p: p["type"] == "Document")["response"]
    page.excuse(response["status"], response["url"])
    assert response["status"] == 200
    assert page.evaluate(LOGIN) == "ann@q.com"


@pytest.mark.parametrize("typed, status, words", [
    ("ann", 404, "No settings for this domain"), ("ann@", 400, "This is not an e-mail address"),
    ("ann@gmial.test", 404, "No settings for this domain"),
    pytest.param("ann @q.com", 400, "This is not an e-mail address", marks=SPACES),
    ("\"><script>alert(1)</script>@q.com", 400, "This is not an e-mail address"),
    ("javascript:alert(1)", 400, "This is not an e-mail address"),
    ("\u202eann@gmial.test", 400, "This is not an e-mail address"),
    ("a" * 300 + "@q.com", 400, "This is not an e-mail address")])
def test_what_to_do_with_what_is_no_address(page, typed, status, words):
    page.open("/")
    page.fill("#address", typed)
    at = page.mark()
    page.press("Enter", leads=True)
    response = page.wait("Network.responseReceived", at, lambda p: p["type"] == "Document")["response"]
    page.excuse(response["status"], response["url"])
    assert response["status"] == status
    assert page.texts("h1") == [words]
    # said at the field, and to a screen reader there
    field = page.evaluate("""(() => {
        const field = document.querySelector("#address");
        const ids = field.getAttribute("aria-describedby").split(" ");
        return {value: field.value, invalid: field.getAttribute("aria-invalid"),
                described: ids.map((id) => document.getElementById(id).innerText)};
    })()""")
    assert field["invalid"] == "true" and all(field["described"]) and len(field["described"]) == 2
    assert field["value"] in (typed, "")
    # all else of the page is there
    assert page.texts(".domains a") == ["@" + domain for domain in DOMAINS]
    assert page.evaluate("document.scripts.length") == 1


# ---- copying ----

def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def copying(page):
    page.browser.call("Browser.grantPermissions", origin=page.origin, browserContextId=page.context,
                      permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.call("Emulation.setFocusEmulationEnabled", enabled=True)
    page.open("/?emailaddress=" + ADDRESS.replace("+", "%2B"))
    return page


def buttons(page):
    """Of the card, beside the values: what each copies, and what it is called."""
    return page.evaluate("""Array.from(document.querySelectorAll("#settings button.copy")).map((button) => {
        const called = button.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).innerText.trim());
        return {id: button.id, value: button.previousElementSibling.innerText.trim(), called: called.join(" ")};
    })""")


def test_each_value_is_copied(copying):
    found = buttons(copying)
    values = [ADDRESS] + [value for _, _, host, port, security in servers("q.com")
                          for value in (host, port, security, "Normal password")]
    assert [b["value"] for b in found][:len(values)] == values
    assert {b["called"] for b in found} >= {"Copy User name", "Copy Server", "Copy Port", "Copy Security"}
    for number, button in enumerate(found):
        if number % 2:
            copying.click("#" + button["id"], leads=False)
        else:
            copying.evaluate("document.getElementById('%s').focus()" % button["id"])
            copying.press("Space")
        wait_until(lambda: copying.evaluate("document.querySelector('#status').textContent") == "Copied", "not said")
        assert clipboard(copying) == button["value"], button
        copying.evaluate("document.querySelector('#status').textContent = ''")


def test_all_is_copied(copying):
    copying.click("#copy-all", leads=False)
    wait_until(lambda: copying.evaluate("document.querySelector('#status').textContent") == "Copied", "not said")
    text = clipboard(copying)
    assert text.startswith("Mail settings for " + ADDRESS)
    for _, protocol, host, port, security in servers("q.com"):
        assert "%s," % protocol in text or ", %s" % protocol in text
        for value in (host, port, security):
            assert ": %s\n" % value in text


def test_what_is_said_goes_again(copying):
    copying.click("#copy-1", leads=False)
    wait_until(lambda: copying.texts("#copy-1") == ["Copied"], "not said")
    wait_until(lambda: copying.texts("#copy-1") == ["Copy"], "it stays")
    assert copying.evaluate("document.querySelector('#status').textContent") == ""


def test_copying_over_http(tab, site, copying):
    """Where the browser has no clipboard for scripts: a name of the domain's, without TLS."""
    far = tab(site, host="autoconfig.q.com")
    far.open("/")
    assert not far.evaluate("isSecureContext") and shown(far) == servers("q.com")
    far.call("Page.bringToFront")
    far.call("Emulation.setFocusEmulationEnabled", enabled=True)
    button = buttons(far)[0]
    assert button["value"] == "pop.centurylink.net"
    far.click("#" + button["id"], leads=False)
    wait_until(lambda: far.evaluate("document.querySelector('#status').textContent") == "Copied", "not said")
    assert clipboard(copying) == button["value"]


# ---- profiles ----

@pytest.mark.parametrize("system", ["ios", "macos"])
@pytest.mark.parametrize("kind, account", [("pop3", "EmailTypePOP"), ("imap", "EmailTypeIMAP")])
def test_a_profile_is_downloaded(page, tmp_path, kind, account, system):
    page.browser.call("Browser.setDownloadBehavior", behavior="allow", browserContextId=page.context,
                      downloadPath=str(tmp_path))
    page.open("/?emailaddress=" + ADDRESS.replace("+", "%2B"))
    page.evaluate("document.querySelector('#%s').open = true" % system)
    page.click("#%s a[href$='type=%s']" % (system, kind), leads=False)
    wait_until(lambda: (tmp_path / "mail.mobileconfig").exists(), "no file")
    profile = plistlib.loads((tmp_path / "mail.mobileconfig").read_bytes())
    mail = next(p for p in profile["PayloadContent"] if p["PayloadType"] == "com.apple.mail.managed")
    assert mail["EmailAccountType"] == account
    assert mail["EmailAddress"] == ADDRESS
    _, _, host, port, _ = next(s for s in servers("q.com") if s[1].lower() == kind)
    assert (mail["IncomingMailServerHostName"], mail["IncomingMailServerPortNumber"]) == (host, int(port))
    _, _, host, port, _ = servers("q.com")[-1]
    assert (mail["OutgoingMailServerHostName"], mail["OutgoingMailServerPortNumber"]) == (host, int(port))


def test_no_profile_is_offered_where_there_is_none(page, site):
    """qwestoffice.net has POP3 only, which has no IMAP button; and without an address there is no button at all."""
    page.open("/?emailaddress=ann@qwestoffice.net")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert not page.count("a[href*='type=imap']")
    links = page.evaluate("Array.from(document.querySelectorAll('a[href^=\"/profile\"]')).map((a) => a.getAttribute('href'))")
    for link in links:
        assert fetch(site.address, "GET", link).status == 200, link
    page.open("/settings/q.com")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert not page.count("a[href^='/profile']") and not page.count(".qr img")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_leads_to_the_profile(page, tmp_path, scheme):
    """As a camera sees it: on its background, in the size that it has on the screen."""
    page.media(prefers_color_scheme=scheme)
    page.open("/?emailaddress=" + ADDRESS.replace("+", "%2B"))
    page.evaluate("document.querySelector('#ios').open = true")
    page.evaluate("document.querySelector('.qr img').scrollIntoView({block: 'center'})")
    wait_until(lambda: page.evaluate("(() => { const i = document.querySelector('.qr img'); return i.complete && i.naturalWidth > 0; })()"), "no picture")
    (tmp_path / "screen.png").write_bytes(page.picture(beyond=False, scale=2))
    seen = subprocess.run(["zbarimg", "--quiet", "--raw", str(tmp_path / "screen.png")], stdout=subprocess.PIPE, timeout=30)
    assert seen.stdout.decode().strip() == \
        "https://autoconfig.q.com/profile.mobileconfig?emailaddress=ann%2Blists%40q.com"


# ---- languages ----

TEXTS = """(() => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    const texts = [document.title, document.querySelector("meta[name=description]").content];
    for (const name of ["title", "alt", "placeholder", "aria-label"])
        for (const e of document.querySelectorAll("[" + name + "]"))
            texts.push(e.getAttribute(name));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        texts.push(walker.currentNode.data.replace(/\\s+/g, " ").trim());
    return texts.filter((t) => t);
})()"""


def switch(page, language):
    page.click(".languages a[hreflang='%s']" % language)


@pytest.mark.parametrize("start", ["/", "/settings/q.com", "/?emailaddress=ann%2Blists@q.com"])
def test_the_language_is_switched(page, start):
    page.open(start)
    assert page.texts(".languages a") == list(LANGUAGES.values())
    english = page.evaluate(TEXTS)
    for language in ("de", "es", "en"):
        switch(page, language)
        assert page.evaluate("document.documentElement.lang") == language
        assert page.texts(".languages [aria-current]") == [LANGUAGES[language]]
        texts = page.evaluate(TEXTS)
        if language == "en":
            assert texts == english
            continue
        # what has a translation stands there in no other language
        translations = catalog(language)
        shown_english = set(english) & translations.keys()
        assert len(shown_english) >= 10
        left = {t for t in texts if t in translations and translations[t] != t} - set(translations.values())
        assert not left
        for text in shown_english:
            assert translations[text] in texts, text
    if "settings" in start or "emailaddress" in start:
        assert shown(page) == servers("q.com")
    if "emailaddress" in start:
        assert page.evaluate(LOGIN) == ADDRESS


def test_the_language_stays(page):
    """Through a choice, an address, and back to the start."""
    page.open("/")
    switch(page, "de")
    page.click(".domains a[href^='/settings/q.com']")
    assert page.evaluate("document.documentElement.lang") == "de"
    page.fill("#address", ADDRESS)
    page.press("Enter", leads=True)
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.evaluate("location.search").count(ADDRESS.split("+")[0])
    page.click(".brand")
    assert page.evaluate("document.documentElement.lang") == "de"


@pytest.mark.parametrize("languages, expected", [
    ("de-AT,de;q=0.9,en;q=0.5", "de"), ("es", "es"), ("es-419,en;q=0.1", "es"), ("fr,en;q=0.9,de;q=0.8", "en"),
    ("fr,de;q=0.8,en;q=0.1", "de"), ("ja", "en"), ("en-GB", "en")])
def test_the_visitors_language_comes_first(page, languages, expected):
    page.visitor(languages=languages)
    response = page.open("/")
    assert page.evaluate("document.documentElement.lang") == expected
    assert {n.lower(): v for n, v in response["headers"].items()}["content-language"] == expected
    page.open("/?lang=es")
    assert page.evaluate("document.documentElement.lang") == "es"


# ---- systems ----

SYSTEMS = ["ios", "android", "windows", "outlook", "macos", "thunderbird", "linux", "other"]
AGENTS = {
    "ios": ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1"],
    "android": ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"],
    "windows": ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"],
    "macos": ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"],
    "linux": ["Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"],
}


@pytest.mark.parametrize("system, agent", [(s, a) for s, agents in AGENTS.items() for a in agents])
def test_the_visitors_system_comes_first(page, system, agent):
    page.visitor(agent)
    page.open("/settings/q.com")
    found = page.evaluate("Array.from(document.querySelectorAll('.systems details')).map((d) => [d.id, d.open])")
    assert found[0] == [system, True]
    assert [name for name, _ in found[1:]] == [s for s in SYSTEMS if s != system]
    assert not any(is_open for _, is_open in found[1:])


def test_all_guides_are_reached_by_keyboard(page):
    page.open("/settings/q.com")
    page.evaluate("document.querySelector('.systems summary').focus()")
    opened = []
    for _ in range(80):
        at = page.evaluate("document.activeElement.matches('summary') && document.activeElement.parentElement.id")
        if at and not page.evaluate("document.activeElement.parentElement.open"):
            page.press("Enter")
        if at:
            assert page.evaluate("document.activeElement.parentElement.open"), at
            opened.append(at)
        page.press("Tab")
    assert set(SYSTEMS) <= set(opened)
    assert {"password", "certificate", "sending", "receiving", "connection"} <= set(opened)


def test_a_link_to_a_guide_opens_it(page):
    page.open("/settings/q.com#certificate")
    assert page.evaluate("document.querySelector('#certificate').open")
    assert "Do not accept the warning" in page.evaluate("document.querySelector('#certificate').innerText")
    page.evaluate("location.hash = '#android'")
    wait_until(lambda: page.evaluate("document.querySelector('#android').open"), "not opened")


# ---- without scripts ----

def test_all_of_it_without_scripts(page):
    page.without_scripts()
    page.open("/")
    page.click(".domains a[href^='/settings/q.com']")
    assert shown(page) == servers("q.com")
    assert not page.count("button.copy") and not page.count("#copy-all") and not page.count("#print")
    page.fill("#address", ADDRESS)
    page.click(".ask button")
    assert page.evaluate(LOGIN) == ADDRESS
    for guide in SYSTEMS + ["certificate"]:
        page.click("#%s summary" % guide, leads=False)
        assert page.evaluate("document.querySelector('#%s').open" % guide)
    assert page.count("#ios a[href^='/profile.mobileconfig']") == 2
    switch(page, "es")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert servers("q.com")[0][2] in page.texts("#settings .v")


# ---- other providers ----

@pytest.fixture(scope="session")
def other(serve):
    return serve(HERE / "table.json")


def test_a_domain_in_another_script(tab, other):
    page = tab(other)
    page.open("/")
    assert "@bücher.test" in page.texts(".domains a")
    assert not [t for t in page.texts(".domains a") if "private" in t or "xn--" in t]
    page.fill("#address", "ann@bücher.test")
    page.press("Enter", leads=True)
    assert "bücher.test" in page.evaluate("document.title")
    found = page.evaluate(CARD)
    assert found[1]["rows"]["Server"] == "pop.xn--bcher-kva.test"
    assert found[1]["rows"]["Leave a copy on the server"] == "yes, for 14 days"
    assert found[1]["rows"]["Security"] == "None" and "Not encrypted" in found[1]["said"][1]
    assert found[0]["rows"]["User name"] == "ann" and found[0]["rows"]["Authentication"] == "OAuth2"
    assert "In English <b>with</b> signs & \"quotes\"." in page.texts(".know li")
    assert "up to 100" in page.texts(".limits dd")
    switch(page, "de")
    assert page.texts(".know li") == ["Auf Deutsch."]
    assert "Hilfe auf Deutsch" in page.texts(".help a")


def test_a_private_domain_is_found_by_its_address(tab, other):
    page = tab(other)
    page.open("/settings/private.test")
    assert [s["rows"]["Server"] for s in page.evaluate(CARD)] == ["imap.private.test", "smtp.private.test"]
