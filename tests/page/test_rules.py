"""WCAG 2.2 AA, as far as a program can tell (axe-core), and sound HTML (html-validate)."""

import json
import pathlib
import subprocess

import pytest

from expected import DOMAINS
from harness import SOURCE
from http_client import fetch

MODULES = SOURCE / "build" / "page" / "npm" / "node_modules"
RULES = SOURCE / "tests" / "page" / "htmlvalidate.json"

PLACES = {"start": ("/", 200), "q.com": ("/settings/q.com", 200), "ann@q.com": ("/?emailaddress=ann@q.com", 200),
          "qwestoffice.net": ("/?emailaddress=ann@qwestoffice.net", 200), "unknown": ("/?emailaddress=ann@gmial.test", 404),
          "malformed": ("/?emailaddress=ann@", 400)}

AXE = """axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}})
    .then((r) => ({passes: r.passes.map((p) => p.id), violations: r.violations.map((v) => ({id: v.id, help: v.help,
        nodes: v.nodes.map((n) => n.target.join(" ") + ": " + n.failureSummary)})),
        incomplete: r.incomplete.map((v) => ({id: v.id, nodes: v.nodes.map((n) => n.target.join(" ") + ": " + n.failureSummary)}))}))"""


@pytest.fixture(scope="session")
def axe():
    path = MODULES / "axe-core" / "axe.min.js"
    assert path.exists(), "no axe-core in %s: run script/test, or see tests/page/README.md" % MODULES
    return path.read_text()


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("name", PLACES)
def test_wcag(page, axe, name, scheme, width):
    path, status = PLACES[name]
    page.resize(width)
    page.media(prefers_color_scheme=scheme)
    for language in ("en", "de"):
        page.open(path + ("&" if "?" in path else "?") + "lang=" + language, status)
        judge(page, axe)


@pytest.mark.parametrize("path", ["/", "/settings/b%C3%BCcher.test", "/?emailaddress=ann@xn--bcher-kva.test&lang=de"])
def test_wcag_of_another_provider(tab, serve, axe, path):
    """Calendars, notes in other languages, documentation, user names of their own."""
    page = tab(serve(SOURCE / "tests" / "page" / "table.json"), width=360)
    page.open(path)
    judge(page, axe)


def judge(page, axe):
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(axe + "; undefined")
    found = page.evaluate(AXE)
    assert {"color-contrast", "label", "html-has-lang", "target-size"} <= set(found["passes"])
    assert found["violations"] == [], json.dumps(found["violations"], indent=1)
    assert found["incomplete"] == [], json.dumps(found["incomplete"], indent=1)


def test_html(site, tmp_path):
    """Every domain, with and without an address, and the pages of none; a file each."""
    assert (MODULES / ".bin" / "html-validate").exists(), "no html-validate in %s: see tests/page/README.md" % MODULES
    paths = {name.replace("@", "-at-"): path for name, (path, _) in PLACES.items()}
    for domain in DOMAINS:
        paths[domain] = "/settings/" + domain
        paths["ann-at-" + domain] = "/?emailaddress=ann@" + domain
    files = []
    for name, path in paths.items():
        # the same template for every domain: one is enough to see the translations
        for language in ("en", "de", "es") if path in (p for p, _ in PLACES.values()) else ("en",):
            body = fetch(site.address, "GET", path + ("&" if "?" in path else "?") + "lang=" + language).body
            files.append(tmp_path / ("%s-%s.html" % (name, language)))
            files[-1].write_bytes(body)
    # into a file: it does not wait for a pipe to be read
    with open(tmp_path / "report.json", "w") as report:
        done = subprocess.run(["node", str(MODULES / ".bin" / "html-validate"), "--config", str(RULES), "--formatter", "json",
                               *map(str, files)], cwd=tmp_path, stdout=report, stderr=subprocess.PIPE, text=True, timeout=60)
    report = (tmp_path / "report.json").read_text()
    assert report, done.stderr
    found = {}
    for file in json.loads(report):
        for m in file["messages"]:
            place = "%s:%d:%d" % (pathlib.Path(file["filePath"]).name, m["line"], m["column"])
            found.setdefault("%s: %s" % (m["ruleId"], m["message"]), []).append(place)
    assert not found, "\n".join("%s (%d, first in %s)" % (text, len(places), places[0])
                                for text, places in found.items())
    assert done.returncode == 0, done.stderr
