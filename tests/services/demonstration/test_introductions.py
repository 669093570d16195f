"""The invented introductions hold to the same rules as real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.models import Introduction, IntroductionState, OutgoingMail
from webapp.services.demonstration import make_demonstration_introductions
from webapp.services.introduction_moves import ENDED, KNOWN_TO_EACH_OTHER, TRANSITIONS, UNDER_WAY, Move
from webapp.services.introduction_time import advance_introductions

FOLDER = ROOT / "networks" / "technopark" / "demo"
TODAY = date(2026, 11, 28)
State = IntroductionState
Maker = Callable[..., Any]


@pytest.fixture
def made(session: Session, make_startup: Maker, make_partner: Maker) -> list[Introduction]:
    for number in range(30):
        make_startup(f"Demo {number}", sectors=["fintech"], site="rabat", is_demo=True)
    for number in range(12):
        make_partner(f"Fund {number}", kind=("investor", "mentor", "corporate")[number % 3], is_demo=True)
    assert make_demonstration_introductions(session, FOLDER, seed=1, today=TODAY) > 100
    session.flush()
    return list(session.scalars(select(Introduction).order_by(Introduction.id)))


def test_every_move_follows_from_the_one_before_and_leads_where_the_table_says(made: list[Introduction]) -> None:
    for introduction in made:
        state = State.DRAFT
        last = None
        for move in introduction.moves:
            assert move.from_state == state
            assert TRANSITIONS[Move(move.move)].paths[state] == move.to_state
            assert last is None or last <= move.at
            state, last = State(move.to_state), move.at
        assert introduction.state == state
        assert last is None or last.date() <= TODAY


def test_who_knows_whom_follows_from_the_state(made: list[Introduction]) -> None:
    for introduction in made:
        if introduction.state in KNOWN_TO_EACH_OTHER:
            assert introduction.introduced_at
            assert introduction.answerer
        if introduction.state in ENDED:
            assert introduction.due_on is None


def test_there_is_something_of_everything_that_staff_and_sides_look_at(made: list[Introduction]) -> None:
    states = Counter(introduction.state for introduction in made)
    for state in (State.SENT, State.DECLINED, State.EXPIRED, State.FOLLOWED_UP):
        assert states[state], state
    assert any(introduction.outcomes for introduction in made)


def test_no_two_are_under_way_between_the_same_two(made: list[Introduction]) -> None:
    pairs = [(row.startup_id, row.partner_id) for row in made if row.state in UNDER_WAY]
    assert len(set(pairs)) == len(pairs)


def test_no_mail_is_ordered_and_the_worker_finds_nothing_overdue(session: Session, made: list[Introduction]) -> None:
    assert session.scalars(select(OutgoingMail)).all() == []
    advanced = advance_introductions(session, TODAY)
    assert advanced.failed == 0
    assert sum(advanced.moves.values()) <= 3, advanced.moves


def test_a_second_time_makes_nothing(session: Session, made: list[Introduction]) -> None:
    assert make_demonstration_introductions(session, FOLDER, seed=1, today=TODAY) == 0
