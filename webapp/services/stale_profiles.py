"""Profiles that nobody stood by for a year: neither their members nor staff said that they are still right.

Only of those that readers count on today: startups in the parks, and partners. Members are asked by mail once a year
(``webapp.services.freshness``); what they leave unanswered comes to the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.errors import Conflict
from webapp.models import DbSession, Partner, PublicationState, Residency, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.actors import members_of
from webapp.services.claims import unclaimed
from webapp.services.freshness import YEAR, ask_members
from webapp.services.organisations import get_organisation


class StaleProfile(NamedTuple):
    """A profile, and since when it is stale."""

    profile: Startup | Partner
    since: datetime


def _known(model: type[Startup] | type[Partner]) -> Any:
    """The day on which somebody last said that it is right; nothing if nobody ever did."""
    later = sa.case((model.confirmed_on > model.verified_on, model.confirmed_on), else_=model.verified_on)
    return sa.func.coalesce(later, model.confirmed_on)


def _conditions(model: type[Startup] | type[Partner], today: date) -> list[Any]:
    year_ago = today - timedelta(days=YEAR)
    moment = datetime.combine(year_ago, time(), UTC)
    conditions = [sa.or_(_known(model) <= year_ago, sa.and_(_known(model).is_(None), model.published_at <= moment))]
    if model is Startup:
        conditions.append(Startup.residency == Residency.RESIDENT)
    return conditions


def _since(profile: Startup | Partner) -> datetime:
    return _since_of(profile.confirmed_on, profile.verified_on, profile.published_at, profile.created_at)


def _since_of(
    confirmed_on: date | None, verified_on: date | None, published_at: datetime | None, created_at: datetime
) -> datetime:
    """A year after somebody last stood by it or, if nobody ever did, after it was published."""
    known = max((day for day in (confirmed_on, verified_on) if day), default=None)
    begun = datetime.combine(known, time(12), UTC) if known else published_at or created_at
    return begun + timedelta(days=YEAR)


def list_stale(session: DbSession, actor: Actor, today: date) -> Sequence[StaleProfile]:
    """All stale profiles, those that are so for longest first (two queries, and two for what is shown of them).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    rows: list[Startup | Partner] = []
    for model in (Startup, Partner):
        rows += session.scalars(model.with_listing(model.published().where(*_conditions(model, today))))
    found = [StaleProfile(row, _since(row)) for row in rows]
    return sorted(found, key=lambda each: (each.since, each.profile.sort_name))


def without_members(session: DbSession, rows: Sequence[StaleProfile]) -> list[Startup | Partner]:
    """Of these profiles, those that nobody acts for, so that nobody can be asked (two queries)."""
    found: list[Startup | Partner] = []
    for model in (Startup, Partner):
        profiles = [row.profile for row in rows if isinstance(row.profile, model)]
        ids = unclaimed(session, model, [profile.id for profile in profiles])
        found += [profile for profile in profiles if profile.id in ids]
    return found


def count_stale(session: DbSession, today: date) -> tuple[int, datetime | None]:
    """How many profiles are stale, and since when the first of them is (two queries)."""
    since: list[datetime] = []
    for model in (Startup, Partner):
        columns = (model.confirmed_on, model.verified_on, model.published_at, model.created_at)
        rows = session.execute(
            sa.select(*columns).where(model.state == PublicationState.PUBLISHED, *_conditions(model, today))
        )
        since += [_since_of(*row) for row in rows]
    return len(since), min(since, default=None)


def ask_again(session: DbSession, actor: Actor, noun: str, slug: str, *, today: date) -> int:
    """Ask the members of a profile once more whether it is still right; gives how many were asked.

    Raises:
        NotFound: ``organisation``.
        Conflict: ``no-members``: nobody acts for it, so that staff must look themselves; or ``asked-today``.
    """
    require(actor, Permission.STAFF)
    profile = get_organisation(session, actor, noun, slug, Permission.STAFF)
    if profile.confirmation_asked_on == today:
        raise Conflict("asked-today")
    number = len(members_of(session, profile))
    if not number:
        raise Conflict("no-members")
    ask_members(session, profile, today)
    return number


def vouch(session: DbSession, actor: Actor, noun: str, slug: str, *, today: date) -> Startup | Partner:
    """Note that staff checked a profile against evidence and found it right.

    Raises:
        NotFound: ``organisation``.
    """
    require(actor, Permission.STAFF)
    profile = get_organisation(session, actor, noun, slug, Permission.STAFF)
    profile.verified_on, profile.confirmation_asked_on = today, None
    session.flush()
    return profile
