"""Rules of the administration, from whatever entry point they are asked."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.extensions import db
from webapp.models import Account, NetworkRole
from webapp.permissions import SYSTEM, Permission
from webapp.services import accounts, administration
from webapp.services.actors import actor_of


@pytest.mark.parametrize(
    "act",
    [
        lambda session, actor, account: administration.list_accounts(session, actor),
        lambda session, actor, account: administration.get_account(session, actor, account.id),
        lambda session, actor, account: administration.set_network_roles(session, actor, account, [], None),
        lambda session, actor, account: administration.set_active(session, actor, account, False),
        lambda session, actor, account: administration.reset_second_factor(session, actor, account),
    ],
)
def test_only_administrators_administer(session: Session, act: Callable[..., object]) -> None:
    staff, other = make_account(NetworkRole.STAFF), make_account()
    with pytest.raises(NotAllowed) as stopped:
        act(session, actor_of(session, staff), other)
    assert stopped.value.code == Permission.ADMINISTER


def test_an_administrator_without_a_second_factor_is_none_yet(session: Session) -> None:
    account = make_account(NetworkRole.ADMINISTRATOR, second_factor=False)
    with pytest.raises(NotAllowed):
        administration.list_accounts(session, actor_of(session, account))


def test_an_authority_needs_a_region(session: Session) -> None:
    with pytest.raises(Invalid, match="region-missing"):
        administration.set_network_roles(session, SYSTEM, make_account(), [NetworkRole.AUTHORITY], None)


def test_ones_settings_are_ones_own(session: Session) -> None:
    mine, other = make_account(), make_account()
    actor = actor_of(session, mine)
    with pytest.raises(NotAllowed):
        accounts.sign_out_everywhere(session, actor, other)
    with pytest.raises(NotAllowed):
        accounts.refuse_kinds(session, actor, other, [])
    with pytest.raises(NotAllowed):
        accounts.change_settings(session, actor, other, name="x", position="", phone="", language="en")


def test_what_one_has_to_know_cannot_be_refused(session: Session) -> None:
    account = make_account()
    with pytest.raises(Invalid, match="mail-kind"):
        accounts.refuse_kinds(session, actor_of(session, account), account, ["account-reset"])


def test_two_administrators_cannot_take_the_role_from_each_other_in_the_same_moment(
    app: Flask, session: Session
) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    both = [make_account(NetworkRole.ADMINISTRATOR).id for _ in range(2)]
    session.commit()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def take(account_id: int) -> None:
        with Session(engine) as own:
            account = own.get_one(Account, account_id)
            barrier.wait(10)
            try:
                administration.set_network_roles(own, SYSTEM, account, [], None)
                own.commit()
                outcomes.append("taken")
            except Conflict as error:
                outcomes.append(error.code)

    engine = db.engine
    threads = [threading.Thread(target=take, args=(account_id,)) for account_id in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["last-administrator", "taken"]
    left = session.scalar(sa.select(sa.func.count()).select_from(Account).where(Account.roles.any()))
    assert left == 1
