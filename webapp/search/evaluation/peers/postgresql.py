"""PostgreSQL's full-text search with its own configurations, ranked by ts_rank and by ts_rank_cd.

Everything lies in a temporary table, which the server drops when the connection ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from webapp.search.documents import Document
from webapp.search.evaluation.engines import EngineKind
from webapp.search.evaluation.judged import LANGUAGES
from webapp.search.evaluation.peers.texts import FIELDS, PeerMissingError, field_texts

_CONFIGURATIONS = {"ar": "arabic", "fr": "french", "en": "english"}
_WEIGHTS = dict(zip(FIELDS, "ABBCD", strict=True))
"""The label of each field's words; ts_rank counts A ten times as much as D."""
_RANKS = ("ts_rank", "ts_rank_cd")
_BY_LENGTH = 1
"""Normalisation that divides a rank by 1 + the logarithm of the document's length."""


class PostgresqlEngine:
    """One temporary table of vectors. Texts of unknown language are read with every configuration."""

    def __init__(
        self, documents: Sequence[Document], language: str, folder: Path, *, url: str, rank: str, normalisation: int
    ) -> None:
        self._configurations = [_CONFIGURATIONS[code] for code in ((language,) if language else LANGUAGES)]
        self._engine = sa.create_engine(url)
        self._connection = self._engine.connect()
        self._rank = f"{rank}(vector, query, {normalisation})"
        self._connection.execute(sa.text("CREATE TEMPORARY TABLE entry (id integer, vector tsvector)"))
        vector = " || ".join(
            f"setweight(to_tsvector('{configuration}', :{field}), '{weight}')"
            for field, weight in _WEIGHTS.items()
            for configuration in self._configurations
        )
        statement = sa.text(f"INSERT INTO entry VALUES (:id, {vector})")  # noqa: S608 - made of constants only
        rows = [{"id": document.id, **field_texts(document)} for document in documents]
        self._connection.execute(statement, rows)

    def search(self, text: str, k: int) -> Sequence[int]:
        query = " | ".join(f"'{_quoted(lexeme)}'" for lexeme in self._lexemes(text))
        if not query:
            return []
        statement = sa.text(
            f"SELECT id FROM entry, CAST(:query AS tsquery) AS query WHERE vector @@ query "  # noqa: S608 - as above
            f"ORDER BY {self._rank} DESC, id LIMIT :k"
        )
        return list(self._connection.scalars(statement, {"query": query, "k": k}))

    def _lexemes(self, text: str) -> list[str]:
        statement = sa.text("SELECT tsvector_to_array(to_tsvector(CAST(:configuration AS regconfig), :text))")
        found: dict[str, None] = {}
        for configuration in self._configurations:
            values = {"configuration": configuration, "text": text}
            found |= dict.fromkeys(self._connection.scalars(statement, values).one())
        return list(found)

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()


def _quoted(lexeme: str) -> str:
    return lexeme.replace("\\", "\\\\").replace("'", "''")


def postgresql_kinds(url: str) -> list[EngineKind]:
    """Both rankings, as they are and by length.

    Raises:
        PeerMissingError: there is no URL, or no server answers at it.
    """
    if not url:
        raise PeerMissingError("no server was named (--postgresql, or DATABASE_URL)")
    try:
        engine = sa.create_engine(url)
        with engine.connect():
            pass
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise PeerMissingError(f"no server answers: {str(error).splitlines()[0]}") from error
    engine.dispose()
    return [
        EngineKind(f"postgresql {rank}{label}", partial(PostgresqlEngine, url=url, rank=rank, normalisation=by_length))
        for rank in _RANKS
        for label, by_length in (("", 0), (", by length", _BY_LENGTH))
    ]
