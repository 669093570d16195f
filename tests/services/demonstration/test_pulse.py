"""Some of the invented startups that left have answered whether they are still active."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.models import NetworkRole, PulseAnswer, Residency
from webapp.services.actors import actor_of
from webapp.services.demonstration import make_demonstration_pulse
from webapp.services.pulse import list_answers

Maker = Callable[..., Any]
TODAY = date(2026, 11, 28)


def test_staff_read_answers_of_every_kind_and_who_has_not_answered(session: Session, make_startup: Maker) -> None:
    for number in range(12):
        make_startup(f"Gone {number}", residency=Residency.ALUMNI, is_demo=True)
    make_startup("Closed", residency=Residency.ALUMNI, is_demo=True, closed_on=date(2024, 1, 1))
    assert make_demonstration_pulse(session, today=TODAY) == 12
    assert make_demonstration_pulse(session, today=TODAY) == 0
    staff = actor_of(session, make_account(NetworkRole.STAFF))
    answers = Counter(pulse.answer for pulse in list_answers(session, staff, 2026))
    assert set(answers) == {*PulseAnswer, None}
    assert all(
        pulse.startup.confirmed_on == pulse.answered_at.date()
        for pulse in list_answers(session, staff, 2026)
        if pulse.answered_at and pulse.answer == PulseAnswer.ACTIVE
    )


def test_without_anybody_who_left_nobody_is_asked(session: Session, make_startup: Maker) -> None:
    make_startup("Resident", site="rabat", is_demo=True)
    assert make_demonstration_pulse(session, today=TODAY) == 0
