"""Queries and answers: text, filters, order and page in; ids, totals and facet counts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.search.columns import SORTS
from webapp.search.index import SearchIndex
from webapp.search.scoring import MAX_TERMS, Clause, match, parse

MAX_PER_PAGE = 1000


@dataclass(frozen=True)
class Query:
    """What a reader asks of a directory."""

    text: str = ""
    """Anything at all; see ``webapp.search.scoring.parse``."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet -> codes; codes of one facet are alternatives, facets all apply."""
    sort: str = "relevance"
    """One of ``SORTS``; relevance without a text lists residents first, then by name."""
    page: int = 1
    per_page: int = 24

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"no such order: {self.sort}")
        if self.page < 1 or not 1 <= self.per_page <= MAX_PER_PAGE:
            raise ValueError("pages are counted from 1 and have 1 to 1000 entries")


@dataclass(frozen=True)
class Answer:
    """What the index answers."""

    ids: tuple[int, ...]
    """Of this page, in order; empty beyond the last page."""
    total: int
    pages: int
    """At least 1: nothing found fills one empty page."""
    facets: Mapping[str, Mapping[str, int]]
    """Facet -> code -> how many entries choosing it would show; codes with none are left out."""
    relaxed: bool = False
    """Whether nothing answered the whole text, so that entries answering part of it are shown."""


def page_count(total: int, per_page: int) -> int:
    """How many pages so many entries fill; at least one."""
    return max(1, -(-total // per_page))


def run(index: SearchIndex, query: Query) -> Answer:
    """Answer a query.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    snapshot = index.snapshot()
    columns = snapshot.columns
    clauses = parse(query.text)
    relaxed = False
    if clauses:
        base, scores, relaxed = match(snapshot, clauses)
    else:
        base = columns.live
    matching, facets = columns.filter(base, query.filters)
    if clauses and query.sort == "relevance":
        places = columns.by_score(matching, scores)
    else:
        places = columns.ordered(matching, query.sort)
    start = (query.page - 1) * query.per_page
    ids = tuple(columns.ids[places[start : start + query.per_page]].tolist())
    return Answer(ids, len(places), page_count(len(places), query.per_page), facets, relaxed)


def run_similar(
    index: SearchIndex, terms: Sequence[str], filters: Mapping[str, tuple[str, ...]], *, but: int, limit: int
) -> tuple[int, ...]:
    """The ids of those that pass the filters and share most words; the first 12 of ``terms`` count.

    Args:
        terms: stems, as ``webapp.language.analyze`` gives them.
        but: the id of the one that the others are compared with.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    snapshot = index.snapshot()
    columns = snapshot.columns
    clauses = [Clause((term,)) for term in dict.fromkeys(terms)][:MAX_TERMS]
    if not clauses:
        return ()
    base, scores, _ = match(snapshot, clauses, any_of=True)
    matching, _ = columns.filter(base & (columns.ids != but), filters)
    return tuple(columns.ids[columns.by_score(matching, scores)[:limit]].tolist())
