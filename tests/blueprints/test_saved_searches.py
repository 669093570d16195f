"""The pages of saved searches, from the directory on, and the link in the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import PASSWORD, join, make_account, signed_in
from tests.pages import opened, said, sent
from tests.visiting import Visit
from webapp.models import Account, AlertFrequency, Match, OutgoingMail, SavedSearch, utc_now
from webapp.services.alerts import KIND, alert_person
from webapp.services.indexing import rebuild_index
from webapp.services.mail import set_refusal
from webapp.web.mail import render_mail
from webapp.web.marks import today
from webapp.web.site import current_search

Maker = Callable[..., Any]
LANGUAGES = ("ar", "fr", "en")
HOME = "/en/my/searches"


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account()


@pytest.fixture
def browser(app: Flask, account: Account, session: Session) -> FlaskClient:
    index(session)
    return signed_in(app, account)


def index(session: Session) -> None:
    session.flush()
    for each in (current_search().startups, current_search().partners):
        rebuild_index(session, each)
    session.commit()


def saved_in(session: Session) -> SavedSearch:
    session.expire_all()
    return session.scalars(sa.select(SavedSearch)).one()


def link_in(page: str, path: str) -> str:
    found = re.search(rf'href="([^"]*{path}[^"]*)"', page)
    assert found, path
    return unescape(found.group(1))


def test_a_visitor_signs_in_and_comes_back_to_the_search_with_its_filters(
    app: Flask, client: FlaskClient, session: Session, account: Account, make_startup: Maker, visit: Visit
) -> None:
    make_startup("Tazrii", sectors=["agritech"])
    index(session)
    page = visit("/fr/startups?q=tazrii&sector=agritech&view=cards&page=1&sector=unheard-of")
    address = link_in(page.html, "/my/searches/new/startup")
    assert address == "/fr/my/searches/new/startup?q=tazrii&sector=agritech"
    answer = opened(client, address)
    assert answer.status_code == 303
    login = answer.headers["Location"]
    answer = sent(client, login, email=account.email, password=PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(address)
    form = opened(client, answer.headers["Location"])
    assert form.status_code == 200
    assert "« tazrii » · Agritech" in unescape(form.text)
    answer = sent(client, address, name="Eau", frequency="daily")
    assert answer.status_code == 303
    saved = saved_in(session)
    assert saved.parameters == {"q": "tazrii", "sector": ["agritech"]}
    assert (saved.name, saved.noun, saved.frequency) == ("Eau", "startup", AlertFrequency.DAILY)
    assert len(saved.seen) == 1


def test_what_was_typed_stays_when_something_is_wrong(browser: FlaskClient, session: Session) -> None:
    address = f"{HOME}/new/partner?kind=mentor"
    answer = sent(browser, address, name="x" * 121, frequency="daily")
    assert answer.status_code == 422
    assert "x" * 121 in answer.text
    assert re.search(r'value="daily"[^>]*checked|checked[^>]*value="daily"', answer.text)
    assert sent(browser, address, name="Mentors", frequency="hourly").status_code == 422
    assert sent(browser, address, name="Mentors", frequency="never").status_code == 303
    again = sent(browser, address, name="Mentors", frequency="never")
    assert again.status_code == 422
    assert "You have saved this search already" in said(again)
    assert opened(browser, f"{HOME}/new/region").status_code == 404
    assert saved_in(session).parameters == {"kind": ["mentor"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_is_searched_and_what_is_new(
    browser: FlaskClient, session: Session, account: Account, make_startup: Maker, language: str
) -> None:
    empty = opened(browser, f"/{language}/my/searches")
    assert empty.status_code == 200
    sent(browser, f"{HOME}/new/startup?sector=agritech", name="Farms", frequency="weekly")
    make_startup("Tazrii", sectors=["agritech"])
    index(session)
    page = opened(browser, f"/{language}/my/searches")
    one = {"ar": "شركة ناشئة جديدة واحدة", "fr": "1 nouvelle startup", "en": "1 new startup"}[language]
    assert one in said(page)
    assert "Farms" in page.text
    assert not re.search(r"\b(None|undefined)\b|%\(\w+\)|\{\{", said(page))
    news = opened(browser, f"/{language}/my/searches/{saved_in(session).id}")
    assert news.text.count("data-entry") == 1
    assert link_in(page.text, "/startups\\?sector") == f"/{language}/startups?sector=agritech"


def test_a_saved_search_leads_back_to_exactly_what_was_saved(browser: FlaskClient) -> None:
    asked = "q=solar+pumps&region=MA-09&sector=agritech&sector=energy&sort=newest&exact=1"
    query = asked.replace("&sector=energy", "")
    assert (
        sent(browser, f"{HOME}/new/startup?{asked}&explain=1&page=1", name="Pumps", frequency="never").status_code
        == 303
    )
    assert link_in(opened(browser, HOME).text, "/en/startups\\?q=") == f"/en/startups?{query}"


def test_what_was_seen_is_no_longer_new_and_the_last_mail_is_shown_again(
    browser: FlaskClient, session: Session, account: Account, make_startup: Maker
) -> None:
    sent(browser, f"{HOME}/new/startup", name="All", frequency="daily")
    saved = saved_in(session)
    told, later = make_startup("Told before"), make_startup("Later")
    gone = make_startup("Withdrawn", state="withdrawn")
    saved.told, saved.told_at, saved.seen = [told.id, gone.id], utc_now(), [told.id, gone.id]
    index(session)
    page = opened(browser, f"{HOME}/{saved.id}")
    assert said(page).index("Later") < said(page).index("In the mail of") < said(page).index("Told before")
    assert "Withdrawn" not in page.text
    assert sent(browser, f"{HOME}/{saved.id}/seen", page=f"{HOME}/{saved.id}").status_code == 303
    assert later.id in saved_in(session).seen
    assert "Nothing is new" in said(opened(browser, f"{HOME}/{saved.id}"))


def test_a_search_is_edited_paused_resumed_and_deleted(browser: FlaskClient, session: Session) -> None:
    sent(browser, f"{HOME}/new/startup?q=farm", name="Farms", frequency="weekly")
    at = f"{HOME}/{saved_in(session).id}"
    assert sent(browser, f"{at}/edit", name="", frequency="daily").status_code == 422
    assert sent(browser, f"{at}/edit", name="Farms and fields", frequency="daily").status_code == 303
    assert saved_in(session).frequency == AlertFrequency.DAILY
    assert sent(browser, f"{at}/pause", page=HOME).status_code == 303
    assert "Paused" in said(opened(browser, HOME))
    assert sent(browser, f"{at}/resume", page=HOME).status_code == 303
    assert saved_in(session).paused_at is None
    assert "Farms and fields" in said(opened(browser, f"{at}/delete"))
    assert sent(browser, f"{at}/delete").status_code == 303
    assert session.scalar(sa.select(sa.func.count(SavedSearch.id))) == 0


def test_members_are_told_of_new_matches_from_their_page_of_matches_on(
    app: Flask, session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    own, partner = make_startup("Tazrii", slug="tazrii"), make_partner("Sahel Fund")
    join(account, own)
    index(session)
    browser = signed_in(app, account)
    address = link_in(opened(browser, "/en/my/startup/tazrii/matches").text, "/my/searches/new/startup/tazrii")
    assert sent(browser, address, name="Matches of Tazrii", frequency="weekly").status_code == 303
    match = Match(startup_id=own.id, partner_id=partner.id, score=0.5, startup_rank=1, explanation=[])
    session.add(match)
    session.commit()
    assert "1 new match" in said(opened(browser, HOME))
    assert "Sahel Fund" in said(opened(browser, f"{HOME}/{saved_in(session).id}"))


def test_who_refuses_the_mails_is_reminded_of_it(browser: FlaskClient, session: Session, account: Account) -> None:
    sent(browser, f"{HOME}/new/startup", name="All", frequency="weekly")
    assert "You have chosen to get no mails" not in said(opened(browser, HOME))
    set_refusal(session, account.person, KIND, refused=True)
    session.commit()
    assert "You have chosen to get no mails" in said(opened(browser, HOME))


def test_without_an_index_the_list_says_so(app: Flask, account: Account, session: Session) -> None:
    browser = signed_in(app, account)
    assert sent(browser, f"{HOME}/new/startup", name="All", frequency="weekly").status_code == 303
    assert "The search is being prepared" in said(opened(browser, HOME))
    assert opened(browser, f"{HOME}/{saved_in(session).id}").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_names_ten_leads_to_the_others_and_can_pause_the_search(
    browser: FlaskClient, client: FlaskClient, session: Session, account: Account, make_startup: Maker, language: str
) -> None:
    account.person.language = language
    session.commit()
    sent(browser, f"{HOME}/new/startup", name="All of them", frequency="daily")
    saved = saved_in(session)
    made = [make_startup(f"Startup <{number}>") for number in range(12)]
    saved.checked_on = None
    index(session)
    alert_person(session, current_search(), account.person_id, today())
    made[0].state = "withdrawn"
    session.commit()
    mail = session.scalars(sa.select(OutgoingMail).filter_by(kind=KIND)).one()
    message = render_mail(session, mail)
    assert message is not None
    body, plain = message.get_body(("html",)), message.get_body(("plain",))
    assert body is not None
    assert plain is not None
    html, text = body.get_content(), plain.get_content()
    assert "11" in message["Subject"]
    assert html.count("<bdi>Startup &lt;") == 10 == len(re.findall(r"^- Startup <", text, re.MULTILINE))
    assert f"/{language}/my/searches/{saved.id}" in html
    assert "One-Click" in message["List-Unsubscribe-Post"]
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
    path = link_in(html, f"/{language}/links/").partition("localhost")[2].partition("/")[2]
    assert opened(client, f"/{path}").status_code == 200
    assert saved_in(session).paused_at is None, "opening it does nothing"
    assert sent(client, f"/{path}").status_code == 200
    assert saved_in(session).paused_at is not None
    assert render_mail(session, mail) is None, "what is paused is not sent any more"


def test_a_link_of_a_deleted_search_says_that_it_is_gone(
    browser: FlaskClient, client: FlaskClient, session: Session, account: Account, make_startup: Maker
) -> None:
    sent(browser, f"{HOME}/new/startup", name="All", frequency="daily")
    saved = saved_in(session)
    make_startup()
    saved.checked_on = None
    index(session)
    alert_person(session, current_search(), account.person_id, today())
    mail = session.scalars(sa.select(OutgoingMail).filter_by(kind=KIND)).one()
    message = render_mail(session, mail)
    assert message is not None
    body = message.get_body(("html",))
    assert body is not None
    path = link_in(body.get_content(), "/en/links/").partition("localhost")[2].partition("/")[2]
    session.delete(saved)
    session.commit()
    assert opened(client, f"/{path}").status_code == 404
    assert render_mail(session, mail) is None
