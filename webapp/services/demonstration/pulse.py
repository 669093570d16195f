"""What invented startups that left the parks answered when they were last asked whether they are still active."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from webapp.models import DbSession, PublicationState, Pulse, PulseAnswer, Residency, Startup

ASKED = 60
"""How many were asked."""
DAYS_AGO = 40
ANSWERS = (PulseAnswer.ACTIVE, None, PulseAnswer.ACTIVE, PulseAnswer.ACTIVE, None, PulseAnswer.CHANGED)
"""What they answer, one after the other; of the last two, one was bought and one has closed."""


def make_demonstration_pulse(session: DbSession, *, today: date) -> int:
    """Write questions of some weeks ago with their answers; gives how many. Nothing happens a second time."""
    if session.scalar(select(Pulse.id).limit(1)) is not None:
        return 0
    alumni = select(Startup).filter_by(is_demo=True, state=PublicationState.PUBLISHED, residency=Residency.ALUMNI)
    # The highest numbers left last: a question finds them most easily.
    statement = alumni.where(Startup.closed_on.is_(None)).order_by(Startup.id.desc()).limit(ASKED)
    startups = session.scalars(statement).all()
    answers = [ANSWERS[number % len(ANSWERS)] for number in range(len(startups))]
    answers[-2:] = [PulseAnswer.ACQUIRED, PulseAnswer.CLOSED][: len(answers)]
    asked = datetime.combine(today - timedelta(days=DAYS_AGO), time(7), UTC)
    for number, (startup, answer) in enumerate(zip(startups, answers, strict=True)):
        session.add(_pulse(startup, answer, asked, asked + timedelta(days=number % 9, hours=2)))
    session.flush()
    return len(startups)


def _pulse(startup: Startup, answer: PulseAnswer | None, asked: datetime, answered: datetime) -> Pulse:
    if answer == PulseAnswer.ACTIVE:
        startup.confirmed_on = answered.date()
    return Pulse(
        startup=startup,
        year=asked.year,
        asked_at=asked,
        answer=answer,
        answered_at=answered if answer else None,
    )
