"""A headless Chromium, driven over its DevTools pipe with nothing but the standard library."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="aggd-browser-")
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()
        keep = [os.dup(to_read), os.dup(from_write)]  # above 4, so that the next two lines overwrite neither

        def take_pipes():
            os.dup2(keep[0], 3)
            os.dup2(keep[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--lang=en",
             "--user-data-dir=" + self.folder, "--remote-debugging-pipe", "about:blank"],
            preexec_fn=take_pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in [to_read, from_write] + keep:
            os.close(descriptor)
        self.buffer = b""
        self.number = 0
        self.events = []

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def receive(self, patience=60.0):
        end = time.monotonic() + patience
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.back], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser did not answer")
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise EOFError("the browser has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, parameters=None, session=None):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        number = self.number
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)


class Tab:
    """One page. Every request that leaves `base` is on record in `foreign`, but for those that the page's policy stopped."""

    def __init__(self, browser, base):
        self.browser = browser
        self.base = base
        self.asked = {}  # what leaves `base`, by the request's id
        self.bytes = 0
        context = browser.send("Target.createBrowserContext")["browserContextId"]
        target = browser.send("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        self.session = browser.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "DOM"):
            self.send(domain + ".enable")

    def send(self, method, parameters=None):
        result = self.browser.send(method, parameters, self.session)
        self.look_through()
        return result

    def look_through(self):
        seen, self.browser.events = self.browser.events, []
        for event in seen:
            if event.get("sessionId") != self.session:
                continue
            name, about = event["method"], event["params"]
            if name == "Network.requestWillBeSent" and not about["request"]["url"].startswith((self.base, "data:", "about:")):
                self.asked[about["requestId"]] = about["request"]["url"]
            elif name == "Network.loadingFailed" and about.get("blockedReason") == "csp":
                self.asked.pop(about["requestId"], None)
            elif name == "Network.loadingFinished":
                self.bytes += about["encodedDataLength"]

    @property
    def foreign(self):
        # What is stopped is told of a moment after it was asked for.
        self.value("new Promise((done) => setTimeout(done, 100))")
        return list(self.asked.values())

    def loaded_by(self, action):
        """Does what loads a page, and returns when it is there."""
        self.look_through()
        waiting = time.monotonic() + 30
        marker = self.value("window.before_this = true")
        assert marker
        action()
        while True:
            if time.monotonic() > waiting:
                raise TimeoutError("no page came")
            try:
                if self.value("!window.before_this && document.readyState === 'complete'"):
                    return
            except RuntimeError:
                pass  # between two pages
            time.sleep(0.02)

    def open(self, path):
        self.loaded_by(lambda: self.send("Page.navigate", {"url": self.base + path}))

    def value(self, expression):
        result = self.send("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait(self, expression, patience=30):
        end = time.monotonic() + patience
        while not self.value(expression):
            assert time.monotonic() < end, "waited in vain for " + expression
            time.sleep(0.02)

    def press(self, key):
        code = {"Enter": 13, "Tab": 9, "Escape": 27}.get(key, ord(key[0].upper()))
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        down = {"type": "keyDown", "key": key, "windowsVirtualKeyCode": code}
        if text:
            down["text"] = text
        self.send("Input.dispatchKeyEvent", down)
        self.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "windowsVirtualKeyCode": code})

    def type(self, text):
        self.send("Input.insertText", {"text": text})

    def look(self, width, scheme="light", height=900):
        self.send("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        self.send("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def scripts(self, on):
        self.send("Emulation.setScriptExecutionDisabled", {"value": not on})

    def picture(self, path):
        data = self.send("Page.captureScreenshot", {"format": "png"})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
