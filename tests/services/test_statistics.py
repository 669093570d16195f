from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.populations import settle
from webapp.models import PublicationState
from webapp.services.cluster_release import release_current
from webapp.services.profiles import newest_residents
from webapp.services.statistics import network_figures, residents_by_region

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)


def test_figures_count_what_the_public_sees(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    make_startup(site="agadir")
    make_startup()
    make_startup(site="rabat", state=PublicationState.WITHDRAWN)
    make_partner()
    make_partner(state=PublicationState.DRAFT)
    figures = network_figures(session)
    assert (figures.startups, figures.residents, figures.sites, figures.partners) == (2, 1, 6, 1)


def test_regions_show_what_was_released_and_nothing_before(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    assert residents_by_region(session, TODAY) == []
    release_current(session, TODAY)
    rows = {row.region.code: row for row in residents_by_region(session, TODAY)}
    assert [rows[code].residents for code in ("MA-06", "MA-09", "MA-04")] == [20, 12, 20]
    assert rows["MA-01"].rank_class == 0
    assert rows["MA-09"].density == pytest.approx(100_000 * 12 / 3_020_431)
    assert {rows[code].rank_class for code in ("MA-06", "MA-09", "MA-04")} == {1, 2, 3}


def test_too_few_residents_to_hide_have_no_map(session: Session, make_startup: Maker) -> None:
    make_startup(site="agadir")
    release_current(session, TODAY)
    assert residents_by_region(session, TODAY) == []


def test_the_newest_residents_come_first(session: Session, make_startup: Maker) -> None:
    old = make_startup(site="agadir", entered=date(2020, 1, 1))
    new = make_startup(site="agadir", entered=date(2026, 1, 1))
    make_startup()
    assert [row.id for row in newest_residents(session, 5)] == [new.id, old.id]
