"""Tantivy through its Python package: one segment, fast fields for facets and order, aggregations for counts."""

from __future__ import annotations

from pathlib import Path

import tantivy
from tantivy import Occur, Query

from bench.corpus import FACETS
from bench.documents import FIELDS
from bench.engines.base import FIELD_WEIGHTS, Engine, Facets, Found, entries
from bench.queries import BenchQuery
from bench.rows import PER_PAGE

MEMORY = 2_000_000_000
"""Bytes for writing: enough that 180,000 rows make one segment, which is quickest to search."""
MOST_CODES = 500


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="stems", index_option="position")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("id", fast=True)
    builder.add_integer_field("name_rank", fast=True)
    return builder.build()


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer("stems", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


class Tantivy(Engine):
    """Tantivy 0.27."""

    name = "tantivy"

    def __init__(self, folder: Path, documents: int) -> None:
        super().__init__(folder, documents)
        index = tantivy.Index.open(str(folder))
        _register(index)
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, documents: int) -> None:
        index = tantivy.Index(_schema(), path=str(folder))
        _register(index)
        writer = index.writer(heap_size=MEMORY, num_threads=1)
        for entry in entries(documents):
            writer.add_document(tantivy.Document(id=entry.id, name_rank=entry.name_rank, **entry.texts, **entry.facets))
        writer.commit()
        writer.wait_merging_threads()

    def find(self, query: BenchQuery) -> Found:
        text = self._text(query)
        matching = self._narrowed(text, query.filters.items())
        start = (query.page - 1) * PER_PAGE
        if query.text:
            # Without a count the search may skip what cannot reach the page; the count comes with the facets.
            hits = self._searcher.search(matching, PER_PAGE, count=False, offset=start).hits
        else:
            hits = self._searcher.search(
                matching, PER_PAGE, count=False, offset=start, order_by_field="name_rank", order=tantivy.Order.Asc
            ).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        facets = self._facets(text, matching, query)
        total = sum(self._counts(matching, ("stage",))["stage"].values()) if "stage" in query.filters else None
        return Found(sum(facets["stage"].values()) if total is None else total, tuple(ids), facets)

    def _facets(self, text: Query, matching: Query, query: BenchQuery) -> Facets:
        counts = self._counts(matching, tuple(facet for facet in FACETS if facet not in query.filters))
        for facet in query.filters:
            others = [(other, code) for other, code in query.filters.items() if other != facet]
            counts |= self._counts(self._narrowed(text, others), (facet,))
        return counts

    def _counts(self, matching: Query, facets: tuple[str, ...]) -> dict[str, dict[str, int]]:
        wanted = {facet: {"terms": {"field": facet, "size": MOST_CODES}} for facet in facets}
        found = self._searcher.aggregate(matching, wanted)
        return {facet: {bucket["key"]: bucket["doc_count"] for bucket in found[facet]["buckets"]} for facet in facets}

    def _narrowed(self, text: Query, filters) -> Query:
        chosen = [Query.const_score_query(Query.term_query(self._schema, facet, code), 0.0) for facet, code in filters]
        return Query.boolean_query([(Occur.Must, part) for part in (text, *chosen)]) if chosen else text

    def _text(self, query: BenchQuery) -> Query:
        terms = query.terms
        if not terms:
            return Query.all_query()
        if query.kind == "phrase":
            return self._anywhere(lambda field: Query.phrase_query(self._schema, field, list(terms)))
        clauses = [self._anywhere(lambda field, term=term: self._word(query.kind, field, term)) for term in terms]
        return Query.boolean_query([(Occur.Must, clause) for clause in clauses]) if len(clauses) > 1 else clauses[0]

    def _word(self, kind: str, field: str, term: str) -> Query:
        if kind == "prefix":
            return Query.fuzzy_term_query(self._schema, field, term, distance=0, prefix=True)
        if kind == "fuzzy":
            return Query.fuzzy_term_query(self._schema, field, term, distance=1)
        return Query.term_query(self._schema, field, term, index_option="freq")

    def _anywhere(self, in_field) -> Query:
        parts = [Query.boost_query(in_field(field), FIELD_WEIGHTS[field]) for field in FIELDS]
        return Query.boolean_query([(Occur.Should, part) for part in parts])


ENGINE = Tantivy
