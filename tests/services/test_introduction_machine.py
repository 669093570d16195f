"""Random people making random moves at random times, valid or not: what always holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from tests.introductions import PLANTED, TODAY, Pair, make_pair, times
from webapp.errors import DomainError
from webapp.models import Introduction, IntroductionState, Outcome, OutgoingMail, Partner, Side, Startup
from webapp.services.introduction_limits import GIVEN_BACK, monthly_incoming, open_requests
from webapp.services.introduction_moves import (
    ENDED,
    KNOWN_TO_EACH_OTHER,
    TRANSITIONS,
    UNANSWERED,
    UNDER_WAY,
    Move,
    allowed_moves,
    shown_state,
)
from webapp.services.introduction_time import advance_introductions
from webapp.services.introductions import (
    contacts_for,
    draft_introduction,
    get_introduction,
    list_introductions,
    propose_introduction,
    save_draft,
)

State = IntroductionState
WHO = ("founder", "investor", "staff", "stranger", "system")
HUMANS = WHO[:-1]


class Introductions(RuleBasedStateMachine):
    """One startup, one partner that takes two requests a month, and everybody who may or may not act for them."""

    make: Callable[[], Pair]

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY

    @initialize()
    def begin(self) -> None:
        self.pair = type(self).make()
        self.session: Session = self.pair.session
        self.pair.partner.monthly_introductions = 2
        self.session.flush()

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()

    def all(self) -> list[Introduction]:
        return list(self.session.scalars(sa.select(Introduction).order_by(Introduction.id)))

    def attempt(self, action: Callable[[], Any]) -> bool:
        """Do something or be refused; a refusal leaves nothing behind."""
        before = self.picture()
        try:
            action()
        except DomainError:
            self.session.flush()
            assert self.picture() == before
            return False
        return True

    def picture(self) -> list[tuple[Any, ...]]:
        self.session.flush()
        self.session.expire_all()
        mails = self.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail))
        return [
            (one.id, one.state, one.version, one.return_note, one.due_on, one.sent_at, len(one.moves), mails)
            for one in self.all()
        ]

    @rule(who=st.sampled_from(HUMANS), by_startup=st.booleans())
    def draft(self, who: str, by_startup: bool) -> None:
        pair = self.pair
        sides = (pair.startup, pair.partner) if by_startup else (pair.partner, pair.startup)

        def action() -> None:
            actor = pair.actor(who)
            found = draft_introduction(self.session, actor, *sides, language="en", today=self.today)
            save_draft(self.session, actor, found, reason="A reason", message=f"A message of {who}")

        if self.attempt(action):
            assert who == ("founder" if by_startup else "investor")

    @rule(who=st.sampled_from(HUMANS), side=st.sampled_from([Side.STARTUP, Side.PARTNER]))
    def propose(self, who: str, side: Side) -> None:
        pair = self.pair

        def action() -> None:
            values: dict[str, Any] = {"reason": "A reason", "message": "A message", "language": "en"}
            propose_introduction(
                self.session, pair.actor(who), pair.startup, pair.partner, asked_by=side, today=self.today, **values
            )

        if self.attempt(action):
            assert who == "staff"

    @precondition(lambda self: self.all())
    @rule(data=st.data(), who=st.sampled_from(WHO), one=st.sampled_from(list(Move)))
    def try_move(self, data: st.DataObject, who: str, one: Move) -> None:
        self._move(data.draw(st.sampled_from(self.all())), who, one, data)

    @precondition(lambda self: any(self.possible()))
    @rule(data=st.data())
    def make_a_legal_move(self, data: st.DataObject) -> None:
        introduction, who, one = data.draw(st.sampled_from(self.possible()))
        self._move(introduction, who, one, data)

    def possible(self) -> list[tuple[Introduction, str, Move]]:
        return [
            (introduction, who, one)
            for introduction in self.all()
            for who in WHO
            for one in allowed_moves(self.pair.actor(who), introduction)
        ]

    def _move(self, introduction: Introduction, who: str, one: Move, data: st.DataObject) -> None:
        legal = one in allowed_moves(self.pair.actor(who), introduction)
        version = data.draw(st.sampled_from([None, introduction.version, introduction.version - 1]))
        values = self._values(one, data)
        stale = version == introduction.version - 1
        done = self.attempt(lambda: self.pair.make(introduction, who, one, self.today, version=version, **values))
        assert not done or (legal and not stale)

    def _values(self, one: Move, data: st.DataObject) -> dict[str, Any]:
        if one in (Move.RETURN, Move.REFUSE):
            return {"return_note": data.draw(st.sampled_from(["", "A note"]))}
        if one == Move.NOT_NOW:
            return {"until": self.today + timedelta(days=data.draw(st.integers(-1, 400)))}
        if one == Move.PROPOSE_TIMES:
            return {"times": times(400)[: data.draw(st.sampled_from([3, 3, 2]))], "minutes": 30, "place": ""}
        if one == Move.CHOOSE_TIME:
            return {"index": data.draw(st.integers(0, 3))}
        if one == Move.FOLLOW_UP:
            return {"day": data.draw(st.sampled_from([14, 90, 365])), "next_on": self.today + timedelta(days=30)}
        return {}

    @rule(days=st.sampled_from([1, 4, 5, 14, 31, 80, 366]))
    def let_time_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        assert advance_introductions(self.session, self.today).failed == 0
        assert advance_introductions(self.session, self.today).moves == {}

    @invariant()
    def history_is_continuous(self) -> None:
        for one in self.all():
            state = State.DRAFT
            for made in one.moves:
                assert made.from_state == state
                paths = TRANSITIONS[Move(made.move)].paths
                assert paths[State(made.from_state)] == made.to_state
                state = State(made.to_state)
            assert one.state == state
            assert one.state != State.ACCEPTED, "an acceptance introduces at once"

    @invariant()
    def contact_details_wait_for_both(self) -> None:
        for one in self.all():
            agreed = any(made.move == Move.ACCEPT for made in one.moves)
            for who in HUMANS:
                contact = contacts_for(self.pair.actor(who), one)
                if contact is not None:
                    assert agreed
                    assert one.state in KNOWN_TO_EACH_OTHER
                    assert contact.email == PLANTED["investor" if who == "founder" else "founder"][0]
            texts = f"{one.reason} {one.message} {one.return_note}"
            assert "planted" not in texts

    @invariant()
    def the_asked_side_knows_only_what_was_sent(self) -> None:
        for one in self.all():
            asked = "investor" if one.asked_by == Side.STARTUP else "founder"
            actor = self.pair.actor(asked)
            was_sent = any(made.move == Move.SEND for made in one.moves)
            assert (one.sent_at is not None) == was_sent
            assert (one in list_introductions(self.session, actor)) == was_sent
            side = Side.PARTNER if asked == "investor" else Side.STARTUP
            assert (shown_state(one, side) is not None) == was_sent
            if not was_sent:
                with pytest.raises(DomainError):
                    get_introduction(self.session, actor, one.reference)

    @invariant()
    def counters_are_right(self) -> None:
        found = self.all()
        assert sum(one.state in UNDER_WAY for one in found) <= 1
        for asked_by in (Side.STARTUP, Side.PARTNER):
            own = [one for one in found if one.asked_by == asked_by]
            assert sum(one.state in (State.DRAFT, State.RETURNED) for one in own) <= 1
            asking = self.pair.startup if asked_by == Side.STARTUP else self.pair.partner
            assert open_requests(self.session, asking).used == sum(one.state in UNANSWERED for one in own)
        received = [
            one
            for one in found
            if one.asked_by == Side.STARTUP and one.sent_at and one.state not in GIVEN_BACK and self._this_month(one)
        ]
        load = monthly_incoming(self.session, self.pair.partner, self.today)
        assert load.used == len(received) <= 2

    def _this_month(self, one: Introduction) -> bool:
        sent_on: date = one.sent_at.date() if one.sent_at else date.min
        return (sent_on.year, sent_on.month) == (self.today.year, self.today.month)

    @invariant()
    def dates_belong_to_states(self) -> None:
        for one in self.all():
            waits = one.state in (State.SENT, State.NOT_NOW) or one.state in KNOWN_TO_EACH_OTHER - {State.CLOSED}
            assert (one.due_on is not None) == waits
            assert one.reminders <= sum(made.move == Move.REMIND for made in one.moves)
            assert (one.introduced_at is None) == all(made.move != Move.INTRODUCE for made in one.moves)
            if one.state in ENDED:
                assert not any(self.possible_of(one))

    def possible_of(self, one: Introduction) -> list[Move]:
        return [found for who in WHO for found in allowed_moves(self.pair.actor(who), one)]

    @invariant()
    def questions_are_asked_once(self) -> None:
        rows = self.session.execute(sa.select(Outcome.introduction_id, Outcome.side, Outcome.day)).all()
        assert len(set(rows)) == len(rows)


def test_whatever_anybody_tries_the_rules_hold(
    session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]
) -> None:
    class Bound(Introductions):
        make = staticmethod(lambda: make_pair(session, make_startup, make_partner))

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
