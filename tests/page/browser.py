"""Debian's Chromium without a window, driven over a pipe by the DevTools protocol.

A Page is a tab in a profile of its own. It keeps what the browser asked for and what it said, for
judge() at the end of a test: only the daemon was asked, and nothing came to the console.
"""

import base64
import fcntl
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse

CHROMIUM = "/usr/bin/chromium"
TIMEOUT = 15.0

FLAGS = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
         "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--mute-audio", "--hide-scrollbars", "--lang=en-US",
         "--force-color-profile=srgb",
         # whoever it asks, it is only this machine that hears of it
         "--host-resolver-rules=MAP * 127.0.0.1"]

# virtual key codes and texts, by key name
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Space": (32, " "), "Escape": (27, "")}


class Browser:
    """Answers go to whoever asked, events to the page of their session."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mailconfd-page-")
        ours_in, its_out = os.pipe()
        its_in, ours_out = os.pipe()
        # out of the way of 3 and 4, where Chromium reads and writes
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in (its_in, its_out)]

        def place():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.said = open(os.path.join(self.folder, "chromium.log"), "w+b")
        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, "--user-data-dir=" + os.path.join(self.folder, "profile")],
            stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said, pass_fds=(3, 4),
            preexec_fn=place, env={**os.environ, "HOME": self.folder, "LC_ALL": "C.UTF-8"})
        for fd in (its_in, its_out, *high):
            os.close(fd)
        self.input = os.fdopen(ours_in, "rb", buffering=0)
        self.output = os.fdopen(ours_out, "wb", buffering=0)
        self.number = 0
        self.answers = {}
        self.pages = {}
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.call("Browser.getVersion")

    def _read(self):
        rest = b""
        while True:
            chunk = self.input.read(65536)
            if not chunk:
                for waiting in list(self.answers.values()):
                    waiting.put({"error": {"message": "Chromium has ended"}})
                return
            *whole, rest = (rest + chunk).split(b"\0")
            for text in whole:
                message = json.loads(text)
                if "id" in message:
                    self.answers[message["id"]].put(message)
                elif message.get("sessionId") in self.pages:
                    self.pages[message["sessionId"]].heard(message["method"], message["params"])

    def call(self, method, session=None, timeout=TIMEOUT, **params):
        self.number += 1
        number = self.number
        waiting = self.answers[number] = queue.Queue()
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.output.write(json.dumps(message).encode() + b"\0")
        try:
            answer = waiting.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError("%s: no answer within %g s" % (method, timeout))
        finally:
            del self.answers[number]
        assert "error" not in answer, "%s: %s" % (method, answer["error"])
        return answer["result"]

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.reader.join(5)
        self.input.close()
        self.output.close()
        self.said.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    def __init__(self, browser, origin, width=1280, height=900):
        self.browser = browser
        self.origin = origin
        self.news = threading.Condition()
        self.events = []
        self.requests = []
        self.failures = []
        self.said = []
        self.excused = []
        self.expected_failures = 0
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        self.target = browser.call("Target.createTarget", url="about:blank",
                                   browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Network", "Runtime", "Log", "DOM"):
            self.call(domain + ".enable")
        self.resize(width, height)

    def call(self, method, **params):
        return self.browser.call(method, session=self.session, **params)

    def heard(self, method, params):
        """In the reader's thread."""
        with self.news:
            if method == "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            elif method == "Network.loadingFailed":
                self.failures.append(params)
            elif method == "Runtime.consoleAPICalled":
                self.said.append("console: %s" % params["args"])
            elif method == "Runtime.exceptionThrown":
                self.said.append("exception: %s" % params["exceptionDetails"])
            elif method == "Log.entryAdded":
                entry = params["entry"]
                self.said.append("%s: %s %s" % (entry["level"], entry["text"], entry.get("url", "")))
            self.events.append((method, params))
            self.news.notify_all()

    def mark(self):
        with self.news:
            return len(self.events)

    def wait(self, method, after, accept=lambda params: True, timeout=TIMEOUT):
        """The first such event from number `after` on."""
        deadline = time.monotonic() + timeout
        with self.news:
            at = after
            while True:
                while at < len(self.events):
                    name, params = self.events[at]
                    if name == method and accept(params):
                        return params
                    at += 1
                left = deadline - time.monotonic()
                assert left > 0, "no %s within %g s" % (method, timeout)
                self.news.wait(left)

    def loaded(self, after):
        self.wait("Page.loadEventFired", after)

    # ---- what a person does ----

    def open(self, path, status=200):
        """Goes there, and waits for the end of it. A document of another status is reported to the console."""
        at = self.mark()
        url = urllib.parse.urljoin(self.origin, path)
        result = self.call("Page.navigate", url=url)
        assert "errorText" not in result, "%s: %s" % (url, result)
        self.loaded(at)
        response = self.wait("Network.responseReceived", at, lambda p: p["type"] == "Document")["response"]
        assert response["status"] == status, "%s: %d" % (url, response["status"])
        self.excuse(status, response["url"])
        return response

    def excuse(self, status, url):
        if status >= 400:
            self.excused.append((status, url))

    def click(self, selector, leads=True, times=1):
        """With the mouse, in the middle of it. leads: another page comes."""
        self.evaluate("document.querySelector(%s).scrollIntoView({block: 'center'})" % json.dumps(selector))
        x, y = self.evaluate("""(() => {
            const box = document.querySelector(%s).getClientRects()[0];
            return [box.x + box.width / 2, box.y + box.height / 2];
        })()""" % json.dumps(selector))
        at = self.mark()
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=count)
        if leads:
            self.loaded(at)

    def press(self, key, leads=False, shift=False):
        code, text = KEYS[key]
        at = self.mark()
        common = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": code,
                  "modifiers": 8 if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        if leads:
            self.loaded(at)

    def fill(self, selector, text):
        """In place of what stands there, which three clicks select."""
        self.click(selector, leads=False, times=3)
        self.type(text)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def resize(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)

    def media(self, **features):
        """media(prefers_color_scheme="dark")"""
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def visitor(self, user_agent=None, languages=None):
        if user_agent is None:
            user_agent = self.browser.call("Browser.getVersion")["userAgent"]
        more = {"acceptLanguage": languages} if languages is not None else {}
        self.call("Emulation.setUserAgentOverride", userAgent=user_agent, **more)

    def without_scripts(self):
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    # ---- what is to be seen ----

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True,
                           userGesture=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def texts(self, selector):
        """Of the elements that are to be seen, each in one line."""
        return self.evaluate("""Array.from(document.querySelectorAll(%s))
            .filter((e) => e.checkVisibility()).map((e) => e.innerText.replace(/\\s+/g, " ").trim())""" % json.dumps(selector))

    def count(self, selector):
        return len(self.texts(selector))

    def pdf(self):
        """The sheet of paper, A4."""
        made = self.call("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69)
        return base64.b64decode(made["data"])

    def picture(self, beyond=True, scale=1):
        """Of all of the page, or of what the window shows."""
        if scale != 1:
            width, height = self.evaluate("[innerWidth, innerHeight]")
            top = self.evaluate("scrollY")
            made = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=beyond,
                             clip={"x": 0, "y": top, "width": width, "height": height, "scale": scale})
        else:
            made = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=beyond)
        return base64.b64decode(made["data"])

    # ---- the end ----

    def judge(self):
        """Only the daemon was asked, all of it came, and nothing was said."""
        with self.news:
            requests, said, failures = list(self.requests), list(self.said), list(self.failures)
        elsewhere = [url for url in requests if not url.startswith((self.origin + "/", "about:blank"))]
        assert not elsewhere, "requests to others: %s" % elsewhere
        for status, url in self.excused:
            # Chromium's own word for it, once for each
            line = "error: Failed to load resource: the server responded with a status of %d" % status
            for text in said:
                if text.startswith(line) and text.endswith(" " + url):
                    said.remove(text)
                    break
        failures = [f for f in failures if not f.get("canceled")]
        assert len(failures) == self.expected_failures, failures
        assert not said, "on the console:\n" + "\n".join(said)

    def close(self):
        self.browser.pages.pop(self.session, None)
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)
