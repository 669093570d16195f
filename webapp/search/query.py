"""Queries and answers: text, filters, order and page in; ids, totals and facet counts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from webapp.search.answering import Match, contributions, match
from webapp.search.columns import SORTS, Carried, Columns, Places, Position
from webapp.search.documents import FACETS
from webapp.search.facets import Mask
from webapp.search.index import SearchIndex
from webapp.search.parser import MAX_TERMS, Clause, Parsed, parse
from webapp.search.scoring import Scores
from webapp.search.snapshot import Snapshot
from webapp.search.terms import MARKS

MAX_PER_PAGE = 1000

FULL_ANSWERS_FIRST = 2_000.0
"""Added to the scores of documents that answer everything, where others follow; more than any score."""


@dataclass(frozen=True)
class Query:
    """What a reader asks of a directory."""

    text: str = ""
    """Anything at all; see ``webapp.search.parser``."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet -> codes; codes of one facet are alternatives, facets all apply."""
    sort: str = "relevance"
    """One of ``SORTS``; relevance without a text lists residents first, then by name."""
    page: int = 1
    per_page: int = 24
    language: str = ""
    """The reader's; documents with texts in it come first among equals."""
    prefix: bool = True
    """Whether the last word may be unfinished."""
    fuzzy: bool = True
    """Whether names that sound so stand for a word, and close words for one that no document has."""
    concepts: bool = True
    """Whether a concept that the words name stands for them."""
    partial: bool = True
    """Whether entries that answer only part of the text follow, where few or none answer all of it."""
    explain: bool = False
    """Whether the answer says how each score came about."""
    after: Position | None = None
    """Where an earlier page ended (``Answer.end``): only what stands behind it is wanted; for orders without scores."""
    carried: Carried = field(default_factory=dict)
    """Facets that are not as the index knows them, such as on another day, with who carries what of them."""

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"no such order: {self.sort}")
        if self.page < 1 or not 1 <= self.per_page <= MAX_PER_PAGE:
            raise ValueError("pages are counted from 1 and have 1 to 1000 entries")


@dataclass(frozen=True)
class Reason:
    """One thing that adds to a score, or multiplies it."""

    asked: str
    """A word or phrase of the query, a concept as ``#code``, or ``prior``."""
    answered: str
    """How, such as ``word:solar`` or ``typo:solar``."""
    value: float


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
    complete: int | None = None
    """How many answer the whole text, where others follow that answer most of it."""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Words as typed that are nowhere -> the term that was looked for instead."""
    also_found: tuple[str, ...] = ()
    """Codes of the concepts by which entries were found that do not have the words."""
    terms: frozenset[str] = frozenset()
    """Terms to highlight in the entries' texts."""
    concepts: frozenset[str] = frozenset()
    """Concepts to highlight."""
    reasons: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)
    """How the score of each id came about, where that was asked for; a prior multiplies the sum of the others."""
    end: Position | None = None
    """Where the page ends, if more follow in an order that new entries do not shift: by anything but scores."""


def page_count(total: int, per_page: int) -> int:
    """How many pages so many entries fill; at least one."""
    return max(1, -(-total // per_page))


def run(index: SearchIndex, query: Query, today: date | None = None) -> Answer:
    """Answer a query.

    Args:
        index: the index to ask.
        query: the query.
        today: the day on which verification counts as fresh or not; today if absent.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    snapshot = index.snapshot()
    columns = snapshot.columns
    parsed = parse(query.text, index.vocabulary, prefix=query.prefix)
    found = _match(snapshot, parsed, query) if parsed else None
    base = columns.live if found is None else found.mask
    matching, total, facets = columns.filter(base, query.filters, FACETS[index.noun], query.carried)
    prior = columns.prior(query.language, (today or date.today()).toordinal())  # noqa: DTZ011  # Any zone will do.
    places, end = _page(columns, query, matching, found if parsed.clauses else None, prior)
    ids = tuple(columns.ids[places].tolist())
    pages = page_count(total, query.per_page)
    if found is None:
        return Answer(ids, total, pages, facets, end=end)
    reasons = {}
    if query.explain:
        for document_id, place in zip(ids, places.tolist(), strict=True):
            reasons[document_id] = _reasons(snapshot, parsed, found, place, float(prior[place]), query.concepts)
    return Answer(
        ids=ids,
        total=total,
        pages=pages,
        facets=facets,
        relaxed=found.relaxed,
        complete=None if found.full is None else int(np.count_nonzero(found.full & matching)),
        corrections=found.corrections,
        also_found=tuple(sorted(found.by_concept)),
        terms=frozenset(
            variant.term for variants in found.variants for variant in variants if not variant.term.startswith(MARKS)
        ),
        concepts=frozenset(asked.code for asked in parsed.concepts) if query.concepts else frozenset(),
        reasons=reasons,
        end=end,
    )


def _page(
    columns: Columns, query: Query, matching: Mask, found: Match | None, prior: Scores
) -> tuple[Places, Position | None]:
    """The documents of the page that is asked for, by score if there are any scores and nothing else is wanted."""
    start, length = (query.page - 1) * query.per_page, query.per_page
    if found is None or query.sort != "relevance":
        places = columns.page_in_order(matching, query.sort, start, length + 1, query.language, query.after)
        more = len(places) > length
        return places[:length], columns.position(int(places[length - 1]), query.sort, query.language) if more else None
    candidates = matching.nonzero()[0]
    scores = found.scores[candidates] * prior[candidates]
    if found.full is not None:
        scores[found.full[candidates]] += np.float32(FULL_ANSWERS_FIRST)
    return columns.page_by_score(candidates, scores, start, length, query.language), None


def _match(snapshot: Snapshot, parsed: Parsed, query: Query) -> Match:
    return match(snapshot, parsed, fuzzy=query.fuzzy, concepts=query.concepts, partial=query.partial)


def _reasons(
    snapshot: Snapshot, parsed: Parsed, found: Match, place: int, prior: float, concepts: bool
) -> tuple[Reason, ...]:
    added = [Reason(*parts) for parts in contributions(snapshot, parsed, found, place, concepts=concepts)]
    return (*added, Reason("prior", "resident, verified, language", prior))


def run_similar(
    index: SearchIndex, terms: Sequence[str], filters: Mapping[str, tuple[str, ...]], *, but: int, limit: int
) -> tuple[int, ...]:
    """The ids of those that pass the filters and share most words; the first 24 of ``terms`` count.

    Args:
        terms: stems, as ``webapp.language.analyze`` gives them.
        but: the id of the one that the others are compared with.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    snapshot = index.snapshot()
    columns = snapshot.columns
    clauses = tuple(Clause((term,)) for term in dict.fromkeys(terms))[:MAX_TERMS]
    if not clauses:
        return ()
    found = match(snapshot, Parsed(clauses), fuzzy=False, concepts=False, any_of=True)
    matching, _, _ = columns.filter(found.mask & (columns.ids != but), filters, ())
    candidates = matching.nonzero()[0]
    places = columns.page_by_score(candidates, found.scores[candidates], 0, limit)
    return tuple(columns.ids[places].tolist())
