"""What is new in saved searches: who answers now, is published, and was neither there before nor told.

A search is answered by the index alone: without one nothing is known, which is not the same as nothing being new. Only
entries that answer the whole text count; those that answer part of it, which a page shows when there is little else,
are no news.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from webapp.models import DbSession, Match, MatchChoice, Partner, PublicationState, SavedSearch, Side, Startup
from webapp.permissions import OrganisationKey
from webapp.search import IndexUnavailable, Query, Search, run
from webapp.search.documents import FACETS
from webapp.search.query import MAX_PER_PAGE

MATCHES = "match"
"""The noun of searches that are the matches of an organisation."""

_MODELS: Mapping[str, type[Startup] | type[Partner]] = {Startup.noun: Startup, Partner.noun: Partner}
_OTHER_SIDE = {Startup.noun: Partner.noun, Partner.noun: Startup.noun}


@dataclass(frozen=True)
class News:
    """What is new in a search."""

    noun: str
    """Of the new ones: ``startup`` or ``partner``."""
    ids: tuple[int, ...] = ()
    """Of the new ones, the latest published first."""
    is_known: bool = True
    """Whether it could be found out: not while there is no index."""


def organisation_key(saved: SavedSearch) -> OrganisationKey:
    """Whose matches a search of matches is."""
    return (Startup.noun, saved.startup_id) if saved.startup_id else (Partner.noun, saved.partner_id or 0)


def noun_of(saved: SavedSearch) -> str:
    """What a search finds: ``startup`` or ``partner``."""
    return _OTHER_SIDE[organisation_key(saved)[0]] if saved.noun == MATCHES else saved.noun


def query_of(saved: SavedSearch) -> Query:
    """The question that a search of a directory asks."""
    parameters = saved.parameters
    return Query(
        parameters.get("q", ""),
        {facet: tuple(parameters[facet]) for facet in FACETS[saved.noun] if facet in parameters},
        per_page=MAX_PER_PAGE,
        fuzzy="exact" not in parameters,
        concepts="exact" not in parameters,
        partial=False,
    )


def answering(search: Search, saved: SavedSearch) -> frozenset[int]:
    """The ids of all in the index that answer a search of a directory.

    A code that the network no longer has finds nothing. The directory's page leaves it out, but then everybody would
    be news.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    index = search.startups if saved.noun == Startup.noun else search.partners
    query = query_of(saved)
    answer = run(index, query)
    found = list(answer.ids)
    for page in range(2, answer.pages + 1):
        found += run(index, replace(query, page=page)).ids
    return frozenset(found)


def matched_ids(
    session: DbSession, owners: Collection[OrganisationKey], today: date
) -> dict[OrganisationKey, set[int]]:
    """The other sides on the lists of matches of published organisations, without those that they put aside.

    Takes two queries for each noun.
    """
    found: dict[OrganisationKey, set[int]] = {key: set() for key in owners}
    for noun in _MODELS:
        ids = [row_id for of, row_id in owners if of == noun]
        if ids:
            for own_id, other_id in _matched_pairs(session, noun, ids, today):
                found[noun, own_id].add(other_id)
    return found


def news_of(
    session: DbSession,
    search: Search,
    searches: Sequence[SavedSearch],
    memberships: Collection[OrganisationKey],
    *,
    today: date,
) -> dict[int, News]:
    """What is new in each of these searches, by their ids; the number of queries does not grow with what is found.

    Args:
        memberships: the organisations that their person acts for; of others no matches are told.
    """
    owners = {organisation_key(saved) for saved in searches if saved.noun == MATCHES} & set(memberships)
    matched = matched_ids(session, owners, today)
    unseen: dict[int, frozenset[int] | None] = {}
    for saved in searches:
        if saved.noun == MATCHES:
            unseen[saved.id] = frozenset(matched.get(organisation_key(saved), ())) - set(saved.seen)
        else:
            unseen[saved.id] = _unseen(search, saved)
    newest = _newest_first(session, ((noun_of(saved), unseen[saved.id] or ()) for saved in searches))
    news = {}
    for saved in searches:
        noun, wanted = noun_of(saved), unseen[saved.id]
        ids = tuple(row_id for row_id in newest[noun] if row_id in wanted) if wanted else ()
        news[saved.id] = News(noun, ids, is_known=wanted is not None)
    return news


def still_published(session: DbSession, noun: str, ids: Sequence[int]) -> list[int]:
    """Those of these ids that the public sees, in the same order."""
    published = set(_published(session, _MODELS[noun], ids)) if ids else set()
    return [row_id for row_id in ids if row_id in published]


def published_rows(session: DbSession, noun: str, ids: Sequence[int]) -> list[Startup | Partner]:
    """The rows of those that the public sees, in the same order, with all that a list entry shows."""
    model = _MODELS[noun]
    if not ids:
        return []
    found = session.scalars(model.with_listing(model.published().where(model.id.in_(ids))))
    rows: dict[int, Startup | Partner] = {row.id: row for row in found}
    return [rows[row_id] for row_id in ids if row_id in rows]


def _unseen(search: Search, saved: SavedSearch) -> frozenset[int] | None:
    try:
        return answering(search, saved) - set(saved.seen)
    except IndexUnavailable:
        return None


def _newest_first(session: DbSession, wanted: Iterable[tuple[str, Collection[int]]]) -> dict[str, list[int]]:
    """Noun -> the published ones among these ids, the latest published first; one query for each noun."""
    ids: dict[str, set[int]] = {noun: set() for noun in _MODELS}
    for noun, some in wanted:
        ids[noun].update(some)
    return {noun: list(_published(session, _MODELS[noun], some)) if some else [] for noun, some in ids.items()}


def _published(session: DbSession, model: type[Startup] | type[Partner], ids: Collection[int]) -> Sequence[int]:
    statement = model.published().with_only_columns(model.id).where(model.id.in_(ids))
    return session.scalars(statement.order_by(model.published_at.desc().nulls_last(), model.id.desc())).all()


def _matched_pairs(session: DbSession, noun: str, ids: Collection[int], today: date) -> Iterable[tuple[int, int]]:
    """Id of the organisation and of the other side, for each match on its list that it did not put aside."""
    model = _MODELS[noun]
    own, other, rank, chosen_own, chosen_other = (
        (Match.startup_id, Match.partner_id, Match.startup_rank, MatchChoice.startup_id, MatchChoice.partner_id)
        if noun == Startup.noun
        else (Match.partner_id, Match.startup_id, Match.partner_rank, MatchChoice.partner_id, MatchChoice.startup_id)
    )
    hides = sa.or_(MatchChoice.until.is_(None), MatchChoice.until > today)
    choices = sa.select(chosen_own, chosen_other).where(chosen_own.in_(ids), MatchChoice.side == Side(noun), hides)
    aside = {(own_id, other_id) for own_id, other_id in session.execute(choices)}
    statement = sa.select(own, other).join(model, model.id == own).where(own.in_(ids), rank.is_not(None))
    pairs = session.execute(statement.where(model.state == PublicationState.PUBLISHED))
    return [(own_id, other_id) for own_id, other_id in pairs if (own_id, other_id) not in aside]
