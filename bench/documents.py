"""Rows of the corpus as every engine gets them: five fields of texts, and as documents of the product's own index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.corpus import LANGUAGES, REGIONS, VERSION, Row, Sector, sectors
from webapp.language import ANALYZER_VERSION, analyze, sort_key
from webapp.search import Document
from webapp.search.documents import NEVER

FIELDS = ("name", "pitch", "terms", "places", "description")
EDITION = f"{VERSION}.{ANALYZER_VERSION}"
"""Changes whenever the same row would be indexed otherwise; in the names of files that are kept."""
BOUNDARY = "xxboundaryxx"
"""A token between two texts of one field, for engines that know no gaps: no phrase may span two texts."""

_SECTORS: Mapping[str, Sector] = {sector.code: sector for sector in sectors()}


def texts(row: Row) -> dict[str, tuple[str, ...]]:
    """Field -> its texts, in all languages."""
    names = [phrases[0] for phrases in _SECTORS[row.sector].phrases.values()]
    return {
        "name": (row.name,),
        "pitch": tuple(row.pitch.values()),
        "terms": (*names, *row.tags),
        "places": REGIONS[row.region],
        "description": tuple(row.description.values()),
    }


def tokens(row: Row) -> dict[str, str]:
    """Field -> stems joined by spaces: the product's own analysis, given to every engine."""
    return {
        field: f" {BOUNDARY} ".join(" ".join(analyze(text)) for text in values) for field, values in texts(row).items()
    }


def document(row: Row, documents: int) -> Document:
    """The document of the product's index, in a corpus of so many rows."""
    return Document(
        id=row.id,
        texts=texts(row),
        facets={facet: (code,) for facet, code in row.facets(documents).items()},
        name=sort_key(row.name),
        published=row.id,
        verified=NEVER,
        residency=0,
        stamp=0,
        titles=(row.name,),
        languages=LANGUAGES,
    )


def name_ranks(rows: Iterable[Row]) -> dict[int, int]:
    """Id -> place in the order of names, from 0; equal names by id."""
    ordered = sorted((sort_key(row.name), row.id) for row in rows)
    return {row_id: rank for rank, (_, row_id) in enumerate(ordered)}
