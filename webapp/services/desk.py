"""The desk: how much waits for staff in each queue, since when, and whether that is longer than it should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.models import (
    Application,
    ApplicationState,
    Challenge,
    ChallengeState,
    Claim,
    ClaimState,
    DbSession,
    ImportRun,
    ImportRunRow,
    Introduction,
    MailState,
    Network,
    OutgoingMail,
    Revision,
    RevisionState,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.introduction_limits import rules_of
from webapp.services.introduction_moves import TO_CHECK
from webapp.services.leases import count_due
from webapp.services.network import day_of, get_network
from webapp.services.network_schema import ServiceLevels
from webapp.services.stale_profiles import count_stale
from webapp.services.working_days import working_days_of


class Source(NamedTuple):
    """Where a queue's rows are, and since when each waits."""

    since: Any
    """A column: the moment from which on it waits."""
    condition: Any


SOURCES: Mapping[str, Source] = {
    "applications": Source(
        Application.submitted_at, Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.EVALUATED))
    ),
    "introductions": Source(Introduction.submitted_at, Introduction.state.in_(TO_CHECK)),
    "reviews": Source(Revision.submitted_at, Revision.state == RevisionState.SUBMITTED),
    "claims": Source(Claim.created_at, Claim.state == ClaimState.WAITING),
    "challenges": Source(Challenge.submitted_at, Challenge.state == ChallengeState.SUBMITTED),
    "imports": Source(
        ImportRun.done_at, sa.and_(ImportRunRow.run_id == ImportRun.id, ImportRunRow.settled_at.is_(None))
    ),
    "mail": Source(OutgoingMail.created_at, OutgoingMail.state == MailState.FAILED),
}
"""What begins to wait at a moment that a row names. Each has the service level of its code in the pack."""


Counter = Callable[[DbSession, date], tuple[int, datetime | None]]
"""How many wait on a day, and since when the oldest does."""

COUNTERS: Mapping[str, Counter] = {"stale": count_stale, "renewals": count_due}
"""What begins to wait because time passes, so that no row names the moment."""


def service_levels(network: Network | None) -> Mapping[str, int]:
    """Queue -> within how many working days staff mean to decide, from the moment something begins to wait."""
    levels = ServiceLevels.model_validate(network.service_levels or {} if network else {})
    return levels.model_dump(exclude={"weekend"}) | {"introductions": rules_of(network).review_days}


@dataclass(frozen=True)
class Queue:
    """What waits in one place."""

    code: str
    """One of ``SOURCES`` or ``COUNTERS``."""
    count: int
    oldest: datetime | None
    """When the one that waits longest began to wait."""
    level: int
    """Within how many working days staff mean to decide."""
    days: int = 0
    """For how many working days the oldest has waited."""

    @property
    def is_late(self) -> bool:
        """Whether something waits longer than it should."""
        return self.days > self.level


def queues(session: DbSession, actor: Actor) -> list[Queue]:
    """All queues, what waits longest first, empty ones last; one query each.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    network = get_network(session)
    levels, calendar, now = service_levels(network), working_days_of(network), utc_now()
    waiting = {code: _count(session, source) for code, source in SOURCES.items()}
    waiting |= {code: count(session, day_of(network)) for code, count in COUNTERS.items()}
    found = []
    for code, (count, oldest) in waiting.items():
        days = calendar.between(oldest, now) if oldest else 0
        found.append(Queue(code, count, oldest, levels[code], days))
    return sorted(found, key=lambda queue: (queue.oldest is None, queue.oldest))


def _count(session: DbSession, source: Source) -> tuple[int, datetime | None]:
    count, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(source.since)).where(source.condition)).one()
    return count, oldest
