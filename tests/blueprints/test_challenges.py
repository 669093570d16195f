"""The pages of challenges: what everybody reads, answering, posting and deciding, checking by staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import signed_in
from tests.challenges import Contest, make_contest
from tests.pages import opened, said, sent
from webapp.models import AnswerState, Challenge, ChallengeAnswer, ChallengeInvitation, ChallengeState, OutgoingMail
from webapp.services.challenge_moves import AnswerMove, Move
from webapp.web.mail import render_mail
from webapp.web.marks import today

Maker = Callable[..., Any]


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker) -> Contest:
    """A draft with a deadline three weeks from now."""
    return make_contest(session, make_startup, make_partner, deadline=today() + timedelta(days=21), budget_max=200_000)


def browser(app: Flask, contest: Contest, who: str) -> FlaskClient:
    return signed_in(app, contest.accounts[who])


def test_the_list_and_the_page_show_what_is_open_and_a_draft_is_nobodys_business(
    client: FlaskClient, contest: Contest
) -> None:
    contest.session.commit()
    slug = contest.challenge.slug
    assert "No challenge is open at present" in said(opened(client, "/en/challenges"))
    assert opened(client, f"/en/challenges/{slug}").status_code == 404
    contest.opened()
    contest.session.commit()
    text = said(opened(client, "/en/challenges"))
    assert "1 open challenge" in text
    assert "21 days left" in text
    page = opened(client, f"/en/challenges/{slug}")
    assert page.status_code == 200
    assert "up to 200,000" in said(page)
    assert f"/en/challenges/{slug}/answer" in page.text
    assert opened(client, f"/en/challenges/{slug}/answer").status_code == 303  # to sign in
    assert slug in opened(client, "/sitemap.xml").text


def test_what_is_closed_stands_in_the_list_on_request_only(client: FlaskClient, contest: Contest) -> None:
    contest.opened().move("company", Move.CLOSE)
    contest.session.commit()
    assert contest.challenge.slug not in opened(client, "/en/challenges").text
    assert contest.challenge.slug in opened(client, "/en/challenges?closed=1").text
    text = said(opened(client, f"/en/challenges/{contest.challenge.slug}"))
    assert "Closed on" in text
    assert "Answer this challenge" not in text


def test_a_member_answers_changes_it_and_takes_it_back(app: Flask, contest: Contest) -> None:
    contest.opened()
    founder = browser(app, contest, "founder")
    path = f"/en/challenges/{contest.challenge.slug}/answer"
    assert opened(founder, path).location.endswith(f"{path}/{contest.startup.slug}")
    path += f"/{contest.startup.slug}"
    assert sent(founder, path, text="", language="en", version="").status_code == 422
    assert sent(founder, path, text="We measure.", language="en", version="").status_code == 303
    stale = sent(founder, path, text="We measure twice.", language="en", version="")
    assert stale.status_code == 409
    assert "We measure twice." in stale.text
    assert sent(founder, path, text="We measure twice.", language="en", version="1").status_code == 303
    answer = contest.session.scalars(select(ChallengeAnswer)).one()
    contest.session.refresh(answer)
    assert answer.text == "We measure twice."
    assert sent(founder, f"{path}/withdrawal", path, version=str(answer.version)).status_code == 303
    contest.session.refresh(answer)
    assert answer.state == AnswerState.WITHDRAWN
    assert "You took it back" in said(opened(founder, path))


def test_nobody_answers_for_a_startup_of_others(app: Flask, contest: Contest) -> None:
    contest.opened()
    path = f"/en/challenges/{contest.challenge.slug}/answer/{contest.startup.slug}"
    assert opened(browser(app, contest, "stranger"), path).status_code == 404
    empty = opened(browser(app, contest, "company"), f"/en/challenges/{contest.challenge.slug}/answer")
    assert "you do not act for one" in said(empty)


def test_a_company_writes_sends_and_staff_publish(app: Flask, contest: Contest) -> None:
    company, staff = browser(app, contest, "company"), browser(app, contest, "staff")
    base = f"/en/my/challenges/{contest.partner.slug}"
    text = {"title-en": "Fewer rejected crates", "problem-en": "One in ten comes back.", "currency": "MAD"}
    wrong = sent(company, f"{base}/new", **text, deadline="2020-01-01", budget_min="2 M", budget_max="1 M")
    assert wrong.status_code == 422
    assert "One in ten comes back." in wrong.text
    deadline = (today() + timedelta(days=10)).isoformat()
    assert sent(company, f"{base}/new", **text, deadline=deadline, budget_min="1 M").status_code == 303
    made = contest.session.scalars(select(Challenge).order_by(Challenge.id.desc())).first()
    assert made is not None
    assert (made.slug, made.budget_min, made.currency) == ("fewer-rejected-crates", 1_000_000, "MAD")
    page = f"{base}/{made.slug}"
    stale = sent(company, f"{page}/text", **text, deadline=deadline, version="99")
    assert (stale.status_code, "Somebody else changed this challenge" in stale.text) == (409, True)
    assert sent(company, f"{page}/submit", page, version=str(made.version)).status_code == 303
    assert "Fewer rejected crates" in said(opened(staff, "/en/staff/challenges"))
    review = f"/en/staff/challenges/{made.slug}"
    contest.session.refresh(made)
    assert sent(staff, review, decision="return", version=str(made.version)).status_code == 422
    assert sent(staff, review, decision="open", version="99").status_code == 409
    published = sent(staff, review, decision="open", version=str(made.version))
    assert published.location.endswith(f"{page}/startups")
    contest.session.refresh(made)
    assert made.state == ChallengeState.OPEN
    assert opened(company, f"{page}/text").status_code == 303  # cannot be changed any more
    assert sent(company, f"{page}/withdraw", page, version="1").status_code == 409


def test_the_company_invites_reads_shortlists_and_only_then_both_see_how_to_reach_each_other(
    app: Flask, contest: Contest
) -> None:
    contest.challenge.subjects = [link.term for link in contest.startup.term_links]
    answer = contest.opened().answered()
    company, founder = browser(app, contest, "company"), browser(app, contest, "founder")
    base = f"/en/my/challenges/{contest.partner.slug}/{contest.challenge.slug}"
    fitting = opened(company, f"{base}/startups")
    assert "Has answered" in said(fitting)
    page, theirs = (
        f"{base}/answers/{contest.startup.slug}",
        f"/en/challenges/{contest.challenge.slug}/answer/{contest.startup.slug}",
    )
    assert "+212" not in opened(company, page).text + opened(founder, theirs).text
    assert sent(company, page, decision="shortlist", version="99").status_code == 409
    decided = sent(company, page, decision="shortlist", note="Let us talk.", version=str(answer.version))
    assert decided.status_code == 303
    assert "+212 222" in opened(company, page).text
    text = opened(founder, theirs).text
    assert "+212 111" in text
    assert "Let us talk." in text
    assert "Shortlisted" in said(opened(founder, "/en/my/challenges"))


def test_staff_invite_for_the_company_and_each_startup_is_told_once(
    app: Flask, contest: Contest, make_startup: Maker
) -> None:
    near = make_startup("Near", pitch={"en": "Greenhouses lose no water."}, sectors=["agritech"])
    contest.challenge.subjects = [link.term for link in near.term_links]
    contest.opened()
    staff = browser(app, contest, "staff")
    page = f"/en/my/challenges/{contest.partner.slug}/{contest.challenge.slug}/startups"
    assert "Near" in said(opened(staff, page))
    for _ in range(2):
        assert sent(staff, page, startup=[near.slug]).status_code == 303
    assert len(contest.session.scalars(select(ChallengeInvitation)).all()) == 1


def test_every_mail_can_be_put_into_words_as_long_as_it_is_true(app: Flask, contest: Contest) -> None:
    session = contest.session
    contest.move("company", Move.SUBMIT)
    contest.move("staff", Move.RETURN, note="Which valves?")
    assert "Which valves?" in _text(session, "challenge-returned")
    contest.opened()
    assert "published" in _text(session, "challenge-opened")
    assert _text(session, "challenge-returned") == ""
    answer = contest.answered()
    assert "We would measure it." in _text(session, "challenge-answer")
    contest.decide("company", answer, AnswerMove.SHORTLIST, note="Let us talk.")
    assert "Let us talk." in _text(session, "challenge-shortlisted")
    contest.decide("company", answer, AnswerMove.CHOOSE)
    assert "Congratulations" in _text(session, "challenge-chosen")
    assert _text(session, "challenge-shortlisted") == ""


def _text(session: Session, kind: str) -> str:
    mail = session.scalars(select(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    message = render_mail(session, mail)
    if message is None:
        return ""
    body = message.get_body(("plain",))
    return f"{message['Subject']} {body.get_content() if body else ''}"
