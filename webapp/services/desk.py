"""The desk: how much waits for staff in each queue, since when, and whether that is longer than it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.models import (
    Claim,
    ClaimState,
    DbSession,
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
from webapp.services.network import get_network

_LEVELS = {
    "claims": timedelta(days=3),
    "reviews": timedelta(days=5),
    "mail": timedelta(days=1),
}
"""The service levels that no pack sets; that of introductions is the pack's ``review_days``."""


def service_levels(network: Network | None) -> Mapping[str, timedelta]:
    """Queue -> within which time staff mean to decide, from the moment something begins to wait."""
    return {"introductions": timedelta(days=rules_of(network).review_days), **_LEVELS}


def is_late(since: datetime, level: timedelta) -> bool:
    """Whether something that waits since a moment waits longer than it should."""
    return utc_now() - since > level


@dataclass(frozen=True)
class Queue:
    """What waits in one place."""

    code: str
    """``introductions``, ``claims``, ``reviews`` or ``mail``."""
    count: int
    oldest: datetime | None
    """When the one that waits longest began to wait."""
    level: timedelta
    """Within which time staff mean to decide."""

    @property
    def is_late(self) -> bool:
        """Whether something waits longer than it should."""
        return self.oldest is not None and is_late(self.oldest, self.level)


def queues(session: DbSession, actor: Actor) -> list[Queue]:
    """All queues, what waits longest first, empty ones last; one query each.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    waiting = {
        "introductions": (Introduction.submitted_at, Introduction.state.in_(TO_CHECK)),
        "claims": (Claim.created_at, Claim.state == ClaimState.WAITING),
        "reviews": (Revision.submitted_at, Revision.state == RevisionState.SUBMITTED),
        "mail": (OutgoingMail.created_at, OutgoingMail.state == MailState.FAILED),
    }
    levels = service_levels(get_network(session))
    found = []
    for code, (since, condition) in waiting.items():
        count, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(since)).where(condition)).one()
        found.append(Queue(code, count, oldest, levels[code]))
    return sorted(found, key=lambda queue: (queue.oldest is None, queue.oldest))
