"""Signing in and out, the page that was asked for, lost passwords, other devices, limits, demonstration accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.account_pages import ask, mails_to, posted, text_of, token_of
from tests.accounts import PASSWORD, make_account, make_person, signed_in
from tests.blueprints.test_account_sign_up import link_in
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db, limiter
from webapp.models import Account, MailState, NetworkRole, utc_now
from webapp.web.security import CONTENT_SECURITY_POLICY

LOGIN = "/en/account/login"
ADDRESS = "salma@mail.example"
NEW = "quite another sentence"


@pytest.fixture
def salma(session: Session) -> Account:
    account = make_account(person=make_person(name="Salma", email=ADDRESS))
    session.commit()
    return account


def sign_in(
    client: FlaskClient, email: str = ADDRESS, password: str = PASSWORD, query: str = "", **more: str
) -> object:
    return posted(client, LOGIN + query, {"email": email, "password": password, **more})


def is_signed_in(client: FlaskClient) -> bool:
    return ask(client, "/en/account/settings").status_code == 200


def test_signing_in_leads_to_ones_own_pages_and_is_remembered_as_the_last_time(
    client: FlaskClient, session: Session, salma: Account
) -> None:
    salma.idle_warnings, salma.idle_warned_at = 1, utc_now()
    session.commit()
    answer = sign_in(client, email="SALMA@mail.example ")
    assert answer.status_code == 302
    assert answer.location == "/en/account"
    assert is_signed_in(client)
    session.expire_all()
    assert salma.signed_in_at is not None
    assert (salma.idle_warnings, salma.idle_warned_at) == (0, None)


def test_a_wrong_password_and_an_unknown_address_look_the_same(app: Flask, salma: Account) -> None:
    pages = []
    for email, password in ((ADDRESS, "a wrong password"), ("nobody@mail.example", PASSWORD)):
        answer = sign_in(app.test_client(), email=email, password=password)
        assert answer.status_code == 422
        pages.append(re.sub(r'value="[^"]{30,}"', "", text_of(answer)).replace(email, "…"))
        assert email in text_of(answer), "what was typed stays"
        assert password not in text_of(answer)
    assert pages[0] == pages[1]


def test_a_closed_account_cannot_sign_in(client: FlaskClient, session: Session, salma: Account) -> None:
    salma.active = False
    session.commit()
    assert sign_in(client).status_code == 422
    assert not is_signed_in(client)


def test_a_visitor_is_led_to_sign_in_and_back_to_the_page_asked_for(client: FlaskClient, salma: Account) -> None:
    answer = ask(client, "/en/account/mails?from=here")
    assert answer.status_code == 303
    assert answer.location.startswith("/en/account/login?next=")
    query = answer.location.partition("?")[2]
    assert sign_in(client, query="?" + query).location == "/en/account/mails?from=here"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "\\\\evil.example"])
def test_one_is_never_led_to_another_site(client: FlaskClient, salma: Account, elsewhere: str) -> None:
    answer = posted(client, LOGIN + f"?next={elsewhere}", {"email": ADDRESS, "password": PASSWORD, "next": elsewhere})
    address = urlsplit(answer.location or "")
    assert (address.scheme, address.netloc) == ("", "")
    assert not address.path.startswith(("//", "\\"))


def test_what_a_visitor_sends_is_refused_with_the_way_to_sign_in(client: FlaskClient) -> None:
    token = token_of(ask(client, LOGIN))
    answer = client.post("/en/account/sign-out-everywhere", data={"csrf_token": token})
    assert answer.status_code == 403
    assert 'href="/en/account/login"' in answer.text


def test_signing_out_takes_a_form_and_a_second_press_is_no_mistake(client: FlaskClient, salma: Account) -> None:
    sign_in(client)
    page = ask(client, "/en/")
    assert "Sign out" in page.text
    assert ask(client, "/en/account/logout").status_code == 405
    token = token_of(page)
    assert client.post("/en/account/logout", data={"csrf_token": token}).location == "/en/"
    assert not is_signed_in(client)
    again = client.post("/en/account/logout", data={"csrf_token": token})
    assert again.status_code in (302, 303)
    assert again.location == "/en/"


def test_pages_of_those_who_signed_in_are_kept_by_no_cache(client: FlaskClient, salma: Account) -> None:
    assert "no-store" not in ask(client, "/en/").headers.get("Cache-Control", "")
    sign_in(client)
    assert ask(client, "/en/").headers["Cache-Control"] == "private, no-store"
    assert ask(client, "/en/account/settings").headers["Cache-Control"] == "private, no-store"


def test_the_masthead_costs_visitors_no_query_about_accounts(client: FlaskClient) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page = ask(client, "/en/about")
    assert "Sign in" in page.text
    assert "My pages" not in page.text
    assert statements
    assert not [statement for statement in statements if "account" in statement]


def test_a_forgotten_password_is_made_anew_and_all_devices_are_signed_out(
    app: Flask, client: FlaskClient, session: Session, salma: Account
) -> None:
    elsewhere = signed_in(app, salma)
    answer = posted(client, "/en/account/reset", {"email": ADDRESS})
    assert answer.status_code == 200
    (mail,) = mails_to(session, ADDRESS)
    assert mail.kind == "account-reset"
    link = link_in(session, mail, "reset")
    mail.state = MailState.SENT
    session.commit()
    answer = posted(client, link, {"password": NEW, "password_confirm": NEW})
    assert answer.location == "/en/account/login"
    assert not is_signed_in(elsewhere)
    assert [mail.kind for mail in mails_to(session, ADDRESS)] == ["account-reset", "account-password-changed"]
    assert sign_in(client, password=NEW).location == "/en/account"
    used = ask(app.test_client(), link, follow_redirects=True)
    assert "not valid any more" in text_of(used), "a link is good once"


def test_a_forgotten_password_tells_nobody_who_has_an_account(app: Flask, session: Session, salma: Account) -> None:
    pages = []
    for email in (ADDRESS, "nobody@mail.example"):
        answer = posted(app.test_client(), "/en/account/reset", {"email": email})
        pages.append(re.sub(r'value="[^"]{30,}"', "", text_of(answer)).replace(email, "…"))
    assert pages[0] == pages[1]
    assert mails_to(session, "nobody@mail.example") == []


def test_a_new_password_signs_out_the_other_devices_and_not_this_one(
    app: Flask, client: FlaskClient, session: Session, salma: Account
) -> None:
    elsewhere = signed_in(app, salma)
    sign_in(client)
    values = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    answer = posted(client, "/en/account/change", values)
    assert answer.location == "/en/account/settings"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert [mail.kind for mail in mails_to(session, ADDRESS)] == ["account-password-changed"]


def test_a_wrong_present_password_changes_nothing(client: FlaskClient, salma: Account) -> None:
    sign_in(client)
    values = {"password": "a wrong password", "new_password": NEW, "new_password_confirm": NEW}
    assert posted(client, "/en/account/change", values).status_code == 422


def test_staying_signed_in_ends_with_signing_out_everywhere(app: Flask, client: FlaskClient, salma: Account) -> None:
    answer = sign_in(client, remember="y")
    remembered = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("remember_token=")]
    assert len(remembered) == 1
    assert "HttpOnly" in remembered[0]
    client.delete_cookie("session")
    assert is_signed_in(client)
    elsewhere = signed_in(app, salma)
    posted(elsewhere, "/en/account/sign-out-everywhere", {}, page="/en/account/settings")
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)


def test_another_address_counts_once_its_owner_confirmed_it_and_the_former_one_is_told(
    client: FlaskClient, session: Session, salma: Account
) -> None:
    sign_in(client)
    posted(client, "/en/account/change-email", {"email": "Bennani@Mail.example"})
    (mail,) = mails_to(session, "bennani@mail.example")
    link = link_in(session, mail, "change-email")
    assert ask(client, link).status_code == 200
    session.expire_all()
    assert salma.email == ADDRESS, "opening the link must not act"
    posted(client, link, {})
    session.expire_all()
    assert (salma.email, salma.person.email) == ("bennani@mail.example", "bennani@mail.example")
    assert [mail.kind for mail in mails_to(session, ADDRESS)] == ["account-changed"]


def test_an_address_of_somebody_else_cannot_be_taken(client: FlaskClient, session: Session, salma: Account) -> None:
    make_account(person=make_person(email="other@mail.example"))
    session.commit()
    sign_in(client)
    answer = posted(client, "/en/account/change-email", {"email": "other@mail.example"})
    assert answer.status_code == 200
    assert "We have sent a mail" in text_of(answer)
    assert mails_to(session, "other@mail.example") == []


@pytest.fixture
def limited(app: Flask, settings: Settings) -> Iterator[Flask]:
    site = create_app(settings)
    site.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(site)
    with site.app_context():
        yield site
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False


def test_the_password_of_one_account_can_be_tried_ten_times(limited: Flask, salma: Account) -> None:
    for _ in range(10):
        assert sign_in(limited.test_client(), password="a wrong password").status_code == 422
    answer = sign_in(limited.test_client(), password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "This was tried too often. Please wait 15 minutes" in text_of(answer)
    assert sign_in(limited.test_client(), email="nobody@mail.example").status_code == 422, "others are not kept out"


def test_signs_of_life_have_no_limit(limited: Flask) -> None:
    client = limited.test_client()
    assert {client.get("/healthz").status_code for _ in range(150)} == {200}


def test_no_page_around_signing_in_breaks_the_security_policy(client: FlaskClient, salma: Account) -> None:
    pages = ["login", "register", "reset", "confirm", "wan-signin"]
    sign_in_pages = [ask(client, f"/en/account/{page}") for page in pages]
    sign_in(client)
    own = ["settings", "mails", "change", "change-email", "verify", "tf-setup", "wan-register", "mf-recovery-codes"]
    for answer in [*sign_in_pages, *(ask(client, f"/en/account/{page}") for page in own)]:
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert not re.search(r"<script(?![^>]*(src=|application/ld))|<style|\sstyle=|\son\w+=", answer.text)
        assert "fs-" not in answer.text, "every page is in our own design"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_pages_speak_the_language_of_their_address(client: FlaskClient, salma: Account, language: str) -> None:
    answer = posted(client, f"/{language}/account/login", {"email": "x@mail.example", "password": "wrong one"})
    assert "mail address or the password" not in text_of(answer)
    assert f'<html lang="{language}"' in answer.text


def test_in_production_a_demonstration_account_stops_the_start_and_cannot_sign_in(
    app: Flask, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account(person=make_person(email="demo@mail.example"), is_demo=True)
    former = {"email": account.email, "fs_uniquifier": account.fs_uniquifier}
    session.commit()
    production = settings.model_copy(update={"environment": "production", "secret_key": "x" * 40})
    with pytest.raises(RuntimeError, match="remove-demo"):
        create_app(production)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    site = create_app(production)
    with site.app_context():
        for name, value in former.items():
            assert site.extensions["security"].datastore.find_user(**{name: value}) is None
        db.session.remove()
        db.engine.dispose()


def test_no_role_of_the_network_is_needed_for_ones_own_pages_but_for_others(app: Flask, session: Session) -> None:
    member, staff = make_account(), make_account(NetworkRole.STAFF)
    session.commit()
    for account in (member, staff):
        assert ask(signed_in(app, account), "/en/administration/accounts").status_code == 403
    assert session.scalar(select(Account.id).where(Account.id == member.id)) == member.id
