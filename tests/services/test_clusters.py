"""Pages read released figures: the last before the day asked for, and files say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.populations import TOTAL, settle
from webapp.errors import NotFound
from webapp.services.cluster_release import release_current, release_past
from webapp.services.cluster_tables import Page, dated_rows, tables_of, to_json
from webapp.services.clusters import (
    CLASSES,
    classify,
    compare_page,
    figures_as_of,
    network_page,
    region_page,
    regions_page,
    sector_page,
)

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)

VALUES = st.lists(st.one_of(st.none(), st.floats(-5, 500, allow_nan=False)), max_size=20)


@pytest.fixture
def released(session: Session, make_startup: Maker) -> Session:
    """A session on the small network, with its figures released as of today and of past quarters."""
    settle(make_startup, date(2026, 2, 1))
    release_current(session, TODAY)
    list(release_past(session, TODAY))
    return session


@given(VALUES)
def test_classes_follow_the_value_and_what_is_not_known_has_none(values: list[float | None]) -> None:
    found = classify(values)
    known = [(value, rank) for value, rank in zip(values, found, strict=True) if value is not None and rank is not None]
    assert [rank for _, rank in sorted(known)] == sorted(rank for _, rank in known)
    assert len(known) == sum(value is not None for value in values)
    assert all((rank == 0) == (value <= 0) for value, rank in known)
    assert all(rank <= CLASSES for _, rank in known)


def test_a_day_has_the_figures_released_last_before_it(released: Session) -> None:
    assert figures_as_of(released, TODAY).as_of == TODAY
    assert figures_as_of(released, date(2026, 11, 23)).as_of == date(2026, 9, 30)
    assert figures_as_of(released, date(2026, 3, 31)).as_of == date(2026, 3, 31)


def test_before_the_first_release_there_are_no_figures(released: Session) -> None:
    with pytest.raises(NotFound) as missing:
        figures_as_of(released, date(2026, 3, 30))
    assert missing.value.values == {"first": date(2026, 3, 31)}


def test_places_that_do_not_exist_are_not_found(released: Session) -> None:
    with pytest.raises(NotFound):
        region_page(released, "MA-99", TODAY)
    with pytest.raises(NotFound):
        sector_page(released, "alchemy", TODAY)
    with pytest.raises(NotFound):
        compare_page(released, ["MA-06", "MA-99"], TODAY)


def test_four_regions_are_compared_each_once(released: Session) -> None:
    page = compare_page(released, ["MA-06", "MA-06", "MA-09", "MA-04", "MA-01", "MA-02"], TODAY)
    assert [region.code for region in page.regions] == ["MA-06", "MA-09", "MA-04", "MA-01"]
    assert all(len(cells) == 4 for _, cells in page.sectors)
    assert {code for code, _ in page.sectors} == {"software", "fintech", "edtech", "agritech"}


def pages(session: Session) -> list[Page]:
    return [
        regions_page(session, TODAY),
        region_page(session, "MA-06", TODAY),
        sector_page(session, "software", TODAY),
        compare_page(session, ["MA-06", "MA-09"], TODAY),
        network_page(session, TODAY),
    ]


def test_csv_and_json_say_the_same_as_the_page(released: Session) -> None:
    for page in pages(released):
        tables = tables_of(page)
        rows = [dict(row) for row in dated_rows(tables)]
        content = json.loads(to_json(tables))
        assert (content["as_of"], content["residents"]) == ("2026-11-24", TOTAL)
        main = content[next(iter(tables.tables))]
        assert len(rows) == len(main) > 0
        for row, record in zip(rows, main, strict=True):
            assert row.pop("as_of") == "2026-11-24"
            assert row == record


def test_no_file_holds_a_small_number(released: Session) -> None:
    for page in pages(released):
        for rows in tables_of(page).tables.values():
            for row in rows:
                assert row.get("residents") not in (1, 2)
                assert (row.get("status") == "withheld") == ("status" in row and row["residents"] is None)
