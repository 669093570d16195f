"""Delivery against a real mail server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person
from tests.mail_server import MailServer, running_mail_server
from webapp.models import MailState, OutgoingMail, utc_now
from webapp.services import mail_delivery, mail_kinds
from webapp.services.mail import order_mail, order_mail_to
from webapp.services.mail_delivery import PAUSES, deliver, gather, keep
from webapp.services.smtp import SmtpTransport
from webapp.web import mail as rendering
from webapp.web.mail import render_mail


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def transport(server: MailServer) -> SmtpTransport:
    return SmtpTransport(server.url)


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
    session: Session, transport: SmtpTransport, server: MailServer
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
    session: Session, transport: SmtpTransport, server: MailServer, language: str, direction: str
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


def test_nothing_is_sent_of_what_was_rolled_back(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    order_mail_to(session, "account-erased", "amina@mail.example", "en")
    session.rollback()
    assert deliver(session, render_mail, transport).sent == 0
    assert server.taken == []


def test_nothing_is_sent_twice(session: Session, transport: SmtpTransport, server: MailServer) -> None:
    ordered(session)
    for _ in range(3):
        deliver(session, render_mail, transport)
    assert len(server.taken) == 1


def test_a_mail_is_sent_once_more_with_the_same_id_after_a_worker_died_while_sending(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    mail = ordered(session)
    mail.state = MailState.SENDING
    session.commit()
    deliver(session, render_mail, transport)
    assert [message["Message-ID"] for message in server.taken] == [mail.message_id]


def test_while_the_server_is_away_everything_waits_and_nobody_is_charged_an_attempt(
    session: Session, away: SmtpTransport, transport: SmtpTransport, server: MailServer
) -> None:
    first, second = ordered(session), ordered(session, "badr@mail.example")
    for _ in range(20):
        assert deliver(session, render_mail, away).server_away
    assert states(session) == [MailState.WAITING, MailState.WAITING]
    assert first.attempts == second.attempts == 0
    assert deliver(session, render_mail, transport).sent == 2


def test_a_refusal_for_good_fails_at_once_with_what_the_server_said(
    session: Session, transport: SmtpTransport, server: MailServer
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
    session: Session, transport: SmtpTransport, server: MailServer
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
    session: Session, transport: SmtpTransport, server: MailServer
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
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    broken = ordered(session, language="xx")
    ordered(session, "badr@mail.example")
    done = deliver(session, render_mail, transport)
    assert (done.failed, done.sent) == (1, 1)
    session.expire_all()
    assert broken.state == MailState.FAILED


def test_more_than_three_pieces_of_news_come_as_one_digest(
    session: Session, transport: SmtpTransport, server: MailServer, monkeypatch: pytest.MonkeyPatch
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


def test_a_digest_leads_to_each_piece_of_news(
    session: Session, transport: SmtpTransport, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account(person=make_person(language="ar"))
    news = mail_kinds.MailKind(can_be_refused=True, can_be_gathered=True)
    monkeypatch.setattr(mail_delivery, "MAIL_KINDS", {**mail_delivery.MAIL_KINDS, "account-exists": news})
    for _ in range(4):
        order_mail(session, "account-exists", account.person, {"account_id": account.id})
    session.commit()
    deliver(session, render_mail, transport)
    (digest,) = server.taken
    plain = digest.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().count("/ar/account/login") == 4


def test_a_mail_that_was_cancelled_while_others_went_out_is_not_sent(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    ordered(session)
    second = ordered(session, "badr@mail.example")
    second_id = second.id

    def render(session: Session, mail: OutgoingMail) -> EmailMessage | None:
        message = render_mail(session, mail)
        with Session(session.get_bind()) as elsewhere:  # somebody withdraws it at this very moment
            elsewhere.execute(sa.update(OutgoingMail).where(OutgoingMail.id == second_id).values(state="cancelled"))
            elsewhere.commit()
        return message

    assert deliver(session, render, transport).sent == 1
    assert states(session) == [MailState.SENT, MailState.CANCELLED]


def test_a_mail_whose_person_was_erased_while_it_was_sent_stops_no_other(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    first_id = ordered(session).id
    ordered(session, "badr@mail.example")
    engine = session.get_bind()

    def erase() -> None:
        with Session(engine) as elsewhere:
            elsewhere.execute(sa.delete(OutgoingMail).where(OutgoingMail.id == first_id))
            elsewhere.commit()

    server.before_taking = erase
    assert deliver(session, render_mail, transport).sent == 2
    assert states(session) == [MailState.SENT]


def test_a_message_that_makes_the_server_hang_up_lets_the_others_go_first(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    server.answers["amina@mail.example"] = "421 Closing"
    ordered(session)
    ordered(session, "badr@mail.example")
    assert deliver(session, render_mail, transport).server_away
    assert deliver(session, render_mail, transport).sent == 1
    assert states(session) == [MailState.WAITING, MailState.SENT]


def test_a_sender_that_the_server_does_not_take_is_nobodys_fault(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    server.answer_to_sender = "530 Authentication required"
    mail = ordered(session)
    done = deliver(session, render_mail, transport)
    assert "530" in done.server_away
    session.expire_all()
    assert (mail.state, mail.attempts) == (MailState.WAITING, 0)


def test_an_address_that_the_server_cannot_write_stops_no_other(
    session: Session, transport: SmtpTransport, server: MailServer
) -> None:
    ordered(session, "أمينة@mail.example")
    ordered(session, "badr@mail.example")
    done = deliver(session, render_mail, transport)
    assert (done.failed, done.sent) == (1, 1)


def test_without_a_mail_server_mails_are_kept_and_one_that_cannot_be_rendered_stops_no_other(session: Session) -> None:
    ordered(session, language="xx")
    ordered(session, "badr@mail.example")
    done = keep(session, render_mail)
    assert (done.failed, done.sent) == (1, 1)


def test_what_can_be_refused_carries_the_headers_of_one_click(session: Session) -> None:
    account = make_account(person=make_person(language="fr"))
    mail = order_mail(session, "account-exists", account.person, {"account_id": account.id})
    assert mail is not None
    message = render_mail(session, mail)
    assert message is not None
    assert message["List-Unsubscribe"] is None
    with pytest.MonkeyPatch.context() as patch:
        refusable = mail_kinds.MailKind(can_be_refused=True)
        patch.setattr(rendering, "MAIL_KINDS", {"account-exists": refusable})
        message = render_mail(session, mail)
    assert message is not None
    assert message["List-Unsubscribe"].startswith("<http://localhost:8000/fr/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
