"""Facet counts in SQL: one pass over what answers the text, then one count a facet. For both engines that speak SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.corpus import FACETS
from bench.engines.base import Facets

Codes = Mapping[str, Mapping[str, int]]
"""Facet -> code -> the number that stands for it in the tables: comparing numbers is quicker."""


def numbered(codes: Iterable[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """Numbers for all codes that occur."""
    found: dict[str, set[str]] = {facet: set() for facet in FACETS}
    for row in codes:
        for facet, code in row.items():
            found[facet].add(code)
    return {facet: {code: number for number, code in enumerate(sorted(each))} for facet, each in found.items()}


def conditions(filters: Mapping[str, int], but: str = "") -> str:
    """The condition that all filters apply, all but one facet's; numbers only, so nothing need be quoted."""
    parts = [f"{facet} = {number:d}" for facet, number in filters.items() if facet != but]
    return " AND ".join(parts) or "1 = 1"


def counts_sql(source: str, filters: Mapping[str, int]) -> str:
    """A select of (facet's place, number of the code, number of rows) from a table, and of (-1, 0, total)."""
    parts = [
        f"SELECT {place}, {facet}, count(*) FROM {source} WHERE {conditions(filters, facet)} GROUP BY {facet}"  # noqa: S608
        for place, facet in enumerate(FACETS)
    ]
    return " UNION ALL ".join([f"SELECT -1, 0, count(*) FROM {source} WHERE {conditions(filters)}", *parts])  # noqa: S608


def read_counts(rows: Iterable[tuple[int, int, int]], codes: Codes) -> tuple[int, Facets]:
    """Total and facet counts from the rows of ``counts_sql``."""
    names = {facet: {number: code for code, number in codes[facet].items()} for facet in FACETS}
    total, facets = 0, {facet: {} for facet in FACETS}
    for place, number, count in rows:
        if place < 0:
            total = count
        else:
            facet = FACETS[place]
            facets[facet][names[facet][number]] = count
    return total, facets
