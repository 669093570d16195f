"""Getting a site ready: by the command, and by web server and worker that look for themselves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskCliRunner

from webapp.app import create_app
from webapp.config import ROOT, Settings
from webapp.extensions import db
from webapp.models import MatchingRun, Network, Startup
from webapp.web.preparation import VARIABLE, is_prepared, prepare_if_asked

HARBOUR = ROOT / "tests" / "packs" / "harbour"
BINARIES = Path(sys.executable).parent
PATIENCE_SECONDS = 60


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small pack, to edit."""
    return shutil.copytree(HARBOUR, tmp_path / "harbour")


@pytest.fixture
def new_app(pack: Path, tmp_path: Path) -> Iterator[Flask]:
    """A site on its very first start: nothing but the program and a network pack."""
    data_dir = tmp_path / "var"
    database_url = f"sqlite:///{data_dir / 'multaqa.db'}"
    settings = Settings(
        _env_file=None,
        environment="test",
        data_dir=data_dir,
        network=pack,
        database_url=database_url,
        log_level="ERROR",
    )
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def runner(new_app: Flask) -> FlaskCliRunner:
    return new_app.test_cli_runner()


def prepare(runner: FlaskCliRunner, *options: str) -> str:
    result = runner.invoke(args=["site", "prepare", *options])
    assert result.exit_code == 0, result.output
    # What the command changed, the fixture's own context must not remember otherwise.
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    return result.output


def test_prepare_makes_everything_and_then_nothing_is_left_to_do(runner: FlaskCliRunner) -> None:
    assert not is_prepared()
    assert "Bringing the database up to date" in prepare(runner)
    assert is_prepared()
    assert prepare(runner) == ""


def test_an_edited_pack_is_loaded_at_the_next_start(runner: FlaskCliRunner, pack: Path) -> None:
    prepare(runner)
    path = pack / "network.yaml"
    path.write_text(re.sub(r"founded: \d+", "founded: 1950", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert not is_prepared()
    prepare(runner)
    assert is_prepared()
    assert db.session.scalar(sa.select(Network.founded)) == 1950


def test_a_pack_with_an_error_stops_the_preparation(runner: FlaskCliRunner, pack: Path) -> None:
    prepare(runner)
    (pack / "sites.yaml").write_text("- code: only\n", encoding="utf-8")
    assert not is_prepared()
    result = runner.invoke(args=["site", "prepare"])
    assert result.exit_code == 1
    assert "sites.yaml" in result.stderr


def test_a_missing_or_torn_index_is_made_anew(runner: FlaskCliRunner, new_app: Flask) -> None:
    prepare(runner)
    index_dir = new_app.extensions["settings"].index_dir
    (index_dir / "partner.json").unlink()
    assert not is_prepared()
    prepare(runner)
    assert is_prepared()
    shutil.rmtree(index_dir)
    assert not is_prepared()
    prepare(runner)
    assert is_prepared()


def test_matches_that_were_never_made_are_made(runner: FlaskCliRunner) -> None:
    prepare(runner)
    db.session.execute(sa.delete(MatchingRun))
    db.session.commit()
    assert not is_prepared()
    prepare(runner)
    assert is_prepared()


def test_an_empty_directory_lacks_demonstration_data_only_where_the_pack_has_some(
    runner: FlaskCliRunner, pack: Path
) -> None:
    prepare(runner)
    (pack / "demo").mkdir()
    assert not is_prepared()
    prepare(runner, "--no-demo")
    assert db.session.scalar(sa.select(Startup.id)) is None


def test_a_database_that_is_away_is_not_prepared(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": f"sqlite:///{settings.data_dir}/no/such/folder.db"})
    with create_app(away).app_context():
        assert not is_prepared()


def test_who_does_not_ask_for_it_gets_no_preparation(new_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    prepare_if_asked(new_app)
    assert sa.inspect(db.engine).get_table_names() == []


def wait_for_page(address: str, *processes: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for process in processes:
            assert process.poll() is None, process.communicate()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_web_server_and_worker_that_start_together_on_nothing_prepare_once(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "MULTAQA_DATA_DIR": str(tmp_path / "var"),
        "MULTAQA_NETWORK": str(HARBOUR),
        "PORT": str(port),
        VARIABLE: "1",
    }
    for name in ("DATABASE_URL", "MULTAQA_DATABASE_URL", "MULTAQA_ENVIRONMENT"):
        environment.pop(name, None)
    processes = [
        subprocess.Popen(
            [BINARIES / command, *arguments],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for command, *arguments in (("gunicorn", "wsgi:app"), ("flask", "work", "run"))
    ]
    try:
        assert 'lang="en"' in wait_for_page(f"http://127.0.0.1:{port}/en/", *processes)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        outputs = [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert sum(output.count("Bringing the database up to date") for output in outputs) == 1
    assert not any("Traceback" in output or "job failed" in output for output in outputs), outputs
