"""Parses every document of a folder with Python feedparser, which cleans HTML by default:
    feedparser_throughput.py FOLDER SECONDS
Prints what bench_throughput prints. A document in which no feed was found counts as failed: feedparser throws on none.
"""
import io
import pathlib
import sys
import time

import feedparser

WARM_UP_SECONDS = 2


def parse(document):
    return feedparser.parse(io.BytesIO(document)).version != ""


folder, seconds = sys.argv[1], float(sys.argv[2])
documents = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir()) if path.is_file()]


def parse_all():
    return sum(not parse(document) for document in documents)


failed = parse_all()
while time.process_time() < WARM_UP_SECONDS:
    parse_all()

rounds = 0
start = time.process_time()
while rounds == 0 or time.process_time() - start < seconds:
    parse_all()
    rounds += 1
taken = time.process_time() - start
print(sum(map(len, documents)), len(documents), failed, rounds, f"{taken:.6f}")
