"""The worker and the commands that send mail, in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email import message_from_string
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.mail_server import MailServer, running_mail_server
from webapp.cli.work import Worker
from webapp.config import ROOT, Settings
from webapp.models import MailState, OutgoingMail
from webapp.services.mail import order_mail_to

PATIENCE_SECONDS = 60


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def start_sending(app: Flask, settings: Settings, server: MailServer) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a process that sends what is due."""
    environment = os.environ | {
        "MULTAQA_ENVIRONMENT": "test",
        "MULTAQA_DATABASE_URL": settings.database_url,
        "MULTAQA_DATA_DIR": str(settings.data_dir),
        "MULTAQA_MAIL_SERVER": server.url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "send"]
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ordered(session: Session, number: int = 1) -> list[OutgoingMail]:
    mails = [order_mail_to(session, "account-erased", f"reader{each}@mail.example", "en") for each in range(number)]
    session.commit()
    return mails


def states(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)))


def test_a_worker_killed_while_it_sends_loses_nothing(
    session: Session, server: MailServer, start_sending: Callable[[], subprocess.Popen[str]]
) -> None:
    wanted = [mail.message_id for mail in ordered(session, 3)]
    reached, go_on = threading.Event(), threading.Event()

    def hang_at_the_second() -> None:
        if len(server.taken) == 1 and not reached.is_set():
            reached.set()
            go_on.wait(PATIENCE_SECONDS)

    server.before_taking = hang_at_the_second
    process = start_sending()
    assert reached.wait(PATIENCE_SECONDS)
    assert states(session) == [MailState.SENT, MailState.SENDING, MailState.WAITING]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    go_on.set()
    output, errors = start_sending().communicate(timeout=PATIENCE_SECONDS)
    assert "2 sent" in output, errors
    assert states(session) == [MailState.SENT] * 3
    taken = [message["Message-ID"] for message in server.taken]
    assert set(taken) == set(wanted)
    assert [taken.count(each) for each in wanted][::2] == [1, 1], "only the one in flight may come again"


def test_two_workers_at_once_send_each_mail_once(
    session: Session, server: MailServer, start_sending: Callable[[], subprocess.Popen[str]]
) -> None:
    wanted = [mail.message_id for mail in ordered(session, 12)]
    reached, go_on = threading.Event(), threading.Event()

    def hang_at_the_first() -> None:
        reached.set()
        go_on.wait(2 * PATIENCE_SECONDS)

    server.before_taking = hang_at_the_first
    first = start_sending()
    assert reached.wait(PATIENCE_SECONDS)
    output, errors = start_sending().communicate(timeout=PATIENCE_SECONDS)
    assert "0 sent" in output, errors
    go_on.set()
    output, errors = first.communicate(timeout=PATIENCE_SECONDS)
    assert "12 sent" in output, errors
    assert [message["Message-ID"] for message in server.taken] == wanted


def test_a_server_that_is_away_is_logged_once_and_left_in_peace(
    app: Flask, session: Session, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (mail,) = ordered(session)
    settings.mail_server = "smtp://127.0.0.1:1"
    now = [0.0]
    worker = Worker(app, lambda: now[0])
    with caplog.at_level("INFO", logger="webapp.cli.work"):
        for second in range(0, 600, 3):
            now[0] = float(second)
            worker.mail()
        with running_mail_server() as server:
            settings.mail_server = server.url
            now[0] += 60
            worker.mail()
    told = [record.getMessage() for record in caplog.records if record.name == "webapp.cli.work"]
    assert ["is away" in told[0], "works again" in told[1], len(told)] == [True, True, 2]
    session.refresh(mail)
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)


def test_production_without_a_mail_server_lets_mail_wait(app: Flask, session: Session, settings: Settings) -> None:
    ordered(session)
    settings.environment = "production"
    Worker(app).mail()
    assert states(session) == [MailState.WAITING]


def test_a_mail_that_came_back_is_listed_and_can_be_sent_again(runner: FlaskCliRunner, session: Session) -> None:
    (mail,) = ordered(session)
    runner.invoke(args=["mail", "send"])
    result = runner.invoke(args=["mail", "bounced"], input=report_of(mail.message_id, "failed").as_bytes())
    assert result.exit_code == 0, result.output
    assert states(session) == [MailState.FAILED]
    listed = runner.invoke(args=["mail", "list", "--failed"]).output
    assert "550 5.1.1 unknown" in listed
    assert "@mail.example" not in listed
    assert runner.invoke(args=["mail", "retry", str(mail.id)]).exit_code == 0
    assert states(session) == [MailState.WAITING]
    again = runner.invoke(args=["mail", "retry", str(mail.id)])
    assert again.exit_code == 1
    assert "Traceback" not in again.output


def test_a_report_of_a_delay_is_no_bounce(runner: FlaskCliRunner, session: Session) -> None:
    (mail,) = ordered(session)
    result = runner.invoke(args=["mail", "bounced"], input=report_of(mail.message_id, "delayed").as_bytes())
    assert result.exit_code == 1
    assert states(session) == [MailState.WAITING]


def report_of(message_id: str, action: str) -> EmailMessage:
    """A delivery status report (RFC 3464) as mail servers write it."""
    fields = f"Final-Recipient: rfc822; x@mail.example\nAction: {action}\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n"
    text = (
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt did not arrive.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: x\n\n--b--\n"
    )
    report = message_from_string(text, policy=default)
    assert isinstance(report, EmailMessage)
    return report
