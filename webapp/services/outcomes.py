"""What came of an introduction: three short questions to both sides, after two weeks, three months and a year."""

from __future__ import annotations

from datetime import date

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, Introduction, IntroductionState, Outcome, Side, touch
from webapp.permissions import Actor, Permission, require
from webapp.services.introduction_effects import OUTCOME_DAYS
from webapp.services.introduction_limits import lock_organisations, moment_of
from webapp.services.introduction_moves import ENDED, Move, acting_party
from webapp.services.introductions import move
from webapp.services.network import get_network, zone_of

State = IntroductionState
NEXT_STEPS = ("pilot", "investment", "mentoring", "hire", "none")
"""What may follow."""


def answer_outcome(
    session: DbSession,
    actor: Actor,
    introduction: Introduction,
    side: Side,
    day: int,
    met: bool | None,
    useful: bool | None,
    next_step: str | None,
    *,
    today: date,
) -> Outcome:
    """Say what came of an introduction, or say it differently, as long as it is not closed.

    That both met is a move as well, where it was not reported yet. Once both answered the last question it is closed.

    Raises:
        NotAllowed: the actor does not act for that side.
        NotFound: ``outcome``: this side was not asked on that day.
        Conflict: ``outcome-closed``.
        Invalid: ``missing`` (``field`` ``met``), ``no-such-step``, or ``not-met``: useful, or a next step, unmet.
    """
    asker = introduction.startup if side == Side.STARTUP else introduction.partner
    require(actor, Permission.ASK, asker)
    if met is None:
        raise Invalid("missing", field="met")
    if next_step is not None and next_step not in NEXT_STEPS:
        raise Invalid("no-such-step", field="next_step")
    if not met and (useful or next_step not in (None, "none")):
        raise Invalid("not-met", field="met")
    lock_organisations(session, introduction.startup_id, introduction.partner_id)
    session.expire(introduction)
    if State(introduction.state) in ENDED:
        raise Conflict("outcome-closed")
    outcome = find_outcome(introduction, side, day)
    if outcome is None:
        raise NotFound("outcome", day=day)
    outcome.met, outcome.useful, outcome.next_step = met, useful, next_step
    outcome.answered_at = moment_of(today, zone_of(get_network(session)))
    touch(introduction.partner)
    session.flush()
    _move_on(session, actor, introduction, outcome, today)
    return outcome


def _move_on(session: DbSession, actor: Actor, introduction: Introduction, outcome: Outcome, today: date) -> None:
    if outcome.met and acting_party(actor, introduction, Move.REPORT_MET) is not None:
        move(session, actor, introduction, Move.REPORT_MET, today=today)
    last = [one for one in introduction.outcomes if one.day == OUTCOME_DAYS[-1]]
    if last and all(one.answered_at is not None for one in last):
        move(session, actor, introduction, Move.CLOSE, today=today)


def find_outcome(introduction: Introduction, side: Side, day: int) -> Outcome | None:
    """What one side was asked on a day."""
    found = (outcome for outcome in introduction.outcomes if outcome.side == side and outcome.day == day)
    return next(found, None)


def outcome_to_answer(introduction: Introduction, side: Side) -> Outcome | None:
    """The latest question to a side that it has not answered."""
    if State(introduction.state) in ENDED:
        return None
    asked = [outcome for outcome in introduction.outcomes if outcome.side == side]
    latest = max(asked, key=lambda outcome: outcome.day, default=None)
    return latest if latest is not None and latest.answered_at is None else None
