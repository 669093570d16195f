"""Staff evaluate, decide and compare with their browser."""

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

from tests.accounts import make_account, signed_in
from tests.applications import evaluate, make_sent, network_of
from tests.pages import opened, said, sent
from tests.visiting import Visit
from webapp.models import Account, Application, ApplicationState, Cohort, NetworkRole, OutgoingMail, Site
from webapp.services.actors import actor_of
from webapp.services.cohorts import rules_of
from webapp.web.mail import render_mail
from webapp.web.marks import today

Maker = Callable[..., Any]
SCORES = {f"score-{code}": "4" for code in ("innovation", "market", "team", "feasibility", "impact")}


@pytest.fixture
def staff(session: Session) -> Account:
    return make_account(NetworkRole.STAFF)


@pytest.fixture
def browser(app: Flask, staff: Account) -> FlaskClient:
    return signed_in(app, staff)


def path_of(application: Application, act: str = "", language: str = "en") -> str:
    return f"/{language}/staff/applications/{application.reference}{act}"


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found.group(1)


def decided(browser: FlaskClient, application: Application, **values: Any) -> Any:
    path = path_of(application)
    seen = version_in(opened(browser, path).text)
    return sent(browser, f"{path}/decision", path, **{"version": seen, "profile": "new", **values})


def message(session: Session, kind: str) -> str:
    mail = session.scalars(sa.select(OutgoingMail).filter_by(kind=kind)).one()
    rendered = render_mail(session, mail)
    assert rendered is not None
    part = rendered.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_queue_leads_to_the_application(browser: FlaskClient, session: Session, language: str) -> None:
    application = make_sent(session)
    session.commit()
    page = opened(browser, f"/{language}/staff/applications")
    assert "Tarqim" in said(page)
    assert path_of(application, language=language) in page.text
    text = said(opened(browser, path_of(application, language=language)))
    for told in ("Tarqim", "Towns keep paper.", "Rim", application.email):
        assert told in text


def test_the_filters_narrow_the_queue(browser: FlaskClient, session: Session) -> None:
    make_sent(session, site="rabat")
    session.commit()
    assert "Tarqim" in said(opened(browser, "/en/staff/applications?site=rabat&kind=startup&state=nonsense"))
    for query in ("site=agadir", "kind=project-holder", "state=refused", "cohort=none"):
        page = opened(browser, f"/en/staff/applications?{query}")
        assert page.status_code == 200
        assert "Tarqim" not in said(page)


def test_what_others_think_is_read_only_after_saying_what_one_thinks(browser: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    evaluate(session, application, 2)
    session.commit()
    path = path_of(application)
    before = said(opened(browser, path))
    assert "2 points" not in before
    assert "Weighted mean" not in before
    answer = sent(browser, f"{path}/evaluation", path, **SCORES, recommends="yes", comment="Solid.")
    assert answer.status_code == 303
    after = said(opened(browser, path))
    assert "2 points" in after
    assert "Weighted mean: 3.00 of 5" in after
    assert "far apart" in after.lower()


def test_an_evaluation_without_all_scores_is_not_saved_and_keeps_what_was_chosen(
    browser: FlaskClient, session: Session
) -> None:
    application = make_sent(session)
    session.commit()
    path, some = path_of(application), {name: "5" for name in SCORES if name != "score-team"}
    answer = sent(browser, f"{path}/evaluation", path, **some, comment="Half done")
    assert answer.status_code == 422
    assert "Half done" in answer.text
    assert answer.text.count("checked") >= len(some)
    session.refresh(application)
    assert application.evaluations == []


def test_accepting_prepares_the_profile_and_tells_the_applicant(browser: FlaskClient, session: Session) -> None:
    application = make_sent(session, language="fr")
    for points in (4, 5):
        evaluate(session, application, points)
    session.commit()
    answer = decided(browser, application, decision="accept", note="Bienvenue.", enters_on=today().isoformat())
    assert answer.status_code == 303
    session.refresh(application)
    assert application.state == ApplicationState.ACCEPTED
    page = opened(browser, answer.headers["Location"])
    assert application.startup is not None
    assert f"/startup/{application.startup.slug}" in page.text
    text = message(session, "application-accepted")
    assert "Bienvenue." in text
    assert "Votre candidature" not in text.splitlines()[0]


def test_a_refusal_without_a_reason_or_evaluations_says_what_is_missing_and_keeps_the_rest(
    browser: FlaskClient, session: Session
) -> None:
    application = make_sent(session)
    session.commit()
    assert decided(browser, application, decision="refuse").status_code == 422
    answer = decided(browser, application, decision="refuse", note="Not this year.")
    assert answer.status_code == 422
    assert "2 evaluations are needed and 0 given" in said(answer)
    assert "Not this year." in answer.text
    answer = decided(browser, application, decision="refuse", note="Not this year.", early_reason="A copy of another.")
    assert answer.status_code == 303
    assert "Not this year." in message(session, "application-refused")
    assert "A copy of another." not in message(session, "application-refused")


def test_a_question_goes_back_to_the_applicant(browser: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    session.commit()
    assert decided(browser, application, decision="return", note="Who pays?").status_code == 303
    assert "Who pays?" in message(session, "application-returned")


def test_of_two_who_decide_the_second_reads_what_the_first_decided(browser: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    session.commit()
    path = path_of(application)
    seen = version_in(opened(browser, path).text)
    application.note = "Another window"
    session.commit()
    answer = sent(browser, f"{path}/decision", path, version=seen, decision="return", note="Mine", profile="new")
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert version_in(answer.text) != seen


def test_a_later_entry_is_recorded_on_its_day(browser: FlaskClient, session: Session) -> None:
    application = make_sent(session)
    session.commit()
    later = (today() + timedelta(days=20)).isoformat()
    decided(browser, application, decision="accept", enters_on=later, early_reason="Known well.")
    path = path_of(application)
    seen = version_in(opened(browser, path).text)
    assert sent(browser, f"{path}/entry", path, version=seen, on=later).status_code == 422
    assert sent(browser, f"{path}/entry", path, version=seen, on=today().isoformat()).status_code == 303
    assert "The entry is recorded." in said(opened(browser, path))


def test_a_known_profile_is_offered(browser: FlaskClient, session: Session, make_startup: Maker) -> None:
    known = make_startup("Tarqim")
    application = make_sent(session)
    session.commit()
    assert "has the same name" in said(opened(browser, path_of(application)))
    decided(browser, application, decision="accept", profile=str(known.id), early_reason="Known well.")
    session.refresh(application)
    assert application.startup is known


def test_a_cohort_is_compared_without_telling_what_others_think_too_early(
    browser: FlaskClient, session: Session, staff: Account
) -> None:
    cohort = Cohort(code="spring", names={"en": "Spring"}, opens_on=today(), closes_on=today(), places=3)
    session.add(cohort)
    session.flush()
    one, two, three = (make_sent(session) for _ in range(3))
    for application, name in ((one, "Alpha"), (two, "Beta"), (three, "Gamma")):
        application.cohort, application.values = cohort, application.values | {"name_latin": name}
        evaluate(session, application, 5)
    evaluate(session, two, 1, actor_of(session, staff))
    three.state = ApplicationState.ACCEPTED
    session.commit()
    text = said(opened(browser, "/en/staff/applications/cohorts/spring"))
    assert "2 places left" in text
    assert text.index("Gamma") < text.index("Beta") < text.index("Alpha")
    assert "3.00" in text
    assert re.search(r"– Alpha –", text)
    assert opened(browser, "/en/staff/applications/cohorts/none").status_code == 404


def test_the_queue_asks_as_many_queries_for_many_applications(
    visit: Visit, browser: FlaskClient, session: Session
) -> None:
    site = session.scalars(sa.select(Site).where(Site.code == "rabat")).one()
    assert site.status == "operating"
    assert rules_of(network_of(session)).evaluators == 2
    make_sent(session)
    session.commit()
    opened(browser, "/en/staff/applications")
    few = _queries(session, browser)
    for _ in range(4):
        evaluate(session, make_sent(session))
    session.commit()
    assert _queries(session, browser) <= few + 1


def _queries(session: Session, browser: FlaskClient) -> int:
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert opened(browser, "/en/staff/applications").status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return count
