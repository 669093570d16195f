"""Applying for a place with a browser that only has links and buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.applications import ICE, make_draft, make_sent, network_of
from tests.pages import opened, said, sent
from webapp.models import Application, ApplicationState, Cohort, OutgoingMail, utc_now
from webapp.services.applications import address_proof
from webapp.web.mail import render_mail
from webapp.web.marks import today
from webapp.web.signed_links import application_token

Maker = Callable[..., Any]
FIRST = {"kind": "startup", "site": "casablanca", "contact_name": "Rim", "email": "rim@mail.example", "cohort": ""}
PAGES = {
    "project": {"name_latin": "Tarqim", "pitch": "Archives that one can search.", "description": "Towns keep paper."},
    "activity": {"sectors": "egov", "sectors-others": ["software"], "maturity": "mvp", "needs": ["legal-advice"]},
    "company": {"company_number": ICE, "founded": "2024", "team": "Three people.", "why_park": "To meet towns."},
}


def mailed(session: Session, kind: str) -> str:
    """The plain text of the last mail of a kind."""
    wanted = sa.select(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id.desc()).limit(1)
    message = render_mail(session, session.scalars(wanted).one())
    assert message is not None
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(text: str) -> str:
    """The path of the first link to an application."""
    found = re.search(r"https?://[^/\s]+(/\S*/apply/\S+)", text)
    assert found, text
    return found.group(1)


def path_of(application: Application, page: str = "", *, proof: bool = True, language: str = "en") -> str:
    token = application_token(application.reference, address_proof(application) if proof else None)
    return f"/{language}/apply/{token}{page}"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_somebody_without_an_account_applies_from_the_first_page_to_the_answer(
    client: FlaskClient, session: Session, language: str
) -> None:
    start = opened(client, f"/{language}/apply")
    assert f"/{language}/apply/new" in start.text
    answer = sent(client, f"/{language}/apply/new", **FIRST, language=language)
    assert answer.status_code == 303
    step = answer.headers["Location"]
    assert step.endswith("/project")
    for name, values in PAGES.items():
        answer = sent(client, step.rsplit("/", 1)[0] + f"/{name}", **values, go="next")
        assert answer.status_code == 303, said(answer)
    overview = answer.headers["Location"]
    assert f"{overview}/submit" not in opened(client, overview).text, "the address is not confirmed"
    path = link_in(mailed(session, "application-draft"))
    page = opened(client, path)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Tarqim" in said(page)
    answer = sent(client, f"{path}/submit", path, version=re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1])  # type: ignore[index]
    assert answer.status_code == 303
    application = session.scalars(sa.select(Application)).one()
    assert (application.state, application.language) == (ApplicationState.SUBMITTED, language)
    assert application.values["sectors"] == ["egov", "software"]
    assert f"{path}/withdraw" in opened(client, path).text
    assert opened(client, overview).status_code == 409, "the first browser's link has ended"
    assert "Tarqim" in mailed(session, "application-received")


def test_the_first_mail_holds_nothing_that_was_typed(client: FlaskClient, session: Session) -> None:
    sent(client, "/en/apply/new", **FIRST | {"contact_name": "Buy at shop.example"}, language="en")
    assert "shop.example" not in mailed(session, "application-draft")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: FlaskClient, session: Session) -> None:
    answer = sent(client, "/en/apply/new", **FIRST | {"email": "nowhere", "site": ""}, language="en")
    assert answer.status_code == 422
    assert 'value="Rim"' in answer.text
    draft = make_draft(session)
    session.commit()
    values = PAGES["company"] | {"founded": "soon", "company_number": "12", "team": "Only\ntwo."}
    answer = sent(client, path_of(draft, "/company"), **values)
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert 'value="12"' in answer.text
    assert "Only\ntwo." in answer.text.replace("\r", "")
    session.refresh(draft)
    assert draft.values == {}


def test_of_two_windows_the_later_one_keeps_what_was_typed_and_may_save_again(
    client: FlaskClient, session: Session
) -> None:
    draft = make_draft(session)
    session.commit()
    page, path = opened(client, path_of(draft, "/project")), path_of(draft, "/project")
    stale = re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]  # type: ignore[index]
    assert sent(client, path, pitch="The other window", version=stale).status_code == 303
    answer = sent(client, path, pitch="This window", version=stale)
    assert answer.status_code == 409
    assert 'value="This window"' in answer.text
    again = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)[1]  # type: ignore[index]
    assert sent(client, path, pitch="This window", version=again).status_code == 303
    session.refresh(draft)
    assert draft.values["pitch"] == "This window"


def test_a_question_of_the_park_is_answered_by_editing_and_sending_again(client: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    application.state, application.note = ApplicationState.RETURNED, "Who pays?"
    session.commit()
    path = path_of(application)
    page = opened(client, path)
    assert "Who pays?" in said(page)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]  # type: ignore[index]
    assert sent(client, f"{path}/submit", path, version=version).status_code == 303
    session.refresh(application)
    assert application.state == ApplicationState.SUBMITTED


def test_it_is_withdrawn_by_its_link_and_a_stale_button_says_so(client: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    session.commit()
    path = path_of(application)
    assert sent(client, f"{path}/withdraw", path, version="1").status_code == 409
    assert sent(client, f"{path}/withdraw", path, version=str(application.version)).status_code == 303
    session.refresh(application)
    assert application.state == ApplicationState.WITHDRAWN


def test_a_draft_is_deleted_with_its_button(client: FlaskClient, session: Session) -> None:
    draft = make_draft(session)
    session.commit()
    path = path_of(draft, proof=False)
    assert sent(client, f"{path}/delete", path).status_code == 303
    assert session.scalars(sa.select(Application)).all() == []
    assert opened(client, path).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "WyJhIixudWxsXQ.x"])
def test_a_link_that_was_not_made_here_leads_nowhere(client: FlaskClient, token: str) -> None:
    for page in ("", "/project", "/applicant"):
        assert opened(client, f"/en/apply/{token}{page}").status_code == 404


def test_the_link_is_mailed_again_and_the_page_says_the_same_of_every_address(
    client: FlaskClient, session: Session
) -> None:
    draft = make_draft(session)
    session.execute(sa.delete(OutgoingMail))
    session.commit()
    answers = [sent(client, "/en/apply/link", email=email) for email in (draft.email, "nobody@mail.example")]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({said(opened(client, "/en/apply/link")) for _ in answers}) == 2, "the message is shown once"
    assert session.scalars(sa.select(OutgoingMail.address)).all() == [draft.email]


def test_an_owner_begins_with_the_profile_and_needs_no_mail(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, account = make_startup("Tazrii", sectors=["agritech"]), make_account()
    join(account, startup)
    browser = signed_in(app, account)
    assert "Tazrii" in said(opened(browser, "/en/apply"))
    path = f"/en/apply/new?startup={startup.slug}"
    assert account.email in opened(browser, path).text
    answer = sent(browser, path, **FIRST | {"email": account.email}, language="en")
    application = session.scalars(sa.select(Application)).one()
    assert application.startup is startup
    assert application.confirmed_at is not None
    assert "Tazrii" in opened(browser, answer.headers["Location"]).text
    assert opened(browser, "/en/apply/new?startup=another").status_code == 404


def test_the_start_names_the_open_cohorts_and_those_to_come(client: FlaskClient, session: Session) -> None:
    day, week = today(), timedelta(days=7)
    for code, first in (("open", day), ("later", day + week), ("over", day - 2 * week)):
        session.add(
            Cohort(code=code, names={"en": f"The {code} one"}, opens_on=first, closes_on=first + week, places=5)
        )
    session.commit()
    text = said(opened(client, "/en/apply"))
    assert "The open one" in text
    assert "The later one" in text
    assert "The over one" not in text
    assert "5 places" in text


def test_a_network_without_kinds_says_that_it_takes_no_applications(client: FlaskClient, session: Session) -> None:
    network = network_of(session)
    rules, digest = network.applications, network.digest
    network.applications, network.digest = {}, "without"
    session.commit()
    try:
        page = opened(client, "/en/apply")
        assert page.status_code == 200
        assert "does not take applications" in said(page)
        assert opened(client, "/en/apply/new").status_code == 303
    finally:
        network.applications, network.digest = rules, digest
        session.commit()


def test_mails_that_are_no_longer_true_are_not_sent(session: Session) -> None:
    application = make_sent(session)
    wanted = sa.select(OutgoingMail).filter_by(kind="application-received")
    mail = session.scalars(wanted).one()
    assert render_mail(session, mail) is not None
    application.state, application.decided_at = ApplicationState.WITHDRAWN, utc_now()
    session.flush()
    assert render_mail(session, mail) is None
