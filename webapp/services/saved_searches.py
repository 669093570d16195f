"""Saved searches: filters of a directory, or matches of an organisation, that somebody comes back to and is told of.

What is new in them is ``webapp.services.search_news``; telling of it by mail is ``webapp.services.alerts``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import AlertFrequency, DbSession, Partner, Person, PublicationState, SavedSearch, Startup, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.search import IndexUnavailable, Search
from webapp.search.columns import SORTS
from webapp.search.documents import FACETS
from webapp.services.search_news import MATCHES, News, answering, matched_ids, news_of, organisation_key
from webapp.services.write_lock import lock_rows

MOST = 30
"""How many searches a person may save."""
NAME_LENGTH = 120

_MODELS: Mapping[str, type[Startup] | type[Partner]] = {Startup.noun: Startup, Partner.noun: Partner}


def list_saved_searches(session: DbSession, actor: Actor) -> Sequence[SavedSearch]:
    """Those of an actor, by name."""
    require(actor, Permission.USE_ACCOUNT)
    mine = sa.select(SavedSearch).where(SavedSearch.person_id == actor.person_id)
    return session.scalars(mine.order_by(sa.func.lower(SavedSearch.name), SavedSearch.id)).all()


def get_saved_search(session: DbSession, actor: Actor, search_id: int) -> SavedSearch:
    """One of an actor's own.

    Raises:
        NotFound: ``saved-search``: there is none, or it is somebody else's.
    """
    require(actor, Permission.USE_ACCOUNT)
    found = session.get(SavedSearch, search_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound("saved-search", id=search_id)
    return found


def save_search(
    session: DbSession,
    actor: Actor,
    search: Search,
    noun: str,
    parameters: Mapping[str, Any],
    *,
    name: str,
    frequency: AlertFrequency,
    today: date,
) -> SavedSearch:
    """Save a search of a directory. What it finds now counts as seen.

    Args:
        noun: ``startup`` or ``partner``.
        parameters: the canonical query string of the directory's page.
        today: the day it is where the network is.

    Raises:
        Invalid: ``saved-search-noun``, ``saved-search-parameters`` or ``saved-search-name``.
        Conflict: ``saved-search-exists`` (``id``): the same is saved already; ``saved-searches-full`` (``most``).
    """
    require(actor, Permission.USE_ACCOUNT)
    if noun not in FACETS:
        raise Invalid("saved-search-noun", noun=noun)
    kept = _checked(noun, parameters)
    mine = _locked(session, actor)
    _refuse_double(each for each in mine if each.noun == noun and each.parameters == kept)
    saved = _new(actor, mine, name=name, noun=noun, parameters=kept, frequency=frequency, checked_on=today)
    saved.seen = sorted(_found_now(session, search, saved))
    session.add(saved)
    session.flush()
    return saved


def save_matches(
    session: DbSession,
    actor: Actor,
    organisation: Startup | Partner,
    *,
    name: str,
    frequency: AlertFrequency,
    today: date,
) -> SavedSearch:
    """Be told of new matches of an organisation that one acts for. Those of now count as seen.

    Raises:
        NotAllowed: the actor does not act for it.
        Invalid, Conflict: as for ``save_search``.
    """
    require(actor, Permission.ASK, organisation)
    key = organisation.noun, organisation.id
    mine = _locked(session, actor)
    _refuse_double(each for each in mine if each.noun == MATCHES and organisation_key(each) == key)
    saved = _new(actor, mine, name=name, noun=MATCHES, parameters={}, frequency=frequency, checked_on=today)
    setattr(saved, f"{organisation.noun}_id", organisation.id)
    saved.seen = sorted(matched_ids(session, {key}, today)[key])
    session.add(saved)
    session.flush()
    return saved


def change_saved_search(
    session: DbSession, actor: Actor, saved: SavedSearch, *, name: str, frequency: AlertFrequency
) -> None:
    """Call it otherwise, or be told more or less often.

    Raises:
        NotFound: ``saved-search``: it is somebody else's.
        Invalid: ``saved-search-name``.
    """
    _take(session, actor, saved)
    saved.name, saved.frequency = _name(name), frequency
    session.flush()


def pause(session: DbSession, actor: Actor, saved: SavedSearch) -> None:
    """Be told nothing until ``resume``; what is new is still shown on its page.

    Raises:
        NotFound: ``saved-search``: it is somebody else's.
    """
    _take(session, actor, saved)
    saved.paused_at = saved.paused_at or utc_now()
    session.flush()


def resume(session: DbSession, actor: Actor, saved: SavedSearch) -> None:
    """Be told again; also of what came meanwhile.

    Raises:
        NotFound: ``saved-search``: it is somebody else's.
    """
    _take(session, actor, saved)
    saved.paused_at = None
    session.flush()


def mark_seen(session: DbSession, actor: Actor, saved: SavedSearch, ids: Collection[int]) -> None:
    """Note that these are no news any more.

    Raises:
        NotFound: ``saved-search``: it is somebody else's.
    """
    _take(session, actor, saved)
    saved.seen, saved.told = sorted({*saved.seen, *ids}), []
    session.flush()


def delete_saved_search(session: DbSession, actor: Actor, saved: SavedSearch) -> None:
    """Forget it.

    Raises:
        NotFound: ``saved-search``: it is somebody else's.
    """
    _take(session, actor, saved)
    session.delete(saved)
    session.flush()


def own_news(
    session: DbSession,
    actor: Actor,
    search: Search,
    searches: Sequence[SavedSearch],
    *,
    today: date,
) -> dict[int, News]:
    """What is new in one's own searches, by their ids."""
    for saved in searches:
        _require_own(actor, saved)
    return news_of(session, search, searches, actor.memberships, today=today)


def _locked(session: DbSession, actor: Actor) -> Sequence[SavedSearch]:
    """Those of an actor as they are now; the actor saves no other one until the transaction ends."""
    lock_rows(session, Person, actor.person_id or 0)
    return list_saved_searches(session, actor)


def _take(session: DbSession, actor: Actor, saved: SavedSearch) -> None:
    """Read one's own anew with nobody else at it.

    Raises:
        NotFound: ``saved-search``: it is somebody else's, or was deleted meanwhile.
    """
    _require_own(actor, saved)
    search_id = saved.id
    lock_rows(session, SavedSearch, search_id)
    statement = sa.select(SavedSearch).where(SavedSearch.id == search_id)
    if session.scalar(statement.execution_options(populate_existing=True)) is None:
        raise NotFound("saved-search", id=search_id)


def _require_own(actor: Actor, saved: SavedSearch) -> None:
    require(actor, Permission.USE_ACCOUNT)
    if saved.person_id != actor.person_id:
        raise NotFound("saved-search", id=saved.id)


def _refuse_double(same: Any) -> None:
    double = next(iter(same), None)
    if double is not None:
        raise Conflict("saved-search-exists", id=double.id)


def _new(actor: Actor, mine: Sequence[SavedSearch], *, name: str, **columns: Any) -> SavedSearch:
    if len(mine) >= MOST:
        raise Conflict("saved-searches-full", most=MOST)
    return SavedSearch(person_id=actor.person_id, name=_name(name), told=[], **columns)


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise Invalid("saved-search-name", most=NAME_LENGTH)
    return clean


def _checked(noun: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, if a directory of the noun can have them; whether codes are known, its page has looked."""
    for name, value in parameters.items():
        is_codes = isinstance(value, list) and bool(value) and all(isinstance(code, str) for code in value)
        fits = (
            (name in FACETS[noun] and is_codes)
            or (name == "q" and isinstance(value, str) and bool(value))
            or (name == "sort" and value in SORTS[1:])
            or (name == "exact" and value == 1)
        )
        if not fits:
            raise Invalid("saved-search-parameters", name=name)
    return dict(parameters)


def _found_now(session: DbSession, search: Search, saved: SavedSearch) -> Collection[int]:
    """What it finds; without an index everybody there is, so that nobody who was there before is told as new."""
    try:
        return answering(search, saved)
    except IndexUnavailable:
        columns = _MODELS[saved.noun].__table__.c
        return list(session.scalars(sa.select(columns.id).where(columns.state == PublicationState.PUBLISHED)))
