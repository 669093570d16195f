"""Figures of introductions: rates of what came to an end, medians with censoring, spread over partners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.accounts import join
from tests.introductions import TODAY, Pair, make_pair
from webapp.models import IntroductionState, Partner, Side, Startup
from webapp.services.introduction_figures import (
    Sent,
    by,
    count_partners,
    figure_rows,
    figures_of,
    gini,
    median_time,
    months_until,
    read_sent,
    spread_over_partners,
)
from webapp.services.introduction_limits import moment_of
from webapp.services.introductions import Move
from webapp.services.network import get_network, zone_of
from webapp.services.outcomes import answer_outcome

State = IntroductionState


def sent(days: float = 1.0, **changed: Any) -> Sent:
    plain = Sent("2026-11", "agadir", "MA-09", "mentor", 1, Side.STARTUP, days, False, False, False, False, False)
    return replace(plain, **changed)


def test_open_requests_count_neither_as_answered_nor_as_unanswered() -> None:
    figures = figures_of([sent(answered=True, accepted=True), sent(14, expired=True), sent(3, open=True)])
    assert (figures.sent, figures.answered, figures.never_answered, figures.open) == (3, 1, 1, 1)
    assert figures.response_rate == 0.5
    assert figures.acceptance_rate == 1


def test_rates_say_what_they_are_divided_by_and_whether_it_is_too_early() -> None:
    young = figures_of([sent(answered=True), sent(14, expired=True), sent(3, open=True)])
    assert (young.ended, young.is_early) == (2, True)
    assert not figures_of([sent(answered=True)]).is_early
    (row,) = figure_rows([sent(answered=True, accepted=True), sent(open=True)])
    assert (row["response_rate"], row["response_rate_of"], row["too_early"]) == (1, 1, "yes")


def test_without_requests_there_are_no_rates() -> None:
    figures = figures_of([])
    assert (figures.response_rate, figures.median_days, figures.acceptance_rate, figures.met_rate) == (None,) * 4


def test_the_median_knows_that_open_requests_take_longer() -> None:
    assert median_time([1, 2, 3], [True, True, True]) == 2
    # Two answered on the first days, four still open after more: half were never seen to answer.
    assert median_time([1, 2, 5, 5, 5, 5], [True, True, False, False, False, False]) is None
    # Whoever was censored before counts only as long as it was watched.
    assert median_time([1, 2, 3, 4], [False, True, False, True]) == 4
    assert median_time([], []) is None


@given(st.lists(st.floats(0, 100), min_size=1))
def test_without_censoring_the_median_is_the_usual_lower_one(times: list[float]) -> None:
    assert median_time(times, [True] * len(times)) == sorted(times)[(len(times) - 1) // 2]


def test_spread_is_nought_for_equals_and_near_one_for_one_who_has_all() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([0, 0]) is None
    assert gini([]) is None


@given(st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_spread_is_the_mean_difference_over_twice_the_mean(counts: list[int]) -> None:
    number = len(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    assert gini(counts) == pytest.approx(differences / (2 * number * sum(counts)))


def test_partners_without_requests_count_in_the_spread() -> None:
    requests = [sent(partner_id=1), sent(partner_id=1), sent(partner_id=2, asked_by=Side.PARTNER)]
    assert spread_over_partners(requests, 2) == pytest.approx(0.5)


def test_groups_and_rows_for_a_file() -> None:
    requests = [sent(), sent(site="rabat"), sent(month="2026-10", answered=True, declined=True, next_step="pilot")]
    assert list(by(requests, "month")) == [("2026-10",), ("2026-11",)]
    rows = figure_rows(requests)
    assert [(row["month"], row["site"], row["sent"]) for row in rows] == [
        ("2026-10", "agadir", 1),
        ("2026-11", "agadir", 1),
        ("2026-11", "rabat", 1),
    ]
    assert (rows[0]["median_days"], rows[1]["median_days"], rows[0]["pilot"]) == (1, "", 1)
    assert months_until(TODAY, 3) == ["2026-09", "2026-10", "2026-11"]
    assert months_until(TODAY.replace(month=1), 2) == ["2025-12", "2026-01"]


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    def resident(name: str = "") -> Startup:
        return make_startup(name, site="agadir")

    return make_pair(session, resident, make_partner, kind="mentor")


def test_what_is_read_is_what_happened(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], count_queries: Callable[[], int]
) -> None:
    accepted = pair.at(State.INTRODUCED)
    for _ in range(3):
        other = replace(pair, partner=make_partner())
        join(pair.accounts["investor"], other.partner)
        other.at(State.SENT)
    later = replace(pair, partner=make_partner())
    join(pair.accounts["investor"], later.partner)
    unanswered = later.at(State.SENT, today=TODAY - timedelta(days=20))
    pair.make(unanswered, "system", Move.EXPIRE, TODAY - timedelta(days=6))
    replace(pair, partner=make_partner()).draft()
    pair.make(accepted, "system", Move.FOLLOW_UP, day=14, next_on=TODAY)
    answer_outcome(session, pair.actor("founder"), accepted, Side.STARTUP, 14, True, True, "mentoring", today=TODAY)
    session.flush()
    now = moment_of(TODAY + timedelta(days=2), zone_of(get_network(session)))
    count_queries()
    found = read_sent(session, now)
    assert count_queries() <= 3
    assert [row.month for row in found] == ["2026-11"] * 5
    assert {(row.site, row.region) for row in found} == {("agadir", "MA-09")}
    figures = figures_of(found)
    assert (figures.sent, figures.answered, figures.never_answered, figures.open) == (5, 1, 1, 3)
    assert (figures.accepted, figures.met, figures.useful, dict(figures.next_steps)) == (1, 1, 1, {"mentoring": 1})
    assert found[0].days == pytest.approx(14, abs=0.6)
    kinds = by(found, "kind", "region")
    assert kinds["mentor", "MA-09"].accepted == 1
    assert kinds["investor", "MA-09"].never_answered == 1
    assert count_partners(session) == 6
