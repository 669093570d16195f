"""Leases of residents: until when each runs, which end soon, and whose incubation is due to be looked at.

Everything is derived from residency events, read for all residents at once; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, cast

import sqlalchemy as sa

from webapp.models import DbSession, Network, Residency, ResidencyEvent, ResidencyEventKind, Startup
from webapp.services.network import get_network
from webapp.services.network_schema import ResidencyRules
from webapp.services.residency import Stay, derive_stays, standing_events

SOON_DAYS = 30
"""So long before its end a lease comes to the desk."""
REVIEW_WINDOW_MONTHS = 6
"""An incubation review that was missed for so long is not asked for any more."""

_COLUMNS = ("id", "startup_id", "kind", "on", "site_id", "from_site_id", "reason_id", "until", "voids_id")


class Due(StrEnum):
    """What a resident's stay asks of staff."""

    OVERDUE = "overdue"
    """Its lease has ended, and nobody recorded what became of it."""
    ENDING = "ending"
    """Its lease ends within ``SOON_DAYS``."""
    REVIEW = "review"
    """Its incubation is to be looked at."""


@dataclass(frozen=True)
class CurrentStay:
    """Where a resident sits today."""

    startup_id: int
    site_id: int
    entered: date
    first_entered: date
    """When its first stay in the network began: the incubation counts from there."""
    until: date | None
    due: Due | None
    since: date | None
    """The day from which on it asks something of staff."""


def residency_rules(network: Network | None) -> ResidencyRules:
    """How long one stays, as the pack has it; the usual times where it says nothing."""
    return ResidencyRules.model_validate(network.residency or {} if network else {})


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def events_by_startup(session: DbSession, *conditions: Any) -> Iterable[tuple[int, list[ResidencyEvent]]]:
    """The columns of events of many startups, in order, a startup at a time (one query; rows, not records)."""
    statement = sa.select(*(getattr(ResidencyEvent, name) for name in _COLUMNS))
    statement = statement.join(Startup, Startup.id == ResidencyEvent.startup_id).where(*conditions)
    rows = session.execute(statement.order_by(ResidencyEvent.startup_id, ResidencyEvent.on, ResidencyEvent.id)).all()
    for startup_id, events in groupby(rows, key=lambda row: row.startup_id):
        yield startup_id, cast("list[ResidencyEvent]", list(events))


def current_stays(session: DbSession, today: date) -> list[CurrentStay]:
    """The stays of all of today's residents, what has been due for longest first (two queries)."""
    rules = residency_rules(get_network(session))
    found = []
    for startup_id, events in events_by_startup(session, Startup.residency == Residency.RESIDENT):
        stays = derive_stays(events)
        is_reviewed = any(event.kind == ResidencyEventKind.REVIEWED for event in standing_events(events))
        first = min(stay.entered for stay in stays)
        found += [
            _current(startup_id, stay, first, None if is_reviewed else rules.review_months, today)
            for stay in stays
            if stay.left is None
        ]
    return sorted(found, key=lambda stay: (stay.since is None, stay.since or stay.entered, stay.startup_id))


def _current(startup_id: int, stay: Stay, first: date, review_months: int | None, today: date) -> CurrentStay:
    due, since = _due(stay, first, review_months, today)
    return CurrentStay(startup_id, stay.site_id, stay.entered, first, stay.until, due, since)


def _due(stay: Stay, first: date, review_months: int | None, today: date) -> tuple[Due | None, date | None]:
    if stay.until:
        soon = stay.until - timedelta(days=SOON_DAYS)
        if soon <= today:
            return (Due.OVERDUE if stay.until < today else Due.ENDING), soon
    if review_months is not None:
        milestone = add_months(first, review_months)
        if milestone <= today <= add_months(milestone, REVIEW_WINDOW_MONTHS):
            return Due.REVIEW, milestone
    return None, None


def count_due(session: DbSession, today: date) -> tuple[int, datetime | None]:
    """How many stays ask something of staff, and since when the first of them does."""
    days = [stay.since for stay in current_stays(session, today) if stay.since]
    return len(days), datetime.combine(min(days), time(12), UTC) if days else None


def startups_of(session: DbSession, stays: Sequence[CurrentStay]) -> dict[int, Startup]:
    """The startups of some stays by id (one query)."""
    ids = {stay.startup_id for stay in stays}
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(sa.select(Startup).where(Startup.id.in_(ids)))}
