from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from webapp.models import Milestone, Network, PortfolioCompany, PublicationState
from webapp.services.data_set import data_file, extent_of, publish_data_set
from webapp.services.network import get_network
from webapp.services.public_tables import PUBLIC_TABLES

Maker = Callable[..., Any]
DAY = date(2026, 11, 28)


@pytest.fixture
def network(session: Session) -> Network:
    found = get_network(session)
    assert found is not None
    return found


@pytest.fixture
def filled(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup = make_startup("Tazrii", sectors=["agritech", "software"], site="agadir")
    startup.milestones = [Milestone(on=date(2025, 5, 1), text={"fr": "Premier client"})]
    hidden = make_startup("Hidden", state=PublicationState.DRAFT, site="rabat")
    hidden.milestones = [Milestone(on=date(2025, 5, 1), text={"fr": "Secret"})]
    fund = make_partner("=cmd()", kind="investor")
    fund.portfolio = [
        PortfolioCompany(name="Tazrii", year=2024, startup_id=startup.id),
        PortfolioCompany(name="Hidden", startup_id=hidden.id),
    ]
    session.flush()
    session.expire_all()


def tables(path: Path) -> dict[str, list[dict[str, str]]]:
    with ZipFile(path) as archive:
        return {
            table.name: list(csv.DictReader(io.TextIOWrapper(archive.open(f"{table.name}.csv"), "utf-8")))
            for table in PUBLIC_TABLES
        }


@pytest.mark.usefixtures("filled")
def test_the_tables_tell_what_is_published_and_nothing_else(session: Session, network: Network, tmp_path: Path) -> None:
    path = publish_data_set(session, tmp_path, network, DAY)
    assert path == tmp_path / "technopark-2026-11-28.zip"
    found = tables(path)
    (startup,) = found["startups"]
    (partner,) = found["partners"]
    assert startup["sectors"] == "agritech; software"
    assert partner["name_latin"] == "'=cmd()"
    assert found["stays"] == [
        {"startup": startup["slug"], "site": "agadir", "is_present": "true", "entered_on": "2024-01-01"}
    ]
    assert [row["text_fr"] for row in found["milestones"]] == ["Premier client"]
    assert [(row["company"], row["startup"]) for row in found["portfolio"]] == [
        ("Tazrii", startup["slug"]),
        ("Hidden", ""),
    ]
    assert {row["code"] for row in found["sites"]} >= {"agadir", "rabat"}
    assert {"kind": "sectors", "code": "agritech"}.items() <= next(
        row for row in found["terms"] if row["code"] == "agritech"
    ).items()


@pytest.mark.usefixtures("filled")
def test_the_package_describes_every_column_of_every_table(session: Session, network: Network, tmp_path: Path) -> None:
    path = publish_data_set(session, tmp_path, network, DAY)
    assert path is not None
    found = tables(path)
    with ZipFile(path) as archive:
        package = json.loads(archive.read("datapackage.json"))
        names = set(archive.namelist())
        readme, licence = archive.read("README.ar.md").decode(), archive.read("LICENSE.txt").decode()
    assert names == {f"{table.name}.csv" for table in PUBLIC_TABLES} | {
        "datapackage.json", "LICENSE.txt", "README.ar.md", "README.fr.md", "README.en.md",
    }  # fmt: skip
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert "تكنوبارك" in readme
    assert "{" not in readme
    assert licence.count("creativecommons.org") == 3
    resources = {resource["name"]: resource for resource in package["resources"]}
    for name, rows in found.items():
        schema = resources[name]["schema"]
        assert resources[name]["rows"] == len(rows)
        if rows:
            assert [field["name"] for field in schema["fields"]] == list(rows[0])
        assert all(set(field["descriptions"]) == {"fr", "ar", "en"} for field in schema["fields"])
        for key in schema.get("foreignKeys", ()):
            other = {row[key["reference"]["fields"]] for row in found[key["reference"]["resource"]]}
            assert {row[key["fields"]] for row in rows} - {""} <= other


@pytest.mark.usefixtures("filled")
def test_it_is_written_anew_only_when_something_changed_and_the_old_one_goes(
    session: Session, network: Network, tmp_path: Path, make_startup: Maker
) -> None:
    publish_data_set(session, tmp_path, network, DAY)
    assert publish_data_set(session, tmp_path, network, date(2026, 11, 29)) is None
    make_startup("Another").state = PublicationState.WITHDRAWN
    session.flush()
    assert publish_data_set(session, tmp_path, network, date(2026, 11, 29)) is None
    make_startup("A third")
    assert publish_data_set(session, tmp_path, network, date(2026, 11, 30)) is not None
    assert [path.name for path in tmp_path.glob("*.*")] == ["technopark-2026-11-30.zip"]


@pytest.mark.usefixtures("filled")
def test_a_file_that_cannot_be_read_is_written_anew(session: Session, network: Network, tmp_path: Path) -> None:
    (tmp_path / "technopark-2026-11-28.zip").write_bytes(b"no zip")
    assert publish_data_set(session, tmp_path, network, DAY) is not None


def test_an_empty_directory_has_empty_tables(session: Session, network: Network, tmp_path: Path) -> None:
    path = publish_data_set(session, tmp_path, network, DAY)
    assert path is not None
    assert tables(path)["startups"] == []
    assert extent_of(session).changed_at is None
    assert data_file(tmp_path / "elsewhere") is None
