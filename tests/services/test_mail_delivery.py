"""Delivery against a real mail server on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import make_person
from webapp.models import MailState, OutgoingMail, utc_now
from webapp.services import mail_delivery
from webapp.services.mail import order_mail, order_mail_to
from webapp.services.mail_delivery import PAUSES, deliver, gather
from webapp.services.smtp import SmtpTransport
from webapp.web.mail import render_mail


class Server:
    """A mail server that keeps what it takes and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        """Recipient -> what is said to them."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.taken]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def controller(server: Server) -> Iterator[Controller]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def transport(controller: Controller) -> SmtpTransport:
    return SmtpTransport(f"smtp://127.0.0.1:{controller.port}")


@pytest.fixture
def away() -> SmtpTransport:
    return SmtpTransport("smtp://127.0.0.1:1")


def ordered(session: Session, address: str = "amina@mail.example", language: str = "en", **values: Any) -> OutgoingMail:
    mail = order_mail_to(session, "account-erased", address, language, values)
    session.commit()
    return mail


Sender = Callable[[], mail_delivery.Delivered]


def states(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)))


def test_a_mail_reaches_its_reader_in_both_forms_with_its_own_message_id(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    mail = ordered(session)
    assert deliver(session, render_mail, transport).sent == 1
    (message,) = server.taken
    assert message["Message-ID"] == mail.message_id
    assert message["To"] == "amina@mail.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert states(session) == [MailState.SENT]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_a_mail_speaks_the_language_of_its_reader(
    session: Session, transport: SmtpTransport, server: Server, language: str, direction: str
) -> None:
    ordered(session, language=language)
    deliver(session, render_mail, transport)
    (message,) = server.taken
    html = message.get_body(("html",))
    assert html is not None
    assert f'<html lang="{language}" dir="{direction}">' in html.get_content()
    assert message["Content-Language"] == language
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "&" not in plain.get_content().replace("&amp", "&")
    assert f"/{language}/" in plain.get_content()


def test_nothing_is_sent_of_what_was_rolled_back(session: Session, transport: SmtpTransport, server: Server) -> None:
    order_mail_to(session, "account-erased", "amina@mail.example", "en")
    session.rollback()
    assert deliver(session, render_mail, transport).sent == 0
    assert server.taken == []


def test_nothing_is_sent_twice(session: Session, transport: SmtpTransport, server: Server) -> None:
    ordered(session)
    for _ in range(3):
        deliver(session, render_mail, transport)
    assert len(server.taken) == 1


def test_a_mail_is_sent_once_more_with_the_same_id_after_a_worker_died_while_sending(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    mail = ordered(session)
    mail.state = MailState.SENDING
    session.commit()
    deliver(session, render_mail, transport)
    assert [message["Message-ID"] for message in server.taken] == [mail.message_id]


def test_while_the_server_is_away_everything_waits_and_nobody_is_charged_an_attempt(
    session: Session, away: SmtpTransport, transport: SmtpTransport, server: Server
) -> None:
    first, second = ordered(session), ordered(session, "badr@mail.example")
    for _ in range(20):
        assert deliver(session, render_mail, away).is_server_away
    assert states(session) == [MailState.WAITING, MailState.WAITING]
    assert first.attempts == second.attempts == 0
    assert deliver(session, render_mail, transport).sent == 2


def test_a_refusal_for_good_fails_at_once_with_what_the_server_said(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    server.answers["amina@mail.example"] = "550 No such mailbox"
    mail = ordered(session)
    ordered(session, "badr@mail.example")
    done = deliver(session, render_mail, transport)
    assert (done.failed, done.sent) == (1, 1)
    session.expire_all()
    assert mail.state == MailState.FAILED
    assert mail.error is not None
    assert "No such mailbox" in mail.error


def test_a_refusal_for_now_is_tried_again_later_and_later_until_it_fails(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    server.answers["amina@mail.example"] = "450 Mailbox busy"
    mail = ordered(session)
    pauses = []
    while mail.state == MailState.WAITING:
        before = utc_now()
        deliver(session, render_mail, transport)
        session.expire_all()
        pauses.append(mail.due_at - before)
        mail.due_at = utc_now() - timedelta(seconds=1)
        session.commit()
    assert mail.state == MailState.FAILED
    assert len(pauses) == len(PAUSES) + 1
    for pause, wanted in zip(pauses, PAUSES, strict=False):
        assert 0.85 * wanted < pause < 1.15 * wanted


def test_later_mails_to_an_address_wait_for_one_that_was_put_off(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    server.answers["amina@mail.example"] = "450 Mailbox busy"
    first = ordered(session)
    deliver(session, render_mail, transport)
    server.answers.clear()
    second, other = ordered(session), ordered(session, "badr@mail.example")
    deliver(session, render_mail, transport)
    assert [message["Message-ID"] for message in server.taken] == [other.message_id]
    first.due_at = utc_now() - timedelta(seconds=1)
    session.commit()
    deliver(session, render_mail, transport)
    assert [message["Message-ID"] for message in server.taken[1:]] == [first.message_id, second.message_id]


def test_a_mail_that_cannot_be_put_into_words_stops_no_other(
    session: Session, transport: SmtpTransport, server: Server
) -> None:
    broken = ordered(session, language="xx")
    ordered(session, "badr@mail.example")
    done = deliver(session, render_mail, transport)
    assert (done.failed, done.sent) == (1, 1)
    session.expire_all()
    assert broken.state == MailState.FAILED


def test_more_than_three_pieces_of_news_come_as_one_digest(
    session: Session, transport: SmtpTransport, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_person(email="amina@mail.example")
    news = mail_delivery.MAIL_KINDS["account-erased"].__class__(can_be_refused=True, can_be_gathered=True)
    monkeypatch.setattr(mail_delivery, "MAIL_KINDS", {**mail_delivery.MAIL_KINDS, "account-erased": news})
    for _ in range(3):
        order_mail(session, "account-erased", person)
    session.commit()
    assert gather(session) == 0
    order_mail(session, "account-erased", person)
    session.commit()
    deliver(session, render_mail, transport)
    (digest,) = server.taken
    assert "4 pieces of news" in digest["Subject"]
    assert states(session) == [MailState.GATHERED] * 4 + [MailState.SENT]
