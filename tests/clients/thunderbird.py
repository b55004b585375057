"""Thunderbird with a fresh profile: its own modules for new accounts, or its set-up window."""

import base64
import json
import os
import pathlib
import re
import subprocess
import time

import programs
from marionette import Marionette

PROGRAM = "/usr/lib/thunderbird/thunderbird"
SCRIPTS = programs.HERE / "js"
START = 60

# Nothing that asks a server which the test does not have, and no window but ours.
PREFERENCES = {
    "app.donation.eoy.version.viewed": 999,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.region.network.url": "",
    "browser.region.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.getAddons.cache.enabled": False,
    "extensions.installDistroAddons": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.inappnotifications.url": "",
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.proxy.type": 0,
    "network.trr.mode": 5,
    "remote.prefs.recommended": False,
    "security.OCSP.enabled": 0,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "telemetry.fog.test.localhost_port": -1,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
}


def _script(name):
    return (SCRIPTS / (name + ".js")).read_text()


def _profile():
    folder = programs.scratch() / "profile"
    folder.mkdir()
    lines = ["user_pref(%s, %s);\n" % tuple(map(json.dumps, item)) for item in PREFERENCES.items()]
    (folder / "user.js").write_text("".join(lines))
    return folder


class Thunderbird:
    def __init__(self, *options):
        self.log = programs.scratch() / "thunderbird"
        self.process = subprocess.Popen(
            [PROGRAM, *options, "-profile", _profile(), "-no-remote", "-marionette",
             "-remote-allow-system-access"],
            stdin=subprocess.DEVNULL, stdout=open(self.log, "w"), stderr=subprocess.STDOUT,
            env={**os.environ, "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_DISABLE_CONTENT_SANDBOX": "1",
                 "NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11", "MOZ_ENABLE_WAYLAND": "0",
                 "LIBGL_ALWAYS_SOFTWARE": "1", "LC_ALL": "C.UTF-8"})
        self.marionette = Marionette(self.process, START)
        programs.wait_for(lambda: self.script("ready"), START, "main window")
        self._trust()

    def script(self, name, *args, limit=30):
        result = self.marionette.script(_script("common") + _script(name), *args, limit=limit)
        assert not isinstance(result, dict) or "thrown" not in result, "%s: %s" % (name, result["thrown"])
        return result

    def _trust(self):
        """It has a store of its own: into it what was added to the system's. See namespaces.py."""
        for path in sorted(pathlib.Path("/etc/ssl/certs").glob("authority-*.pem")):
            text = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", path.read_text(), re.S)[1]
            self.script("trust", "".join(text.split()))


def run(address, limit):
    """What the set-up window calls: every look-up, and guessing when none has found anything."""
    program = Thunderbird("--headless")
    started = time.monotonic()
    found = program.script("discover", address, limit=limit)
    return {"ended": True, "version": program.marionette.version, "incoming": [], "outgoing": [],
            "source": None, "error": None, **found, "seconds": round(time.monotonic() - started, 1),
            "said": program.log.read_text(errors="replace")}


class Window:
    """The set-up window ("account hub"), as a person sees and uses it."""

    def __init__(self, program):
        self.program = program

    def see(self):
        return self.program.script("see")

    def wait(self, condition, limit, what):
        """What is seen, once that is so."""
        def look():
            seen = self.see()
            return seen if condition(seen) else None

        return programs.wait_for(look, limit, what, 0.25)

    def click(self, selector):
        self.program.script("click", selector)

    def picture(self):
        return self.program.marionette.command("WebDriver:TakeScreenshot", full=True, hash=False)["value"]


FORWARD = "account-hub-email account-hub-footer #forward"
FORM, FOUND = "emailAutoConfigSubview", "emailConfigFoundSubview"


def run_window(address, limit):
    """Fills in name and address, presses Continue, and looks at each kind of account that is offered.

    `choices` maps these to what is shown for them, `pictures` are PNGs: the form, what was found, and
    each choice.
    """
    programs.start_display("1280x900")
    window = Window(Thunderbird())
    window.program.script("open")
    window.wait(lambda seen: seen["step"] == FORM, START, "form")
    window.program.script("fill", "Alice Tester", address)
    window.wait(lambda seen: seen["forward"], START, "button to go on")
    pictures = {"form": window.picture()}
    window.click(FORWARD)
    arrived = window.wait(lambda seen: not seen["busy"] and (seen["step"] != FORM or seen["refusal"]),
                          limit, "result")
    pictures["found"] = window.picture()
    choices = {}
    for choice in arrived["choices"]:
        window.click("#%s #%s input" % (FOUND, choice["id"]))
        choices[choice["id"]] = window.wait(lambda seen: _selected(seen) == [choice["id"]], START,
                                              "choice")["shown"]
        pictures[choice["id"]] = window.picture()
    return {"ended": True, "version": window.program.marionette.version, "step": arrived["step"],
            "refusal": arrived["refusal"], "choices": choices,
            "recommended": [choice["id"] for choice in arrived["choices"] if choice["recommended"]],
            "selected": _selected(arrived), "pictures": pictures}


def _selected(seen):
    return [choice["id"] for choice in seen["choices"] if choice["selected"]]


def save(pictures, folder):
    """The PNG files, by name."""
    saved = {}
    for name, text in pictures.items():
        saved[name] = folder / ("thunderbird-%s.png" % name)
        saved[name].write_bytes(base64.b64decode(text))
    return saved
