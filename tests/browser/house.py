"""A real aggd with feeds of its own, in a folder that goes when it is done."""

import functools
import http.server
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time


class Publisher(http.server.SimpleHTTPRequestHandler):
    def send_head(self):
        del self.headers["If-Modified-Since"]  # it knows seconds only
        return super().send_head()

    def log_message(self, *_):
        pass


class House:
    def __init__(self, aggd, aggctl, feeds, rules=""):
        """`feeds`: name -> (list of items of JSON Feed, title, tags); `rules`: as in feeds.conf."""
        self.aggctl_program = aggctl
        self.folder = tempfile.mkdtemp(prefix="aggd-page-")
        self.feeds = feeds
        handler = functools.partial(Publisher, directory=self.folder)
        self.origin = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        config = (f'[serve]\nunix = "{self.folder}/s"\ntcp = "127.0.0.1:0"\n[store]\npath = "{self.folder}/aggd.db"\n'
                  '[fetch]\nallow_private = ["127.0.0.0/8"]\n')
        for name, (items, title, tags) in feeds.items():
            self.write(name)
            config += f'[feed.{name}]\nurl = "http://127.0.0.1:{self.origin.server_port}/{name}.json"\ntags = {json.dumps(tags)}\n'
        with open(f"{self.folder}/feeds.conf", "w", encoding="utf-8") as file:
            file.write(config + rules)
        self.log = open(f"{self.folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([aggd, "--config", f"{self.folder}/feeds.conf"], stderr=self.log, stdout=self.log)
        self.base = self.wait_for_address()
        if feeds:
            self.aggctl("refresh", "--wait", "--force")
            self.wait_until_searchable()

    def wait_until_searchable(self):
        # The index waits for polls to pause, and the page does not search again by itself.
        database = sqlite3.connect(f"file:{self.folder}/aggd.db?mode=ro", uri=True)
        end = time.monotonic() + 60
        while database.execute("SELECT count(*) FROM search_pending").fetchone()[0] > 0:
            assert time.monotonic() < end, "stories wait in vain to be indexed"
            time.sleep(0.05)
        database.close()

    def write(self, name):
        items, title, _ = self.feeds[name]
        document = {"version": "https://jsonfeed.org/version/1.1", "title": title,
                    "home_page_url": f"https://{name}.example/", "items": items}
        with open(f"{self.folder}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(document, file)

    def wait_for_address(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with open(f"{self.folder}/log", encoding="utf-8") as file:
                found = re.search(r"merged feed: (http://[^/]+)/feed.atom", file.read())
            if found:
                return found.group(1)
            time.sleep(0.05)
        raise TimeoutError("aggd did not start")

    def aggctl(self, *arguments, words=None):
        done = subprocess.run([self.aggctl_program, "--socket", f"{self.folder}/s", *arguments], input=words,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"aggctl {arguments}: {done.stderr}"
        return done.stdout

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.origin.shutdown()
        self.origin.server_close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def attacks(source):
    """The vectors that the sanitiser's tests try: the string literals between the braces of their lists."""
    with open(os.path.join(source, "tests/clean/evasion_test.cpp"), encoding="utf-8") as file:
        text = file.read()
    literals = re.findall(r'"((?:[^"\\\n]|\\.)*)"', text)
    decoded = [each.encode("utf-8").decode("unicode_escape").encode("latin-1", "replace").decode("utf-8", "replace")
               for each in literals]
    return [each for each in decoded if "go()" in each]
