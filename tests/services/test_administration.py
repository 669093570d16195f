"""Rules of the administration, from whatever entry point they are asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.races import together
from webapp.errors import Invalid, NotAllowed
from webapp.models import Account, NetworkRole, Region
from webapp.permissions import SYSTEM, Permission
from webapp.services import accounts, administration
from webapp.services.actors import actor_of


@pytest.mark.parametrize(
    "act",
    [
        lambda session, actor, account: administration.list_accounts(session, actor),
        lambda session, actor, account: list(administration.account_rows(session, actor)),
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


def test_a_file_has_all_accounts_in_the_order_of_their_list_however_many_are_read_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "BATCH", 2)
    region = session.scalars(sa.select(Region)).first()
    made = [make_account(NetworkRole.AUTHORITY, region=region), *(make_account() for _ in range(4))]
    session.commit()
    rows = list(administration.account_rows(session, SYSTEM))
    assert [row["id"] for row in rows] == [each.id for each in administration.list_accounts(session, SYSTEM).accounts]
    assert {row["id"] for row in rows} >= {each.id for each in made}
    assert region is not None
    assert (rows[0]["roles"], rows[0]["region"]) == (["authority"], region.code)
    assert [row["id"] for row in administration.account_rows(session, SYSTEM, made[1].email)] == [made[1].id]


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


def test_two_administrators_cannot_take_the_role_from_each_other_in_the_same_moment(session: Session) -> None:
    both = [make_account(NetworkRole.ADMINISTRATOR).id for _ in range(2)]

    def read(own: Session) -> list[Account]:
        shown = [own.get_one(Account, account_id) for account_id in both]
        assert all(account.network_roles for account in shown)
        return shown

    def taking(number: int) -> Any:
        return lambda own, shown: administration.set_network_roles(own, SYSTEM, shown[number], [], None)

    outcomes = together(session, read, taking(0), taking(1))
    assert sorted(outcomes) == ["done", "last-administrator"]
    left = session.scalar(sa.select(sa.func.count()).select_from(Account).where(Account.roles.any()))
    assert left == 1


def test_of_two_who_decide_on_roles_the_second_is_told_of_the_first(session: Session) -> None:
    account_id = make_account().id

    def read(own: Session) -> tuple[Account, str]:
        shown = own.get_one(Account, account_id)
        return shown, administration.mark_of_roles(shown)

    def giving(role: NetworkRole) -> Any:
        return lambda own, shown: administration.set_network_roles(own, SYSTEM, shown[0], [role], None, mark=shown[1])

    outcomes = together(session, read, giving(NetworkRole.STAFF), giving(NetworkRole.ADMINISTRATOR))
    assert sorted(outcomes) == ["changed-meanwhile", "done"]
    given = NetworkRole.STAFF if outcomes[0] == "done" else NetworkRole.ADMINISTRATOR
    assert session.get_one(Account, account_id).network_roles == {given}
