"""What is indexed of a document: its terms with their positions, the zones of a document, and Whoosh's schema for it.

All texts of a document share one field of the index. Where in the document a term stands, its zone, is told by the
term's position, and its zone decides what it weighs. So a term has one posting a document, whichever and however many
texts it occurs in, and its weight is the weighted frequency of BM25F (Robertson, Zaragoza and Taylor 2004).

Only features that Whoosh 2.7.4 and its maintained forks have in common are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, STORED, TEXT, Schema

from webapp.search.documents import Document

SCHEMA_VERSION = "4"
"""Changes whenever an index written before could not be read as this code reads it."""

CONTENT = "content"
"""The one field that holds all texts."""

MAX_POSITION = 65_535


class Zone(NamedTuple):
    """A stretch of positions that texts of one kind occupy in every document."""

    name: str
    start: int
    weight: int
    """What one occurrence counts, compared with one in the description."""


ZONES = (
    Zone("name", 0, 8),
    Zone("pitch", 1_024, 4),
    Zone("terms", 3_072, 3),
    Zone("needs", 7_168, 2),
    Zone("places", 9_216, 2),
    Zone("description", 12_288, 1),
)
"""In ascending order of positions; the last zone reaches up to ``MAX_POSITION``."""

ZONE_GAP = 8
"""Positions between two texts of a zone, so that no phrase spans them."""

_STARTS = np.array([zone.start for zone in ZONES], dtype=np.uint16)
_WEIGHTS = np.array([zone.weight for zone in ZONES], dtype=np.uint16)


def zone_range(name: str) -> tuple[int, int]:
    """First and last position of a zone.

    Raises:
        KeyError: there is no such zone.
    """
    for number, zone in enumerate(ZONES):
        if zone.name == name:
            return zone.start, ZONES[number + 1].start - 1 if number + 1 < len(ZONES) else MAX_POSITION
    raise KeyError(name)


def position_weights(positions: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """What a term counts at each of these positions."""
    return _WEIGHTS[np.searchsorted(_STARTS, positions, side="right") - 1]


class Record(NamedTuple):
    """What is stored with a document, and read back into columns."""

    id: int
    facets: dict[str, tuple[str, ...]]
    name: str
    names: dict[str, str]
    titles: tuple[str, ...]
    languages: tuple[str, ...]
    published: int
    verified: int
    residency: int
    stamp: int


def record_of(document: Document) -> Record:
    """What is stored of a document."""
    return Record(
        document.id,
        dict(document.facets),
        document.name,
        dict(document.names),
        document.titles,
        document.languages,
        document.published,
        document.verified,
        document.residency,
        document.stamp,
    )


class PreparedAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh terms that were found before (``webapp.search.terms``), written as ``term position term ...``."""

    def __call__(self, value: str, positions: bool = False, mode: str = "", **_unused: Any) -> Iterator[Token]:
        token = Token(positions, False, mode=mode)
        parts = iter(value.split())
        for term, position in zip(parts, parts, strict=True):
            token.text = term
            token.pos = int(position)
            token.boost = float(_WEIGHTS[np.searchsorted(_STARTS, token.pos, side="right") - 1])
            token.stopped = False
            yield token


def make_schema() -> Schema:
    """A new schema; the same for all nouns."""
    content = TEXT(analyzer=PreparedAnalyzer(), phrase=True, stored=False)
    return Schema(id=ID(unique=True, stored=True), record=STORED, **{CONTENT: content})


def stored_id(document_id: int) -> str:
    """The id as the index keeps it."""
    return str(document_id)
