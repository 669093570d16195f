"""Staff, and the authority of a region, read its small numbers; everybody else what is published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.populations import COUNTS, REGIONS, settle
from webapp.errors import NotAllowed, NotFound
from webapp.models import ClusterRelease, NetworkRole, Region
from webapp.permissions import VISITOR, Actor
from webapp.services.cluster_figures import FORM
from webapp.services.cluster_release import release_current, release_past
from webapp.services.clusters import figures_as_of, full_region_page, region_page

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)
AGADIR, CASABLANCA = REGIONS["agadir"], REGIONS["casablanca"]
STAFF = Actor("person", account_id=1, person_id=1, network_roles=frozenset({NetworkRole.STAFF}))


@pytest.fixture
def released(session: Session, make_startup: Maker) -> Session:
    settle(make_startup, date(2026, 2, 1))
    release_current(session, TODAY)
    list(release_past(session, TODAY))
    return session


def authority_of(session: Session, code: str) -> Actor:
    region_id = session.scalar(sa.select(Region.id).where(Region.code == code))
    roles = frozenset({NetworkRole.AUTHORITY})
    return Actor("person", account_id=1, person_id=1, network_roles=roles, region_id=region_id)


def numbers(session: Session, actor: Actor) -> dict[str, int | None]:
    return {cell.sector: cell.residents for cell in full_region_page(session, actor, AGADIR, TODAY).cells}


@pytest.mark.parametrize("who", ["staff", "authority"])
def test_those_who_may_read_a_region_see_its_small_numbers(released: Session, who: str) -> None:
    actor = STAFF if who == "staff" else authority_of(released, AGADIR)
    expected = {sector: number for (site, sector), number in COUNTS.items() if site == "agadir"}
    assert numbers(released, actor) == expected
    assert None in {cell.residents for cell in region_page(released, AGADIR, TODAY).cells}


def test_other_regions_stay_as_published(released: Session) -> None:
    page = full_region_page(released, authority_of(released, AGADIR), AGADIR, TODAY)
    published = figures_as_of(released, TODAY)
    others = [cell for cell in page.figures.cells if cell.region != AGADIR]
    assert others == [cell for cell in published.cells if cell.region != AGADIR]
    assert page.figures.sectors == published.sectors
    assert page.figures.network == published.network


@pytest.mark.parametrize("actor", [VISITOR, Actor("person", account_id=1, person_id=1)])
def test_nobody_else_reads_them(released: Session, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        full_region_page(released, actor, AGADIR, TODAY)


def test_an_authority_reads_no_other_region(released: Session) -> None:
    with pytest.raises(NotAllowed):
        full_region_page(released, authority_of(released, CASABLANCA), AGADIR, TODAY)


def test_they_are_of_the_same_day_as_what_is_published(released: Session) -> None:
    page = full_region_page(released, STAFF, AGADIR, date(2026, 7, 1))
    assert page.figures.as_of == date(2026, 6, 30)


def test_what_is_in_another_form_is_passed_over_and_made_anew(released: Session) -> None:
    row = released.get_one(ClusterRelease, TODAY)
    assert row.form == FORM
    row.content = '{"as_of": "2026-11-24"}'
    released.flush()
    assert figures_as_of(released, TODAY).as_of == date(2026, 9, 30)
    assert release_current(released, TODAY)
    assert figures_as_of(released, TODAY).as_of == TODAY


def test_without_any_figures_that_can_be_read_there_are_none(released: Session) -> None:
    released.execute(sa.update(ClusterRelease).values(content="[]"))
    with pytest.raises(NotFound, match="figures"):
        figures_as_of(released, TODAY)


def test_full_figures_that_cannot_be_read_are_made_anew(released: Session) -> None:
    released.execute(sa.update(ClusterRelease).where(ClusterRelease.as_of == TODAY).values(full_content=None))
    released.expire_all()
    with pytest.raises(NotFound, match="figures"):
        full_region_page(released, STAFF, AGADIR, TODAY)
    assert release_current(released, TODAY)
    assert numbers(released, STAFF)["edtech"] == 2
