"""Mails about introductions in three languages: what they tell, what they never tell, and when they are not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.introductions import PLANTED, TODAY, Pair, make_pair, times
from tests.web.pages_of_mails import add_page
from webapp.models import Introduction, IntroductionState, OutgoingMail, Partner, Side, Startup
from webapp.services.introduction_moves import TRANSITIONS
from webapp.services.introductions import Move, propose_introduction
from webapp.services.outcomes import answer_outcome
from webapp.web.introduction_messages import TRUE_IN
from webapp.web.mail import render_mail

State = IntroductionState
LANGUAGES = ("fr", "ar", "en")
AFTER_AGREEMENT = frozenset({"introduction-made", "meeting-scheduled", "meeting-proposed", "meeting-cancelled"})


@pytest.fixture
def pair(
    app: Flask, session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]
) -> Pair:
    add_page(app)
    return make_pair(session, make_startup, make_partner)


def parts(message: EmailMessage) -> dict[str, str]:
    return {
        part.get_content_type(): part.get_content()
        if part.get_content_maintype() == "text" and part.get_content_subtype() != "calendar"
        else part.get_payload(decode=True).decode()
        for part in message.walk()
        if not part.is_multipart()
    }


def story(pair: Pair) -> Iterator[Introduction]:
    """Everything that can happen, one step at a time."""
    session = pair.session
    yield pair.at(State.RETURNED)
    introduction = session.scalars(sa.select(Introduction)).one()
    pair.make(introduction, "founder", Move.SUBMIT)
    yield pair.make(introduction, "staff", Move.SEND)
    yield pair.make(introduction, "system", Move.REMIND)
    yield pair.make(introduction, "investor", Move.NOT_NOW, until=TODAY + timedelta(days=9))
    yield pair.make(introduction, "system", Move.RESUME)
    yield pair.make(introduction, "investor", Move.ACCEPT)
    yield pair.make(introduction, "founder", Move.PROPOSE_TIMES, times=times(), minutes=30, place="Rabat")
    yield pair.make(introduction, "investor", Move.CHOOSE_TIME, index=0)
    yield pair.make(introduction, "investor", Move.PROPOSE_TIMES, times=times(9), minutes=30, place="Rabat")
    yield pair.make(introduction, "system", Move.FOLLOW_UP, day=14, next_on=TODAY)
    pair.make(introduction, "founder", Move.CLOSE)
    for ending in (State.REFUSED, State.EXPIRED, State.WITHDRAWN):
        yield pair.at(ending)
    proposal = propose_introduction(
        session,
        pair.actor("staff"),
        pair.startup,
        pair.partner,
        asked_by=Side.STARTUP,
        reason="Both farm.",
        message="Meet.",
        language="en",
        today=TODAY,
    )
    yield proposal
    pair.make(proposal, "founder", Move.WITHDRAW)
    yield pair.at(State.DECLINED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_reads_well_and_none_tells_too_much(pair: Pair, session: Session, language: str) -> None:
    for account in pair.accounts.values():
        account.person.language = language
    pair.startup.name_latin = "Tazrii"
    told: set[str] = set()
    seen = 0
    for introduction in story(pair):
        session.flush()
        for mail in session.scalars(
            sa.select(OutgoingMail)
            .where(OutgoingMail.id > seen, OutgoingMail.state == "waiting")
            .order_by(OutgoingMail.id)
        ):
            seen = mail.id
            message = render_mail(session, mail)
            if introduction.state not in TRUE_IN[mail.kind]:
                assert message is None, mail.kind
                continue
            assert message is not None, mail.kind
            check(message, mail)
            told.add(mail.kind)
    assert told == set(TRUE_IN)


def check(message: EmailMessage, mail: OutgoingMail) -> None:
    found = parts(message)
    own = mail.address
    body = message["Subject"] + found["text/plain"] + found["text/html"]
    theirs = "Sahel Fund" if mail.values["party"] == "asking" else "Tazrii"
    assert theirs in message["Subject"]
    assert f"<bdi>{theirs}</bdi>" in found["text/html"]
    assert "<bdi>" not in found["text/plain"]
    assert "Secret reason" not in body
    assert "%(" not in body
    assert f"/{mail.language}/" in body
    for email, phone in PLANTED.values():
        if mail.kind not in AFTER_AGREEMENT:
            assert email not in body
            assert phone not in body
        elif email == own:
            assert email not in body, "nobody is told their own address"
    if mail.kind == "introduction-made":
        assert any(email in body for email, _ in PLANTED.values() if email != own)
        assert any(phone in body for _, phone in PLANTED.values())
    assert ("text/calendar" in found) == (mail.kind in ("meeting-scheduled", "meeting-cancelled"))


def test_the_kinds_in_the_table_of_moves_all_have_a_message() -> None:
    ordered = {kind for transition in TRANSITIONS.values() for kind in transition.mails}
    assert ordered | {"meeting-cancelled"} == set(TRUE_IN)


def mail_of(session: Session, kind: str) -> OutgoingMail:
    return session.scalars(sa.select(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id.desc())).first()


def test_what_is_no_longer_true_is_not_sent(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SENT)
    assert render_mail(session, mail_of(session, "introduction-request")) is not None
    pair.make(introduction, "investor", Move.ACCEPT)
    assert render_mail(session, mail_of(session, "introduction-request")) is None
    pair.make(introduction, "founder", Move.PROPOSE_TIMES, times=times(), minutes=30, place="")
    pair.make(introduction, "investor", Move.CHOOSE_TIME, index=0)
    assert render_mail(session, mail_of(session, "meeting-proposed")) is None
    assert render_mail(session, mail_of(session, "meeting-scheduled")) is not None
    pair.make(introduction, "founder", Move.WITHDRAW)
    for kind in ("meeting-scheduled", "introduction-made"):
        assert render_mail(session, mail_of(session, kind)) is None, "contact details are not sent after the end"
    session.delete(introduction)
    session.flush()
    assert render_mail(session, mail_of(session, "introduction-withdrawn")) is None


def test_who_answered_is_not_asked_again(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.FOLLOWED_UP)
    actor = pair.actor("founder")
    answer_outcome(session, actor, introduction, Side.STARTUP, 14, True, True, None, today=TODAY)
    mails = session.scalars(sa.select(OutgoingMail).filter_by(kind="outcome-question"))
    assert {mail.address: render_mail(session, mail) is None for mail in mails} == {
        PLANTED["founder"][0]: True,
        PLANTED["investor"][0]: False,
    }


def test_times_are_those_of_the_network(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.INTRODUCED)
    later = datetime(2027, 3, 1, 9, 30, tzinfo=UTC) if datetime.now(UTC).year < 2027 else times()[0]
    moments = [later + timedelta(days=number) for number in range(3)]
    pair.make(introduction, "founder", Move.PROPOSE_TIMES, times=moments, minutes=30, place="<b>Rabat</b> & co")
    pair.make(introduction, "investor", Move.CHOOSE_TIME, index=0)
    message = render_mail(session, mail_of(session, "meeting-scheduled"))
    assert message is not None
    found = parts(message)
    hour = later.astimezone(ZoneInfo("Africa/Casablanca")).strftime("%H:%M")
    assert hour in found["text/plain"]
    assert "Casablanca" in found["text/plain"]
    assert "<b>Rabat" not in found["text/html"]
    assert "<b>Rabat</b> & co" in found["text/plain"]
    calendar = Calendar.from_ical(found["text/calendar"])
    assert calendar.walk("VEVENT")[0]["DTSTART"].dt == later
