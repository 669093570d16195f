"""Whoosh as its documentation shows it, with the settings that it names for speed."""

from __future__ import annotations

from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
from whoosh.query import And, Every, FuzzyTerm, Or, Phrase, Prefix, Query, Term
from whoosh.sorting import Count, FieldFacet

from bench.corpus import FACETS
from bench.documents import FIELDS
from bench.engines.base import FIELD_WEIGHTS, Engine, Facets, Found, entries
from bench.queries import BenchQuery
from bench.rows import PER_PAGE

MEMORY_MB = 1024


def _schema() -> Schema:
    texts = {
        field: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True, field_boost=FIELD_WEIGHTS[field])
        for field in FIELDS
    }
    facets = {facet: ID(sortable=True) for facet in FACETS}
    return Schema(id=STORED, name_rank=NUMERIC(sortable=True), **texts, **facets)


class WhooshPlain(Engine):
    """Whoosh: its query classes, collectors, sortable columns and facets; the index optimized into one segment."""

    name = "whoosh_plain"

    def __init__(self, folder: Path, documents: int) -> None:
        super().__init__(folder, documents)
        self._index = whoosh_index.open_dir(str(folder))
        self._searcher = self._index.searcher()

    @classmethod
    def build(cls, folder: Path, documents: int) -> None:
        writer = whoosh_index.create_in(str(folder), _schema()).writer(limitmb=MEMORY_MB)
        for entry in entries(documents):
            writer.add_document(id=entry.id, name_rank=entry.name_rank, **entry.texts, **entry.facets)
        writer.commit(optimize=True)

    def find(self, query: BenchQuery) -> Found:
        text = self._text(query)
        matching = self._narrowed(text, query.filters.items())
        free = tuple(facet for facet in FACETS if facet not in query.filters)
        results = self._searcher.search(
            matching,
            limit=query.page * PER_PAGE,
            sortedby=None if query.text else "name_rank",
            groupedby={facet: FieldFacet(facet, maptype=Count) for facet in free},
        )
        facets = {facet: results.groups(facet) for facet in free}
        for facet in query.filters:
            others = [(other, code) for other, code in query.filters.items() if other != facet]
            facets |= self._counts(self._narrowed(text, others), facet)
        start = (query.page - 1) * PER_PAGE
        return Found(len(results), tuple(hit["id"] for hit in results[start : start + PER_PAGE]), facets)

    def _counts(self, matching: Query, facet: str) -> Facets:
        grouped = self._searcher.search(matching, limit=1, groupedby={facet: FieldFacet(facet, maptype=Count)})
        return {facet: grouped.groups(facet)}

    @staticmethod
    def _narrowed(text: Query, filters) -> Query:
        chosen = [Term(facet, code, boost=0.0) for facet, code in filters]
        return And([text, *chosen]) if chosen else text

    def _text(self, query: BenchQuery) -> Query:
        terms = query.terms
        if not terms:
            return Every()
        if query.kind == "phrase":
            return Or([Phrase(field, list(terms)) for field in FIELDS])
        clauses = [Or([self._word(query.kind, field, term) for field in FIELDS]) for term in terms]
        return And(clauses) if len(clauses) > 1 else clauses[0]

    @staticmethod
    def _word(kind: str, field: str, term: str) -> Query:
        if kind == "prefix":
            return Prefix(field, term)
        return FuzzyTerm(field, term, maxdist=1) if kind == "fuzzy" else Term(field, term)

    def close(self) -> None:
        super().close()
        self._searcher.close()
        self._index.close()


ENGINE = WhooshPlain
