"""What only the product's own index is asked: opening, memory, and how soon a change is found.

``python -m bench.product --documents 18000`` prints one JSON object; it must run in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from bench import corpus
from bench.build import index_folder
from bench.corpus import CACHE
from bench.documents import document
from bench.engines.multaqa import make_query, open_index
from bench.queries import BenchQuery, queries
from bench.timing import percentile
from webapp.search import SearchIndex, run

QUERIES = 500
CHANGES = 5


def private_bytes() -> int:
    """Memory that only this process holds, file pages that it shares left out."""
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    wanted = ("Private_Clean:", "Private_Dirty:")
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(wanted))


def _visible_seconds(index: SearchIndex, documents: int) -> list[float]:
    """From the start of an update of one document until a query finds it, some times over."""
    row = next(corpus.rows(documents))
    seconds = []
    for number in range(CHANGES):
        word = f"unheardof{number}"
        changed = document(replace(row, name=f"Changed {word}"), documents)
        started = time.perf_counter()
        index.update([changed])
        while row.id not in run(index, make_query(BenchQuery("rare", word))).ids:
            time.sleep(0.001)
        seconds.append(time.perf_counter() - started)
    return seconds


def measure(documents: int) -> dict[str, float]:
    """Seconds to open, private memory in bytes after 500 queries, and milliseconds until a change is found."""
    asked = [make_query(query) for query in islice(cycle(queries(documents)), QUERIES)]
    folder = index_folder("multaqa", documents)
    before = private_bytes()
    started = time.perf_counter()
    index = open_index(folder)
    index.snapshot()
    opened = time.perf_counter() - started
    for query in asked:
        run(index, query)
    held = private_bytes()
    with tempfile.TemporaryDirectory(dir=CACHE) as copied:
        shutil.copytree(folder, copied, dirs_exist_ok=True)
        changing = open_index(Path(copied))
        changing.snapshot()
        visible = _visible_seconds(changing, documents)
    return {
        "open_s": round(opened, 3),
        "private_bytes": held,
        "private_bytes_before_opening": before,
        "visible_ms": round(percentile(visible, 0.5) * 1000, 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, required=True)
    print(json.dumps(measure(parser.parse_args().documents)))
