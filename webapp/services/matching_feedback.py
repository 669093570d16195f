"""What introductions teach the matcher: whom a partner agreed to meet, whom it declined, whom it knows by now.

Introductions are nobody else's business: what stands here moves weights and rules pairs out; no reason ever names it.
A partner's public portfolio, which reasons may name, is its ``history`` (``matching_features``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from webapp.models import DbSession, Introduction, IntroductionState, MatchChoice, Outcome, Side
from webapp.services.introduction_moves import FOLLOWED

State = IntroductionState
BEING_MET = (State.INTRODUCED, State.SCHEDULED, State.MET)
"""A startup in one of these takes one of the places that a partner has at a time; later, only one that it mentors."""

Feedback = dict[str, Any]
"""Field of ``PartnerFeatures`` -> its value."""


def read_feedback(session: DbSession, partner_ids: Sequence[int]) -> dict[int, Feedback]:
    """Id of a partner -> what its introductions and choices say; three queries. A partner without any is absent."""
    columns = sa.select(
        Introduction.id,
        Introduction.startup_id,
        Introduction.partner_id,
        Introduction.state,
        Introduction.asked_by,
        Introduction.introduced_at,
    )
    known = sa.or_(Introduction.introduced_at.is_not(None), Introduction.state == State.DECLINED)
    statement = columns.where(Introduction.partner_id.in_(partner_ids), known)
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement.order_by(Introduction.startup_id, Introduction.id)):
        rows[row.partner_id].append(row)
    set_aside = _set_aside(session, partner_ids)
    if not rows and not set_aside:
        return {}
    mentored = _mentored(session, partner_ids)
    return {
        partner_id: _with_set_aside(_feedback(rows[partner_id], mentored), set_aside[partner_id])
        for partner_id in rows.keys() | set_aside.keys()
    }


def _set_aside(session: DbSession, partner_ids: Sequence[int]) -> dict[int, list[int]]:
    """Id of a partner -> ids of the startups that it took off its list for good."""
    statement = sa.select(MatchChoice.partner_id, MatchChoice.startup_id).where(
        MatchChoice.partner_id.in_(partner_ids), MatchChoice.side == Side.PARTNER, MatchChoice.until.is_(None)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for partner_id, startup_id in session.execute(statement.order_by(MatchChoice.startup_id)):
        found[partner_id].append(startup_id)
    return found


def _with_set_aside(feedback: Feedback, startup_ids: Sequence[int]) -> Feedback:
    """The same, with what was set aside counted as declined; what an introduction says weighs more."""
    known = {*feedback["accepted"], *feedback["declined"], *feedback["met"]}
    return feedback | {"declined": (*feedback["declined"], *(one for one in startup_ids if one not in known))}


def _mentored(session: DbSession, partner_ids: Sequence[int]) -> set[int]:
    """Ids of the introductions of which a side said that mentoring came of it."""
    statement = sa.select(Outcome.introduction_id).join(Introduction, Introduction.id == Outcome.introduction_id)
    statement = statement.where(Outcome.next_step == "mentoring", Introduction.state.in_(FOLLOWED))
    return set(session.scalars(statement.where(Introduction.partner_id.in_(partner_ids))))


def _feedback(rows: Sequence[Any], mentored: set[int]) -> Feedback:
    """A startup that was declined once and accepted later counts as accepted."""
    accepted = _distinct(row.startup_id for row in rows if row.introduced_at is not None)
    declined = [row for row in rows if row.introduced_at is None and row.startup_id not in accepted]
    own = _distinct(row.startup_id for row in declined if row.asked_by == Side.STARTUP)
    # Where the startup declined, the partner had wanted it: nothing to learn against it, but no proposal either.
    theirs = _distinct(row.startup_id for row in declined if row.asked_by == Side.PARTNER)
    engaged = {row.startup_id for row in rows if row.state in BEING_MET or row.id in mentored}
    return {"accepted": accepted, "declined": own, "met": (*accepted, *theirs), "engaged": len(engaged)}


def _distinct(ids: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))
