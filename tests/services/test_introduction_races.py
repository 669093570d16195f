"""Two people in the same second: threads with sessions of their own on one real database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join
from tests.introductions import TODAY, Pair, make_pair
from tests.races import Job, race
from webapp.models import Introduction, IntroductionState, MailState, Network, OutgoingMail, Partner, Startup
from webapp.permissions import SYSTEM, Actor
from webapp.services.introduction_limits import monthly_incoming, open_requests
from webapp.services.introduction_time import advance_introductions
from webapp.services.introductions import Move, draft_introduction, move

State = IntroductionState


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner)


@pytest.fixture
def one_open_request(session: Session) -> Iterator[None]:
    network = session.scalars(sa.select(Network)).one()
    before = dict(network.introductions)
    network.introductions = before | {"open_requests": 1}
    session.commit()
    yield
    session.rollback()
    session.scalars(sa.select(Network)).one().introductions = before
    session.commit()


def making(introduction: Introduction, actor: Actor, one: Move, seen: threading.Barrier, **values: Any) -> Job:
    """A move by somebody who has read the introduction while everybody else still reads it too."""
    row_id = introduction.id

    def job(own: Session) -> None:
        found = own.get_one(Introduction, row_id)
        assert found.state is not None
        seen.wait(30)
        move(own, actor, found, one, today=TODAY, **values)

    return job


def moves_of(introduction: Introduction) -> list[str]:
    return [made.move for made in introduction.moves]


@pytest.mark.parametrize("round_", range(3))
def test_of_two_decisions_in_the_same_second_one_counts(pair: Pair, session: Session, round_: int) -> None:
    introduction = pair.at(State.SENT)
    seen, investor = threading.Barrier(2), pair.actor("investor")
    results = race(
        session,
        making(introduction, investor, Move.ACCEPT, seen),
        making(introduction, investor, Move.DECLINE, seen, decline_note="No"),
    )
    assert sorted(results) == ["done", "introduction-moved"]
    if results[0] == "done":
        assert introduction.state == State.INTRODUCED
        assert moves_of(introduction) == ["submit", "send", "accept", "introduce"]
        assert introduction.decline_note == ""
    else:
        assert introduction.state == State.DECLINED
        assert introduction.introduced_at is None
    kinds = set(session.scalars(sa.select(OutgoingMail.kind).where(OutgoingMail.state == MailState.WAITING)))
    assert ("introduction-made" in kinds) != ("introduction-declined" in kinds)


def test_a_withdrawal_and_an_acceptance_do_not_both_happen(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SENT)
    seen = threading.Barrier(3)
    results = race(
        session,
        making(introduction, pair.actor("founder"), Move.WITHDRAW, seen),
        making(introduction, pair.actor("investor"), Move.ACCEPT, seen),
        making(introduction, SYSTEM, Move.EXPIRE, seen),
    )
    assert sorted(results) == ["done", "introduction-moved", "introduction-moved"]


def test_a_double_click_submits_once(pair: Pair, session: Session) -> None:
    introduction = pair.draft()
    seen, founder = threading.Barrier(4), pair.actor("founder")
    results = race(session, *(making(introduction, founder, Move.SUBMIT, seen) for _ in range(4)))
    assert sorted(results) == ["done", *["introduction-moved"] * 3]
    assert moves_of(introduction) == ["submit"]


def test_two_drafts_at_once_are_one(pair: Pair, session: Session) -> None:
    founder, startup_id, partner_id = pair.actor("founder"), pair.startup.id, pair.partner.id

    def job(own: Session) -> None:
        sides = own.get_one(Startup, startup_id), own.get_one(Partner, partner_id)
        draft_introduction(own, founder, *sides, language="en", today=TODAY)

    assert race(session, job, job, job) == ["done"] * 3
    assert session.scalar(sa.select(sa.func.count()).select_from(Introduction)) == 1


def test_both_sides_asking_at_once_make_one_introduction(pair: Pair, session: Session) -> None:
    from webapp.models import Side

    ours, theirs = pair.draft(), pair.draft(asked_by=Side.PARTNER)
    seen = threading.Barrier(2)
    results = race(
        session,
        making(ours, pair.actor("founder"), Move.SUBMIT, seen),
        making(theirs, pair.actor("investor"), Move.SUBMIT, seen),
    )
    assert sorted(results) == ["done", "introduction-open"]


def test_the_last_place_of_the_asking_side_is_given_once(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], one_open_request: None
) -> None:
    drafts = [replace(pair, partner=make_partner()).draft() for _ in range(4)]
    seen, founder = threading.Barrier(4), pair.actor("founder")
    results = race(session, *(making(draft, founder, Move.SUBMIT, seen) for draft in drafts))
    assert sorted(results) == ["done", *["too-many-open"] * 3]
    assert open_requests(session, pair.startup).used == 1


def test_the_last_place_of_the_partner_is_given_once(
    pair: Pair, session: Session, make_startup: Callable[..., Startup]
) -> None:
    pair.partner.monthly_introductions = 1
    waiting = []
    for _ in range(3):
        other = replace(pair, startup=make_startup())
        join(pair.accounts["founder"], other.startup)
        waiting.append(other.at(State.SUBMITTED))
    seen, staff = threading.Barrier(3), pair.actor("staff")
    results = race(session, *(making(one, staff, Move.SEND, seen) for one in waiting))
    assert sorted(results) == ["done", "partner-full", "partner-full"]
    assert monthly_incoming(session, pair.partner, TODAY).used == 1


def test_two_workers_remind_once(pair: Pair, session: Session) -> None:
    from datetime import timedelta

    introduction = pair.at(State.SENT)

    def job(own: Session) -> None:
        advance_introductions(own, TODAY + timedelta(days=5))

    race(session, job, job)
    assert introduction.reminders == 1
    assert moves_of(introduction).count("remind") == 1
