"""How documents lie in Whoosh: the schema, the analyzer, and the record stored with each document.

Only features that Whoosh 2.7.4 and its maintained forks have in common are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, STORED, TEXT, Schema

from webapp.language import analyze
from webapp.search.documents import Document

SCHEMA_VERSION = "1"
"""Changes whenever an index written before could not be read as this code reads it."""

TEXT_FIELDS = ("name", "pitch", "terms", "places", "description")

_SEPARATOR = "\u2029"
"""Parts the texts of one field; Unicode's paragraph separator, which no stem contains."""

_GAP = 100
"""Positions between two texts of one field, so that no phrase spans them."""


class Record(NamedTuple):
    """What is stored with a document, and read back into columns when an index is opened."""

    id: int
    facets: dict[str, tuple[str, ...]]
    name: str
    published: int
    verified: int
    residency: int
    stamp: int
    lengths: tuple[int, ...]
    """Number of terms in each of ``TEXT_FIELDS``."""


class StemsAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the stems that ``webapp.language.analyze`` found, with a gap between the texts of a field.

    Texts are analysed before they come here, in ``to_fields``, which counts the stems as well.
    """

    def __call__(
        self, value: str, positions: bool = False, start_pos: int = 0, mode: str = "", **_unused: Any
    ) -> Iterator[Token]:
        token = Token(positions, False, mode=mode)
        token.boost = 1.0
        position = start_pos
        for text in value.split(_SEPARATOR):
            for term in text.split():
                token.text = term
                token.stopped = False
                token.pos = position
                position += 1
                yield token
            position += _GAP


def make_schema() -> Schema:
    """A new schema; the same for all nouns."""
    analyzer = StemsAnalyzer()
    texts = {field: TEXT(analyzer=analyzer, phrase=True, stored=False) for field in TEXT_FIELDS}
    return Schema(id=ID(unique=True, stored=True), record=STORED, **texts)


def stored_id(document_id: int) -> str:
    """The id as the index keeps it."""
    return str(document_id)


def to_fields(document: Document) -> Mapping[str, Any]:
    """The keyword arguments by which Whoosh's ``add_document`` takes a document."""
    stems = {field: [analyze(text) for text in document.texts.get(field, ())] for field in TEXT_FIELDS}
    texts = {field: _SEPARATOR.join(" ".join(terms) for terms in found) for field, found in stems.items()}
    lengths = tuple(sum(len(terms) for terms in found) for found in stems.values())
    record = Record(
        document.id,
        dict(document.facets),
        document.name,
        document.published,
        document.verified,
        document.residency,
        document.stamp,
        lengths,
    )
    return {"id": stored_id(document.id), "record": tuple(record), **texts}
