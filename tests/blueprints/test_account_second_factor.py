"""Second factors: set up, asked for, recovered, required of those who work for the network."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.account_pages import ask, mails_to, posted, text_of, token_of
from tests.accounts import PASSWORD, make_account, make_person, signed_in
from webapp.models import Account, NetworkRole
from webapp.services.demonstration_accounts import TOTP_SECRET
from webapp.web.accounts import codes_of

SETUP = "/en/account/tf-setup"
ADDRESS = "imane@mail.example"


@pytest.fixture
def staff(session: Session) -> Account:
    account = make_account(NetworkRole.STAFF, person=make_person(email=ADDRESS), second_factor=False)
    session.commit()
    return account


@pytest.fixture
def armed(app: Flask, session: Session) -> Account:
    """Staff with an authenticator app whose key is known here."""
    account = make_account(NetworkRole.STAFF, person=make_person(email=ADDRESS))
    account.tf_totp_secret = codes_of(app).kept_secret(TOTP_SECRET)
    session.commit()
    return account


def password_given(client: FlaskClient, query: str = "") -> str:
    answer = posted(client, f"/en/account/login{query}", {"email": ADDRESS, "password": PASSWORD})
    return answer.location or ""


def set_up(client: FlaskClient) -> str:
    """Set the app up; gives its key."""
    page = posted(client, SETUP, {"setup": "authenticator"})
    key = re.search(r'<code class="key"[^>]*>([^<]+)</code>', page.text)
    action = re.search(r'action="(/en/account/tf-setup/[^"]+)"', page.text)
    assert key
    assert action
    secret = key[1].replace("-", "").replace(" ", "")
    code = pyotp.TOTP(secret).now()
    answer = client.post(action[1], data={"csrf_token": token_of(page), "code": code})
    assert answer.location == "/en/account/settings"
    return secret


def test_staff_without_a_second_factor_are_led_to_set_one_up_and_then_work(
    client: FlaskClient, session: Session, staff: Account
) -> None:
    assert password_given(client) == "/en/account"
    assert ask(client, "/en/account").location == SETUP
    assert "you need a second factor" in text_of(ask(client, SETUP))
    assert ask(client, "/en/administration/accounts").location == SETUP, "so does every page for which it is needed"
    set_up(client)
    session.expire_all()
    assert staff.has_second_factor
    assert ask(client, "/en/account").location != SETUP
    assert ask(client, "/en/administration/accounts").status_code == 403, "staff do not administer"
    assert [mail.kind for mail in mails_to(session, ADDRESS)] == ["account-changed"]


def test_the_picture_for_the_app_is_part_of_the_page(client: FlaskClient, staff: Account) -> None:
    password_given(client)
    page = posted(client, SETUP, {"setup": "authenticator"})
    assert 'src="data:image/svg+xml;base64,' in page.text


def test_the_key_is_not_readable_in_the_database(client: FlaskClient, session: Session, staff: Account) -> None:
    password_given(client)
    secret = set_up(client)
    session.expire_all()
    assert secret not in (staff.tf_totp_secret or "")


def test_a_password_alone_signs_nobody_in_who_has_a_second_factor(client: FlaskClient, armed: Account) -> None:
    assert password_given(client).startswith("/en/account/tf-validate")
    assert ask(client, "/en/account/settings").status_code == 303
    wrong = posted(client, "/en/account/tf-validate", {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is not right" in text_of(wrong)


def test_the_code_signs_in_and_leads_to_the_page_that_was_asked_for(client: FlaskClient, armed: Account) -> None:
    location = password_given(client, "?next=/en/account/mails")
    answer = posted(client, location, {"code": pyotp.TOTP(TOTP_SECRET).now()})
    assert answer.location == "/en/account/mails"
    assert ask(client, "/en/account/settings").status_code == 200


def test_a_code_is_good_once(app: Flask, armed: Account) -> None:
    code = pyotp.TOTP(TOTP_SECRET).now()
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        password_given(client)
    assert posted(first, "/en/account/tf-validate", {"code": code}).status_code == 302
    assert posted(second, "/en/account/tf-validate", {"code": code}).status_code == 422


def test_a_recovery_code_signs_in_once(app: Flask, client: FlaskClient, session: Session, armed: Account) -> None:
    browser = signed_in(app, armed)
    page = posted(browser, "/en/account/mf-recovery-codes", {"generate_new_codes": "yes"})
    codes = re.findall(r"<code>([0-9a-f-]{14})</code>", page.text)
    assert len(codes) == 8
    session.expire_all()
    assert not set(codes) & set(armed.mf_recovery_codes or ()), "they are not readable in the database"
    for expected in (302, 422):
        other = app.test_client()
        password_given(other)
        answer = posted(other, "/en/account/mf-recovery", {"code": codes[0]})
        assert answer.status_code == expected
    assert len(armed.mf_recovery_codes or ()) == 7


def test_whoever_lost_everything_asks_the_administrators_who_take_it_away(
    app: Flask, client: FlaskClient, session: Session, armed: Account
) -> None:
    administrator = make_account(NetworkRole.ADMINISTRATOR)
    session.commit()
    password_given(client)
    page = posted(client, "/en/account/tf-rescue", {"help_setup": "help"}, page="/en/account/tf-validate")
    assert "The administrators have been told" in text_of(page)
    (mail,) = mails_to(session, administrator.email)
    assert (mail.kind, mail.values["lost_by"]) == ("account-second-factor-lost", armed.id)
    desk = signed_in(app, administrator)
    address = f"/en/administration/accounts/{armed.id}"
    posted(desk, f"{address}/second-factor", {}, page=address)
    session.expire_all()
    assert not armed.has_second_factor
    assert password_given(app.test_client()) == "/en/account"


def test_staff_cannot_do_without_the_app_and_others_can(app: Flask, session: Session, armed: Account) -> None:
    member = make_account(second_factor=True, person=make_person(email="member@mail.example"))
    session.commit()
    assert "Stop using the app" not in ask(signed_in(app, armed), SETUP).text
    assert posted(signed_in(app, armed), SETUP, {"setup": "disable"}).status_code == 422
    assert posted(signed_in(app, member), SETUP, {"setup": "disable"}).location == "/en/account/settings"
    session.expire_all()
    assert armed.has_second_factor
    assert not member.has_second_factor


def test_what_is_ones_own_only_asks_again_after_an_hour(app: Flask, session: Session) -> None:
    account = make_account(person=make_person(email="long@mail.example"))
    session.commit()
    browser = signed_in(app, account)
    with browser.session_transaction() as kept:
        kept["fs_paa"] = kept["fs_gexp"] = 0
    answer = ask(browser, "/en/account/change-email")
    assert answer.location.startswith("/en/account/verify?next=")
    again = posted(browser, answer.location, {"password": PASSWORD})
    assert again.location == "/en/account/change-email"
