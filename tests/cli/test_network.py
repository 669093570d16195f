from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.models import Network, Term
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack

PACK = ROOT / "networks" / "technopark"
HARBOUR = ROOT / "tests" / "packs" / "harbour"

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs ``flask network`` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["network", *map(str, arguments)])


@pytest.fixture
def edited(tmp_path: Path, session: Session) -> Iterator[Path]:
    """A copy of the pack without the format ``board``; whatever was loaded, the pack itself is loaded in the end."""
    folder = shutil.copytree(PACK, tmp_path / "pack", ignore=shutil.ignore_patterns("demo"))
    path = folder / "formats.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("- code: board\n")
    end = text.find("\n- code: ", start)
    path.write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")
    yield folder
    session.rollback()
    load_pack(session, read_pack(PACK))
    session.commit()


def test_validate_checks_the_pack_of_the_settings(run: Run) -> None:
    result = run("validate")
    assert result.exit_code == 0
    assert result.output.startswith("technopark: 12 regions, 9 sites, ")
    assert result.output.endswith("terms. No problems.\n")


def test_validate_checks_another_pack_without_loading_it(run: Run, session: Session) -> None:
    result = run("validate", HARBOUR)
    assert result.exit_code == 0
    assert result.output.startswith("harbour: 4 regions, 3 sites, ")
    assert session.scalars(sa.select(Network.code)).all() == ["technopark"]


@pytest.mark.parametrize("command", ["validate", "load"])
def test_a_pack_with_problems_is_refused_with_all_of_them(run: Run, tmp_path: Path, command: str) -> None:
    folder = shutil.copytree(HARBOUR, tmp_path / "harbour")
    (folder / "skills.yaml").unlink()
    (folder / "formats.yaml").write_text("- kode: clinic\n", encoding="utf-8")
    result = run(command, folder)
    assert result.exit_code == 1
    assert "skills.yaml: the file is missing\n" in result.stderr
    assert "formats.yaml:1: 0.kode: there is no such key\n" in result.stderr
    assert result.stderr.endswith("Error: Problems: 4. Nothing was loaded.\n")


def test_a_folder_that_is_not_there_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    assert run("validate", tmp_path / "nowhere").exit_code == 2


def test_loading_the_same_pack_again_says_that_nothing_has_changed(run: Run) -> None:
    result = run("load")
    assert (result.exit_code, result.output) == (0, "Nothing has changed.\n")


def test_loading_says_what_was_removed_and_loading_the_old_pack_brings_it_back(
    run: Run, session: Session, edited: Path
) -> None:
    removed = run("load", edited)
    assert (removed.exit_code, removed.output.splitlines()) == (
        0,
        ["Rows added: 0, changed: 1, removed: 1.", "  removed formats/board"],
    )
    assert session.scalar(sa.select(Term.id).where(Term.kind == "formats", Term.code == "board")) is None
    session.rollback()
    brought_back = run("load", PACK)
    assert brought_back.output == "Rows added: 1, changed: 1, removed: 0.\n"


def test_a_code_in_use_stops_the_load(
    run: Run, session: Session, edited: Path, make_partner: Callable[..., Any]
) -> None:
    make_partner(kind="mentor", formats=["board"])
    session.commit()
    result = run("load", edited)
    assert result.exit_code == 1
    assert "These codes are still in use and cannot vanish: formats/board" in result.stderr
    assert session.scalar(sa.select(Term.id).where(Term.kind == "formats", Term.code == "board"))


def test_another_network_is_refused(run: Run, session: Session) -> None:
    result = run("load", HARBOUR)
    assert result.exit_code == 1
    assert "This database holds the network technopark, not harbour." in result.stderr
    assert session.scalars(sa.select(Network.code)).all() == ["technopark"]
