"""The invented histories agree with the figures that the network has published (``network.yaml``)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from statistics import mean

import pytest

from tests.services.demonstration.conftest import PACK, TODAY
from webapp.services.demonstration.content import PopulationFigures, read_content
from webapp.services.demonstration.population import INCUBATION_MONTHS, MONTH, Life, make_lives, pick, renewals

SEEDS = range(1, 6)
INCUBATION = timedelta(days=INCUBATION_MONTHS * MONTH)
FIVE_YEARS = timedelta(days=5 * 365.25)


@pytest.fixture(scope="module")
def figures() -> PopulationFigures:
    return read_content(PACK / "demo").figures


@pytest.fixture(scope="module", params=SEEDS)
def lives(request: pytest.FixtureRequest, figures: PopulationFigures) -> list[Life]:
    return make_lives(Random(request.param), figures, TODAY)


def hosted(lives: list[Life]) -> list[tuple[date, Life]]:
    return [(life.entered, life) for life in lives if life.entered]


def present(lives: list[Life], on: date) -> int:
    return sum(entered <= on and (life.left is None or life.left > on) for entered, life in hosted(lives))


def test_as_many_startups_sit_in_the_parks_as_the_network_says(lives: list[Life]) -> None:
    assert present(lives, TODAY) == 450


def test_about_as_many_have_left_as_the_network_says(lives: list[Life]) -> None:
    assert 1400 <= sum(life.left is not None for life in lives) <= 1500


def test_some_were_never_hosted(lives: list[Life], figures: PopulationFigures) -> None:
    assert sum(life.entered is None for life in lives) == figures.supported


def test_a_quarter_to_three_tenths_of_the_residents_leave_in_a_year(lives: list[Life]) -> None:
    rates = []
    for year in range(TODAY.year - 8, TODAY.year):
        begin, end = date(year, 1, 1), date(year + 1, 1, 1)
        left = sum(life.left is not None and begin <= life.left < end for life in lives)
        rates.append(left / mean((present(lives, begin), present(lives, end))))
    assert 0.25 <= mean(rates) <= 0.30


def test_86_per_cent_stay_beyond_their_incubation(lives: list[Life]) -> None:
    begun = [(entered, life) for entered, life in hosted(lives) if entered <= TODAY - INCUBATION]
    beyond = sum(life.left is None or life.left - entered >= INCUBATION for entered, life in begun)
    assert beyond / len(begun) == pytest.approx(0.86, abs=0.02)


def test_89_per_cent_of_those_that_left_alive_are_active_five_years_later(lives: list[Life]) -> None:
    alive = [(life.left, life.closed) for life in lives if life.left and life.closed != life.left]
    long_ago = [(left, closed) for left, closed in alive if left <= TODAY - FIVE_YEARS]
    active = sum(closed is None or closed - left > FIVE_YEARS for left, closed in long_ago)
    assert active / len(long_ago) == pytest.approx(0.89, abs=0.03)


def test_the_days_of_a_life_are_in_order(lives: list[Life]) -> None:
    for entered, life in hosted(lives):
        days = [entered, life.left or TODAY, life.closed or TODAY]
        assert days == sorted(days)
        for on, _ in filter(None, (life.moved, life.second_site)):
            assert entered < on < (life.left or TODAY)
        assert (life.left is None) == (life.reason is None)


def test_nobody_sits_at_a_site_before_its_first_year(lives: list[Life], figures: PopulationFigures) -> None:
    for entered, life in hosted(lives):
        for on, site in filter(None, ((entered, life.site), life.moved, life.second_site)):
            assert figures.sites[site].since <= on.year


def test_sites_share_the_residents_as_wanted(lives: list[Life], figures: PopulationFigures) -> None:
    residents = [life.moved[1] if life.moved else life.site for life in lives if life.entered and not life.left]
    for code, site in figures.sites.items():
        assert residents.count(code) / len(residents) == pytest.approx(site.weight / 100, abs=0.08), code


def test_a_lease_is_renewed_first_when_the_incubation_ends(lives: list[Life], figures: PopulationFigures) -> None:
    for entered, life in hosted(lives):
        dates = renewals(life, figures, TODAY)
        assert all(entered + INCUBATION - timedelta(days=1) <= on < (life.left or TODAY) for on in dates)
        assert dates == sorted(set(dates))


def test_who_was_never_hosted_renews_nothing(figures: PopulationFigures) -> None:
    assert renewals(Life(entered=None), figures, TODAY) == []


def test_the_same_seed_gives_the_same_lives_and_another_seed_others(figures: PopulationFigures) -> None:
    first, again, other = (make_lives(Random(seed), figures, TODAY) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_keys_come_as_often_as_their_weights_say() -> None:
    random = Random(1)
    drawn = [pick(random, {"often": 3, "seldom": 1, "never": 0}) for _ in range(2000)]
    assert drawn.count("often") / 2000 == pytest.approx(0.75, abs=0.04)
    assert "never" not in drawn
