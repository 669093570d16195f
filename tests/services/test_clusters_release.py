"""Figures are released from the stays in the database, and no release tells what it withholds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.populations import COUNTS, REGIONS, TOTAL, settle
from webapp.clusters.disclosure import Suppression, audit
from webapp.clusters.release import two_way
from webapp.models import ClusterRelease, Network, ResidencyEventKind, Site, Startup, Term
from webapp.permissions import SYSTEM
from webapp.services.cluster_days import ALL, protected_table
from webapp.services.cluster_figures import Figures, from_json
from webapp.services.cluster_release import compute_figures, quarter_ends, release_current, release_past
from webapp.services.cluster_stays import Panel, read_panel
from webapp.services.residency import EventDraft, record_residency

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)


def panel_of(session: Session) -> Panel:
    return read_panel(session, session.scalars(sa.select(Network)).one())


def figures_of(session: Session, day: date = TODAY) -> Figures:
    return compute_figures(panel_of(session), day)


def leave(session: Session, startup: Startup, on: date, reason: str = "closed") -> None:
    term = session.scalars(sa.select(Term).where(Term.kind == "leaving_reasons", Term.code == reason)).one()
    draft = EventDraft(on, ResidencyEventKind.LEFT, startup.sites[0], reason=term)
    record_residency(session, SYSTEM, startup, draft, today=TODAY)


def test_residents_count_in_the_region_of_their_park_and_their_main_sector(
    session: Session, make_startup: Maker
) -> None:
    settle(make_startup)
    figures = figures_of(session)
    assert figures.network.startups == figures.network.counted == TOTAL
    found = {(cell.region, cell.sector): cell.residents for cell in figures.cells if cell.residents}
    expected = {(REGIONS[site], sector): number for (site, sector), number in COUNTS.items()}
    assert found
    assert found.items() <= expected.items()


def test_no_small_number_is_released_and_none_can_be_worked_out(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    figures = figures_of(session)
    assert figures.is_protected
    numbers = [cell.residents for cell in figures.cells]
    numbers += [place.residents for place in (*figures.regions, *figures.sectors)]
    assert not {1, 2} & set(numbers)
    assert sum(number is None for number in numbers) >= 4
    counts = np.array([cell.residents or 0 for cell in figures.cells]).reshape(len(figures.sectors), -1)
    for cell, (row, column) in zip(figures.cells, np.ndindex(counts.shape), strict=True):
        sites = [site for site, region in REGIONS.items() if region == cell.region]
        counts[row, column] = COUNTS.get((sites[0], cell.sector), 0) if sites else 0
    table = protected_table(counts, figures.threshold)
    release, _ = two_way(counts)
    values = release.values()
    assert audit(release, Suppression((values > 0) & (values < 3), ~table.shown.ravel(), 3)).passes
    shown = table.shown[:ALL, :ALL].ravel().tolist()
    assert [cell.residents is not None for cell in figures.cells] == shown


def test_what_contains_a_withheld_number_is_withheld_too(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    figures = figures_of(session)
    hidden = [cell for cell in figures.cells if cell.residents is None]
    assert hidden
    for cell in hidden:
        assert (cell.quotient, cell.shrunken, cell.quadrant, cell.share_of_region) == (None, None, None, None)
        assert (cell.share_of_sector, cell.changes, cell.stars, cell.specialised) == (None, [], [], False)
        assert cell.history[-1] is None


def test_a_sector_that_gathers_in_a_region_is_called_specialised(session: Session, make_startup: Maker) -> None:
    for site, sector, number in (("agadir", "agritech", 12), ("agadir", "software", 5), ("rabat", "software", 30)):
        for _ in range(number):
            make_startup(site=site, sectors=[sector])
    figures = figures_of(session)
    cell = next(cell for cell in figures.cells if (cell.region, cell.sector) == ("MA-09", "agritech"))
    assert cell.quotient is not None
    assert cell.quotient.value == pytest.approx((12 / 17) / (12 / 47))
    assert cell.quotient.lower > 1
    assert cell.specialised
    assert cell.stars == ["size", "specialisation", "focus"]


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_and_one_startup_have_figures_without_a_table(
    session: Session, make_startup: Maker, number: int
) -> None:
    for _ in range(number):
        make_startup(site="agadir")
    figures = figures_of(session)
    assert figures.network.startups == number
    assert figures.is_protected == (number == 0)
    if number:
        assert {cell.residents for cell in figures.cells} == {None}
        assert {place.residents for place in figures.regions} == {None}
        assert all(place.flows is None and place.survival is None for place in figures.regions)


def test_what_is_not_published_does_not_count(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    make_startup(site="agadir", state="withdrawn")
    assert figures_of(session).network.startups == TOTAL


def test_the_past_is_what_it_was(session: Session, make_startup: Maker) -> None:
    startups = settle(make_startup)
    before = figures_of(session, date(2025, 12, 31))
    for startup in startups[:6]:
        leave(session, startup, date(2026, 5, 1))
    assert figures_of(session, date(2025, 12, 31)) == before
    now = figures_of(session)
    assert now.network.startups == TOTAL - 6
    assert (now.network.place.history[-2], now.network.place.history[-1]) == (TOTAL, TOTAL - 6)


def test_departures_make_turnover_retention_and_survival(session: Session, make_startup: Maker) -> None:
    startups = settle(make_startup)
    for startup in startups[:10]:
        leave(session, startup, date(2026, 5, 24), "graduated")
    network = figures_of(session).network
    flows = network.place.flows
    assert flows is not None
    assert (flows.entered, flows.left, flows.direction) == (0, 10, "shrinking")
    assert flows.retention is not None
    assert flows.retention.value == pytest.approx((TOTAL - 10) / TOTAL)
    assert network.place.survival is not None
    shares = {point.months: point.value for point in network.place.survival.points}
    assert shares[24] == 1
    assert network.alumni == 10


def test_those_that_completed_their_stay_begin_a_second_life(session: Session, make_startup: Maker) -> None:
    startups = settle(make_startup, date(2021, 1, 1))
    for startup in startups[:12]:
        leave(session, startup, date(2023, 5, 24), "graduated")
    for startup in startups[:2]:
        startup.closed_on = date(2024, 6, 1)
    session.flush()
    network = figures_of(session).network
    assert [each.reason for each in network.reasons if each.share.value] == ["graduated"]
    assert network.graduation_at_best is not None
    assert network.graduation_at_best.lives == 12
    shares = {point.months: point.value for point in network.graduation_at_best.points}
    assert shares[12] == 1
    assert shares[24] == pytest.approx(10 / 12)
    assert network.graduation is None, "nobody was heard of since"


def test_a_move_within_a_region_is_no_departure(session: Session, make_startup: Maker) -> None:
    startups = settle(make_startup)
    site = session.scalars(sa.select(Site).where(Site.code == "cisma")).one()
    for startup in (row for row in startups if row.sites[0].code == "agadir"):
        draft = EventDraft(date(2026, 3, 1), ResidencyEventKind.MOVED, site, from_site=startup.sites[0])
        record_residency(session, SYSTEM, startup, draft, today=TODAY)
    place = figures_of(session).region("MA-09")
    assert place is not None
    assert place.flows is not None
    assert (place.flows.entered, place.flows.left) == (0, 0)


def test_a_release_is_made_once_and_anew_when_something_changed(session: Session, make_startup: Maker) -> None:
    startups = settle(make_startup)
    assert release_current(session, TODAY)
    assert not release_current(session, TODAY)
    leave(session, startups[0], date(2026, 11, 2))
    assert release_current(session, TODAY)
    kept = session.scalars(sa.select(ClusterRelease)).one()
    assert from_json(kept.content) == compute_figures(panel_of(session), TODAY, is_today=True)


def test_the_release_of_yesterday_gives_way_and_that_of_a_quarter_stays(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    for day in (date(2026, 9, 30), date(2026, 11, 23), TODAY):
        release_current(session, day)
    days = session.scalars(sa.select(ClusterRelease.as_of).order_by(ClusterRelease.as_of))
    assert list(days) == [date(2026, 9, 30), TODAY]


def test_every_quarter_since_the_first_stay_is_released_and_only_those_that_changed_again(
    session: Session, make_startup: Maker
) -> None:
    startups = settle(make_startup, date(2026, 1, 5))
    quarters = [date(2026, 9, 30), date(2026, 6, 30), date(2026, 3, 31)]
    assert list(release_past(session, TODAY)) == quarters
    assert list(release_past(session, TODAY)) == []
    leave(session, startups[0], date(2026, 5, 1))
    assert list(release_past(session, TODAY)) == quarters[:2]


def test_quarters_end_on_their_last_days() -> None:
    assert quarter_ends(date(2023, 12, 31), date(2024, 9, 29)) == [
        date(2023, 12, 31),
        date(2024, 3, 31),
        date(2024, 6, 30),
    ]


def test_a_threshold_of_one_withholds_nothing() -> None:
    assert protected_table(np.array([[1, 2], [0, 1]]), 1).shown.all()


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4), st.integers(2, 4))
def test_what_figures_of_a_column_are_made_from_adds_up_to_what_is_published(
    counts: list[list[int]], threshold: int
) -> None:
    table = protected_table(np.array(counts), threshold)
    for region in range(3):
        guessed, total = table.public_column(region), table.count(ALL, region)
        assert (guessed is None) == (total is None)
        if guessed is not None:
            assert guessed.sum() == total
            shown = table.shown[:ALL, region]
            assert (guessed[shown] == table.counts[:ALL, region][shown]).all()
