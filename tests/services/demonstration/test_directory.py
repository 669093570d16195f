from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.ma import ice

from tests.services.demonstration.conftest import PACK, TODAY, made_demonstration
from webapp.errors import Conflict, NotFound
from webapp.models import (
    Base,
    Change,
    Milestone,
    Network,
    Partner,
    PartnerKind,
    PortfolioCompany,
    Residency,
    ResidencyEvent,
    Site,
    Startup,
    TermKind,
)
from webapp.services.demonstration import DemonstrationReport, make_demonstration
from webapp.services.demonstration.content import read_content
from webapp.services.residency import derive_stays, list_events, residency_on, sites_on

LANGUAGES = {"ar", "fr", "en"}


@pytest.fixture(scope="module")
def startups(made: tuple[Session, DemonstrationReport]) -> list[Startup]:
    return list(made[0].scalars(Startup.with_listing(sa.select(Startup).order_by(Startup.id))))


@pytest.fixture(scope="module")
def partners(made: tuple[Session, DemonstrationReport]) -> list[Partner]:
    return list(made[0].scalars(Partner.with_listing(sa.select(Partner).order_by(Partner.id))))


def localized(rows: list[Any], *names: str) -> Iterator[tuple[str, dict[str, str]]]:
    for row in rows:
        for name in names:
            yield f"{row.__tablename__} {row.id} {name}", getattr(row, name)


def test_the_report_counts_what_was_made(made: tuple[Session, DemonstrationReport], partners: list[Partner]) -> None:
    session, report = made
    groups = session.execute(sa.select(Startup.residency, sa.func.count()).group_by(Startup.residency))
    counts = dict(tuple(row) for row in groups)
    assert report.residents == counts[Residency.RESIDENT] == 450
    assert report.alumni == counts[Residency.ALUMNI]
    assert report.startups == sum(counts.values())
    assert report.partners == len(partners)


def test_everything_is_marked_as_demonstration_and_published(startups: list[Startup], partners: list[Partner]) -> None:
    assert all(row.is_demo and row.is_published and row.published_at for row in (*startups, *partners))


def test_every_profile_has_names_of_its_own(startups: list[Startup], partners: list[Partner]) -> None:
    for rows in (startups, partners):
        for attribute in ("name_latin", "name_arabic", "slug"):
            values = [value for row in rows if (value := getattr(row, attribute))]
            assert len(set(values)) == len(values), attribute
            assert len(values) == len(rows) or (rows is partners and attribute == "name_arabic")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("attribute", ["pitch", "description"])
def test_no_two_startups_say_the_same(startups: list[Startup], attribute: str, language: str) -> None:
    texts = [getattr(startup, attribute)[language] for startup in startups]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("attribute", ["summary", "description"])
def test_no_two_partners_say_the_same(partners: list[Partner], attribute: str, language: str) -> None:
    texts = [getattr(partner, attribute)[language] for partner in partners]
    assert len(set(texts)) == len(texts)


def test_a_pitch_has_at_most_140_characters_in_each_language(startups: list[Startup], partners: list[Partner]) -> None:
    texts = [*localized(startups, "pitch"), *localized(partners, "summary")]
    assert [(where, text) for where, pitch in texts for text in pitch.values() if len(text) > 140] == []


def test_every_text_is_there_in_all_languages_with_no_placeholder_left(
    demo: Session, startups: list[Startup], partners: list[Partner]
) -> None:
    challenges = [challenge for partner in partners for challenge in partner.challenges]
    texts = [
        *localized(startups, "pitch", "description", "city"),
        *localized(partners, "summary", "description", "city"),
        *localized(challenges, "title", "problem"),
        *localized(list(demo.scalars(sa.select(Milestone))), "text"),
        *localized([partner for partner in partners if partner.pilot_process], "pilot_process"),
    ]
    assert [where for where, text in texts if set(text) != LANGUAGES or not all(text.values())] == []
    assert [where for where, text in texts if any(mark in t for t in text.values() for mark in "{}")] == []
    assert [where for where, text in texts if any("  " in t or t != t.strip() for t in text.values())] == []


def test_every_startup_has_the_terms_that_a_profile_needs(startups: list[Startup]) -> None:
    for kind in (TermKind.SECTOR, TermKind.MATURITY, TermKind.FUNDING_STAGE, TermKind.HEADCOUNT, TermKind.LEGAL_FORM):
        assert all(startup.terms(kind) for startup in startups), kind
    assert all(startup.terms(TermKind.NEED) or startup.closed_on for startup in startups)


def test_every_kind_of_partner_has_the_terms_that_matching_needs(partners: list[Partner]) -> None:
    needed = {
        PartnerKind.INVESTOR: TermKind.INSTRUMENT,
        PartnerKind.MENTOR: TermKind.SKILL,
        PartnerKind.CORPORATE: TermKind.OFFER,
    }
    assert {partner.kind for partner in partners} == set(needed)
    assert all(partner.terms(needed[PartnerKind(partner.kind)]) for partner in partners)


def test_the_residency_of_a_row_is_what_its_events_say(demo: Session, startups: list[Startup]) -> None:
    for startup in startups[::20]:
        stays = derive_stays(list_events(demo, startup))
        assert startup.residency == residency_on(stays, TODAY)
        assert startup.entered_on == min((stay.entered for stay in stays), default=None)
        assert {site.id for site in startup.sites} == sites_on(stays, TODAY)


def test_nobody_sits_at_a_site_before_its_first_year_or_where_no_park_operates(demo: Session) -> None:
    since = {code: site.since for code, site in read_content(PACK / "demo").figures.sites.items()}
    firsts = demo.execute(
        sa.select(Site.code, Site.status, Site.opened, sa.func.min(ResidencyEvent.on))
        .join(ResidencyEvent, ResidencyEvent.site_id == Site.id)
        .group_by(Site.id)
    ).all()
    assert {code for code, *_ in firsts} == set(since)
    for code, status, opened, first in firsts:
        assert status == "operating"
        assert since[code] <= first.year
        assert opened is None or opened <= first.year


def test_the_facts_of_a_startup_agree_with_one_another(startups: list[Startup]) -> None:
    for startup in startups:
        assert startup.founded
        assert startup.founded <= (startup.entered_on or TODAY).year
        if startup.raising_min:
            assert startup.raising_max
            assert startup.raising_min <= startup.raising_max
        assert bool(startup.currency) == bool(startup.raising_min)
        if startup.closed_on:
            assert startup.residency != Residency.RESIDENT
            assert not startup.website
            assert not startup.verified_on
            assert not startup.raising_min


def test_nothing_has_happened_yet_that_lies_in_the_future(demo: Session, startups: list[Startup]) -> None:
    assert demo.scalar(sa.select(sa.func.max(ResidencyEvent.on))) <= TODAY
    assert demo.scalar(sa.select(sa.func.max(Milestone.on))) <= TODAY
    assert all((startup.verified_on or TODAY) <= TODAY for startup in startups)


def test_nobody_was_checked_before_being_listed(startups: list[Startup]) -> None:
    for startup in startups:
        if startup.verified_on and startup.entered_on:
            assert startup.entered_on <= startup.verified_on


def test_milestones_lie_between_entry_and_the_end_of_the_company(startups: list[Startup]) -> None:
    for startup in startups:
        for milestone in startup.milestones:
            assert (startup.entered_on or date.min) <= milestone.on <= (startup.closed_on or TODAY)


def test_company_numbers_pass_the_check_of_the_country(startups: list[Startup]) -> None:
    numbers = [startup.company_number for startup in startups if startup.company_number]
    assert len(numbers) > len(startups) / 2
    assert all(ice.is_valid(number) and number.startswith("9") for number in numbers)


def test_addresses_are_those_that_can_never_be_real(startups: list[Startup], partners: list[Partner]) -> None:
    assert all(row.website.endswith(".example") for row in (*startups, *partners) if row.website)


def test_a_company_in_a_portfolio_is_linked_when_it_is_in_the_directory(demo: Session) -> None:
    rows = demo.execute(sa.select(PortfolioCompany.name, Startup.name_latin).join(Startup, isouter=True)).all()
    assert all(listed is None or listed == name for name, listed in rows)


def test_everything_listed_awaits_indexing(demo: Session, startups: list[Startup], partners: list[Partner]) -> None:
    noted = {tuple(row) for row in demo.execute(sa.select(Change.noun, Change.object_id))}
    assert noted == {(row.noun, row.id) for row in (*startups, *partners)}


def content_of(session: Session) -> dict[str, list[Any]]:
    # Logs say when the demonstration was made, and by whom.
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("change", "audit_entry")]
    return {t.name: session.execute(sa.select(t).order_by(*t.primary_key.columns)).all() for t in tables}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The same ``demo`` folder with fewer startups to make."""
    folder = shutil.copytree(PACK / "demo", tmp_path / "demo")
    figures = (folder / "population.yaml").read_text(encoding="utf-8")
    figures = re.sub(r"(?m)^residents: \d+", "residents: 30", figures)
    (folder / "population.yaml").write_text(
        re.sub(r"(?m)^former_residents: \d+", "former_residents: 60", figures), encoding="utf-8"
    )
    return folder


def test_the_same_seed_and_day_give_the_same_rows_and_another_seed_others(small: Path, tmp_path: Path) -> None:
    contents = []
    for number, seed in enumerate((1, 1, 2)):
        with made_demonstration(tmp_path / f"{number}.db", small, seed) as (session, report):
            assert report.residents == 30
            contents.append(content_of(session))
    first, again, other = contents
    for table, rows in first.items():
        assert rows == again[table], table
    assert first["startup"] != other["startup"]


def test_a_directory_is_filled_once_only(demo: Session) -> None:
    with pytest.raises(Conflict, match="demonstration-exists"):
        make_demonstration(demo, PACK / "demo", seed=1, today=TODAY + timedelta(days=1))


def test_without_a_network_pack_nothing_is_made(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        assert session.scalar(sa.select(Network)) is None
        with pytest.raises(NotFound, match="network"):
            make_demonstration(session, PACK / "demo", seed=1, today=TODAY)
    engine.dispose()
