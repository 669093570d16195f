"""What profiles say of regions is released without telling small numbers, and what is not known is no "no"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog
from scipy.stats import binomtest
from sqlalchemy.orm import Session

from tests.populations import settle
from webapp.clusters.arrays import Ints, Mask
from webapp.models import ClusterRelease, Network, Startup
from webapp.services.cluster_figures import Figures, Trait, from_json
from webapp.services.cluster_profiles import Divided, divided, relations_of
from webapp.services.cluster_release import compute_figures, release_current, release_past
from webapp.services.cluster_stays import read_panel
from webapp.services.cluster_tables import trait_rows

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)
ANSWERS, REGIONS = 3, 4
COUNTS = arrays(np.int64, (ANSWERS, REGIONS), elements=st.integers(0, 9))
"""The last answer is none."""


def figures_of(session: Session) -> Figures:
    network = session.scalars(sa.select(Network)).one()
    return compute_figures(read_panel(session, network), TODAY, is_today=True)


def trait_of(figures: Figures, code: str, region: str = "") -> Trait:
    place = figures.region(region) if region else figures.network.place
    assert place is not None
    return next(trait for trait in place.traits if trait.code == code)


def limits(counts: Ints, shown_regions: Mask, found: Divided, goal: Mask) -> tuple[float, float]:
    """What an attacker can say of a sum of cells who knows this table as published, and the totals of regions."""
    rows, values = [], []
    for region in np.flatnonzero(shown_regions):
        rows.append(np.tile(np.arange(REGIONS) == region, (ANSWERS, 1)))
        values.append(counts[:, region].sum())
    rows.append(np.ones(counts.shape, dtype=bool))
    values.append(counts.sum())
    for row, column in np.argwhere(found.shown):
        answers = (
            np.arange(ANSWERS) == row if row < ANSWERS - 1 else np.arange(ANSWERS) < ANSWERS - (row == ANSWERS - 1)
        )
        regions = np.arange(REGIONS) == column if column < REGIONS else np.ones(REGIONS, dtype=bool)
        rows.append(np.logical_and.outer(answers, regions))
        values.append(found.counts[row, column])
    known = {"A_eq": np.array(rows, float).reshape(len(rows), -1), "b_eq": np.array(values, float)}
    least, most = (linprog(sign * goal.ravel().astype(float), **known, method="highs") for sign in (1, -1))
    return float(least.fun), float(-most.fun)


@settings(deadline=None, max_examples=80)
@given(COUNTS, st.lists(st.booleans(), min_size=REGIONS, max_size=REGIONS), st.integers(2, 4))
def test_no_small_number_of_answers_can_be_worked_out(counts: Ints, flags: list[bool], threshold: int) -> None:
    totals = counts.sum(0)
    shown_regions = np.array(flags) & ~((totals > 0) & (totals < threshold))
    found = divided(counts, shown_regions, threshold)
    if found is None:
        return
    assert not found.shown[:, :REGIONS][:, ~shown_regions].any()
    for region in np.flatnonzero(shown_regions):
        column = np.arange(REGIONS) == region
        for answers in (*np.eye(ANSWERS, dtype=bool), np.arange(ANSWERS) < ANSWERS - 1):
            goal = np.logical_and.outer(answers, column)
            if 0 < counts[goal].sum() < threshold:
                least, most = limits(counts, shown_regions, found, goal)
                assert least <= 1e-6
                assert most >= threshold - 1e-6


def test_a_region_with_a_withheld_total_shows_no_answers() -> None:
    counts = np.array([[5, 4, 8, 3], [6, 9, 7, 4], [0, 0, 0, 0]])
    found = divided(counts, np.array([True, True, False, False]), 3)
    assert found is not None
    assert found.shown[:, 0].all()
    assert not found.shown[:, 2:4].any()
    assert found.count(0, REGIONS) == 20


def test_two_that_answered_are_not_told_by_those_that_did_not() -> None:
    """Ten of twelve without an answer: that two have one follows, so ten is withheld as well."""
    counts = np.array([[2, 6, 5], [0, 5, 6], [10, 9, 9]])
    found = divided(counts, np.ones(3, dtype=bool), 3)
    assert found is not None
    assert found.count(0, 0) is None
    assert found.count(2, 0) is None, "how many answered"
    assert found.count(3, 0) == 12


def test_shares_are_of_those_whose_answer_is_known(session: Session, make_startup: Maker) -> None:
    for number, startup in enumerate(settle(make_startup)):
        startup.women_founders = (True, False, None, False)[number % 4]
    session.flush()
    trait = trait_of(figures_of(session), "women_founded")
    yes, no = trait.parts
    assert (trait.residents, trait.known, yes.residents, no.residents) == (52, 39, 13, 26)
    assert yes.share is not None
    assert (yes.share.value, yes.share.n) == (13 / 39, 39)
    expected = binomtest(13, 39).proportion_ci(method="exact")
    assert (yes.share.lower, yes.share.upper) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_nobody_answered_is_not_nobody(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    session.execute(sa.update(Startup).values(women_founders=None))
    trait = trait_of(figures_of(session), "women_founded")
    assert trait.known == 0
    assert not trait.is_told
    assert all(part.share is None for part in trait.parts)


def test_files_tell_of_profiles_what_is_released(session: Session, make_startup: Maker) -> None:
    for number, startup in enumerate(settle(make_startup)):
        startup.export_markets = ["FR"] if number % 3 == 0 else []
    session.flush()
    figures = figures_of(session)
    rows = [row for place in (figures.network.place, *figures.regions) for row in trait_rows(place)]
    assert {row["trait"] for row in rows} == {"headcount", "women_founded", "exporters"}
    for row in rows:
        assert row["residents"] not in (1, 2)
        assert (row["status"] == "withheld") == (row["residents"] is None)


def test_profiles_speak_of_today_only_and_a_change_makes_todays_release_anew(
    session: Session, make_startup: Maker
) -> None:
    startups = settle(make_startup, date(2026, 1, 5))
    release_current(session, TODAY)
    list(release_past(session, TODAY))
    startups[0].women_founders = not startups[0].women_founders
    session.flush()
    assert list(release_past(session, TODAY)) == []
    assert release_current(session, TODAY)
    releases = session.scalars(sa.select(ClusterRelease).order_by(ClusterRelease.as_of.desc())).all()
    today, *past = (from_json(release.content) for release in releases)
    assert today.network.place.traits
    assert past
    assert not any(figures.network.place.traits or figures.relations for figures in past)


def presence(*rows: str) -> Mask:
    return np.array([[letter in row for letter in "abc"] for row in rows], dtype=bool)


def test_sectors_are_near_if_the_same_startups_have_them() -> None:
    found = relations_of(presence(*["ab"] * 4, *["a"] * 6, *["b"] * 3, *["c"] * 5), "abc", 3)
    (pair,) = found
    assert (pair.sector, pair.other, pair.together) == ("a", "b", 4)
    assert pair.proximity == 4 / 10
    assert pair.association == pytest.approx(4 * 18 / (10 * 7))


@pytest.mark.parametrize("rows", [["ab"] * 2 + ["a"] * 5 + ["b"] * 5, ["ab"] * 5 + ["a"] * 1])
def test_a_pair_of_few_or_all_but_few_is_not_told(rows: list[str]) -> None:
    assert relations_of(presence(*rows), "abc", 3) == []
    assert len(relations_of(presence(*rows), "abc", 1)) == 1


def test_a_region_is_told_what_goes_with_its_strengths(session: Session, make_startup: Maker) -> None:
    for site, sectors, number in (
        ("agadir", ["agritech", "biotech"], 6),
        ("agadir", ["agritech"], 8),
        ("agadir", ["software"], 5),
        ("rabat", ["software", "fintech"], 20),
        ("rabat", ["biotech"], 9),
        ("casablanca", ["software"], 12),
    ):
        for _ in range(number):
            make_startup(site=site, sectors=sectors)
    figures = figures_of(session)
    place = figures.region("MA-09")
    assert place is not None
    (prospect,) = place.prospects
    assert (prospect.sector, prospect.near_to, prospect.together) == ("biotech", ["agritech"], 6)
    assert prospect.density == 1
    assert [code for code, _ in figures.related_to("fintech")] == ["software"]
