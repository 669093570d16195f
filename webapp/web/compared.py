"""Startups side by side: which were asked for, and their facts aligned, with those marked that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webapp.models import Startup
from webapp.web.profile_facts import STARTUP_FACTS, Fact

MOST = 4


class Row(NamedTuple):
    """One fact of all startups, in their order."""

    fact: Fact
    cells: Sequence[Sequence[str]]
    """Of each startup what it says; nothing where that is not known."""
    differs: bool
    """Whether not all say the same."""


@dataclass(frozen=True)
class Comparison:
    """Startups side by side."""

    startups: Sequence[Startup]
    rows: Sequence[Row]
    """The facts that at least one of them has."""

    @property
    def is_comparable(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.startups) > 1


def compare(startups: Sequence[Startup]) -> Comparison:
    """The comparison of startups that were loaded with ``with_listing``."""
    rows = []
    for fact in STARTUP_FACTS:
        cells = [fact.values(startup) for startup in startups]
        if any(cells):
            rows.append(Row(fact, cells, len({frozenset(cell) for cell in cells}) > 1))
    return Comparison(startups, rows)
