"""SQLite's FTS5 for the text, SQL for facets and order: one file, one statement a query."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.corpus import FACETS
from bench.documents import FIELDS
from bench.engines.base import FIELD_WEIGHTS, Engine, Found, entries
from bench.engines.facet_sql import conditions, counts_sql, numbered, read_counts
from bench.queries import BenchQuery
from bench.rows import PER_PAGE

FILE = "fts.sqlite"

_COLUMNS = ", ".join(FACETS)
_SCHEMA = f"""
    CREATE VIRTUAL TABLE text USING fts5 (
        {", ".join(FIELDS)}, content='', prefix='3 4', tokenize='unicode61 remove_diacritics 0'
    );
    CREATE TABLE facet (
        id INTEGER PRIMARY KEY, {", ".join(f"{facet} INTEGER NOT NULL" for facet in FACETS)},
        name_rank INTEGER NOT NULL
    );
    CREATE TABLE codes (content TEXT NOT NULL);
"""
_MATCHING = f"""
    WITH matching AS MATERIALIZED (
        SELECT facet.id, {_COLUMNS}, bm25(text, {", ".join(str(FIELD_WEIGHTS[field]) for field in FIELDS)}) AS score
        FROM text JOIN facet ON facet.id = text.rowid WHERE text MATCH ?
    )
"""  # noqa: S608 - our own names only


class SqliteFts5(Engine):
    """FTS5 without content, with prefix indexes, merged into one segment; covering indexes on the facets."""

    name = "sqlite_fts5"
    lacks = frozenset({"fuzzy"})

    def __init__(self, folder: Path, documents: int) -> None:
        super().__init__(folder, documents)
        self._connection = sqlite3.connect(f"file:{folder / FILE}?mode=ro&immutable=1", uri=True)
        for pragma in ("mmap_size = 4000000000", "cache_size = -200000", "temp_store = MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._codes = json.loads(self._connection.execute("SELECT content FROM codes").fetchone()[0])

    @classmethod
    def build(cls, folder: Path, documents: int) -> None:
        with closing(sqlite3.connect(folder / FILE)) as connection:
            connection.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;"
            )
            connection.executescript(_SCHEMA)
            with connection:
                cls._fill(connection, documents)
            with connection:
                connection.execute("INSERT INTO text (text) VALUES ('optimize')")
                connection.execute("CREATE INDEX name_rank ON facet (name_rank)")
                for facet in FACETS:
                    others = ", ".join(other for other in FACETS if other != facet)
                    connection.execute(f"CREATE INDEX by_{facet} ON facet ({facet}, name_rank, {others})")
            connection.execute("ANALYZE")

    @staticmethod
    def _fill(connection: sqlite3.Connection, documents: int) -> None:
        text = f"INSERT INTO text (rowid, {', '.join(FIELDS)}) VALUES (?{', ?' * len(FIELDS)})"  # noqa: S608
        rows = []
        for entry in entries(documents):
            connection.execute(text, (entry.id, *(entry.texts[field] for field in FIELDS)))
            rows.append((entry.id, entry.facets, entry.name_rank))
        codes = numbered(facets for _, facets, _ in rows)
        connection.executemany(
            f"INSERT INTO facet VALUES (?, ?{', ?' * len(FACETS)})",  # noqa: S608 - marks only
            ((row_id, *(codes[facet][facets[facet]] for facet in FACETS), rank) for row_id, facets, rank in rows),
        )
        connection.execute("INSERT INTO codes VALUES (?)", (json.dumps(codes),))

    def find(self, query: BenchQuery) -> Found:
        filters = {facet: self._codes[facet][code] for facet, code in query.filters.items()}
        source, order, values = ("matching", "score, id", (self._match(query),))
        if not query.text:
            source, order, values = "facet", "name_rank", ()
        where, start = conditions(filters), (query.page - 1) * PER_PAGE
        page = f"SELECT -2, id, 0 FROM {source} WHERE {where} ORDER BY {order} LIMIT {PER_PAGE} OFFSET {start}"  # noqa: S608
        parts = f"{counts_sql(source, filters)} UNION ALL SELECT * FROM ({page})"  # noqa: S608
        rows = self._connection.execute(f"{_MATCHING if query.text else ''} {parts}", values).fetchall()
        total, facets = read_counts([row for row in rows if row[0] != -2], self._codes)
        return Found(total, tuple(row_id for kind, row_id, _ in rows if kind == -2), facets)

    @staticmethod
    def _match(query: BenchQuery) -> str:
        terms = [f'"{term}"' for term in query.terms]
        if query.kind == "phrase":
            return " + ".join(terms)
        return " AND ".join(terms) + ("*" if query.kind == "prefix" else "")

    def close(self) -> None:
        super().close()
        self._connection.close()


ENGINE = SqliteFts5
