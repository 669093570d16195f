from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clusters.strategies import Row, any_rows, stays
from webapp.clusters.arrays import NONE
from webapp.clusters.calendar import months_between, years_before
from webapp.clusters.panel import (
    departures,
    durations,
    entries,
    history,
    joined,
    residents,
    stay_durations,
    stays_of,
    table,
)

DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def months(start: str, end: str) -> float:
    return float(months_between([ordinal(start)], [ordinal(end)])[0])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2020-01-01", "2021-07-01", 18),
        ("2020-02-15", "2025-02-15", 60),
        ("2020-01-31", "2020-02-29", 1),
        ("2021-01-31", "2021-02-28", 1),
        ("2021-03-10", "2021-03-10", 0),
        ("2021-03-10", "2021-04-25", 1.5),
        ("1969-12-15", "1970-01-15", 1),
    ],
)
def test_anniversaries_are_whole_months(start: str, end: str, expected: float) -> None:
    assert months(start, end) == expected


@given(DAYS, DAYS)
def test_a_day_more_is_always_longer_by_about_a_thirtieth(one: date, other: date) -> None:
    start, end = sorted((one.toordinal(), other.toordinal()))
    first, second = months_between([start, start], [end, end + 1])
    assert 0 < second - first < 0.1
    assert first == pytest.approx((end - start) / 30.436875, abs=0.12)


@pytest.mark.parametrize(
    ("day", "years", "expected"), [("2024-02-29", 1, "2023-02-28"), ("2025-07-01", 5, "2020-07-01")]
)
def test_the_same_day_in_earlier_years(day: str, years: int, expected: str) -> None:
    assert date.fromordinal(years_before(ordinal(day), years)) == date.fromisoformat(expected)


def test_a_startup_is_there_from_its_first_day_until_the_day_before_it_left() -> None:
    of = stays((1, 0, 0, 10, 20, 0))
    assert [bool(of.on(day)[0]) for day in (9, 10, 19, 20)] == [False, True, True, False]


def test_a_startup_at_two_sites_of_a_region_counts_once_and_in_two_regions_twice() -> None:
    of = stays((1, 0, 0, 10, NONE, NONE), (1, 0, 0, 11, NONE, NONE), (1, 0, 1, 12, NONE, NONE))
    assert table(of, 15, 2, 2).tolist() == [[1, 1], [0, 0]]
    assert residents(of, 15) == 1


def test_without_a_sector_or_a_place_a_startup_is_in_no_table() -> None:
    of = stays((1, NONE, 0, 1, NONE, NONE), (2, 0, NONE, 1, NONE, NONE))
    assert not table(of, 5, 1, 1).any()
    assert residents(of, 5) == 2


@given(any_rows(), st.integers(0, 26))
def test_the_table_of_a_day_is_what_counting_by_hand_gives(rows: list[Row], day: int) -> None:
    there = {(r[0], r[1], r[2]) for r in rows if r[3] <= day and (r[4] == NONE or r[4] > day) and r[2] != NONE}
    expected = np.zeros((2, 3), dtype=int)
    for _, sector, place in there:
        expected[sector, place] += 1
    assert (table(stays(*rows), day, 2, 3) == expected).all()
    assert (history(stays(*rows), [day, day + 1], 2, 3)[0] == expected).all()


@given(any_rows(), st.integers(0, 26))
def test_joining_stays_changes_nobody_and_leaves_no_overlap(rows: list[Row], day: int) -> None:
    of = stays(*rows)
    spells = joined(of)
    assert (table(spells, day, 2, 3) == table(of, day, 2, 3)).all()
    for startup, place in {(r[0], r[2]) for r in rows}:
        mine = np.flatnonzero((spells.startup == startup) & (spells.place == place))
        assert (spells.entered[mine[1:]] > spells.left[mine[:-1]]).all()
        assert (spells.left[mine[:-1]] != NONE).all()


@given(any_rows(), st.integers(0, 25), st.integers(1, 10))
def test_entries_less_departures_are_the_change_of_the_table(rows: list[Row], since: int, span: int) -> None:
    one_each = [row for row in rows if row[2] != NONE]
    spells = joined(stays(*{(r[0], r[2]): r for r in one_each}.values()))
    until = since + span
    change = table(spells, until, 2, 3) - table(spells, since, 2, 3)
    assert (entries(spells, since, until, 2, 3) - departures(spells, since, until, 2, 3) == change).all()


def test_a_move_within_a_region_is_no_departure() -> None:
    of = stays((1, 0, 0, 10, 20, 2), (1, 0, 0, 20, 30, 1), (1, 0, 1, 30, NONE, NONE))
    by_region = joined(of)
    assert by_region.left.tolist() == [30, NONE]
    assert by_region.reason.tolist() == [1, NONE]
    assert joined(of.at_one_place()).entered.tolist() == [10]


def test_gaps_are_bridged_if_asked() -> None:
    of = stays((1, 0, 0, 10, 20, 2), (1, 0, 0, 25, 30, 1))
    assert len(joined(of)) == 2
    assert len(joined(of, gap=5)) == 1


def test_the_reason_is_that_of_the_stay_that_ended_last() -> None:
    spells = joined(stays((1, 0, 0, 1, 30, 2), (1, 0, 0, 5, 20, 1)))
    assert (spells.left.tolist(), spells.reason.tolist()) == ([30], [2])


def test_durations_know_nothing_of_what_lies_ahead() -> None:
    begun = [ordinal(text) for text in ("2020-01-01", "2021-01-01", "2024-01-01")]
    ended = [ordinal("2021-07-01"), ordinal("2023-06-01"), NONE]
    found = durations(begun, ended, [1, NONE, NONE], ordinal("2022-01-01"), unknown=3)
    assert found.time.tolist() == [18, 12]
    assert found.cause.tolist() == [1, NONE]


def test_a_departure_without_a_reason_counts_as_unknown() -> None:
    of = stays((1, 0, 0, ordinal("2020-01-01"), ordinal("2020-03-01"), NONE))
    assert stay_durations(of, ordinal("2021-01-01"), unknown=5).cause.tolist() == [5]


def test_who_was_there_when_recording_began_entered_late_and_who_had_left_is_not_known() -> None:
    begun = [ordinal(text) for text in ("2015-01-01", "2015-01-01", "2018-06-01")]
    ended = [ordinal("2017-01-01"), ordinal("2019-01-01"), NONE]
    recorded = ordinal("2018-01-01")
    found = durations(begun, ended, [0, 0, NONE], ordinal("2020-06-01"), unknown=1, observed_from=recorded)
    assert found.entry.tolist() == [36, 0]
    assert found.time.tolist() == [48, 24]


@given(any_rows(), st.integers(1, 25), st.none() | st.integers(1, 25))
def test_stays_of_any_kind_become_lifetimes(rows: list[Row], as_of: int, observed_from: int | None) -> None:
    found = stay_durations(joined(stays(*rows)), as_of, unknown=3, observed_from=observed_from)
    assert len(found) <= len(rows)
    assert (found.cause <= 3).all()


def test_impossible_stays_are_refused() -> None:
    with pytest.raises(ValueError):
        stays((1, 0, 0, 10, 9, 0))
    with pytest.raises(ValueError):
        stays_of([1, 2], [0], [0], [1], [2], [0])


def test_days_count_from_the_same_beginning_as_dates() -> None:
    start = date(2023, 5, 17)
    assert months_between([start.toordinal()], [(start + timedelta(days=31)).toordinal()])[0] == 1
