"""Figures of a run: percentiles and tables, and the machine that they come from."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("whoosh-reloaded", "numpy", "tantivy", "psycopg", "datasette", "gunicorn")


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile: the least value that at least this share (0 to 1] of the values do not exceed.

    Raises:
        ValueError: there are no values, or the share is none.
    """
    ordered = sorted(values)
    if not ordered or not 0 < share <= 1:
        raise ValueError("a percentile needs values, and a share above 0 and up to 1")
    # The epsilon undoes binary fractions: 0.95 * 20 is a little more than 19.
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile of some durations, in milliseconds."""
    return {f"p{share}_ms": round(percentile(seconds, share / 100) * 1000, 3) for share in (50, 95)}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of text; the first column stands to the left, the others to the right."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(cells))
        for cells in (list(zip(line, widths, strict=True)) for line in lines)
    )


def _first(file: str, key: str) -> str:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def machine() -> dict[str, object]:
    """What ran the benchmark: processor, memory, versions, and how busy the machine was."""
    versions: dict[str, str] = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": versions,
    }


def ratios(own: Mapping[str, float], peer: Mapping[str, float]) -> str:
    """How many times as quick the first is as the second, by median."""
    return f"{peer['p50_ms'] / own['p50_ms']:.2f}" if own["p50_ms"] else "-"
