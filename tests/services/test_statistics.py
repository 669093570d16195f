from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp.models import PublicationState, Region, Residency
from webapp.services.profiles import newest_residents
from webapp.services.statistics import CLASSES, classify, network_figures, residents_by_region

Maker = Callable[..., Any]


def test_figures_count_what_the_public_sees(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    make_startup(site="agadir")
    make_startup()
    make_startup(site="rabat", state=PublicationState.WITHDRAWN)
    make_partner()
    make_partner(state=PublicationState.DRAFT)
    figures = network_figures(session)
    assert (figures.startups, figures.residents, figures.sites, figures.partners) == (2, 1, 6, 1)


def test_a_resident_counts_in_the_region_of_its_site_once(session: Session, make_startup: Maker) -> None:
    make_startup(site="agadir")
    make_startup(site="cisma")
    make_startup(site="rabat", state=PublicationState.DRAFT)
    counts = {figures.region.code: figures.residents for figures in residents_by_region(session)}
    assert counts["MA-09"] == 2
    assert sum(counts.values()) == 2


def test_a_resident_without_a_site_counts_where_its_seat_is(session: Session, make_startup: Maker) -> None:
    region = session.query(Region).filter_by(code="MA-01").one()
    make_startup(region_id=region.id, residency=Residency.RESIDENT)
    counts = {figures.region.code: figures.residents for figures in residents_by_region(session)}
    assert counts["MA-01"] == 1


@given(st.lists(st.tuples(st.integers(0, 500), st.one_of(st.none(), st.integers(1, 10**7))), min_size=1, max_size=20))
def test_classes_follow_the_density_and_none_is_class_zero(rows: list[tuple[int, int | None]]) -> None:
    figures = classify([(Region(population=population), count) for count, population in rows])
    known = all(population for _, population in rows)
    ordered = sorted(figures, key=lambda each: each.density if known else each.residents)
    assert [each.rank_class for each in ordered] == sorted(each.rank_class for each in figures)
    assert all((each.rank_class == 0) == (each.residents == 0) for each in figures)
    assert all(0 <= each.rank_class <= CLASSES for each in figures)


def test_the_newest_residents_come_first(session: Session, make_startup: Maker) -> None:
    old = make_startup(site="agadir", entered=date(2020, 1, 1))
    new = make_startup(site="agadir", entered=date(2026, 1, 1))
    make_startup()
    assert [row.id for row in newest_residents(session, 5)] == [new.id, old.id]
