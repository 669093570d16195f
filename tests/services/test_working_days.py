"""Service levels are counted in working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from webapp.models import Network
from webapp.services.working_days import WorkingDays, working_days_of

CASABLANCA = ZoneInfo("Africa/Casablanca")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CALENDARS = st.builds(
    WorkingDays,
    st.just(ZoneInfo("UTC")),
    st.frozensets(st.integers(1, 7), max_size=5),
    st.frozensets(DAYS, max_size=40),
)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_a_weekend_does_not_count() -> None:
    friday = noon(date(2026, 11, 27))
    assert WorkingDays(CASABLANCA).between(friday, friday + timedelta(days=2)) == 0
    assert WorkingDays(CASABLANCA).between(friday, friday + timedelta(days=3)) == 1


def test_a_holiday_does_not_count_either() -> None:
    calendar = WorkingDays(CASABLANCA, holidays=frozenset({date(2026, 11, 18)}))
    assert calendar.between(noon(date(2026, 11, 17)), noon(date(2026, 11, 19))) == 1


def test_the_day_is_that_of_the_network() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # Thursday the 26th in Casablanca
    assert WorkingDays(CASABLANCA).between(late, datetime(2026, 11, 26, 12, tzinfo=UTC)) == 0


def test_what_lies_ahead_has_waited_no_day() -> None:
    now = noon(date(2026, 11, 25))
    assert WorkingDays(CASABLANCA).between(now + timedelta(days=9), now) == 0


def test_the_pack_says_when_nobody_works() -> None:
    network = Network(timezone="Asia/Dubai", service_levels={"weekend": [5, 6]}, holidays=["2026-12-02"])
    calendar = working_days_of(network)
    assert [calendar.is_working(date(2026, 11, 27) + timedelta(days=n)) for n in range(3)] == [False, False, True]
    assert not calendar.is_working(date(2026, 12, 2))


@given(CALENDARS, DAYS, st.integers(0, 400))
def test_it_counts_the_days_one_by_one(calendar: WorkingDays, first: date, length: int) -> None:
    one_by_one = sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, length + 1))
    assert calendar.between(noon(first), noon(first + timedelta(days=length))) == one_by_one


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_on_the_last_day_in_time_just_so_many_have_gone_by(calendar: WorkingDays, first: date, level: int) -> None:
    last = calendar.after(noon(first), level)
    assert calendar.between(noon(first), noon(last)) == level
