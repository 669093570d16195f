"""Invitations: an owner offers somebody by mail to become a member; whoever follows the link takes part.

Whether an address has an account plays no part anywhere here, so that nobody learns it by inviting.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.errors import Conflict, NotFound
from webapp.models import (
    Account,
    DbSession,
    Invitation,
    Membership,
    MembershipRole,
    OneTimeLink,
    Partner,
    Person,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.mail import make_link, order_mail_to
from webapp.services.memberships import Members, join, lock_for_managing, lock_members, revoke

PURPOSE = "invitation"
"""What the links of invitations are for; their ``subject_id`` is that of the invitation."""
VALID = timedelta(days=14)
A_DAY = 10
"""How many invitations an organisation, and a person for all of theirs, may send within 24 hours."""


def list_invitations(session: DbSession, actor: Actor, organisation: Startup | Partner) -> list[Invitation]:
    """The invitations that nobody has accepted or taken back, the newest first; also those that expired.

    Raises:
        NotAllowed: the actor does not decide about members.
    """
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    return list(session.scalars(_open(organisation).order_by(Invitation.id.desc())))


def invite(
    session: DbSession,
    actor: Actor,
    organisation: Startup | Partner,
    email: str,
    role: MembershipRole,
    *,
    language: str,
) -> Invitation:
    """Invite whoever reads the mails of an address. Doing it twice sends one mail.

    Args:
        language: of the mail.

    Raises:
        NotAllowed: the actor does not decide about members.
        Conflict: ``already-member``, ``already-invited`` (to be something else), or ``too-many-invitations`` (``most``
            a day).
    """
    members = lock_for_managing(session, actor, organisation)
    address = email.strip().lower()
    if _is_member(session, members, address):
        raise Conflict("already-member")
    for known in session.scalars(_open(organisation).where(Invitation.email == address)):
        if is_expired(known):
            revoke(session, known)
        elif known.role == role:
            return known
        else:
            raise Conflict("already-invited")
    return _send(session, actor, organisation, address, role, language)


def resend(
    session: DbSession, actor: Actor, organisation: Startup | Partner, invitation_id: int, *, language: str
) -> Invitation:
    """Invite somebody anew: with another link, for another fourteen days; the earlier link no longer works.

    Raises:
        NotAllowed: the actor does not decide about members.
        NotFound: ``invitation``: it was accepted or taken back meanwhile.
        Conflict: ``too-many-invitations`` (``most`` a day).
    """
    lock_for_managing(session, actor, organisation)
    earlier = _get_open(session, organisation, invitation_id)
    revoke(session, earlier)
    return _send(session, actor, organisation, earlier.email, MembershipRole(earlier.role), language)


def revoke_invitation(
    session: DbSession, actor: Actor, organisation: Startup | Partner, invitation_id: int
) -> Invitation:
    """Take an invitation back.

    Raises:
        NotAllowed: the actor does not decide about members.
        NotFound: ``invitation``: it was accepted or taken back already.
    """
    lock_for_managing(session, actor, organisation)
    invitation = _get_open(session, organisation, invitation_id)
    revoke(session, invitation)
    session.flush()
    return invitation


def get_invitation(session: DbSession, invitation_id: int) -> Invitation:
    """An invitation that can still be accepted, for whoever has its link.

    Raises:
        NotFound: ``invitation``: it was accepted, taken back or deleted, or has expired.
    """
    found = session.get(Invitation, invitation_id)
    if found is None or found.accepted_at or found.revoked_at or is_expired(found):
        raise NotFound("invitation", id=invitation_id)
    return found


def accept_invitation(session: DbSession, actor: Actor, invitation_id: int) -> Membership:
    """Become a member. The membership is that of whoever signed in, at whichever address the invitation came.

    Raises:
        NotAllowed: nobody is signed in.
        NotFound: ``invitation``: somebody else accepted it, it was taken back or deleted, or has expired.
    """
    require(actor, Permission.USE_ACCOUNT)
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound("person")
    known = session.get(Invitation, invitation_id)
    if known is None:
        raise NotFound("invitation", id=invitation_id)
    organisation = known.organisation
    members = lock_members(session, organisation)
    known = session.get(Invitation, invitation_id, populate_existing=True)
    own = next((each for each in members if each.person_id == person.id), None)
    if known is not None and known.accepted_at and own is not None:
        return own
    invitation = get_invitation(session, invitation_id)
    invitation.accepted_at = utc_now()
    return join(session, organisation, members, person, MembershipRole(invitation.role))


def is_expired(invitation: Invitation, now: datetime | None = None) -> bool:
    """Whether its time is over."""
    return invitation.expires_at <= (now or utc_now())


def _open(organisation: Startup | Partner) -> sa.Select[Invitation]:
    statement = sa.select(Invitation).filter_by(**Invitation.columns_for(organisation))
    return statement.where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


def _get_open(session: DbSession, organisation: Startup | Partner, invitation_id: int) -> Invitation:
    statement = _open(organisation).where(Invitation.id == invitation_id)
    found: Invitation | None = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("invitation", id=invitation_id)
    return found


def _is_member(session: DbSession, members: Members, address: str) -> bool:
    if any(each.person.email.lower() == address for each in members):
        return True
    ids = [each.person_id for each in members]
    accounts = sa.select(Account.id).where(Account.person_id.in_(ids), sa.func.lower(Account.email) == address)
    return session.scalar(accounts) is not None


def _send(
    session: DbSession,
    actor: Actor,
    organisation: Startup | Partner,
    address: str,
    role: MembershipRole,
    language: str,
) -> Invitation:
    _check_number(session, actor, organisation)
    invitation = Invitation(
        email=address,
        role=role,
        invited_by_id=actor.person_id,
        expires_at=utc_now() + VALID,
        **Invitation.columns_for(organisation),
    )
    session.add(invitation)
    session.flush()
    link: OneTimeLink = make_link(session, PURPOSE, invitation.id, valid=VALID)
    values = {"invitation_id": invitation.id, "link_id": link.id}
    order_mail_to(session, "invitation", address, language, values)
    return invitation


def _check_number(session: DbSession, actor: Actor, organisation: Startup | Partner) -> None:
    """Staff invite on behalf of many, so only the organisation counts for them."""
    whose = [sa.and_(*(getattr(Invitation, key) == id_ for key, id_ in Invitation.columns_for(organisation).items()))]
    if actor.person_id is not None and not actor.is_staff:
        whose.append(Invitation.invited_by_id == actor.person_id)
    recent = sa.select(sa.func.count()).select_from(Invitation).where(Invitation.created_at > utc_now() - timedelta(1))
    if any((session.scalar(recent.where(condition)) or 0) >= A_DAY for condition in whose):
        raise Conflict("too-many-invitations", most=A_DAY)
