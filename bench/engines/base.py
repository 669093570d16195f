"""What an engine is to the benchmark: built once from the corpus, opened, asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench import corpus
from bench.documents import tokens
from bench.queries import BenchQuery
from bench.rows import PageRow, RowReader, base_ranks

FIELD_WEIGHTS: Mapping[str, float] = {"name": 8.0, "pitch": 4.0, "terms": 2.5, "places": 1.5, "description": 1.0}
"""What a word counts in each field, for all engines."""

Facets = Mapping[str, Mapping[str, int]]
"""Facet -> code -> number of rows; the counts of a facet ignore its own selection, as the directory shows them."""


@dataclass(frozen=True)
class Entry:
    """A row as the engines take it in."""

    id: int
    texts: Mapping[str, str]
    """Field -> stems joined by spaces."""
    facets: Mapping[str, str]
    """Facet -> code."""
    name_rank: int


def entries(documents: int) -> Iterator[Entry]:
    """The rows of the corpus; the analysis happens here and counts as building."""
    ranks = base_ranks(documents)
    for row in corpus.rows(documents):
        yield Entry(row.id, tokens(row), row.facets(documents), ranks[row.id])


@dataclass(frozen=True)
class Found:
    """What an engine finds."""

    total: int
    ids: tuple[int, ...]
    """Of the page."""
    facets: Facets


@dataclass(frozen=True)
class Result:
    """What a page of the directory needs."""

    total: int
    ids: tuple[int, ...]
    facets: Facets
    rows: list[PageRow]


class NotThereError(Exception):
    """An engine cannot take part on this machine; says why."""


class Engine(ABC):
    """An engine whose index is open. Not for several threads.

    Args:
        folder: where its index lies.
        documents: size of the corpus.
    """

    name: ClassVar[str]
    lacks: ClassVar[frozenset[str]] = frozenset()
    """Classes of queries that it does not offer."""

    def __init__(self, folder: Path, documents: int) -> None:
        self._folder = folder
        self._documents = documents
        self._reader = RowReader(documents)

    @classmethod
    def check(cls) -> None:
        """See whether it can take part.

        Raises:
            NotThereError: it cannot.
        """
        return

    @classmethod
    def is_built(cls, folder: Path, documents: int) -> bool:
        """Whether the index in this folder, which was built once, can be used by this code."""
        return folder.exists()

    @classmethod
    @abstractmethod
    def build(cls, folder: Path, documents: int) -> None:
        """Build the index into an empty folder."""

    @classmethod
    def index_bytes(cls, folder: Path, documents: int) -> int:
        """What the index takes on disk."""
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    @classmethod
    def discard(cls, documents: int) -> None:
        """Remove what must not outlive a run; most keep their folders."""
        return

    @abstractmethod
    def find(self, query: BenchQuery) -> Found:
        """The number of rows that answer, the ids of the page, and the counts of four facets."""

    def read(self, found: Found, query: BenchQuery) -> Result:
        """What is found with its rows and highlighted passages; the same code for all engines."""
        return Result(found.total, found.ids, found.facets, self._reader.page(found.ids, query.highlights))

    def search(self, query: BenchQuery) -> Result:
        """All that a page of the directory needs."""
        return self.read(self.find(query), query)

    def close(self) -> None:
        """Close the index."""
        self._reader.close()
