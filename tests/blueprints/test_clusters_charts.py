"""Charts: marks stand where their numbers say, and the other way round where reading goes from right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.blueprints.clusters.charts import (
    BAR_WIDTH,
    HEIGHT,
    SPARK_WIDTH,
    WIDTH,
    interval_bar,
    quadrant_chart,
    sparkline,
    survival_chart,
    years_chart,
)
from webapp.i18n import LANGUAGES
from webapp.services.cluster_figures import AgeShare, Cell, Curve, Estimate, Year

Reading = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def reading(app: Flask) -> Reading:
    """A request in a language: ``with reading("ar"): ...``."""

    @contextmanager
    def read(language: str) -> Iterator[None]:
        with app.test_request_context():
            g.language = LANGUAGES[language]
            yield

    return read


def cell(now: float, before: float) -> Cell:
    found = Estimate(now, now / 2, now * 2, 5)
    return Cell("software", "MA-09", 5, [5] * 6, [], 0.1, 0.1, found, before, True, found, False, [], "star")


def test_the_scale_of_quotients_runs_with_the_reading(reading: Reading) -> None:
    found = Estimate(2.0, 1.1, 4.0, 9)
    with reading("en"):
        english = interval_bar(found)
    with reading("ar"):
        arabic = interval_bar(found)
    assert english.one < english.begin < english.at < english.begin + english.width
    assert arabic.one > arabic.at > arabic.begin
    assert arabic.at == pytest.approx(BAR_WIDTH - english.at, abs=0.1)
    assert english.is_sure


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.floats(0, 500), st.floats(0, 500), st.floats(0, 500))
def test_no_quotient_leaves_its_scale(reading: Reading, first: float, second: float, third: float) -> None:
    lower, value, upper = sorted((first, second, third))
    with reading("en"):
        bar = interval_bar(Estimate(value, lower, upper, 3))
    assert 0 <= bar.begin <= bar.at <= bar.begin + bar.width + 0.1 <= BAR_WIDTH + 0.2


def test_what_is_withheld_is_a_gap_in_a_history(reading: Reading) -> None:
    with reading("en"):
        found = sparkline([4, 6, None, 8, None, 9])
        nothing = sparkline([None] * 6)
    assert len(found.runs) == 1
    assert len(found.dots) == 2, "two numbers stand alone"
    assert all(0 <= dot.x <= SPARK_WIDTH for dot in found.dots)
    assert (list(nothing.runs), list(nothing.dots)) == ([], [])


def test_stronger_is_further_and_gaining_is_higher(reading: Reading) -> None:
    with reading("fr"):
        chart = quadrant_chart([cell(2.0, 1.0), cell(0.5, 1.0)])
        assert quadrant_chart([cell(2.0, 1.0)]) is None
    assert chart is not None
    strong, weak = chart.marks
    assert weak.dot.x < chart.line_x < strong.dot.x
    assert strong.dot.y < chart.line_y < weak.dot.y


def test_a_curve_falls_from_its_origin_within_the_chart(reading: Reading) -> None:
    curve = Curve(40, [AgeShare(6, 0.9, 0.8, 0.95, 36), AgeShare(12, 0.5, 0.4, 0.6, 20)])
    with reading("ar"):
        chart = survival_chart(curve)
    points = [tuple(map(float, pair.split(","))) for pair in chart.path.split()]
    assert [x for x, _ in points] == sorted((x for x, _ in points), reverse=True)
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert [tick.value for tick in chart.months] == [0, 12]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 99_999))] * 3), max_size=40))
def test_columns_and_line_stay_within_the_chart(reading: Reading, rows: list[tuple[int | None, ...]]) -> None:
    years = [Year(2000 + number, *row) for number, row in enumerate(rows)]
    with reading("en"):
        chart = years_chart(years)
    assert (chart is None) == (len(years) < 2)
    if chart is not None:
        assert len(chart.columns) == len(years)
        assert all(0 <= column.entered_height <= column.base for column in chart.columns)
        assert 2 <= len(chart.numbers) <= 8
        assert len({tick.at for tick in chart.years}) == len(chart.years) <= 10


def test_numbers_of_neighbours_do_not_stand_on_one_another(reading: Reading) -> None:
    with reading("en"):
        chart = quadrant_chart([cell(2.0, 1.0), cell(2.05, 1.0), cell(0.5, 1.0)])
    assert chart is not None
    first, second, alone = chart.marks
    assert first.at.x < first.dot.x < second.dot.x < second.at.x
    assert alone.at.x > alone.dot.x
