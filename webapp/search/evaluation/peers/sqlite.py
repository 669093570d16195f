"""SQLite FTS5: words without accents (unicode61, remove_diacritics 2), ranked by its bm25()."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from webapp.search.documents import Document
from webapp.search.evaluation.engines import EngineKind
from webapp.search.evaluation.peers.texts import FIELDS, PeerMissingError, field_texts, plain_words

_EQUAL = (1.0,) * len(FIELDS)
_WEIGHTED = (8.0, 4.0, 4.0, 2.0, 1.0)
"""Weights of the columns, as bm25() takes them."""


class SqliteEngine:
    """One FTS5 table in memory."""

    def __init__(
        self,
        documents: Sequence[Document],
        language: str,
        folder: Path,
        *,
        tokenizer: str,
        weights: tuple[float, ...],
        prefix: bool,
    ) -> None:
        self._prefix = prefix
        self._rank = f"bm25({', '.join(map(str, weights))})"
        self._base = sqlite3.connect(":memory:")
        self._base.execute(f"CREATE VIRTUAL TABLE entry USING fts5({', '.join(FIELDS)}, tokenize='{tokenizer}')")
        rows = ((document.id, *field_texts(document).values()) for document in documents)
        marks = ", ".join("?" * (1 + len(FIELDS)))
        self._base.executemany(f"INSERT INTO entry (rowid, {', '.join(FIELDS)}) VALUES ({marks})", rows)  # noqa: S608 - names of columns only

    def search(self, text: str, k: int) -> Sequence[int]:
        words = plain_words(text)
        if not words:
            return []
        wanted = " OR ".join(f'"{word}"' for word in words) + (" *" if self._prefix else "")
        statement = "SELECT rowid FROM entry WHERE entry MATCH ? AND rank MATCH ? ORDER BY rank, rowid LIMIT ?"
        return [row[0] for row in self._base.execute(statement, (wanted, self._rank, k))]

    def close(self) -> None:
        self._base.close()


def sqlite_kinds(language: str) -> list[EngineKind]:
    """FTS5 with and without weights and an unfinished last word; with Porter's stemmer too where texts are English.

    Raises:
        PeerMissingError: this Python's SQLite was built without FTS5.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.execute("CREATE VIRTUAL TABLE entry USING fts5(text)")
    except sqlite3.OperationalError as error:
        raise PeerMissingError("this SQLite has no FTS5") from error
    folding = "unicode61 remove_diacritics 2"
    settings = [("sqlite fts5", folding, _EQUAL, False), ("sqlite fts5, weights", folding, _WEIGHTED, False)]
    if language in ("en", ""):
        settings.append(("sqlite fts5 porter", f"porter {folding}", _EQUAL, False))
    if not language:
        settings.append(("sqlite fts5, weights, prefix", folding, _WEIGHTED, True))
    return [
        EngineKind(name, partial(SqliteEngine, tokenizer=tokenizer, weights=weights, prefix=prefix))
        for name, tokenizer, weights, prefix in settings
    ]
