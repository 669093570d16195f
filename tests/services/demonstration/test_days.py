"""The invented matchmaking days are planned by the planner and hold to its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.config import ROOT
from webapp.models import DayState, Match, MatchmakingDay, OutgoingMail
from webapp.services.day_publishing import changed_since
from webapp.services.day_results import summary_of
from webapp.services.demonstration import make_demonstration_days
from webapp.services.demonstration_days import lacks_demonstration_days

FOLDER = ROOT / "networks" / "technopark" / "demo"
TODAY = date(2026, 11, 28)
Maker = Callable[..., Any]


@pytest.fixture
def profiles(session: Session, make_startup: Maker, make_partner: Maker) -> tuple[list[Any], list[Any]]:
    startups = [make_startup(site="casablanca", is_demo=True) for _ in range(12)]
    partners = [make_partner(is_demo=True) for _ in range(14)]
    for one, startup in enumerate(startups):
        for other, partner in enumerate(partners):
            score = ((one * 7 + other * 3) % 10 + 1) / 20
            session.add(Match(startup_id=startup.id, partner_id=partner.id, score=score, explanation=[]))
    session.flush()
    return startups, partners


def days(session: Session) -> list[MatchmakingDay]:
    return list(session.scalars(select(MatchmakingDay).order_by(MatchmakingDay.on)))


def test_there_is_one_day_with_results_and_one_to_come(session: Session, profiles: Any) -> None:
    join(make_account(), profiles[1][-1])
    assert lacks_demonstration_days(session, FOLDER)
    assert make_demonstration_days(session, FOLDER, seed=1, today=TODAY) == 2
    past, coming = days(session)
    assert (past.state, coming.state) == (DayState.HELD, DayState.PUBLISHED)
    assert past.on < TODAY < coming.on
    assert past.is_demo
    assert coming.on.weekday() < 5
    summary = summary_of(past)
    assert summary.unknown == 0
    assert summary.results["held"] > len(past.meetings) / 2
    assert summary.answers
    # Whoever can sign in comes, so that somebody finds a timetable.
    assert profiles[1][-1] in {each.partner for each in coming.participants}


def test_nobody_meets_two_at_a_time_or_more_than_they_may_and_no_mail_is_ordered(
    session: Session, profiles: Any
) -> None:
    make_demonstration_days(session, FOLDER, seed=1, today=TODAY)
    for day in days(session):
        assert len(day.meetings) >= 40
        for side in ("startup_participant_id", "partner_participant_id"):
            assert max(Counter((getattr(each, side), each.slot) for each in day.meetings).values()) == 1
        assert max(Counter(each.startup_participant_id for each in day.meetings).values()) <= 4
        assert changed_since(day) == []
    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_second_time_and_without_matches_nothing_is_made(session: Session, make_startup: Maker) -> None:
    make_startup(is_demo=True)
    assert make_demonstration_days(session, FOLDER, seed=1, today=TODAY) == 0
    assert not lacks_demonstration_days(session, ROOT / "tests" / "packs" / "harbour" / "demo")
