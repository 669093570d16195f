"""Who acts for an organisation. An organisation with members always has an owner, whatever happens at the same time.

Whoever changes members first locks the organisation, reads its members anew, and only then decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.models import (
    Account,
    DbSession,
    Invitation,
    Membership,
    MembershipRole,
    Partner,
    Person,
    Startup,
    utc_now,
)
from webapp.permissions import SYSTEM, Actor, Permission, require
from webapp.services.mail import cancel_mails, order_mail, order_mails
from webapp.services.write_lock import lock_rows

Members = Sequence[Membership]
"""All members of one organisation, read under its lock."""


def list_members(session: DbSession, actor: Actor, organisation: Startup | Partner) -> list[Membership]:
    """The members with their people, owners first, then in the order in which they came (one query).

    Raises:
        NotAllowed: the actor is neither a member nor staff.
    """
    require(actor, Permission.EDIT_PROFILE, organisation)
    return sorted(_read_members(session, organisation), key=lambda each: each.role != MembershipRole.OWNER)


def has_members(session: DbSession, organisation: Startup | Partner) -> bool:
    """Whether anybody acts for an organisation; without members its profile can be claimed."""
    statement = sa.select(Membership.id).filter_by(**Membership.columns_for(organisation)).limit(1)
    return session.scalar(statement) is not None


def get_membership(session: DbSession, actor: Actor, organisation: Startup | Partner, membership_id: int) -> Membership:
    """A member whom the actor may remove: anybody, for owners and staff; oneself.

    Raises:
        NotFound: ``membership``: there is none (any more) in this organisation.
        NotAllowed: it is somebody else's, and the actor does not decide about members.
    """
    found = _find(_read_members(session, organisation), membership_id)
    if found.person_id != actor.person_id:
        require(actor, Permission.MANAGE_MEMBERS, organisation)
    return found


def change_role(
    session: DbSession, actor: Actor, organisation: Startup | Partner, membership_id: int, role: MembershipRole
) -> Membership:
    """Make a member an owner or an editor.

    Raises:
        NotAllowed: the actor does not decide about members (any more).
        NotFound: ``membership``: the member is gone.
        Conflict: ``last-owner``: nobody else is an owner.
    """
    members = lock_for_managing(session, actor, organisation)
    membership = _find(members, membership_id)
    if membership.role == role:
        return membership
    if role != MembershipRole.OWNER:
        _keep_an_owner(members, membership)
        _take_back_invitations(session, organisation, membership.person_id)
    membership.role = role
    session.flush()
    return membership


def remove_member(session: DbSession, actor: Actor, organisation: Startup | Partner, membership_id: int) -> None:
    """End a membership; members end their own. Whom somebody else removes is told.

    Staff may also remove the only member, after which the profile can be claimed anew.

    Raises:
        NotAllowed: it is somebody else's, and the actor does not decide about members (any more).
        NotFound: ``membership``: the member is gone already.
        Conflict: ``last-owner``: nobody else is an owner.
    """
    members = lock_members(session, organisation)
    membership = _find(members, membership_id)
    is_own = membership.person_id == actor.person_id
    if not is_own:
        _require_manager(actor, organisation, members)
    if is_own or len(members) > 1 or not _decides_from_outside(actor):
        _keep_an_owner(members, membership)
    person = membership.person
    session.delete(membership)
    _take_back_invitations(session, organisation, person.id)
    if not is_own:
        order_mail(session, "membership-removed", person, organisation_values(organisation))
    session.flush()


def add_member(
    session: DbSession, actor: Actor, organisation: Startup | Partner, email: str, role: MembershipRole
) -> Membership:
    """Make the person with this address a member at once, as staff do on somebody's word.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``account``: nobody signs in with this address.
    """
    require(actor, Permission.STAFF)
    active = sa.select(Account).where(Account.active, Account.confirmed_at.is_not(None))
    account = session.scalar(active.where(sa.func.lower(Account.email) == email.strip().lower()))
    if account is None:
        raise NotFound("account")
    members = lock_members(session, organisation)
    is_new = all(each.person_id != account.person_id for each in members)
    membership = join(session, organisation, members, account.person, role)
    if is_new:
        order_mail(session, "membership-added", account.person, organisation_values(organisation))
    return membership


def join(
    session: DbSession, organisation: Startup | Partner, members: Members, person: Person, role: MembershipRole
) -> Membership:
    """Make somebody a member whom an invitation, a claim or staff let in, and tell the owners.

    The first member is an owner, whatever the role says. Who is a member already becomes what the role says if that
    is more.

    Args:
        members: all members, from ``lock_members``.
    """
    is_first = not any(each.role == MembershipRole.OWNER for each in members)
    role = MembershipRole.OWNER if is_first else role
    known = next((each for each in members if each.person_id == person.id), None)
    if known is not None:
        known.role = role if role == MembershipRole.OWNER else known.role
        session.flush()
        return known
    membership = Membership(person=person, role=role, **Membership.columns_for(organisation))
    session.add(membership)
    session.flush()
    owners = [each.person for each in members if each.role == MembershipRole.OWNER]
    order_mails(session, "membership-joined", owners, {"membership_id": membership.id})
    return membership


def lock_for_managing(session: DbSession, actor: Actor, organisation: Startup | Partner) -> Members:
    """The members, which nobody else changes until the transaction ends, for somebody who decides about them.

    Raises:
        NotAllowed: the actor does not, or has just ceased to be an owner.
    """
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    members = lock_members(session, organisation)
    _require_manager(actor, organisation, members)
    return members


def lock_members(session: DbSession, organisation: Startup | Partner) -> Members:
    """The members as they are now; nobody else changes them until the transaction ends.

    Raises:
        NotFound: ``organisation``: it was merged into another one meanwhile.
    """
    model, row_id = type(organisation), organisation.id
    lock_rows(session, model, row_id)
    members = _read_members(session, organisation)
    if not members and session.scalar(sa.select(model.id).where(model.id == row_id)) is None:
        raise NotFound("organisation", noun=model.noun, id=row_id)
    return members


def organisation_values(organisation: Startup | Partner) -> dict[str, str | int]:
    """How a mail knows of which organisation it tells."""
    return {"noun": organisation.noun, "organisation_id": organisation.id}


def _read_members(session: DbSession, organisation: Startup | Partner) -> Members:
    statement = sa.select(Membership).filter_by(**Membership.columns_for(organisation)).order_by(Membership.id)
    fresh = statement.options(joinedload(Membership.person)).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _find(members: Members, membership_id: int) -> Membership:
    found = next((each for each in members if each.id == membership_id), None)
    if found is None:
        raise NotFound("membership", id=membership_id)
    return found


def _decides_from_outside(actor: Actor) -> bool:
    return actor == SYSTEM or actor.is_staff


def _require_manager(actor: Actor, organisation: Startup | Partner, members: Members) -> None:
    """Ask the members just read, not what was known when the request began."""
    if _decides_from_outside(actor):
        return
    own = next((each for each in members if each.person_id == actor.person_id), None)
    if own is None or own.role != MembershipRole.OWNER:
        raise NotAllowed(Permission.MANAGE_MEMBERS, role=actor.role, noun=organisation.noun)


def _keep_an_owner(members: Members, leaving: Membership) -> None:
    if not any(each.role == MembershipRole.OWNER for each in members if each is not leaving):
        raise Conflict("last-owner")


def _take_back_invitations(session: DbSession, organisation: Startup | Partner, person_id: int) -> None:
    """Who no longer decides about members has not invited any either."""
    statement = sa.select(Invitation).filter_by(invited_by_id=person_id, **Invitation.columns_for(organisation))
    open_ = statement.where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    for invitation in session.scalars(open_):
        revoke(session, invitation)


def revoke(session: DbSession, invitation: Invitation) -> None:
    """Take an invitation back: its link says so, and its mail is not sent if it was not yet."""
    invitation.revoked_at = utc_now()
    cancel_mails(session, "invitation", invitation_id=invitation.id)
