"""PostgreSQL: weighted ``tsvector`` with a GIN index, SQL for facets and order, two statements a query."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from bench.corpus import FACETS
from bench.documents import FIELDS
from bench.engines.base import Engine, Entry, Found, NotThereError, entries
from bench.engines.facet_sql import conditions, counts_sql, read_counts
from bench.queries import BenchQuery
from bench.rows import PER_PAGE

ADDRESS = os.environ.get("BENCH_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
WEIGHTS: Mapping[str, str] = {"name": "A", "pitch": "B", "terms": "C", "places": "D", "description": "D"}
"""PostgreSQL knows four weights, so two fields share one."""
_RANK = "ts_rank('{0.125, 0.3125, 0.5, 1.0}', stems, %(text)s::tsquery)"
_SETTINGS = ("jit = off", "work_mem = '128MB'", "random_page_cost = 1.1", "effective_cache_size = '4GB'")
_COLUMNS = ", ".join(FACETS)


def _schema(documents: int) -> str:
    return f"bench_{documents}"


def _vector(entry: Entry) -> str:
    """The text form of a ``tsvector``: stems with places and weights; stems hold letters and digits only."""
    places: dict[str, list[str]] = {}
    place = 0
    for field in FIELDS:
        for term in entry.texts[field].split():
            place += 1
            places.setdefault(term, []).append(f"{place}{WEIGHTS[field]}")
        place += 1
    return " ".join(f"'{term}':{','.join(found)}" for term, found in places.items())


class Postgresql(Engine):
    """The server's full-text search; edit distance by ``fuzzystrmatch`` over a table of all stems."""

    name = "postgresql"

    def __init__(self, folder: Path, documents: int) -> None:
        super().__init__(folder, documents)
        self._connection = psycopg.connect(ADDRESS, autocommit=True, options=f"-csearch_path={_schema(documents)}")
        for setting in _SETTINGS:
            self._connection.execute(f"SET {setting}")
        self._codes = json.loads(self._connection.execute("SELECT content FROM codes").fetchone()[0])

    @classmethod
    def check(cls) -> None:
        try:
            psycopg.connect(ADDRESS, connect_timeout=3).close()
        except psycopg.OperationalError as error:
            raise NotThereError(f"no PostgreSQL server at {ADDRESS}") from error

    @classmethod
    def build(cls, folder: Path, documents: int) -> None:
        schema = _schema(documents)
        cls.discard(documents)
        with psycopg.connect(ADDRESS, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS fuzzystrmatch SCHEMA {schema}")
            connection.execute(f"SET search_path = {schema}")
            connection.execute("SET maintenance_work_mem = '512MB'")
            with connection.transaction():
                cls._fill(connection, documents)
            cls._add_indexes(connection, schema)

    @staticmethod
    def _fill(connection: psycopg.Connection, documents: int) -> None:
        numbers = ", ".join(f"{facet} smallint NOT NULL" for facet in FACETS)
        connection.execute("CREATE TABLE codes (content text NOT NULL)")
        connection.execute(f"CREATE TABLE startup (id int, name_rank int NOT NULL, {numbers}, stems tsvector NOT NULL)")
        # Ranking reads the vector of every match: kept uncompressed, it is read faster.
        connection.execute("ALTER TABLE startup ALTER COLUMN stems SET STORAGE EXTERNAL")
        known: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        with connection.cursor().copy(f"COPY startup (id, name_rank, {_COLUMNS}, stems) FROM STDIN") as copy:
            for entry in entries(documents):
                numbers = [known[facet].setdefault(code, len(known[facet])) for facet, code in entry.facets.items()]
                copy.write_row((entry.id, entry.name_rank, *numbers, _vector(entry)))
        connection.execute("INSERT INTO codes VALUES (%s)", (json.dumps(known),))

    @staticmethod
    def _add_indexes(connection: psycopg.Connection, schema: str) -> None:
        connection.execute("ALTER TABLE startup ADD PRIMARY KEY (id)")
        connection.execute("CREATE INDEX ON startup USING gin (stems) WITH (fastupdate = off)")
        connection.execute(f"CREATE INDEX ON startup (name_rank) INCLUDE (id, {_COLUMNS})")
        for facet in FACETS:
            connection.execute(f"CREATE INDEX ON startup ({facet}, name_rank)")
        stems = f"SELECT stems FROM {schema}.startup"  # noqa: S608 - our own name
        connection.execute(f"CREATE TABLE term AS SELECT word FROM ts_stat('{stems}')")  # noqa: S608
        connection.execute("CREATE INDEX ON term (length(word)) INCLUDE (word)")
        connection.execute("VACUUM ANALYZE startup")
        connection.execute("VACUUM ANALYZE term")

    @classmethod
    def index_bytes(cls, folder: Path, documents: int) -> int:
        statement = """
            SELECT sum(pg_total_relation_size(format('%%I.%%I', schemaname, tablename)::regclass))
            FROM pg_tables WHERE schemaname = %s"""
        with psycopg.connect(ADDRESS) as connection:
            return int(connection.execute(statement, (_schema(documents),)).fetchone()[0])

    @classmethod
    def is_built(cls, folder: Path, documents: int) -> bool:
        with psycopg.connect(ADDRESS) as connection:
            # The vacuumed table of stems is the last that building makes.
            found = connection.execute("SELECT to_regclass(%s)", (f"{_schema(documents)}.term",)).fetchone()
            return found[0] is not None

    @classmethod
    def discard(cls, documents: int) -> None:
        with psycopg.connect(ADDRESS, autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute(f"DROP SCHEMA IF EXISTS {_schema(documents)} CASCADE")

    def find(self, query: BenchQuery) -> Found:
        filters = {facet: self._codes[facet][code] for facet, code in query.filters.items()}
        answers = {"text": self._text(query)} if query.text else {}
        where = "stems @@ %(text)s::tsquery" if answers else "true"
        matching = f"WITH matching AS MATERIALIZED (SELECT {_COLUMNS} FROM startup WHERE {where})"  # noqa: S608
        rows = self._connection.execute(f"{matching} {counts_sql('matching', filters)}", answers).fetchall()
        total, facets = read_counts(rows, self._codes)
        page = f"SELECT id FROM startup WHERE {where} AND {conditions(filters)}"  # noqa: S608
        order = f"{_RANK} DESC, id" if answers else "name_rank"
        limit = f"LIMIT {PER_PAGE} OFFSET {(query.page - 1) * PER_PAGE}"
        ids = self._connection.execute(f"{page} ORDER BY {order} {limit}", answers).fetchall()
        return Found(total, tuple(row_id for (row_id,) in ids), facets)

    def _text(self, query: BenchQuery) -> str:
        terms = [f"'{term}'" for term in query.terms]
        if query.kind == "fuzzy":
            return " & ".join(f"({' | '.join([quoted, *self._near(quoted)])})" for quoted in terms)
        return (" <-> " if query.kind == "phrase" else " & ").join(terms) + (":*" if query.kind == "prefix" else "")

    def _near(self, quoted: str) -> Iterator[str]:
        """The stems at a distance of one edit, in quotation marks."""
        term = quoted.strip("'")
        statement = """
            SELECT word FROM term
            WHERE length(word) BETWEEN %(low)s AND %(high)s AND levenshtein_less_equal(word, %(term)s, 1) <= 1"""
        bounds = {"term": term, "low": len(term) - 1, "high": len(term) + 1}
        return (f"'{word}'" for (word,) in self._connection.execute(statement, bounds))

    def close(self) -> None:
        super().close()
        self._connection.close()


ENGINE = Postgresql
