from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import ImportedRow, Milestone, PublicationState, Region, Startup, Term, TermKind

Maker = Callable[..., Any]
Terms = Callable[..., list[Term]]


def codes(rows: list[Any]) -> list[str]:
    return [row.code for row in rows]


def test_the_first_sector_is_the_primary_one(session: Session, make_startup: Maker) -> None:
    startup = make_startup(sectors=["fintech", "agritech", "edtech"])
    session.expire_all()
    assert codes(startup.terms(TermKind.SECTOR)) == ["fintech", "agritech", "edtech"]
    assert startup.term(TermKind.SECTOR).code == "fintech"


def test_terms_can_be_replaced_and_reordered(session: Session, make_startup: Maker, terms: Terms) -> None:
    startup = make_startup(sectors=["fintech", "agritech", "edtech"], technologies=["ai"])
    startup.set_terms(TermKind.SECTOR, terms("sectors", "edtech", "software", "fintech"))
    session.flush()
    session.expire_all()
    assert codes(startup.terms(TermKind.SECTOR)) == ["edtech", "software", "fintech"]
    assert codes(startup.terms(TermKind.TECHNOLOGY)) == ["ai"]


def test_terms_can_be_taken_away_and_given_again_at_once(session: Session, make_startup: Maker, terms: Terms) -> None:
    startup = make_startup(sectors=["fintech"])
    startup.set_terms(TermKind.SECTOR, [])
    startup.set_terms(TermKind.SECTOR, terms("sectors", "fintech"))
    session.flush()
    session.expire_all()
    assert codes(startup.terms(TermKind.SECTOR)) == ["fintech"]


def test_a_kind_without_terms_has_no_first_one(make_startup: Maker) -> None:
    assert make_startup().term(TermKind.MATURITY) is None


@pytest.mark.parametrize(
    ("kind", "codes", "message"),
    [
        ("sectors", ["fintech", "agritech", "edtech", "software", "gaming"], "more than 4 of sectors"),
        ("maturities", ["idea", "mvp"], "more than 1 of maturities"),
        ("sectors", ["fintech", "fintech"], "not distinct terms of sectors"),
    ],
)
def test_too_many_or_repeated_terms_are_refused_and_change_nothing(
    make_startup: Maker, terms: Terms, kind: str, codes: list[str], message: str
) -> None:
    startup = make_startup(sectors=["hrtech"])
    with pytest.raises(ValueError, match=message):
        startup.set_terms(TermKind(kind), terms(kind, *codes))
    assert [term.code for term in startup.terms(TermKind.SECTOR)] == ["hrtech"]


def test_a_term_of_another_kind_is_refused(make_startup: Maker, terms: Terms) -> None:
    with pytest.raises(ValueError, match="not distinct terms of needs"):
        make_startup().set_terms(TermKind.NEED, terms("technologies", "ai"))


def test_a_startup_may_have_any_number_of_needs(make_startup: Maker, terms: Terms) -> None:
    needs = ["equity", "loan", "grant", "recruitment", "workspace"]
    assert codes(make_startup(needs=needs).terms(TermKind.NEED)) == needs


@pytest.mark.parametrize(
    ("latin", "arabic", "script", "name", "other"),
    [
        ("Tazrii", "تازري", "Latn", "Tazrii", "تازري"),
        ("Tazrii", "تازري", "Arab", "تازري", "Tazrii"),
        ("Tazrii", None, "Arab", "Tazrii", None),
        (None, "تازري", "Latn", "تازري", None),
        ("Tazrii", None, "Latn", "Tazrii", None),
    ],
)
def test_a_name_is_given_in_the_readers_script_where_there_is_one(
    latin: str | None, arabic: str | None, script: str, name: str, other: str | None
) -> None:
    startup = Startup(name_latin=latin, name_arabic=arabic, slug="tazrii")
    assert (startup.name_for(script), startup.other_name_for(script)) == (name, other)


@pytest.mark.parametrize("values", [{"name_latin": None, "name_arabic": None}, {"founded": 1899}, {"founded": 2201}])
def test_the_database_refuses_what_breaks_a_rule_of_a_row(make_startup: Maker, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make_startup(**values)


def test_two_startups_cannot_share_an_address(make_startup: Maker) -> None:
    make_startup(slug="tazrii")
    with pytest.raises(IntegrityError):
        make_startup(slug="tazrii")


def test_a_resident_counts_in_the_region_of_its_site_and_not_of_its_seat(session: Session, make_startup: Maker) -> None:
    seat = session.scalars(sa.select(Region).where(Region.code == "MA-04")).one()
    assert codes(make_startup(site="agadir", region_id=seat.id).regions) == ["MA-09"]


def test_without_a_site_it_counts_in_the_region_of_its_seat(session: Session, make_startup: Maker) -> None:
    seat = session.scalars(sa.select(Region).where(Region.code == "MA-04")).one()
    assert codes(make_startup(region_id=seat.id).regions) == ["MA-04"]
    assert make_startup().regions == []


def test_two_sites_in_one_region_count_once(session: Session, make_startup: Maker) -> None:
    startup = make_startup(site="agadir")
    twin = make_startup(site="cisma")
    startup.site_links += [type(startup.site_links[0])(site=twin.sites[0])]
    session.flush()
    assert codes(startup.sites) == ["agadir", "cisma"]
    assert codes(startup.regions) == ["MA-09"]


def test_milestones_come_newest_first(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    startup.milestones = [Milestone(on=date(year, 1, 1), text={}) for year in (2023, 2025, 2024)]
    session.flush()
    session.expire_all()
    assert [milestone.on.year for milestone in startup.milestones] == [2025, 2024, 2023]


def test_only_published_startups_are_public(session: Session, make_startup: Maker) -> None:
    shown = make_startup()
    for state in (PublicationState.DRAFT, PublicationState.WITHDRAWN):
        assert not make_startup(state=state).is_published
    assert shown.is_published
    assert session.scalars(Startup.published()).all() == [shown]


def test_a_list_takes_as_many_queries_for_thirty_startups_as_for_three(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    counts = []
    for wanted in (3, 27):
        for _ in range(wanted):
            make_startup(sectors=["fintech", "edtech"], site="agadir")
        session.flush()
        session.expunge_all()
        count_queries()
        for startup in session.scalars(Startup.with_listing(Startup.published())):
            assert startup.terms(TermKind.SECTOR)
            assert startup.regions
        counts.append(count_queries())
    assert counts[0] == counts[1]


def test_whatever_belongs_to_a_startup_goes_with_it(session: Session, make_startup: Maker) -> None:
    startup = make_startup(site="agadir")
    startup.milestones.append(Milestone(on=date(2025, 1, 1), text={}))
    startup.imported_rows.append(ImportedRow(source="list", key="1", position=1, cells={"Name": "x"}, digest="0"))
    session.commit()
    session.delete(startup)
    session.commit()
    for table in ("startup", "startup_term", "startup_site", "milestone", "imported_row", "residency_event"):
        assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0, table
