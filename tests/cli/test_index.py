"""``flask index``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.search import snapshot
from webapp.web.site import current_search


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = FlaskCliRunner(app).invoke(args=["index", *arguments])
    return result.exit_code, result.output


def test_a_rebuilt_index_is_in_step_with_the_database(
    app: Flask, session: Session, make_startup: Callable[..., Any]
) -> None:
    make_startup("Tazrii")
    session.commit()
    code, output = _run(app, "rebuild")
    assert code == 0
    assert "1 startups indexed." in output
    assert _run(app, "check") == (0, "startups: in step with the database\npartners: in step with the database\n")


def test_a_check_finds_what_the_index_lacks_and_repairs_it_when_asked(
    app: Flask, session: Session, make_startup: Callable[..., Any]
) -> None:
    _run(app, "rebuild")
    make_startup("Tazrii")
    session.commit()
    code, output = _run(app, "check")
    assert code == 1
    assert "startups: 1 missing, 0 stale, 0 surplus" in output
    assert _run(app, "check", "--repair")[0] == 0
    assert _run(app, "check")[0] == 0


def test_a_check_without_an_index_says_so_and_builds_it_when_asked(app: Flask, settings: Settings) -> None:
    assert not settings.index_dir.exists()
    code, output = _run(app, "check")
    assert code == 1
    assert "there is no index" in output
    assert _run(app, "check", "--repair")[0] == 0
    assert _run(app, "check")[0] == 0


def test_an_index_is_built_once_it_was_rebuilt_and_until_a_file_is_cut(app: Flask, settings: Settings) -> None:
    assert not current_search().startups.is_built()
    _run(app, "rebuild")
    assert current_search().startups.is_built()
    largest = max(
        (path for path in settings.index_dir.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size
    )
    largest.write_bytes(b"")
    assert not all(index.is_built() for index in (current_search().startups, current_search().partners))


def test_a_check_mends_a_large_index_without_its_arrays_when_asked(
    app: Flask, settings: Settings, session: Session, make_startup: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "READ_LIMIT", 1)
    make_startup("Tazrii")
    make_startup("Naqla")
    session.commit()
    _run(app, "rebuild")
    for arrays in settings.index_dir.glob("startup-*/arrays-*"):
        shutil.rmtree(arrays)
    code, output = _run(app, "check")
    assert code == 1
    assert "arrays-" in output
    code, output = _run(app, "check", "--repair")
    assert code == 0
    assert list(settings.index_dir.glob("startup-*/arrays-*"))
    assert _run(app, "check") == (0, "startups: in step with the database\npartners: in step with the database\n")
