"""The warnings of an unused account, and the farewell after an erasure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person
from webapp.models import OutgoingMail, utc_now
from webapp.permissions import SYSTEM
from webapp.services.erasure import FAREWELL, erase_person
from webapp.services.retention import enforce_retention
from webapp.web.mail import render_mail

TODAY = date(2026, 11, 28)
DAYS = {"en": "27 January 2027", "fr": "27 janvier 2027", "ar": "2027"}
SUBJECTS = {"en": "Your account is erased", "fr": "Votre compte est effacé", "ar": "تم حذف حسابكم"}


def rendered(session: Session, kind: str) -> EmailMessage | None:
    return render_mail(session, session.scalars(sa.select(OutgoingMail).filter_by(kind=kind)).one())


def plain(message: EmailMessage | None) -> str:
    body = message.get_body(("plain",)) if message else None
    return str(body.get_content()) if body else ""


@pytest.mark.parametrize("language", DAYS)
def test_a_warning_says_when_the_account_will_be_erased_and_how_to_keep_it(session: Session, language: str) -> None:
    used = datetime(2020, 1, 1, tzinfo=UTC)
    make_account(person=make_person(language=language), signed_in_at=used, confirmed_at=used)
    enforce_retention(session, TODAY, 36)
    text = plain(rendered(session, "account-idle"))
    assert DAYS[language] in text
    assert f"/{language}/account/login" in text


def test_a_warning_is_not_sent_to_whoever_signed_in_meanwhile(session: Session) -> None:
    used = datetime(2020, 1, 1, tzinfo=UTC)
    account = make_account(signed_in_at=used, confirmed_at=used)
    enforce_retention(session, TODAY, 36)
    account.signed_in_at = utc_now() + timedelta(days=365)
    session.flush()
    assert rendered(session, "account-idle") is None


@pytest.mark.parametrize("language", SUBJECTS)
def test_the_farewell_is_put_into_words_without_the_person(session: Session, language: str) -> None:
    account = make_account(person=make_person(language=language, email="gone@mail.example"))
    erase_person(session, SYSTEM, account.person, today=TODAY)
    message = rendered(session, FAREWELL)
    assert message is not None
    assert message["Subject"] == SUBJECTS[language]
    assert message["To"] == "gone@mail.example"
