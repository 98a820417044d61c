"""The real daemon and a real web server for it to poll, on loopback: what bench/run and bench/soak share."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent


def host(number):
    """An address of its own for each number, all of them on this machine: 127.0.0.1 is left to others."""
    number += 2
    return f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def free_port():
    with socket.socket() as tried:
        tried.bind(("0.0.0.0", 0))
        return tried.getsockname()[1]


def cpu_seconds(pid):
    """CPU time of a running process and all its threads, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | 2)


def memory(pid, field):
    """A line of /proc/PID/status in MB: VmRSS, RssAnon, VmHWM (the peak)."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"/proc/{pid}/status has no {field}")


def wait_until(what, condition, seconds=600, every=0.02):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds} s for: {what}")
        time.sleep(every)


class Nginx:
    """Hands out the files below folder/current, a link that can be pointed elsewhere at any time."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; worker_rlimit_nofile 20000;\n"
            f"events {{ worker_connections 15000; }}\n"
            f"http {{ access_log off; types {{ application/rss+xml xml; }} default_type text/plain; gzip off;\n"
            f"server {{ listen 0.0.0.0:{self.port} backlog=4096; location / {{ root {folder}/current; }} }} }}\n")
        self.process = None

    def serve(self, documents):
        link = self.folder / "next"
        link.symlink_to(documents)
        link.rename(self.folder / "current")
        if self.process is None:
            self.process = subprocess.Popen(["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"], stderr=subprocess.DEVNULL)
            wait_until("nginx answers", lambda: answers(self.port), 10)

    def urls(self, feeds):
        return [f"http://{host(n)}:{self.port}/{n}.xml" for n in range(feeds)]

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def answers(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("aggd", timeout=600)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


class Daemon:
    """aggd with a folder of its own. What differs from the defaults is what lets it poll this machine, and as often as it is told."""

    def __init__(self, program, folder, urls, settings="", names="news-{}"):
        self.program, self.folder = program, pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.database, self.socket = self.folder / "aggd.db", self.folder / "aggd.sock"
        feeds = "".join(f'[feed.{names.format(n)}]\nurl = "{url}"\n' for n, url in enumerate(urls))
        (self.folder / "feeds.conf").write_text(
            f'[serve]\nunix = "{self.socket}"\ntcp = "off"\n[store]\npath = "{self.database}"\n'
            f'[fetch]\nallow_private = ["127.0.0.0/8"]\n{settings}{feeds}')
        self.process, self.polled, self.started_at = None, threading.Event(), 0

    def start(self, *wrapper):
        self.polled.clear()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen([*wrapper, self.program, "--config", self.folder / "feeds.conf"], stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._read_log, args=(self.process.stderr,), daemon=True).start()

    def _read_log(self, lines):
        with open(self.folder / "aggd.log", "w") as log:
            for line in lines:
                log.write(line)
                if re.search(r"all \d+ feeds are polled", line):
                    self.polled.set()

    def request(self, method, path, body=None):
        connection = UnixConnection(self.socket)
        connection.request(method, path, body)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]}")
        return text

    def is_answering(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"aggd has ended; see {self.folder}/aggd.log")
        try:
            self.request("GET", "/healthz")
            return True
        except OSError:
            return False

    def wait_polled(self):
        wait_until("every feed is polled", lambda: self.polled.is_set() or self.process.poll() is not None)
        if not self.polled.is_set():
            raise RuntimeError(f"aggd has ended; see {self.folder}/aggd.log")

    def refresh(self):
        """Returns when every feed has been polled, or joined a poll."""
        return json.loads(self.request("POST", "/v1/refresh", json.dumps({"wait": True, "force": True})))["feeds"]

    def number(self, query):
        """Asked of the database itself, so that it costs the daemon nothing."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60) as database:
            return database.execute(query).fetchone()[0]

    def wait_searchable(self):
        wait_until("every story is searchable", lambda: self.number("SELECT count(*) FROM search_pending") == 0, every=0.05)

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def memory(self, field):
        return memory(self.process.pid, field)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)


def cpu_of(command, **options):
    """Runs a command to its end; its CPU seconds and those of what it started, its wall seconds, and its peak in MB."""
    begin = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {child.returncode}")
    return used.ru_utime + used.ru_stime, time.monotonic() - begin, used.ru_maxrss * 1024 / 1e6
