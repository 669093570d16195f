"""Scores: means by weight, spreads, which evaluations count, and who may give one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.applications import evaluate, make_sent, make_staff, network_of
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.models import ApplicationState, Evaluation
from webapp.permissions import VISITOR
from webapp.services.admissions import Decision, decide
from webapp.services.application_moves import Move
from webapp.services.cohorts import rules_of
from webapp.services.evaluations import counting, own_evaluation, save_evaluation, summary, weighted_mean
from webapp.services.network_schema import Criterion

CRITERIA = [
    Criterion(code=code, names={"en": code}, weight=weight) for code, weight in (("a", 2), ("b", 1), ("c", 0.5))
]
POINTS = st.integers(1, 5)


def test_a_mean_counts_each_criterion_by_its_weight() -> None:
    assert weighted_mean({"a": 5, "b": 2, "c": 4}, CRITERIA) == pytest.approx((10 + 2 + 2) / 3.5)


def test_criteria_that_came_later_do_not_count_and_those_that_went_do_not_either() -> None:
    assert weighted_mean({"a": 5, "gone": 1}, CRITERIA) == 5
    assert weighted_mean({"gone": 1}, CRITERIA) is None
    assert weighted_mean({}, []) is None


@given(st.lists(st.fixed_dictionaries({"a": POINTS, "b": POINTS, "c": POINTS}), min_size=1, max_size=6))
def test_the_mean_of_several_lies_between_the_lowest_and_the_highest(given_scores: list[dict[str, int]]) -> None:
    score = summary([Evaluation(scores=scores) for scores in given_scores], CRITERIA)
    assert score is not None
    assert score.count == len(given_scores)
    tiny = 1e-9  # sums of weighted points are rounded
    assert 1 - tiny <= score.lowest <= score.mean + tiny
    assert score.mean - tiny <= score.highest <= 5 + tiny
    assert score.spread == pytest.approx(score.highest - score.lowest)
    assert score.is_far_apart == (score.spread >= 2)


def test_an_evaluation_needs_a_score_from_1_to_5_for_every_criterion(session: Session) -> None:
    application, actor = make_sent(session), make_staff(session)
    criteria = rules_of(network_of(session)).criteria
    good = {criterion.code: 3 for criterion in criteria}
    for wrong in ({}, good | {"market": 0}, good | {"market": 6}):
        with pytest.raises(Invalid, match="scores"):
            save_evaluation(session, actor, application, scores=wrong, criteria=criteria, recommends=None, comment="")
    assert application.state == ApplicationState.SUBMITTED
    assert application.evaluations == []


def test_evaluating_twice_changes_ones_scores_and_moves_the_version_for_whoever_is_about_to_decide(
    session: Session,
) -> None:
    application = make_sent(session)
    actor = evaluate(session, application, 2)
    seen = application.version
    evaluate(session, application, 5, actor)
    session.expire_all()
    assert [each.scores["market"] for each in application.evaluations] == [5]
    assert application.state == ApplicationState.EVALUATED
    assert application.version > seen


def test_only_staff_evaluate_and_only_what_waits(session: Session) -> None:
    application = make_sent(session)
    with pytest.raises(NotAllowed):
        save_evaluation(session, VISITOR, application, scores={}, criteria=[], recommends=None, comment="")
    actor, rules = make_staff(session), rules_of(network_of(session))
    refusal = Decision(Move.REFUSE, note="No.", early_reason="Plain.")
    decide(session, actor, application, refusal, rules=rules, version=None, today=application.created_at.date())
    with pytest.raises(Conflict, match="application-changed"):
        evaluate(session, application, 3, actor)


def test_evaluations_from_before_the_application_was_sent_again_do_not_count(session: Session) -> None:
    application = make_sent(session)
    actor = evaluate(session, application)
    assert own_evaluation(application, actor) in counting(application)
    application.submitted_at = application.evaluations[0].at.replace(year=2199)
    assert counting(application) == []
    assert own_evaluation(application, actor) is not None
