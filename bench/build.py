"""Builds one engine's index in a process of its own: ``python -m bench.build --engine tantivy --documents 18000``."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import engines
from bench.corpus import CACHE
from bench.documents import EDITION
from bench.rows import base_file


def index_folder(engine: str, documents: int) -> Path:
    """Where an engine's index lies; the account of its building lies beside it."""
    return CACHE / "indexes" / f"{EDITION}-{documents}" / engine


def account_file(engine: str, documents: int) -> Path:
    """What the building took: seconds and bytes, JSON."""
    return index_folder(engine, documents).with_suffix(".json")


def build(engine: str, documents: int) -> None:
    """Build an index anew and write down what it took."""
    kind, folder = engines.load(engine), index_folder(engine, documents)
    base_file(documents)
    account_file(engine, documents).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.perf_counter()
    kind.build(folder, documents)
    seconds = time.perf_counter() - started
    account = {"build_s": round(seconds, 2), "index_bytes": kind.index_bytes(folder, documents)}
    account_file(engine, documents).write_text(json.dumps(account), "utf-8")


def ensure_built(engine: str, documents: int, *, anew: bool = False) -> dict[str, float]:
    """What building the index took; built in a process of its own if it is not there or out of date."""
    folder, account = index_folder(engine, documents), account_file(engine, documents)
    if anew or not account.exists() or not engines.load(engine).is_built(folder, documents):
        print(f"Building {engine} over {documents} rows ...", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "bench.build", "--engine", engine, "--documents", str(documents)]
        subprocess.run(command, check=True)
    found: dict[str, float] = json.loads(account.read_text("utf-8"))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=engines.NAMES, required=True)
    parser.add_argument("--documents", type=int, required=True)
    arguments = parser.parse_args()
    build(arguments.engine, arguments.documents)
