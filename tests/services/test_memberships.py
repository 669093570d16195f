"""Members of organisations: who decides about them, and that there is always an owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.models import Account, DbSession, Membership, MembershipRole, NetworkRole, OutgoingMail
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.invitations import invite
from webapp.services.memberships import (
    add_member,
    change_role,
    get_membership,
    has_members,
    list_members,
    remove_member,
)

Maker = Callable[..., Any]
OWNER, EDITOR = MembershipRole.OWNER, MembershipRole.EDITOR


def _actor(session: DbSession, account: Account) -> Actor:
    return actor_of(session, account)


def _mails(session: DbSession) -> list[tuple[str, str]]:
    return [(mail.kind, mail.address) for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def _roles(session: DbSession, organisation: Any) -> list[str]:
    rows = session.scalars(select(Membership).filter_by(**Membership.columns_for(organisation)))
    return sorted(str(row.role) for row in rows)


def test_owners_come_first(session: Session, make_startup: Maker) -> None:
    startup, editor, owner = make_startup(), make_account(), make_account()
    join(editor, startup, EDITOR)
    join(owner, startup)
    listed = list_members(session, _actor(session, editor), startup)
    assert [member.person_id for member in listed] == [owner.person_id, editor.person_id]


def test_outsiders_do_not_see_who_the_members_are(session: Session, make_startup: Maker) -> None:
    startup, other = make_startup(), make_account()
    join(make_account(), startup)
    join(other, make_startup())
    for actor in (VISITOR, _actor(session, other)):
        with pytest.raises(NotAllowed):
            list_members(session, actor, startup)


def test_an_owner_makes_an_editor_an_owner_and_an_editor_cannot(session: Session, make_startup: Maker) -> None:
    startup, owner, editor = make_startup(), make_account(), make_account()
    own, theirs = join(owner, startup), join(editor, startup, EDITOR)
    with pytest.raises(NotAllowed):
        change_role(session, _actor(session, editor), startup, own.id, EDITOR)
    change_role(session, _actor(session, owner), startup, theirs.id, OWNER)
    assert _roles(session, startup) == [OWNER, OWNER]


@pytest.mark.parametrize("others", [[], [EDITOR]])
def test_the_last_owner_can_neither_leave_nor_become_an_editor(
    session: Session, make_startup: Maker, others: list[MembershipRole]
) -> None:
    startup, owner = make_startup(), make_account()
    own = join(owner, startup)
    for role in others:
        join(make_account(), startup, role)
    actor = _actor(session, owner)
    with pytest.raises(Conflict, match="last-owner"):
        remove_member(session, actor, startup, own.id)
    with pytest.raises(Conflict, match="last-owner"):
        change_role(session, actor, startup, own.id, EDITOR)


def test_an_editor_leaves_and_nobody_is_told(session: Session, make_startup: Maker) -> None:
    startup, editor = make_startup(), make_account()
    join(make_account(), startup)
    own = join(editor, startup, EDITOR)
    remove_member(session, _actor(session, editor), startup, own.id)
    assert _roles(session, startup) == [OWNER]
    assert _mails(session) == []


def test_whom_an_owner_removes_is_told(session: Session, make_startup: Maker) -> None:
    startup, owner, editor = make_startup(), make_account(), make_account()
    join(owner, startup)
    theirs = join(editor, startup, EDITOR)
    remove_member(session, _actor(session, owner), startup, theirs.id)
    assert _mails(session) == [("membership-removed", editor.email)]


def test_an_editor_cannot_remove_anybody_else(session: Session, make_startup: Maker) -> None:
    startup, editor = make_startup(), make_account()
    own = join(make_account(), startup)
    join(editor, startup, EDITOR)
    with pytest.raises(NotAllowed):
        remove_member(session, _actor(session, editor), startup, own.id)
    with pytest.raises(NotAllowed):
        get_membership(session, _actor(session, editor), startup, own.id)


def test_a_membership_of_another_organisation_is_not_found_there(session: Session, make_startup: Maker) -> None:
    startup, owner = make_startup(), make_account()
    join(owner, startup)
    elsewhere = join(make_account(), make_startup())
    with pytest.raises(NotFound):
        remove_member(session, _actor(session, owner), startup, elsewhere.id)


def test_somebody_who_was_an_owner_when_the_request_began_decides_no_more(
    session: Session, make_startup: Maker
) -> None:
    startup, one, two, editor = make_startup(), make_account(), make_account(), make_account()
    join(one, startup)
    theirs, last = join(two, startup), join(editor, startup, EDITOR)
    late = _actor(session, two)
    change_role(session, _actor(session, one), startup, theirs.id, EDITOR)
    with pytest.raises(NotAllowed):
        remove_member(session, late, startup, last.id)


def test_staff_may_remove_the_only_member_and_then_it_can_be_claimed(session: Session, make_startup: Maker) -> None:
    startup, owner, staff = make_startup(), make_account(), make_account(NetworkRole.STAFF)
    own = join(owner, startup)
    remove_member(session, _actor(session, staff), startup, own.id)
    assert not has_members(session, startup)


def test_staff_cannot_leave_editors_without_an_owner(session: Session, make_startup: Maker) -> None:
    startup, owner, staff = make_startup(), make_account(), make_account(NetworkRole.STAFF)
    own = join(owner, startup)
    join(make_account(), startup, EDITOR)
    with pytest.raises(Conflict, match="last-owner"):
        remove_member(session, _actor(session, staff), startup, own.id)


def test_staff_add_somebody_and_everybody_concerned_is_told(session: Session, make_startup: Maker) -> None:
    startup, owner, staff = make_startup(), make_account(), make_account(NetworkRole.STAFF)
    join(owner, startup)
    new = make_account()
    add_member(session, _actor(session, staff), startup, new.email.upper(), EDITOR)
    assert _roles(session, startup) == [EDITOR, OWNER]
    assert _mails(session) == [("membership-joined", owner.email), ("membership-added", new.email)]
    add_member(session, _actor(session, staff), startup, new.email, EDITOR)
    assert len(_mails(session)) == 2, "adding twice tells once"


def test_the_first_member_is_an_owner(session: Session, make_startup: Maker) -> None:
    startup, staff, new = make_startup(), make_account(NetworkRole.STAFF), make_account()
    assert add_member(session, _actor(session, staff), startup, new.email, EDITOR).role == OWNER


def test_only_staff_add_members_and_only_people_with_an_account(session: Session, make_startup: Maker) -> None:
    startup, owner, staff = make_startup(), make_account(), make_account(NetworkRole.STAFF)
    join(owner, startup)
    person = make_person()
    with pytest.raises(NotAllowed):
        add_member(session, _actor(session, owner), startup, person.email, EDITOR)
    with pytest.raises(NotFound, match="account"):
        add_member(session, _actor(session, staff), startup, person.email, EDITOR)


def test_who_ceases_to_be_an_owner_has_invited_nobody(session: Session, make_startup: Maker) -> None:
    startup, one, two = make_startup(), make_account(), make_account()
    join(one, startup)
    theirs = join(two, startup)
    invitation = invite(session, _actor(session, two), startup, "friend@mail.example", OWNER, language="en")
    remove_member(session, _actor(session, one), startup, theirs.id)
    assert invitation.revoked_at is not None
    mail = session.scalars(select(OutgoingMail).filter_by(kind="invitation")).one()
    assert mail.state == "cancelled", "not sent if it was not yet"
