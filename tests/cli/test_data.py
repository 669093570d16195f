from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from webapp.cli.import_words import word_remark, word_stop
from webapp.config import ROOT, Settings
from webapp.models import Change, Startup
from webapp.services.imports.remarks import Remark

EXCERPT = ROOT / "tests" / "data" / "yc-2014-excerpt.csv"
MAPPING = ROOT / "examples" / "mappings" / "yc-2014.toml"
MULTAQA = ROOT / "examples" / "mappings" / "multaqa.toml"

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs ``flask data`` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["data", *map(str, arguments)])


def count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count(Startup.id))) or 0


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_import_is_kept_and_explained(run: Run, session: Session, tmp_path: Path) -> None:
    result = run("import", EXCERPT, "--mapping", MAPPING, "--report", tmp_path / "report.csv", "--publish")
    assert result.exit_code == 0, result.output
    assert "Source yc-2014: Alice Corona, ali-ce/datasets, CC BY-SA 4.0" in result.output
    assert "40 rows: 40 created, 0 updated, 0 unchanged, 0 flagged, 0 rejected" in result.output
    assert "flask work drain" in result.output
    session.rollback()
    assert count(session) == 40
    assert session.scalar(sa.select(sa.func.count(Change.object_id.distinct()))) == 40
    report = read(tmp_path / "report.csv")
    assert len(report) == 40
    assert report[0] | {"notes": ""} == {
        "line": "2",
        "key": "Curebit",
        "name": "Curebit",
        "status": "created",
        "slug": "curebit",
        "reasons": "",
        "notes": "",
    }
    again = run("import", EXCERPT, "--mapping", MAPPING, "--publish")
    assert "0 created, 0 updated, 40 unchanged" in again.output


def test_a_dry_run_reports_everything_and_keeps_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    result = run("import", EXCERPT, "--mapping", MAPPING, "--dry-run", "--report", tmp_path / "report.csv")
    assert "40 created" in result.output
    assert "dry run; nothing was kept" in result.output
    assert len(read(tmp_path / "report.csv")) == 40
    assert count(session) == 0
    assert session.scalar(sa.select(sa.func.count(Change.id))) == 0


def test_no_cell_of_the_report_is_a_formula(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Company\n=1+1\n")
    (tmp_path / "mapping.toml").write_text(
        '[source]\nname = "a"\nlicence = "b"\nattribution = "c"\nkey = ["Company"]\n'
        '[columns.name_latin]\ncolumn = "Company"\n'
    )
    run("import", tmp_path / "list.csv", "--mapping", tmp_path / "mapping.toml", "--report", tmp_path / "report.csv")
    (line,) = read(tmp_path / "report.csv")
    assert (line["key"], line["name"], line["slug"]) == ("'=1+1", "'=1+1", "1-1")


def test_rejected_and_flagged_rows_are_named(run: Run, make_startup: Callable[..., Any], tmp_path: Path) -> None:
    make_startup("Curebits", slug="curebits")
    text = EXCERPT.read_text("utf-8")
    (tmp_path / "list.csv").write_text(text + text.splitlines()[2] + "\nshort,row\n", "utf-8")
    result = run("import", tmp_path / "list.csv", "--mapping", MAPPING)
    assert "42 rows: 39 created, 0 updated, 0 unchanged, 1 flagged, 2 rejected" in result.output
    assert "line 42 Goldbely: the same key as line 3" in result.output
    assert "line 43: 2 cells instead of 14" in result.output
    assert "line 2 Curebit: looks like curebits (almost the same name)" in result.output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.ods", "x", "Files of this kind cannot be read (.ods)."),
        ("list.csv", "", "list.csv: The file holds nothing."),
        ("list.csv", "Company,Company\n", "Columns with the same name: “Company”."),
        ("list.csv", "Name\nTazrii\n", "The file lacks columns that the mapping names: “Company” (source.key),"),
        ("list.xlsx", "Company\n", "list.xlsx: The file is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    run: Run, session: Session, tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content)
    result = run("import", tmp_path / name, "--mapping", MAPPING)
    assert result.exit_code == 1
    assert message in result.output
    assert count(session) == 0


def test_a_mapping_that_cannot_be_used_says_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        MAPPING.read_text("utf-8").replace("[columns.city]", "[columns.town]"), "utf-8"
    )
    result = run("import", EXCERPT, "--mapping", tmp_path / "mapping.toml")
    assert result.exit_code == 1
    assert "mapping.toml: columns.town: there is no such field" in result.output


def test_exports_go_out_in_the_format_of_their_name(run: Run, make_startup: Callable[..., Any], tmp_path: Path) -> None:
    make_startup("Tazrii", slug="tazrii")
    run("import", EXCERPT, "--mapping", MAPPING)
    result = run("export", tmp_path / "out.csv")
    assert f"1 rows written to {tmp_path / 'out.csv'}." in result.output
    assert "40 startups that came from a source are not among them" in result.output
    assert [row["slug"] for row in read(tmp_path / "out.csv")] == ["tazrii"]
    assert "41 rows" in run("export", tmp_path / "all.xlsx", "--all").output
    assert "40 rows" in run("export", tmp_path / "source", "--source", "yc-2014", "--format", "jsonl").output
    assert (tmp_path / "source").read_text("utf-8").count("\n") == 40


def test_exports_for_spreadsheets_are_disarmed(run: Run, make_startup: Callable[..., Any], tmp_path: Path) -> None:
    make_startup("=1+1")
    run("export", tmp_path / "exact.csv")
    run("export", tmp_path / "safe.csv", "--for-spreadsheets")
    assert read(tmp_path / "exact.csv")[0]["name_latin"] == "=1+1"
    assert read(tmp_path / "safe.csv")[0]["name_latin"] == "'=1+1"


def test_exports_that_make_no_sense_are_refused(run: Run, tmp_path: Path) -> None:
    assert "OUT must end in .csv, .jsonl, .xlsx" in run("export", tmp_path / "out.pdf").output
    assert "either --source or --all" in run("export", tmp_path / "out.csv", "--all", "--source", "a").output
    assert "Nothing was imported from a. Sources: none." in run("export", tmp_path / "out.csv", "--source", "a").output
    assert list(tmp_path.glob("out*")) == []


def test_the_demonstration_is_made_once_and_never_in_production(
    run: Run, session: Session, settings: Settings, make_startup: Callable[..., Any]
) -> None:
    make_startup("Tazrii", is_demo=True)
    session.commit()
    assert "demonstration accounts made" in run("demo").output, "data from before there were accounts gets them"
    assert "There is demonstration data already." in run("demo").output
    settings.environment = "production"
    assert "no demonstration data in production" in run("demo").output
    assert count(session) == 1


def test_a_pack_without_demonstration_data_says_so(run: Run, settings: Settings) -> None:
    settings.network = ROOT / "tests" / "packs" / "harbour"
    result = run("demo")
    assert result.exit_code == 1
    assert "This network pack has no demonstration data." in result.output


def test_codes_without_words_are_shown_as_they_are() -> None:
    assert word_remark(Remark("new-code")) == "new-code"
    assert word_stop("new-code", {}) == "new-code"
