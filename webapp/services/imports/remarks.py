"""What an import has to say: remarks, the outcome of each row, and the report of a whole file.

Everything is a code with values; ``webapp.cli.import_words`` puts it into English.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Remark:
    """One thing worth saying about a row: a note, or a reason for which it was rejected."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


class Status(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FLAGGED = "flagged"
    """Created, but it looks like another startup, which a person should compare."""
    REJECTED = "rejected"


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row of the file."""

    position: int
    """Its place among the file's rows, from 1."""
    line: int
    """The line (of a workbook, the row) of the file where it begins, from 1."""
    status: Status
    key: str = ""
    name: str = ""
    slug: str = ""
    notes: tuple[Remark, ...] = ()
    reasons: tuple[Remark, ...] = ()


@dataclass
class ImportReport:
    """What became of a file: one outcome for each of its rows, in order."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    absent: int = 0
    """How many startups came from this source before and are not in the file; they are left as they are."""

    def counts(self) -> dict[Status, int]:
        """How many rows had each status; every status is there."""
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {status: counted[status] for status in Status}

    def unknown(self) -> Counter[tuple[str, str]]:
        """How many rows had each value that nobody knows, by fields and value."""
        return Counter(
            (" or ".join(note.values["fields"]), value)
            for outcome in self.outcomes
            for note in outcome.notes
            if note.code == "unknown"
            for value in note.values["values"]
        )
