"""The product's own index, asked as the directory asks it."""

from __future__ import annotations

from pathlib import Path

from bench import corpus
from bench.corpus import FACETS
from bench.documents import document
from bench.engines.base import Engine, Found
from bench.queries import BenchQuery
from bench.rows import PER_PAGE
from webapp.search import Query, SearchIndex, run

STAMP = "bench"


def open_index(folder: Path) -> SearchIndex:
    """The index of the corpus in a folder."""
    return SearchIndex(folder, "startup", STAMP)


def make_query(query: BenchQuery) -> Query:
    """The same as a question to the product; extensions of the query are off unless the class is about them."""
    text = {"phrase": f'"{query.text}"', "prefix": f"{query.text}*"}.get(query.kind, query.text)
    return Query(
        text=text,
        filters={facet: (code,) for facet, code in query.filters.items()},
        sort="relevance" if query.text else "name",
        page=query.page,
        per_page=PER_PAGE,
        prefix=query.kind == "prefix",
        fuzzy=query.kind == "fuzzy",
        concepts=False,
        partial=False,
    )


class Multaqa(Engine):
    """webapp.search."""

    name = "multaqa"

    def __init__(self, folder: Path, documents: int) -> None:
        super().__init__(folder, documents)
        self._index = open_index(folder)
        self._index.snapshot()

    @classmethod
    def build(cls, folder: Path, documents: int) -> None:
        open_index(folder).rebuild(document(row, documents) for row in corpus.rows(documents))

    @classmethod
    def is_built(cls, folder: Path, documents: int) -> bool:
        return open_index(folder).is_built()

    def find(self, query: BenchQuery) -> Found:
        answer = run(self._index, make_query(query))
        # An answer to another question than asked is no answer here.
        total = 0 if answer.relaxed else answer.total
        return Found(total, answer.ids, {facet: answer.facets[facet] for facet in FACETS})


ENGINE = Multaqa
