"""``flask accounts``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.account_pages import ask, posted
from tests.accounts import PASSWORD, make_account, make_person
from webapp.config import Settings
from webapp.models import Account, Membership, NetworkRole, Person
from webapp.services import demonstration_accounts
from webapp.web.preparation import lacks_accounts


def run(app: Flask, *arguments: str, typed: str = "") -> Any:
    for name in list(g):
        g.pop(name)
    return app.test_cli_runner().invoke(args=["accounts", *arguments], input=typed)


def test_the_first_administrator_gets_a_link_to_choose_a_password(app: Flask, session: Session) -> None:
    result = run(app, "create-admin", typed="Chef@Mail.example\nMehdi Idrissi\n")
    assert result.exit_code == 0, result.output
    account = session.scalars(select(Account)).one()
    assert (account.email, account.person.name) == ("chef@mail.example", "Mehdi Idrissi")
    assert account.network_roles == {NetworkRole.ADMINISTRATOR}
    link = re.search(r"http://localhost:\d+(/\S+/account/reset/\S+)", result.output)
    assert link
    client = app.test_client()
    answer = posted(client, link[1].replace("/fr/", "/en/"), {"password": PASSWORD, "password_confirm": PASSWORD})
    assert answer.location == "/en/account/login"
    answer = posted(client, "/en/account/login", {"email": "chef@mail.example", "password": PASSWORD})
    assert answer.location == "/en/account"


def test_a_password_can_be_typed_instead_and_is_checked(app: Flask, session: Session) -> None:
    typed = f"1234567890\n1234567890\n{PASSWORD}\n{PASSWORD}\n"
    result = run(app, "create-admin", "--email", "chef@mail.example", "--name", "Mehdi", "--ask-password", typed=typed)
    assert result.exit_code == 0, result.output
    assert "Digits alone" in result.output
    assert "http" not in result.output
    assert session.scalars(select(Account)).one().password is not None


def test_an_account_that_exists_becomes_an_administrators(app: Flask, session: Session) -> None:
    make_account(person=make_person(email="chef@mail.example"))
    session.commit()
    assert run(app, "create-admin", "--email", "chef@mail.example", "--name", "x").exit_code == 0
    session.expire_all()
    account = session.scalars(select(Account)).one()
    assert NetworkRole.ADMINISTRATOR in account.network_roles
    assert account.person.name != "x"


def test_what_is_no_address_is_refused(app: Flask) -> None:
    result = run(app, "create-admin", "--email", "chef", "--name", "x")
    assert result.exit_code == 1
    assert "not a mail address" in result.output


def test_the_list_shows_who_works_for_the_network(app: Flask, session: Session) -> None:
    make_account(NetworkRole.STAFF, person=make_person(email="staff@mail.example"))
    make_account(person=make_person(email="member@mail.example"))
    session.commit()
    assert "member@" not in run(app, "list").output
    everybody = run(app, "list", "--all").output
    assert "staff@mail.example" in everybody
    assert "staff, second factor" in everybody
    assert "member@mail.example" in everybody


def test_a_lost_second_factor_is_taken_away(app: Flask, session: Session) -> None:
    account = make_account(NetworkRole.STAFF, person=make_person(email="staff@mail.example"))
    session.commit()
    former = account.fs_uniquifier
    assert run(app, "reset-second-factor", "STAFF@mail.example").exit_code == 0
    session.expire_all()
    assert not account.has_second_factor
    assert account.fs_uniquifier != former
    assert run(app, "reset-second-factor", "nobody@mail.example").exit_code == 1


@pytest.fixture
def demonstration(session: Session, make_startup: Callable[..., Any], make_partner: Callable[..., Any]) -> None:
    make_startup("Tazrii", site="agadir", is_demo=True)
    for kind in ("investor", "mentor", "corporate"):
        make_partner(f"A {kind}", kind=kind, is_demo=True)
    session.commit()


def test_demonstration_data_gets_an_account_for_every_role_once(
    app: Flask, session: Session, demonstration: None
) -> None:
    assert lacks_accounts()
    assert run(app, "make-demo").exit_code == 0
    assert not lacks_accounts()
    assert "nothing to do" in run(app, "make-demo").output
    accounts = session.scalars(select(Account)).all()
    assert len(accounts) == 8
    assert all(account.is_demo and account.person.is_demo for account in accounts)
    assert {role for account in accounts for role in account.network_roles} == set(NetworkRole)
    assert session.scalar(select(func.count(Membership.id))) == 5


@pytest.mark.parametrize("name", ["owner", "authority", "administrator"])
def test_a_newcomer_gets_in_with_what_the_page_for_signing_in_shows(
    app: Flask, session: Session, demonstration: None, name: str
) -> None:
    run(app, "make-demo")
    client = app.test_client()
    page = ask(client, "/en/account/login").text
    email = f"{name}@{demonstration_accounts.DOMAIN}"
    assert email in page
    values = {"email": email, "password": demonstration_accounts.PASSWORD}
    assert demonstration_accounts.PASSWORD in page
    answer = posted(client, "/en/account/login", values)
    if name == "administrator":
        assert "tf-validate" in answer.location
        codes = re.findall(r"<code[^>]*>(\d{6})</code>", page)
        answer = posted(client, answer.location, {"code": codes[-1]})
    assert answer.status_code == 302
    assert ask(client, "/en/account/settings").status_code == 200


def test_demonstration_accounts_are_removed_with_their_people(
    app: Flask, session: Session, demonstration: None
) -> None:
    run(app, "make-demo")
    assert "8 demonstration accounts removed" in run(app, "remove-demo").output
    assert session.scalar(select(func.count(Account.id))) == 0
    assert session.scalar(select(func.count(Person.id))) == 0


def test_production_has_none(app: Flask, session: Session, settings: Settings, demonstration: None) -> None:
    app.extensions["settings"] = settings.model_copy(update={"environment": "production"})
    assert run(app, "make-demo").exit_code == 1
    assert "demo.example.com" not in app.test_client().get("/en/account/login").text
    assert session.scalar(select(func.count(Account.id))) == 0
