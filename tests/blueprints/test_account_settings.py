"""One's own settings, and the administration of accounts."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.account_pages import ask, mails_to, posted, text_of
from tests.accounts import make_account, make_person, signed_in
from webapp.models import Account, NetworkRole, Region
from webapp.services.accounts import refusable_kinds, refused_kinds

SETTINGS = "/en/account/settings"
LIST = "/en/administration/accounts"


@pytest.fixture
def salma(session: Session) -> Account:
    account = make_account(person=make_person(name="Salma", email="salma@mail.example"))
    session.commit()
    return account


@pytest.fixture
def administrator(session: Session) -> Account:
    account = make_account(NetworkRole.ADMINISTRATOR, person=make_person(name="Mehdi", email="mehdi@mail.example"))
    session.commit()
    return account


def test_settings_are_kept_and_say_who_sees_the_phone_number(app: Flask, session: Session, salma: Account) -> None:
    browser = signed_in(app, salma)
    assert "introduction that both sides agreed to" in text_of(ask(browser, SETTINGS))
    values = {"name": "سلمى بناني", "position": "Founder", "phone": "+212 600 00 00 00", "language": "ar"}
    answer = posted(browser, SETTINGS, values)
    assert answer.status_code == 303
    session.expire_all()
    person = salma.person
    assert {
        "name": person.name,
        "position": person.position,
        "phone": person.phone,
        "language": person.language,
    } == values


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Please enter your name."),
        ("phone", "call me", "A phone number has digits"),
        ("position", "x" * 121, "longer than 120"),
        ("language", "xx", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, session: Session, salma: Account, field: str, value: str, words: str
) -> None:
    values = {"name": "Another", "position": "", "phone": "", "language": "en"} | {field: value}
    answer = posted(signed_in(app, salma), SETTINGS, values)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert values["name"] in answer.text
    session.expire_all()
    assert salma.person.name == "Salma"


def test_one_chooses_which_mails_one_gets(app: Flask, session: Session, salma: Account) -> None:
    kinds = refusable_kinds()
    browser = signed_in(app, salma)
    assert ask(browser, "/en/account/mails").text.count(" checked") == len(kinds)
    posted(browser, "/en/account/mails", {"kinds": kinds[0]})
    assert refused_kinds(session, salma.person) == set(kinds[1:])
    posted(browser, "/en/account/mails", {"kinds": kinds[-1]})
    session.expire_all()
    assert refused_kinds(session, salma.person) == set(kinds[:-1])


def test_administrators_find_accounts(app: Flask, session: Session, salma: Account, administrator: Account) -> None:
    browser = signed_in(app, administrator)
    everybody = ask(browser, LIST).text
    assert "salma@mail.example" in everybody
    assert "mehdi@mail.example" in everybody
    found = ask(browser, f"{LIST}?q=salm").text
    assert "salma@mail.example" in found
    assert "mehdi@mail.example" not in found
    assert ask(browser, f"{LIST}?page=9").status_code == 404


def test_a_new_role_ends_the_sessions_and_is_told(
    app: Flask, session: Session, salma: Account, administrator: Account
) -> None:
    hers = signed_in(app, salma)
    region = session.scalars(select(Region)).first()
    assert region is not None
    address = f"{LIST}/{salma.id}"
    browser = signed_in(app, administrator)
    assert posted(browser, address, {"roles": "authority", "region": ""}).status_code == 422
    assert posted(browser, address, {"roles": "authority", "region": region.code}).status_code == 303
    session.expire_all()
    assert salma.network_roles == {NetworkRole.AUTHORITY}
    assert salma.region_id == region.id
    assert ask(hers, SETTINGS).status_code == 303
    assert [mail.values["what"] for mail in mails_to(session, salma.email)] == ["roles"]
    assert posted(browser, address, {"region": ""}).status_code == 303
    session.expire_all()
    assert (salma.network_roles, salma.region_id) == (frozenset(), None)


def test_the_last_administrator_stays_one(app: Flask, session: Session, administrator: Account) -> None:
    browser = signed_in(app, administrator)
    address = f"{LIST}/{administrator.id}"
    answer = posted(browser, address, {"region": ""})
    assert answer.status_code == 422
    assert "last administrator" in text_of(answer)
    assert "last administrator" in text_of(posted(browser, f"{address}/close", {}, page=address, follow_redirects=True))
    session.expire_all()
    assert administrator.active
    assert NetworkRole.ADMINISTRATOR in administrator.network_roles


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(
    app: Flask, session: Session, salma: Account, administrator: Account
) -> None:
    hers, browser, address = signed_in(app, salma), signed_in(app, administrator), f"{LIST}/{salma.id}"
    posted(browser, f"{address}/close", {}, page=address)
    assert ask(hers, SETTINGS).status_code == 303
    posted(browser, f"{address}/open", {}, page=address)
    session.expire_all()
    assert salma.active
    assert ask(hers, SETTINGS).status_code == 303, "its former sessions stay ended"


def test_only_administrators_administer(app: Flask, session: Session, salma: Account) -> None:
    staff = make_account(NetworkRole.STAFF)
    session.commit()
    for account in (salma, staff):
        browser = signed_in(app, account)
        for action in ("", "/close", "/second-factor"):
            answer = posted(browser, f"{LIST}/{salma.id}{action}", {"roles": "administrator"}, page=SETTINGS)
            assert answer.status_code == 403
    session.expire_all()
    assert salma.network_roles == frozenset()
