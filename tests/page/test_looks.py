"""How the page looks: nothing cut off on a phone or a desktop, light and dark, on paper."""

import json
import subprocess

import pytest

from expected import servers
from harness import SOURCE

HERE = SOURCE / "tests" / "page"
LONG = json.loads((HERE / "table.json").read_text())["providers"][0]["domains"][0]
ADDRESS = "a.rather.long.name.of.somebody.with.many.names.0123456789.abcdef@" + LONG

# (the table, the path, the status)
PLACES = {
    "start": ("site", "/", 200),
    "q.com": ("site", "/settings/q.com", 200),
    "ann@q.com": ("site", "/?emailaddress=ann%40q.com", 200),
    "qwestoffice.net": ("site", "/?emailaddress=ann@qwestoffice.net", 200),
    "unknown": ("site", "/?emailaddress=ann@" + LONG, 404),
    "malformed": ("site", "/?emailaddress=" + "a" * 300, 400),
    "long start": ("other", "/", 200),
    "long": ("other", "/settings/" + LONG, 200),
    "long address": ("other", "/?emailaddress=" + ADDRESS, 200),
}

# Whatever reaches beyond the window, and texts that do not fit into what they stand in.
OUTSIDE = """(() => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    const found = [];
    const name = (e) => e.tagName + "#" + e.id + "." + e.className + ": " + e.textContent.trim().slice(0, 60);
    const size = document.scrollingElement.scrollWidth;
    if (size > innerWidth)
        found.push("the page is " + size + " wide in " + innerWidth);
    for (const e of document.querySelectorAll("body *")) {
        if (!e.checkVisibility() || e.closest(".skip, .status"))
            continue;
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        if (box.width && (box.left < -0.5 || box.right > innerWidth + 0.5))
            found.push("outside: " + name(e));
        // an input scrolls by itself
        if (style.overflow !== "visible" && e.tagName !== "INPUT" &&
            (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
            found.push("cut off: " + name(e));
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walker.nextNode()) {
        const text = walker.currentNode, e = text.parentElement;
        if (!text.data.trim() || !e.checkVisibility() || e.closest(".skip, .status"))
            continue;
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        const around = e.closest("button, li, dd, dt, p, h1, h2, h3, h4, div, section, main, header, form, body").getBoundingClientRect();
        if (box.width && (box.left < around.left - 1 || box.right > around.right + 1))
            found.push("out of its box: " + text.data.trim().slice(0, 60));
    }
    return found;
})()"""


@pytest.fixture(scope="session")
def other(serve):
    return serve(HERE / "table.json")


@pytest.fixture
def place(request, tab, site):
    """place(name): that page in a tab of its own; place.open(page, name, language) goes on in it."""
    def open_it(page, name, language="en"):
        _, path, status = PLACES[name]
        page.open(path + ("&" if "?" in path else "?") + "lang=" + language, status)

    def go(name, **options):
        page = tab(site if PLACES[name][0] == "site" else request.getfixturevalue("other"), **options)
        open_it(page, name)
        return page

    go.open = open_it
    return go


@pytest.mark.parametrize("name", PLACES)
def test_nothing_is_cut_off(place, name):
    """At the two widths, and at 320 px, which WCAG 1.4.10 asks for."""
    page = place(name, width=360, height=780)
    for language in ("en", "de", "es"):
        place.open(page, name, language)
        for width in (360, 1280, 320):
            page.resize(width)
            assert page.evaluate("innerWidth") == width
            assert page.evaluate(OUTSIDE) == [], "%s, %d" % (language, width)


LOOKS = """(() => {
    const level = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3;
    const at = (selector, what) => level(getComputedStyle(document.querySelector(selector))[what]);
    return [at("html", "backgroundColor"), at("body", "color"), at(".card", "backgroundColor")];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(place, scheme):
    page = place("q.com")
    page.media(prefers_color_scheme=scheme)
    paper, ink, card = page.evaluate(LOOKS)
    assert (paper > 200 and card > 200 and ink < 60) if scheme == "light" else (paper < 60 and card < 60 and ink > 200)


def test_nothing_moves_for_those_who_do_not_want_it(place):
    page = place("ann@q.com")
    page.media(prefers_reduced_motion="reduce")
    assert page.evaluate("""Array.from(document.querySelectorAll("*")).filter((e) => {
        const s = getComputedStyle(e);
        return /[1-9]/.test(s.transitionDuration) || s.animationName !== "none" || s.scrollBehavior === "smooth";
    }).map((e) => e.tagName + "." + e.className)""") == []
    assert page.evaluate("document.getAnimations().length") == 0


def test_it_is_read_without_a_stylesheet(tab, site):
    """Nothing but the one response: what it says is there, in a sensible order."""
    page = tab(site)
    page.call("Network.setBlockedURLs", urls=["*/assets/*"])
    page.open("/?emailaddress=ann@q.com")
    page.expected_failures = 2
    text = page.evaluate("document.body.innerText")
    at = 0
    for _, protocol, host, port, security in servers("q.com"):
        for word in (protocol, host, port, security):
            at = text.index(word, at)
    assert not page.count("#tools") and not page.count("button.copy")


@pytest.mark.parametrize("name, domain", [("q.com", "q.com"), ("ann@q.com", "q.com"), ("qwestoffice.net", "qwestoffice.net")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper(place, tmp_path, name, domain, scheme):
    page = place(name)
    page.media(prefers_color_scheme=scheme)
    (tmp_path / "page.pdf").write_bytes(page.pdf())
    about = subprocess.run(["pdfinfo", "page.pdf"], cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True).stdout
    about = dict(line.split(":", 1) for line in about.splitlines() if ":" in line)
    assert int(about["Pages"]) in (1, 2)
    width, height = (float(word) for word in about["Page size"].split()[:3:2])
    assert abs(width - 595) < 2 and abs(height - 842) < 2, about["Page size"]
    text = subprocess.run(["pdftotext", "page.pdf", "-"], cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True).stdout
    words = text.split()
    for _, protocol, host, port, security in servers(domain):
        for word in (protocol, host, port, security):
            assert word in words, word
    assert ("ann@" + domain in words) == (name != "q.com")
    flat = " ".join(words)
    for said in ("700 MB", "10 MB", "autoconfig.%s/settings/%s" % (domain, domain), "port 25"):
        assert said in flat
    if domain == "qwestoffice.net":
        assert "Not encrypted" in flat
    # what paper has no use for
    assert not {"Copy", "Print", "Show", "Deutsch"} & set(words)
    # dark ink on white, whatever the screen is
    subprocess.run(["pdftoppm", "-gray", "-r", "30", "-f", "1", "-l", "1", "page.pdf", "page"], cwd=tmp_path, check=True)
    picture = next(tmp_path.glob("page-*.pgm")).read_bytes()
    pixels = picture.split(b"\n255\n", 1)[1]
    assert sum(pixels) / len(pixels) > 200
