"""The rows behind the ids: one SQLite file that all engines share, and the code that reads a page of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bench import corpus
from bench.corpus import CACHE, FACETS, Row
from bench.documents import EDITION, name_ranks
from webapp.search.highlight import PASSAGE, Piece, passage

PER_PAGE = 20
_TABLE = f"""
    CREATE TABLE startup (
        id INTEGER PRIMARY KEY, name_rank INTEGER NOT NULL, name TEXT NOT NULL, pitch TEXT NOT NULL,
        description TEXT NOT NULL, {", ".join(f"{facet} TEXT NOT NULL" for facet in FACETS)}
    )"""


@dataclass(frozen=True)
class PageRow:
    """One entry of a page of results."""

    id: int
    name: str
    pitch: Mapping[str, str]
    facets: tuple[str, ...]
    passage: str


def base_file(documents: int) -> Path:
    """The SQLite file of so many rows, with the place of each in the order of names; made if it is not there."""
    file = CACHE / f"rows-{EDITION}-{documents}.sqlite"
    if not file.exists():
        ranks = name_ranks(corpus.rows(documents))
        temporary = file.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        with closing(sqlite3.connect(temporary)) as connection, connection:
            connection.execute(_TABLE)
            marks = ", ".join("?" * (5 + len(FACETS)))
            values = (_columns(row, ranks[row.id], documents) for row in corpus.rows(documents))
            connection.executemany(f"INSERT INTO startup VALUES ({marks})", values)  # noqa: S608 - marks only
        temporary.replace(file)
    return file


def _columns(row: Row, rank: int, documents: int) -> tuple[object, ...]:
    pitch, description = (json.dumps(text, ensure_ascii=False) for text in (row.pitch, row.description))
    return row.id, rank, row.name, pitch, description, *row.facets(documents).values()


def base_ranks(documents: int) -> dict[int, int]:
    """Id -> place in the order of names."""
    with closing(sqlite3.connect(base_file(documents))) as connection:
        return dict(connection.execute("SELECT id, name_rank FROM startup"))


class RowReader:
    """Reads pages of rows. Not for several threads.

    Args:
        documents: size of the corpus.
    """

    def __init__(self, documents: int) -> None:
        self._connection = sqlite3.connect(f"file:{base_file(documents)}?mode=ro&immutable=1", uri=True)
        self._connection.execute("PRAGMA mmap_size = 4000000000")

    def page(self, ids: Sequence[int], terms: Collection[str]) -> list[PageRow]:
        """The rows with these ids, in this order, each with a passage that answers ``terms``."""
        marks = ", ".join("?" * len(ids))
        columns = f"id, name, pitch, description, {', '.join(FACETS)}"
        found = self._connection.execute(f"SELECT {columns} FROM startup WHERE id IN ({marks})", ids)  # noqa: S608
        rows = {row[0]: row for row in found}
        return [self._page_row(rows[row_id], terms) for row_id in ids]

    def _page_row(self, row: tuple, terms: Collection[str]) -> PageRow:
        row_id, name, pitch, description, *facets = row
        shown = self._shown(json.loads(description).values(), terms) if terms else ""
        return PageRow(row_id, name, json.loads(pitch), tuple(facets), shown)

    @staticmethod
    def _shown(texts: Iterable[str], terms: Collection[str]) -> str:
        """The passage of the first text that answers, or else the beginning of the first."""
        listed = list(texts)
        found = next(filter(None, (passage(text, terms) for text in listed)), [])
        return _marked(found or [Piece(listed[0][:PASSAGE], False)])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _marked(pieces: Iterable[Piece]) -> str:
    return "".join(f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in pieces)
