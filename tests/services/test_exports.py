from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.errors import NotFound
from webapp.models import ImportedRow, Milestone, PublicationState, ResidencyEventKind, Site, Startup, Term
from webapp.permissions import SYSTEM
from webapp.services.exports import count_imported, export_source, export_startups, list_sources
from webapp.services.imports.files import read_table
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import read_mapping
from webapp.services.imports.remarks import ImportReport
from webapp.services.residency import EventDraft, correct_residency, record_residency
from webapp.services.tables import WRITERS

TODAY = date(2026, 11, 24)
EXCERPT = ROOT / "tests" / "data" / "yc-2014-excerpt.csv"
MAPPINGS = ROOT / "examples" / "mappings"

Maker = Callable[..., Any]


def import_file(session: Session, path: Path, mapping_name: str) -> ImportReport:
    mapping = read_mapping(MAPPINGS / f"{mapping_name}.toml")
    return import_startups(session, SYSTEM, read_table(path), mapping, publish=True, today=TODAY)


@pytest.fixture
def full_startup(session: Session, make_startup: Maker) -> Startup:
    """A startup with something in every field, which moved between parks and left."""
    startup: Startup = make_startup(
        "Tazrii; “Water”",
        slug="tazrii",
        name_arabic="تازري",
        site="agadir",
        entered=date(2019, 3, 1),
        pitch={"en": "Water, measured.", "fr": "L’eau, mesurée.", "ar": "قياس الماء"},
        description={"en": 'Two lines;\nand “quotes” with "commas", too.'},
        city={"fr": "Tiznit"},
        country="MA",
        website="https://tazrii.example",
        company_number="001561191000066",
        founded=2018,
        closed_on=date(2025, 1, 31),
        women_founders=False,
        export_markets=["FR", "SN"],
        sdgs=[6, 13],
        raising_min=100_000,
        raising_max=500_000,
        currency="EUR",
        is_demo=True,
        sectors=["agritech", "greentech"],
        technologies=["iot", "data"],
        maturities=["growth"],
        needs=["loan", "recruitment"],
        headcounts=["6-10"],
    )
    sites = {site.code: site for site in session.scalars(sa.select(Site))}
    startup.region = sites["agadir"].region
    startup.milestones = [
        Milestone(on=date(2020, 5, 1), text={"en": "First client", "ar": "أول زبون"}, source="https://news.example/1"),
        Milestone(on=date(2021, 5, 1), text={"fr": "Deuxième site"}),
    ]
    moved, left = ResidencyEventKind.MOVED, ResidencyEventKind.LEFT
    graduated = session.scalars(sa.select(Term).where(Term.code == "graduated")).one()
    record_residency(
        session,
        SYSTEM,
        startup,
        EventDraft(date(2021, 1, 1), moved, sites["rabat"], from_site=sites["agadir"]),
        today=TODAY,
    )
    lease, reviewed, rabat = ResidencyEventKind.RENEWED, ResidencyEventKind.REVIEWED, sites["rabat"]
    renewal = EventDraft(date(2022, 1, 1), lease, rabat, until=date(2023, 12, 31))
    wrong = record_residency(session, SYSTEM, startup, renewal._replace(until=date(2033, 1, 1)), today=TODAY)
    correct_residency(session, SYSTEM, startup, wrong, renewal, today=TODAY)
    note = EventDraft(date(2022, 7, 1), reviewed, rabat, note="On track; “été”, 100 %")
    record_residency(session, SYSTEM, startup, note, today=TODAY)
    record_residency(
        session, SYSTEM, startup, EventDraft(date(2024, 1, 1), left, sites["rabat"], reason=graduated), today=TODAY
    )
    return startup


def test_what_was_imported_is_given_back(session: Session, tmp_path: Path) -> None:
    import_file(session, EXCERPT, "yc-2014")
    export = export_source(session, "yc-2014")
    WRITERS["csv"](tmp_path / "out.csv", export.columns, export.rows)
    with (
        EXCERPT.open(encoding="utf-8", newline="") as before,
        (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as after,
    ):
        assert list(csv.reader(after)) == list(csv.reader(before))


@pytest.mark.parametrize("file_format", WRITERS)
def test_a_source_exported_in_any_format_is_the_same_source(session: Session, tmp_path: Path, file_format: str) -> None:
    import_file(session, EXCERPT, "yc-2014")
    export = export_source(session, "yc-2014")
    path = tmp_path / f"out.{file_format}"
    WRITERS[file_format](path, export.columns, export.rows)
    assert import_file(session, path, "yc-2014").counts()["unchanged"] == 40


@pytest.mark.parametrize("file_format", WRITERS)
def test_the_canonical_export_can_be_imported_with_the_same_content(
    session: Session, tmp_path: Path, full_startup: Startup, make_startup: Maker, file_format: str
) -> None:
    make_startup("Lamali", slug="lamali-7")
    export = export_startups(session, imported=False)
    before = list(export.rows)
    path = tmp_path / f"out.{file_format}"
    WRITERS[file_format](path, export.columns, before)
    for startup in session.scalars(sa.select(Startup)):
        session.delete(startup)
    session.flush()
    report = import_file(session, path, "multaqa")
    assert [(outcome.status, outcome.notes) for outcome in report.outcomes] == [("created", ()), ("created", ())]
    assert list(export_startups(session, imported=True).rows) == before
    assert before[0]["residency_events"] == (
        "2019-03-01 entered agadir; 2021-01-01 moved agadir rabat; 2022-01-01 renewed rabat until:2023-12-31; "
        "2022-07-01 reviewed rabat note:On%20track%3B%20%E2%80%9C%C3%A9t%C3%A9%E2%80%9D%2C%20100%20%25; "
        "2024-01-01 left rabat graduated"
    )


def test_startups_from_a_source_are_left_out_unless_wanted(session: Session, make_startup: Maker) -> None:
    make_startup("Tazrii", slug="tazrii", state=PublicationState.DRAFT)
    import_file(session, EXCERPT, "yc-2014")
    assert [row["slug"] for row in export_startups(session, imported=False).rows] == ["tazrii"]
    assert len(list(export_startups(session, imported=True).rows)) == 41
    assert count_imported(session) == 40
    assert list_sources(session) == ["yc-2014"]


def test_columns_of_rows_that_have_different_ones_are_all_there(session: Session, make_startup: Maker) -> None:
    startup = make_startup("Tazrii")
    for position, cells in enumerate([{"b": "1", "a": "2"}, {"c": "3", "a": "4"}]):
        row = ImportedRow(source="list", key=str(position), position=9 - position, cells=cells, digest="")
        startup.imported_rows.append(row)
    session.flush()
    export = export_source(session, "list")
    assert export.columns == ["c", "a", "b"]
    assert list(export.rows) == [{"c": "3", "a": "4"}, {"b": "1", "a": "2"}]


def test_an_unknown_source_is_an_error_that_names_the_known_ones(session: Session) -> None:
    import_file(session, EXCERPT, "yc-2014")
    with pytest.raises(NotFound) as error:
        export_source(session, "yc")
    assert error.value.values["sources"] == ["yc-2014"]


def test_an_export_takes_a_fixed_number_of_queries(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_startup(site="rabat")
        session.flush()
        session.expire_all()
        count_queries()
        list(export_startups(session, imported=False).rows)
        counts.append(count_queries())
    assert counts[0] == counts[1]
