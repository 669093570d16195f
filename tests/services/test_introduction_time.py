"""Time: reminders, expiry, the end of putting off, questions for the outcome, closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join
from tests.introductions import PLANTED, TODAY, Pair, make_pair, times
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import Introduction, IntroductionState, MailState, Meeting, OutgoingMail, Partner, Side, Startup
from webapp.services.introduction_time import advance_introductions
from webapp.services.introductions import Move
from webapp.services.outcomes import answer_outcome, outcome_to_answer

State = IntroductionState


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def advance(pair: Pair, number: int, days: int = 14) -> dict[Move, int]:
    """The moves of a day, which a second run does not repeat."""
    advanced = advance_introductions(pair.session, day(number), days)
    again = advance_introductions(pair.session, day(number), days)
    assert (again.moves, again.failed, advanced.failed) == ({}, 0, 0)
    return dict(advanced.moves)


def mails(pair: Pair, kind: str) -> list[str]:
    rows = pair.session.scalars(sa.select(OutgoingMail).filter_by(kind=kind, state=MailState.WAITING))
    return sorted(row.address for row in rows)


def test_the_asked_side_is_reminded_twice_before_the_request_expires(pair: Pair) -> None:
    introduction = pair.at(State.SENT)
    made = {number: moves for number in range(20) if (moves := advance(pair, number))}
    assert made == {5: {Move.REMIND: 1}, 10: {Move.REMIND: 1}, 14: {Move.EXPIRE: 1}}
    assert (introduction.state, introduction.due_on) == (State.EXPIRED, None)
    assert mails(pair, "introduction-expired") == [PLANTED["founder"][0]]
    assert mails(pair, "introduction-reminder") == [], "what was not sent before the end is not sent after it"


def test_after_a_pause_of_the_worker_one_reminder_is_enough(pair: Pair) -> None:
    introduction = pair.at(State.SENT)
    assert advance_introductions(pair.session, day(12)).moves == {Move.REMIND: 1}
    assert introduction.state == State.SENT


def test_a_request_that_expires_early_is_reminded_of_less(pair: Pair) -> None:
    introduction = pair.draft()
    pair.make(introduction, "founder", Move.SUBMIT)
    pair.make(introduction, "staff", Move.SEND, days=7)
    made = {number: moves for number in range(9) if (moves := advance(pair, number, days=7))}
    assert made == {5: {Move.REMIND: 1}, 7: {Move.EXPIRE: 1}}


def test_what_was_put_off_is_asked_again_on_its_day(pair: Pair) -> None:
    introduction = pair.at(State.NOT_NOW)
    assert advance(pair, 29) == {}
    assert advance(pair, 30) == {Move.RESUME: 1}
    assert (introduction.state, introduction.due_on, introduction.reminders) == (State.SENT, day(44), 0)
    assert mails(pair, "introduction-request") == [PLANTED["investor"][0]]
    assert advance(pair, 35) == {Move.REMIND: 1}


def test_both_are_asked_three_times_and_then_it_is_closed(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    made = {number: moves for number in range(400) if (moves := advance(pair, number))}
    assert made == {14: {Move.FOLLOW_UP: 1}, 90: {Move.FOLLOW_UP: 1}, 365: {Move.FOLLOW_UP: 1}, 395: {Move.CLOSE: 1}}
    assert introduction.state == State.CLOSED
    assert [(outcome.side, outcome.day) for outcome in introduction.outcomes] == [
        (side, asked) for asked in (14, 90, 365) for side in (Side.STARTUP, Side.PARTNER)
    ]
    assert mails(pair, "outcome-question") == [], "nobody is asked about what is closed"


def test_after_a_long_pause_only_the_last_question_is_asked(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    assert advance(pair, 100) == {Move.FOLLOW_UP: 1}
    assert {outcome.day for outcome in introduction.outcomes} == {90}
    assert introduction.due_on == day(365)
    assert advance(pair, 600) == {Move.FOLLOW_UP: 1}
    assert introduction.due_on == day(630)
    assert advance(pair, 630) == {Move.CLOSE: 1}


def test_a_meeting_to_come_is_awaited_before_the_question(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    pair.make(introduction, "founder", Move.PROPOSE_TIMES, times=times(20), minutes=30, place="")
    pair.make(introduction, "investor", Move.CHOOSE_TIME, index=0)
    assert advance(pair, 14) == {}
    assert introduction.meeting is not None
    introduction.meeting.begins_at = datetime.now(UTC) - timedelta(hours=1)
    pair.session.flush()
    assert advance(pair, 21) == {Move.FOLLOW_UP: 1}


def test_one_that_fails_holds_up_no_other(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], caplog: pytest.LogCaptureFixture
) -> None:
    other = replace(pair, partner=make_partner())
    join(pair.accounts["investor"], other.partner)
    bad, good = other.at(State.SENT), pair.at(State.SENT)
    # Data that nothing here writes: a meeting of a request, proposed by nobody.
    later = datetime.now(UTC) + timedelta(days=60)
    bad.meeting = Meeting(proposed_by="nobody", times=[], begins_at=later, minutes=45, uid="uid", sequence=0)
    session.flush()
    moves = len(bad.moves)
    advanced = advance_introductions(session, day(14))
    assert (advanced.moves, advanced.failed) == ({Move.EXPIRE: 1}, 1)
    assert (good.state, bad.state, len(bad.moves)) == (State.EXPIRED, State.SENT, moves)
    assert mails(pair, "introduction-expired") == [PLANTED["founder"][0]]


# Outcomes


def answer(
    pair: Pair,
    introduction: Introduction,
    who: str,
    asked: int,
    *,
    met: bool | None = True,
    useful: bool | None = None,
    next_step: str | None = None,
    number: int = 15,
) -> None:
    side = Side.STARTUP if who == "founder" else Side.PARTNER
    answer_outcome(pair.session, pair.actor(who), introduction, side, asked, met, useful, next_step, today=day(number))


def test_each_side_answers_for_itself_and_may_change_its_mind(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    advance(pair, 14)
    assert outcome_to_answer(introduction, Side.STARTUP) is introduction.outcomes[0]
    answer(pair, introduction, "founder", 14, useful=True, next_step="pilot")
    answer(pair, introduction, "founder", 14, useful=False, next_step="none")
    assert [(one.met, one.useful, one.next_step) for one in introduction.outcomes] == [
        (True, False, "none"),
        (None, None, None),
    ]
    assert outcome_to_answer(introduction, Side.STARTUP) is None
    with pytest.raises(NotAllowed):
        answer_outcome(
            pair.session, pair.actor("founder"), introduction, Side.PARTNER, 14, True, None, None, today=day(15)
        )


def test_answers_that_make_no_sense_are_refused(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    with pytest.raises(NotFound):
        answer(pair, introduction, "founder", 14)
    advance(pair, 14)
    for values, code in (
        ({"met": None}, "missing"),
        ({"met": False, "useful": True}, "not-met"),
        ({"met": False, "next_step": "hire"}, "not-met"),
        ({"next_step": "marriage"}, "no-such-step"),
    ):
        with pytest.raises(Invalid, match=code):
            answer(pair, introduction, "founder", 14, **values)
    pair.make(introduction, "founder", Move.CLOSE)
    with pytest.raises(Conflict, match="outcome-closed"):
        answer(pair, introduction, "founder", 14)


def test_it_is_closed_once_both_answered_the_last_question(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    for number in (14, 90, 365):
        advance(pair, number)
    answer(pair, introduction, "founder", 365, number=366, next_step="investment")
    assert introduction.state == State.FOLLOWED_UP
    answer(pair, introduction, "investor", 365, number=367)
    assert introduction.state == State.CLOSED
