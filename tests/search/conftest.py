"""Makers of documents and indexes; nothing here needs a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from webapp.language import sort_key
from webapp.search import Document, SearchIndex
from webapp.search.documents import FACETS

Texts = str | tuple[str, ...]


def document(
    document_id: int,
    name: str = "",
    *,
    facets: Mapping[str, tuple[str, ...]] | None = None,
    published: int = 0,
    verified: int = -1,
    residency: int = 0,
    stamp: int = 0,
    titles: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    **texts: Texts,
) -> Document:
    """A document whose other text fields are keywords with one text or several."""
    name = name or f"Startup {document_id}"
    fields: dict[str, tuple[str, ...]] = {"name": (name,)}
    for field, value in texts.items():
        fields[field] = (value,) if isinstance(value, str) else value
    filled = {facet: (facets or {}).get(facet, ()) for facet in FACETS["startup"]}
    return Document(
        document_id, fields, filled, sort_key(name), published, verified, residency, stamp, titles, languages
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where indexes lie; nothing is there yet."""
    return tmp_path / "index"


@pytest.fixture
def make_index(folder: Path) -> Callable[[Iterable[Document]], SearchIndex]:
    """Builds an index of these documents."""

    def make(documents: Iterable[Document]) -> SearchIndex:
        index = SearchIndex(folder, "startup", "pack")
        index.rebuild(documents)
        return index

    return make
