"""What time does to introductions: reminders, expiry, the end of putting off, questions for the outcome, closing.

Doing it twice does no harm: each date is worked through once, whenever the worker comes round to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from webapp.models import DbSession, Introduction, IntroductionState
from webapp.permissions import SYSTEM
from webapp.services.introduction_effects import CLOSED_AFTER, OUTCOME_DAYS, USUAL_DAYS
from webapp.services.introduction_limits import moment_of
from webapp.services.introduction_moves import FOLLOWED, Move
from webapp.services.introductions import move
from webapp.services.meeting_times import is_to_come
from webapp.services.network import get_network, zone_of
from webapp.services.write_lock import begin_writing

State = IntroductionState
REMINDER_DAYS = (5, 10)
"""So many days after it was asked the other side is reminded."""
TIMED = (State.SENT, State.NOT_NOW, *sorted(FOLLOWED, key=list(State).index))

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Advanced:
    """What time did: how often each move was made, and how many introductions could not be handled."""

    moves: Mapping[Move, int] = field(default_factory=dict)
    failed: int = 0


def advance_introductions(session: DbSession, today: date, days: int = USUAL_DAYS) -> Advanced:
    """Make all moves that are due. An introduction that fails is logged and left as it was; the others go on.

    Args:
        today: in the network's time zone.
        days: after how many a request without an answer expires.
    """
    made: Counter[Move] = Counter()
    failed = 0
    begin_writing(session)
    for introduction_id in _candidates(session, today, days):
        try:
            with session.begin_nested():
                made.update(_advance(session, introduction_id, today, days))
        except Exception:
            failed += 1
            log.exception("introduction not advanced", introduction=introduction_id)
    return Advanced(dict(made), failed)


def _candidates(session: DbSession, today: date, days: int) -> list[int]:
    """Ids of what may be due: all that wait for an answer and may be reminded, and what has reached its date."""
    soon = today + timedelta(days=max(days - min(REMINDER_DAYS), 0))
    due = sa.or_(
        sa.and_(Introduction.state == State.SENT, Introduction.due_on <= soon),
        sa.and_(Introduction.state.in_(TIMED), Introduction.due_on <= today),
    )
    return list(session.scalars(sa.select(Introduction.id).where(due).order_by(Introduction.id)))


def _advance(session: DbSession, introduction_id: int, today: date, days: int) -> list[Move]:
    introduction = session.get(Introduction, introduction_id, populate_existing=True)
    if introduction is None or introduction.due_on is None:
        return []
    state = State(introduction.state)
    if state == State.SENT:
        return _wait(session, introduction, today, days)
    if introduction.due_on > today:
        return []
    if state == State.NOT_NOW:
        return _made(session, introduction, Move.RESUME, today, days=days)
    return _ask_or_close(session, introduction, today) if state in FOLLOWED else []


def _made(session: DbSession, introduction: Introduction, one: Move, today: date, **values: Any) -> list[Move]:
    move(session, SYSTEM, introduction, one, today=today, **values)
    return [one]


def _wait(session: DbSession, introduction: Introduction, today: date, days: int) -> list[Move]:
    """Remind whoever is asked, or give up. After a long pause of the worker one reminder is enough."""
    due_on = introduction.due_on
    if due_on is None:
        return []
    if due_on <= today:
        return _made(session, introduction, Move.EXPIRE, today)
    asked_on = due_on - timedelta(days=days)
    reached = sum(asked_on + timedelta(days=after) <= today for after in REMINDER_DAYS if after < days)
    return _made(session, introduction, Move.REMIND, today) if introduction.reminders < reached else []


def _ask_or_close(session: DbSession, introduction: Introduction, today: date) -> list[Move]:
    """Ask what came of it, or close it when that was asked for the last time.

    A meeting that is still to come is awaited first.
    """
    due_on = introduction.due_on
    now = moment_of(today, zone_of(get_network(session)))
    if due_on is None or is_to_come(introduction, now):
        return []
    asked = {outcome.day for outcome in introduction.outcomes}
    open_days = [day for day in OUTCOME_DAYS if day > max(asked, default=0)]
    if not open_days:
        return _made(session, introduction, Move.CLOSE, today)
    introduced_on = due_on - timedelta(days=open_days[0])
    day = max(day for day in open_days if introduced_on + timedelta(days=day) <= today)
    later = [one for one in open_days if one > day]
    next_day = later[0] if later else OUTCOME_DAYS[-1] + CLOSED_AFTER
    next_on = introduced_on + timedelta(days=next_day)
    if next_on <= today:  # The worker was away for very long: both sides still get time to answer.
        next_on = today + timedelta(days=CLOSED_AFTER)
    return _made(session, introduction, Move.FOLLOW_UP, today, day=day, next_on=next_on)
