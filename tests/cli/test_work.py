from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cli.back_off import LONGEST_PAUSE_SECONDS
from webapp.cli.work import Worker, new_matcher
from webapp.config import ROOT, Settings
from webapp.models import Change, Match, MatchingRun

Maker = Callable[..., Any]
PATIENCE_SECONDS = 180


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def worker_process(app: Flask, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "MULTAQA_ENVIRONMENT": "test",
        "MULTAQA_DATABASE_URL": settings.database_url,
        "MULTAQA_DATA_DIR": str(settings.data_dir),
        "MULTAQA_DRAIN_SECONDS": "0.1",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "work", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def wait_for(session: Session, process: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        session.rollback()
        time.sleep(0.05)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_follows_changes_until_it_is_told_to_stop(
    signal_number: signal.Signals,
    session: Session,
    worker_process: subprocess.Popen[str],
    make_startup: Maker,
    make_partner: Maker,
) -> None:
    wait_for(session, worker_process, lambda: session.scalar(select(MatchingRun.id)) is not None)
    startup, partner = make_startup(sectors=["agritech"]), make_partner(sectors=["agritech"])
    session.commit()
    wait_for(session, worker_process, lambda: session.scalar(select(Change.id)) is None)
    assert session.get(Match, (startup.id, partner.id)) is not None
    worker_process.send_signal(signal_number)
    _, errors = worker_process.communicate(timeout=PATIENCE_SECONDS)
    assert worker_process.returncode == 0
    assert "worker stopped" in errors
    assert "Traceback" not in errors


def test_a_drain_says_what_it_did(runner: FlaskCliRunner, session: Session, make_startup: Maker) -> None:
    make_startup()
    session.commit()
    result = runner.invoke(args=["work", "drain"])
    assert result.exit_code == 0, result.output
    assert "The index of startups could not be read and was built anew." in result.output
    assert "changes of 1 profiles handled in" in result.output
    assert session.scalar(select(Change.id)) is None


def test_a_job_that_fails_does_not_stop_the_worker(
    app: Flask, session: Session, make_startup: Maker, settings: Settings
) -> None:
    make_startup()
    session.commit()
    now = [0.0]
    worker = Worker(app, lambda: now[0])
    settings.index_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.index_dir.write_text("a file where a folder should be")
    worker.drain()
    assert session.scalar(select(Change.id)) is not None
    settings.index_dir.unlink()
    worker.drain()
    assert session.scalar(select(Change.id)) is not None, "it pauses after a failure"
    now[0] += settings.drain_seconds
    worker.drain()
    assert session.scalar(select(Change.id)) is None


def test_a_job_that_goes_on_failing_is_logged_once_and_again_when_it_works(
    app: Flask, session: Session, make_startup: Maker, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    make_startup()
    session.commit()
    now = [0.0]
    worker = Worker(app, lambda: now[0])
    settings.index_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.index_dir.write_text("a file where a folder should be")
    with caplog.at_level("INFO", logger="webapp.cli.work"):
        for second in range(200):
            now[0] = float(second)
            worker.drain()
        settings.index_dir.unlink()
        now[0] += LONGEST_PAUSE_SECONDS
        worker.drain()
    told = [record.getMessage() for record in caplog.records if record.name == "webapp.cli.work"]
    assert ["job failed" in told[0], "job works again" in told[1]] == [True, True]
    assert len(told) == 2


def test_the_matcher_is_kept_until_the_pack_changes(app: Flask, session: Session) -> None:
    worker = Worker(app)
    worker.drain()
    first = worker._current_matcher()
    assert worker._current_matcher() is first
    first.pack_digest = "another"
    assert worker._current_matcher() is not first
    assert new_matcher().pack_digest == worker._current_matcher().pack_digest
