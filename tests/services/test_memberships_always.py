"""Whatever members do, in any order and at the same time: an organisation with members has an owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.races import race
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models import Account, Invitation, Membership, MembershipRole, NetworkRole, Startup
from webapp.services.actors import actor_of
from webapp.services.invitations import accept_invitation, invite, revoke_invitation
from webapp.services.memberships import add_member, change_role, remove_member

PEOPLE = 4
ROLES = st.sampled_from(list(MembershipRole))
WHO = st.integers(0, PEOPLE)
"""The last one is staff."""


class Members(RuleBasedStateMachine):
    """Four people and somebody of the staff who do to the members whatever comes to mind."""

    make_startup: ClassVar[Callable[..., Any]]

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        self.startup = type(self).make_startup()
        self.accounts = [make_account() for _ in range(PEOPLE)] + [make_account(NetworkRole.STAFF)]
        join(self.accounts[0], self.startup)

    def _do(self, who: int, act: Callable[..., Any], *values: Any, **named: Any) -> None:
        actor = actor_of(db.session, self.accounts[who])
        try:
            with db.session.begin_nested():
                act(db.session, actor, self.startup, *values, **named)
        except DomainError:
            pass

    def _members(self) -> list[Membership]:
        return list(db.session.scalars(select(Membership).filter_by(startup_id=self.startup.id)))

    @rule(who=WHO, whom=WHO, role=ROLES)
    def change(self, who: int, whom: int, role: MembershipRole) -> None:
        for member in self._members():
            if member.person_id == self.accounts[whom].person_id:
                self._do(who, change_role, member.id, role)

    @rule(who=WHO, whom=WHO)
    def remove(self, who: int, whom: int) -> None:
        for member in self._members():
            if member.person_id == self.accounts[whom].person_id:
                self._do(who, remove_member, member.id)

    @rule(who=WHO, whom=WHO, role=ROLES)
    def add(self, who: int, whom: int, role: MembershipRole) -> None:
        self._do(who, add_member, self.accounts[whom].email, role)

    @rule(who=WHO, whom=WHO, role=ROLES)
    def invite(self, who: int, whom: int, role: MembershipRole) -> None:
        self._do(who, invite, self.accounts[whom].email, role, language="en")

    @rule(who=WHO, data=st.data())
    def answer(self, who: int, data: st.DataObject) -> None:
        invitations = list(db.session.scalars(select(Invitation).filter_by(startup_id=self.startup.id)))
        if not invitations:
            return
        chosen = data.draw(st.sampled_from(invitations)).id
        if data.draw(st.booleans()):
            self._do(who, revoke_invitation, chosen)
        else:
            self._do(who, lambda session, actor, _startup: accept_invitation(session, actor, chosen))

    @invariant()
    def has_an_owner(self) -> None:
        members = self._members() if hasattr(self, "startup") else []
        assert not members or any(member.role == MembershipRole.OWNER for member in members)
        assert len({member.person_id for member in members}) == len(members)

    def teardown(self) -> None:
        db.session.rollback()


def test_an_organisation_with_members_always_has_an_owner(app: Flask, make_startup: Callable[..., Any]) -> None:
    Members.make_startup = staticmethod(make_startup)
    run_state_machine_as_test(
        Members,
        settings=settings(
            max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )


def _two_owners(make_startup: Callable[..., Any]) -> tuple[int, list[tuple[int, int]]]:
    """A startup with two owners: its id, and of each the ids of account and membership."""
    startup = make_startup()
    accounts = [make_account(), make_account()]
    memberships = [join(account, startup) for account in accounts]
    db.session.commit()
    return startup.id, [(account.id, each.id) for account, each in zip(accounts, memberships, strict=True)]


def _act(verb: Callable[..., Any], startup_id: int, account_id: int, *values: Any) -> Callable[[Session], Any]:
    def act(session: Session) -> None:
        account, startup = session.get(Account, account_id), session.get(Startup, startup_id)
        assert account is not None
        verb(session, actor_of(session, account), startup, *values)

    return act


@pytest.mark.parametrize("round_", range(5))
def test_of_two_owners_who_leave_in_the_same_second_one_stays(
    app: Flask, make_startup: Callable[..., Any], round_: int
) -> None:
    startup_id, owners = _two_owners(make_startup)
    leaving = [_act(remove_member, startup_id, account, own) for account, own in owners]
    assert sorted(race(db.session(), *leaving)) == ["done", "last-owner"]


@pytest.mark.parametrize("round_", range(5))
def test_of_two_owners_who_demote_each_other_one_stays(
    app: Flask, make_startup: Callable[..., Any], round_: int
) -> None:
    startup_id, ((one, own), (two, theirs)) = _two_owners(make_startup)
    editor = MembershipRole.EDITOR
    acts = [_act(change_role, startup_id, one, theirs, editor), _act(change_role, startup_id, two, own, editor)]
    assert sorted(race(db.session(), *acts)) == ["done", "manage-members"]
