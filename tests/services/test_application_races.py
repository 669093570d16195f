"""Two people at one application in the same second."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.applications import TODAY, evaluate, make_draft, make_sent, make_staff, network_of, write_all
from tests.races import together
from webapp.models import Application, ApplicationState, Evaluation, Invitation, OutgoingMail, ResidencyEvent, Startup
from webapp.permissions import VISITOR, Actor
from webapp.services.admissions import Decision, decide
from webapp.services.application_moves import Move
from webapp.services.applications import save_step, submit, withdraw
from webapp.services.cohorts import rules_of
from webapp.services.evaluations import save_evaluation

ACCEPT = Decision(Move.ACCEPT, early_reason="We know them.", enters_on=TODAY)
REFUSE = Decision(Move.REFUSE, note="Not ours.", early_reason="Clear.")
RETURN = Decision(Move.RETURN, note="Say more.")


@pytest.fixture
def sent(session: Session) -> Application:
    return make_sent(session)


def reading(application: Application) -> Any:
    """Reads an application as a page does, with what it shows of it."""
    row_id = application.id

    def read(own: Session) -> Application:
        found = own.get_one(Application, row_id)
        assert found.evaluations is not None
        return found

    return read


def deciding(actor: Actor, decision: Decision, version: int) -> Any:
    def act(own: Session, found: Application) -> None:
        rules = rules_of(network_of(own))
        decide(own, actor, found, decision, rules=rules, version=version, today=TODAY)

    return act


def kinds(session: Session) -> list[str]:
    return list(session.scalars(sa.select(OutgoingMail.kind)))


def count(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize("other", [REFUSE, RETURN])
def test_of_two_decisions_one_counts(session: Session, sent: Application, other: Decision) -> None:
    one, two, version = make_staff(session), make_staff(session), sent.version
    results = together(session, reading(sent), deciding(one, ACCEPT, version), deciding(two, other, version))
    assert sorted(results) == ["application-changed", "done"]
    assert count(session, Startup) == (sent.state == ApplicationState.ACCEPTED) == (results[0] == "done")
    assert sum(kind in kinds(session) for kind in ("application-accepted", *OTHERS)) == 1


OTHERS = ("application-refused", "application-returned")


def test_accepting_twice_makes_one_profile_one_invitation_and_one_stay(session: Session, sent: Application) -> None:
    staff = [make_staff(session) for _ in range(3)]
    results = together(session, reading(sent), *(deciding(each, ACCEPT, sent.version) for each in staff))
    assert sorted(results) == ["application-changed", "application-changed", "done"]
    assert [count(session, model) for model in (Startup, Invitation, ResidencyEvent)] == [1, 1, 1]
    assert kinds(session).count("application-accepted") == 1


def test_a_decision_and_a_withdrawal_do_not_both_happen(session: Session, sent: Application) -> None:
    staff, version = make_staff(session), sent.version

    def taking_back(own: Session, found: Application) -> None:
        withdraw(own, VISITOR, found, version=version)

    results = together(session, reading(sent), deciding(staff, ACCEPT, version), taking_back)
    assert sorted(results) == ["application-changed", "done"]
    assert count(session, Startup) == (sent.state == ApplicationState.ACCEPTED)


def test_a_double_click_evaluates_once_and_two_people_evaluate_both(session: Session, sent: Application) -> None:
    one, two = make_staff(session), make_staff(session)

    def evaluating(actor: Actor, points: int) -> Any:
        return lambda own, found: evaluate(own, found, points, actor)

    acts = [evaluating(one, 4), evaluating(one, 4), evaluating(two, 2)]
    assert together(session, reading(sent), *acts) == ["done"] * 3
    given = {row.person_id: set(row.scores.values()) for row in session.scalars(sa.select(Evaluation))}
    assert given == {one.person_id: {4}, two.person_id: {2}}
    assert count(session, Evaluation) == 2


def test_a_decision_beside_a_new_evaluation_is_told_of_it(session: Session, sent: Application) -> None:
    one, two = make_staff(session), make_staff(session)
    criteria = rules_of(network_of(session)).criteria

    def evaluating(own: Session, found: Application) -> None:
        scores = {criterion.code: 1 for criterion in criteria}
        save_evaluation(own, two, found, scores=scores, criteria=criteria, recommends=False, comment="Weak.")

    results = together(session, reading(sent), deciding(one, REFUSE, sent.version), evaluating)
    assert sorted(results) == ["application-changed", "done"]


def test_a_double_click_sends_once(session: Session) -> None:
    draft = make_draft(session)
    write_all(session, draft)
    version = draft.version

    def sending(own: Session, found: Application) -> None:
        submit(own, VISITOR, network_of(own), found, version=version, today=TODAY)

    assert sorted(together(session, reading(draft), sending, sending)) == ["application-changed", "done"]
    assert kinds(session).count("application-received") == 1


def test_of_two_windows_of_one_applicant_one_is_told_that_the_other_saved(session: Session) -> None:
    draft = make_draft(session)
    version = draft.version

    def saving(pitch: str) -> Any:
        values = {"name_latin": "Tarqim", "pitch": pitch, "description": ""}
        return lambda own, found: save_step(own, VISITOR, found, "project", values, version=version)

    results = together(session, reading(draft), saving("One."), saving("Two."))
    assert sorted(results) == ["application-changed", "done"]
    assert draft.values["pitch"] == ("One." if results[0] == "done" else "Two.")
