"""Random moves of applicant and staff, valid or not: only the table's happen, and a refused one changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.applications import TODAY, evaluate, make_draft, make_staff, network_of, write_all
from webapp.errors import DomainError
from webapp.models import ApplicationState, Invitation, OutgoingMail, Startup
from webapp.permissions import VISITOR
from webapp.services.admissions import Decision, decide
from webapp.services.application_moves import DECIDED, EDITABLE, ENDED, MOVES, Move
from webapp.services.applications import save_step, submit, withdraw
from webapp.services.cohorts import rules_of
from webapp.services.evaluations import counting


class Applications(RuleBasedStateMachine):
    """One application, its applicant, and two evaluators."""

    session: Session

    @initialize()
    def begin(self) -> None:
        self.staff = [make_staff(self.session) for _ in range(2)]
        self.application = make_draft(self.session)
        write_all(self.session, self.application)
        self.needed = rules_of(network_of(self.session)).evaluators

    def teardown(self) -> None:
        self.session.rollback()

    def attempt(self, move: Move | None, action: Callable[[], Any]) -> bool:
        """Do something, or be refused."""
        before = self.picture()
        try:
            action()
        except DomainError:
            assert self.picture() == before
            return False
        if move is not None:
            assert before[0] in MOVES[move].sources
            assert self.application.state == MOVES[move].target
        return True

    def picture(self) -> tuple[Any, ...]:
        self.session.flush()
        self.session.expire_all()
        one = self.application
        counts = [
            self.session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (OutgoingMail, Startup, Invitation)
        ]
        return (
            one.state,
            one.version,
            one.note,
            one.values,
            one.decided_at,
            one.startup_id,
            len(one.evaluations),
            *counts,
        )

    @rule(late=st.booleans())
    def write(self, late: bool) -> None:
        version = self.application.version - late
        values = {"pitch": "Another pitch.", "name_latin": "Tarqim", "description": "Longer."}
        done = self.attempt(
            None, lambda: save_step(self.session, VISITOR, self.application, "project", values, version=version)
        )
        assert not (done and late)
        assert not done or self.application.state in EDITABLE

    @rule()
    def submit(self) -> None:
        one, network = self.application, network_of(self.session)
        self.attempt(Move.SUBMIT, lambda: submit(self.session, VISITOR, network, one, version=one.version, today=TODAY))

    @rule(who=st.integers(0, 1), points=st.integers(1, 5))
    def evaluate(self, who: int, points: int) -> None:
        self.attempt(Move.EVALUATE, lambda: evaluate(self.session, self.application, points, self.staff[who]))

    @rule(
        move=st.sampled_from([Move.ACCEPT, Move.REFUSE, Move.RETURN]),
        note=st.sampled_from(["", "Because."]),
        reason=st.sampled_from(["", "It is urgent."]),
        days=st.sampled_from([None, -3, 0, 40]),
        late=st.booleans(),
    )
    def decide(self, move: Move, note: str, reason: str, days: int | None, late: bool) -> None:
        one = self.application
        enters_on = None if days is None else TODAY + timedelta(days=days)
        decision = Decision(move, note=note, early_reason=reason, enters_on=enters_on)
        rules, given = rules_of(network_of(self.session)), len(counting(one))
        version = one.version - late
        done = self.attempt(
            move,
            lambda: decide(self.session, self.staff[0], one, decision, rules=rules, version=version, today=TODAY),
        )
        if done:
            assert not late
            assert note or move == Move.ACCEPT
            assert move == Move.RETURN or given >= self.needed or one.early_reason == reason != ""

    @rule()
    def withdraw(self) -> None:
        one = self.application
        self.attempt(Move.WITHDRAW, lambda: withdraw(self.session, VISITOR, one, version=one.version))

    @invariant()
    def what_is_said_agrees_with_the_state(self) -> None:
        one = self.application
        assert (one.decided_at is not None) == (one.state in ENDED)
        assert (one.decided_by_id is not None) == (one.state in DECIDED)
        assert (one.startup_id is not None) == (one.state == ApplicationState.ACCEPTED)
        assert one.submitted_at is not None or one.state == ApplicationState.DRAFT
        startups = self.session.scalars(sa.select(Startup)).all()
        assert len(startups) == (one.state == ApplicationState.ACCEPTED)


@pytest.mark.usefixtures("session")
def test_only_moves_of_the_table_happen(session: Session) -> None:
    machine = type("Machine", (Applications,), {"session": session})
    few = settings(
        max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine, settings=few)
