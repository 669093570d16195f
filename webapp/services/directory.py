"""The public directories: lists of startups and of partners, with facets, and what is similar to a startup.

The index says which ids, in which order; the database says which of them are published and since when each is as it
is, so that a withdrawn profile is gone at once. Rows are read only when somebody wants them. Without an index the
database answers alone (``webapp.services.directory_sql``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from itertools import chain, zip_longest
from typing import Generic, TypeVar

import sqlalchemy as sa

from webapp.errors import NotFound
from webapp.language import analyze, words
from webapp.models import DbSession, Partner, PublicationState, Startup, StartupTerm, TermKind
from webapp.search import Answer, IndexUnavailable, Position, Query, Reason, Search, SearchIndex, run, run_similar
from webapp.search.documents import PARTNER_TERM_FACETS, STARTUP_TERM_FACETS
from webapp.search.query import MAX_PER_PAGE
from webapp.services import directory_sql
from webapp.services.vocabulary import Vocabulary

Row = TypeVar("Row", Startup, Partner)

OPENING = 25
"""Pitches that share so many first characters read alike."""


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a directory."""

    noun: str
    """Whose directory it is."""
    stamps: Mapping[int, datetime]
    """The published ones by id, in the order of the answer, each with when it or a part of it last changed."""
    load: Callable[[Collection[int]], Mapping[int, Row]]
    """Reads rows of this page, with all that a list entry shows; those withdrawn meanwhile are not among them."""
    total: int
    page: int
    pages: int
    facets: Mapping[str, Mapping[str, int]]
    """Facet -> code -> how many entries choosing it would show; codes with none are left out."""
    unknown: Mapping[str, tuple[str, ...]]
    """Facet -> codes that the network does not have; they were ignored."""
    relaxed: bool
    """Whether nothing answers the whole text, so that these answer only part of it."""
    degraded: bool
    """Whether there was no index: the text was looked for in names and pitches only, letter by letter."""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Words as typed that are nowhere -> the word that was looked for instead."""
    also_found: tuple[str, ...] = ()
    """Codes of the concepts by which entries were found that do not have the words."""
    terms: frozenset[str] = frozenset()
    """Terms to highlight."""
    concepts: frozenset[str] = frozenset()
    """Concepts to highlight."""
    reasons: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)
    """How the score of each entry came about, where that was asked for."""
    complete: int | None = None
    """How many answer the whole text, where others follow that answer most of it."""
    end: Position | None = None
    """Where this page ends, if more follow in an order that new entries do not shift."""

    @cached_property
    def rows(self) -> Sequence[Row]:
        """All entries, in the order of the answer."""
        return _in_order(self.load(self.stamps), self.stamps)


def list_startups(
    session: DbSession, search: Search, query: Query, vocabulary: Vocabulary | None = None
) -> Listing[Startup]:
    """A page of the startups' directory.

    Args:
        vocabulary: the network's codes as they are now, if the caller has them, so that they need not be read.

    Raises:
        NotFound: ``page``, with how many ``pages`` there are, for a page beyond the last.
        IndexUnavailable: there is no index, and the query asks what the database cannot answer: what comes after some
            position, or how things were on another day.
    """
    return _list(session, search.startups, Startup, query, vocabulary)


def list_partners(
    session: DbSession, search: Search, query: Query, vocabulary: Vocabulary | None = None
) -> Listing[Partner]:
    """A page of the partners' directory. Arguments and errors as for ``list_startups``."""
    return _list(session, search.partners, Partner, query, vocabulary)


def answering_ids(
    session: DbSession, search: Search, noun: str, query: Query, vocabulary: Vocabulary | None = None
) -> list[int]:
    """The ids on all pages of a directory, in order. Errors as for ``list_startups``, but for pages beyond the last."""
    index, model = (search.startups, Startup) if noun == Startup.noun else (search.partners, Partner)
    query, _ = _split_unknown(session, noun, replace(query, page=1, per_page=MAX_PER_PAGE, explain=False), vocabulary)
    found: dict[int, None] = {}
    while True:
        answer, _ = _answer(session, index, model, query)
        found |= dict.fromkeys(answer.ids)
        if query.page >= answer.pages:
            return list(found)
        query = replace(query, page=query.page + 1)


def _answer(
    session: DbSession, index: SearchIndex, model: type[Startup] | type[Partner], query: Query
) -> tuple[Answer, bool]:
    """What answers a query, and whether the database did for lack of an index."""
    try:
        return run(index, query), False
    except IndexUnavailable:
        if query.after or query.carried:
            raise
        return directory_sql.run(session, model, query), True


def _list(
    session: DbSession, index: SearchIndex, model: type[Row], query: Query, vocabulary: Vocabulary | None
) -> Listing[Row]:
    query, unknown = _split_unknown(session, model.noun, query, vocabulary)
    answer, degraded = _answer(session, index, model, query)
    if query.page > answer.pages:
        raise NotFound("page", pages=answer.pages)
    load = partial(_load, session, model)
    rows = _in_order(load(answer.ids), answer.ids) if answer.corrections else []
    return Listing(
        model.noun,
        _stamps(session, model, answer.ids),
        load,
        answer.total,
        query.page,
        answer.pages,
        answer.facets,
        unknown,
        answer.relaxed,
        degraded,
        {typed: _as_written(term, rows) for typed, term in answer.corrections.items()},
        answer.also_found,
        answer.terms,
        answer.concepts,
        answer.reasons,
        answer.complete,
        answer.end,
    )


def _split_unknown(
    session: DbSession, noun: str, query: Query, vocabulary: Vocabulary | None
) -> tuple[Query, dict[str, tuple[str, ...]]]:
    """The query without filters that the network does not know, and these."""
    filters = {facet: tuple(dict.fromkeys(codes)) for facet, codes in query.filters.items() if codes}
    known = _known_codes(session, noun, filters.keys(), vocabulary)
    unknown = {facet: tuple(code for code in codes if code not in known[facet]) for facet, codes in filters.items()}
    kept = {facet: tuple(code for code in codes if code in known[facet]) for facet, codes in filters.items()}
    return (
        replace(query, filters={facet: codes for facet, codes in kept.items() if codes}),
        {facet: codes for facet, codes in unknown.items() if codes},
    )


_KINDS: Mapping[str, Mapping[str, str]] = {
    Startup.noun: {"region": "regions", "site": "sites", **STARTUP_TERM_FACETS},
    Partner.noun: {"region": "regions", **PARTNER_TERM_FACETS},
}
"""The facets whose codes are all those of a kind of the vocabulary."""


def _known_codes(
    session: DbSession, noun: str, facets: Collection[str], vocabulary: Vocabulary | None
) -> dict[str, frozenset[str]]:
    """The codes that there are for each of these facets; from the vocabulary, or else from the database."""
    if vocabulary is None:
        return directory_sql.known_codes(session, noun, facets)
    kinds = _KINDS[noun]
    named = {facet: frozenset(vocabulary.codes(kinds[facet])) for facet in facets if facet in kinds}
    return named | directory_sql.known_codes(session, noun, set(facets) - named.keys())


def _as_written(term: str, rows: Sequence[Startup] | Sequence[Partner]) -> str:
    """A stem as a word, as the first of these rows writes it that has it in a name or text; else the stem itself."""
    for row in rows:
        short = row.pitch if isinstance(row, Startup) else row.summary
        for text in filter(None, (row.name_latin, row.name_arabic, *short.values(), *row.description.values())):
            for word in words(text):
                if word.term == term:
                    return text[word.start : word.end].lower()
    return term


def _stamps(session: DbSession, model: type[Row], ids: Collection[int]) -> dict[int, datetime]:
    """When each of the published ones among these ids last changed, in the same order."""
    if not ids:
        return {}
    columns = model.__table__.c
    published = sa.select(columns.id, columns.updated_at).where(columns.state == PublicationState.PUBLISHED)
    found = dict(session.execute(published.where(columns.id.in_(ids))).all())
    return {row_id: found[row_id] for row_id in ids if row_id in found}


def _load(session: DbSession, model: type[Row], ids: Collection[int]) -> dict[int, Row]:
    """The published rows among these ids."""
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(model.with_listing(model.published().where(model.id.in_(ids))))}


def _in_order(rows: Mapping[int, Row], ids: Iterable[int]) -> list[Row]:
    """Those of the rows that there are, in the order of the ids."""
    return [rows[row_id] for row_id in ids if row_id in rows]


def similar_startups(session: DbSession, search: Search, startup: Startup, limit: int = 4) -> list[Startup]:
    """Startups of the same sector that share most words of pitch and technologies, those of the same primary first.

    Those whose pitch begins like one before them, or like the startup's own, come only if there are too few others.
    """
    sector = startup.term(TermKind.SECTOR)
    filters = {"sector": (sector.code,)} if sector else {}
    try:
        # More than asked for, because some may have another primary sector or be withdrawn since.
        ids: Sequence[int] = run_similar(
            search.startups, _telling_words(startup), filters, but=startup.id, limit=limit * 5
        )
    except IndexUnavailable:
        ids = _same_sector(session, startup, limit * 5)
    found = _in_order(_load(session, Startup, ids), ids)
    rows = sorted(found, key=lambda row: row.term(TermKind.SECTOR) is not sector)
    return _varied(rows, startup)[:limit]


def _varied(rows: Iterable[Startup], startup: Startup) -> list[Startup]:
    """The same rows; those that read like the startup or like a row before them at the end."""
    seen = _pitch_openings(startup)
    fresh: list[Startup] = []
    alike: list[Startup] = []
    for row in rows:
        openings = _pitch_openings(row)
        (fresh if seen.isdisjoint(openings) else alike).append(row)
        seen |= openings
    return fresh + alike


def _pitch_openings(startup: Startup) -> set[tuple[str, str]]:
    return {(language, text[:OPENING]) for language, text in startup.pitch.items() if text}


def _telling_words(startup: Startup) -> list[str]:
    """Stems of what a startup does, taking turns between its languages, so that none crowds out the others."""
    technologies: Iterable[str] = (name for term in startup.terms(TermKind.TECHNOLOGY) for name in term.names.values())
    texts = [analyze(text) for text in startup.pitch.values()] + [analyze(name) for name in technologies]
    return [word for word in chain.from_iterable(zip_longest(*texts)) if word]


def _same_sector(session: DbSession, startup: Startup, limit: int) -> Sequence[int]:
    sector = startup.term(TermKind.SECTOR)
    if sector is None:
        return []
    statement = (
        Startup.published()
        .with_only_columns(Startup.id)
        .join(StartupTerm)
        .where(StartupTerm.term_id == sector.id, StartupTerm.position == 0, Startup.id != startup.id)
        .order_by(*directory_sql.order(session, Startup, "relevance"))
        .limit(limit)
    )
    return session.scalars(statement).all()
