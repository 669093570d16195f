"""Claims: somebody says that an existing profile is theirs; staff look and decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, NotFound
from webapp.models import (
    Account,
    Claim,
    ClaimState,
    DbSession,
    Membership,
    MembershipRole,
    Partner,
    Person,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.evidence import hand_over
from webapp.services.imports.lookalikes import web_place
from webapp.services.mail import order_mail
from webapp.services.memberships import has_members, join, lock_members

MOST_WAITING = 5
"""How many claims of one person may wait at a time."""

_FREE_MAIL = """
gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr
ymail.com icloud.com me.com aol.com proton.me protonmail.com gmx.com gmx.fr zoho.com menara.ma orange.fr free.fr
laposte.net
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
"""Domains at which everybody can have an address, so that it says nothing of where somebody works."""


def make_claim(
    session: DbSession, actor: Actor, organisation: Startup | Partner, *, position: str, statement: str
) -> Claim:
    """Claim a published profile that has no member. Sending the same twice is one claim.

    The files that the actor has uploaded for it go along.

    Args:
        position: what the claimant is in the organisation.
        statement: how staff can check that.

    Raises:
        NotAllowed: nobody is signed in.
        NotFound: ``organisation``: the public does not see it.
        Conflict: ``has-members``: those who act for it decide who else does; ``claim-waiting``: the person has claimed
            it already; ``too-many-claims``: too many of theirs wait (``most``).
    """
    require(actor, Permission.USE_ACCOUNT)
    account = session.get(Account, actor.account_id)
    if account is None or not organisation.is_published:
        raise NotFound("organisation")
    if lock_members(session, organisation):
        raise Conflict("has-members")
    waiting = list(session.scalars(_waiting().where(Claim.person_id == account.person_id)))
    for known in waiting:
        if known.organisation is organisation:
            if (known.position, known.statement) == (position, statement):
                return known
            raise Conflict("claim-waiting")
    if len(waiting) >= MOST_WAITING:
        raise Conflict("too-many-claims", most=MOST_WAITING)
    claim = Claim(
        person=account.person,
        position=position,
        statement=statement,
        has_company_address=is_at_company(account, organisation.website),
        **Claim.columns_for(organisation),
    )
    session.add(claim)
    session.flush()
    hand_over(session, actor, claim)
    order_mail(session, "claim-received", account.person, {"claim_id": claim.id})
    return claim


def is_at_company(account: Account, website: str | None) -> bool:
    """Whether a confirmed address is at the domain of a website, with or without a host's name before it."""
    host = web_place(website)
    domain = account.email.rpartition("@")[2].lower().rstrip(".")
    if not account.confirmed_at or not host or "/" in host or not domain or domain in FREE_MAIL:
        return False
    return domain == host or domain.endswith(f".{host}") or (host.endswith(f".{domain}") and "." in domain)


def withdraw_claim(session: DbSession, actor: Actor, claim_id: int) -> None:
    """Take back one's own claim; nothing happens if it no longer waits.

    Raises:
        NotFound: ``claim``: there is none of the actor's.
    """
    require(actor, Permission.USE_ACCOUNT)
    claim = session.get(Claim, claim_id)
    if claim is None or claim.person_id != actor.person_id:
        raise NotFound("claim", id=claim_id)
    with suppress(Conflict):
        _decide(session, claim, ClaimState.WITHDRAWN, None, "")


def own_claims(session: DbSession, actor: Actor, since: datetime) -> Sequence[Claim]:
    """The actor's claims that wait, and those that were refused after a moment, the newest first."""
    refused = sa.and_(Claim.state == ClaimState.REFUSED, Claim.decided_at > since)
    statement = _with_organisation(sa.select(Claim).where(Claim.person_id == actor.person_id))
    shown = statement.where(sa.or_(Claim.state == ClaimState.WAITING, refused))
    return session.scalars(shown.order_by(Claim.id.desc())).all()


def list_waiting_claims(session: DbSession, actor: Actor) -> Sequence[Claim]:
    """What staff have to decide, oldest first.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    statement = _with_organisation(_waiting()).options(joinedload(Claim.person))
    return session.scalars(statement.order_by(Claim.created_at, Claim.id)).all()


def count_waiting_claims(session: DbSession) -> int:
    """How many claims wait for staff."""
    statement = sa.select(sa.func.count()).select_from(Claim).where(Claim.state == ClaimState.WAITING)
    return session.scalar(statement) or 0


def get_claim(session: DbSession, actor: Actor, claim_id: int) -> Claim:
    """A claim, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``claim``: there is none.
    """
    require(actor, Permission.STAFF)
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound("claim", id=claim_id)
    return claim


def other_claims(session: DbSession, claim: Claim) -> Sequence[Claim]:
    """All other claims of the same profile, the newest first."""
    same = sa.select(Claim).filter_by(**Claim.columns_for(claim.organisation)).where(Claim.id != claim.id)
    return session.scalars(same.options(joinedload(Claim.person)).order_by(Claim.id.desc())).all()


def account_of(session: DbSession, person: Person) -> Account | None:
    """How a claimant signs in."""
    return session.scalar(sa.select(Account).where(Account.person_id == person.id))


def approve_claim(
    session: DbSession, actor: Actor, claim: Claim, *, role: MembershipRole = MembershipRole.OWNER, note: str = ""
) -> Membership:
    """Make the claimant a member and tell them.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``claim-decided``: somebody else decided meanwhile, or the claimant withdrew it (``state``).
    """
    require(actor, Permission.STAFF)
    organisation = claim.organisation
    members = lock_members(session, organisation)
    _decide(session, claim, ClaimState.APPROVED, actor, note)
    membership = join(session, organisation, members, claim.person, role)
    order_mail(session, "claim-approved", claim.person, {"claim_id": claim.id})
    return membership


def refuse_claim(session: DbSession, actor: Actor, claim: Claim, *, note: str) -> None:
    """Refuse a claim and tell the claimant why.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``claim-decided``: somebody else decided meanwhile, or the claimant withdrew it (``state``).
    """
    require(actor, Permission.STAFF)
    _decide(session, claim, ClaimState.REFUSED, actor, note)
    order_mail(session, "claim-refused", claim.person, {"claim_id": claim.id})


def unclaimed(session: DbSession, model: type[Startup] | type[Partner], ids: Iterable[int]) -> set[int]:
    """Those of some profiles for which nobody acts (one query)."""
    wanted = set(ids)
    column = Membership.startup_id if model is Startup else Membership.partner_id
    return wanted - set(session.scalars(sa.select(column).where(column.in_(wanted))))


def can_be_claimed(session: DbSession, organisation: Startup | Partner) -> bool:
    """Whether a profile may be claimed by whoever it is of (one query)."""
    return organisation.is_published and not has_members(session, organisation)


def _decide(session: DbSession, claim: Claim, state: ClaimState, actor: Actor | None, note: str) -> None:
    """Decide once: the row is changed only if it still waits, so of two decisions at a time one is told so."""
    values = {"state": state, "note": note, "decided_at": utc_now(), "decided_by_id": actor and actor.person_id}
    statement = sa.update(Claim).where(Claim.id == claim.id, Claim.state == ClaimState.WAITING).values(values)
    changed = session.execute(statement.execution_options(synchronize_session=False))
    session.refresh(claim)
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("claim-decided", state=str(claim.state))


def _waiting() -> sa.Select[Claim]:
    return sa.select(Claim).where(Claim.state == ClaimState.WAITING)


def _with_organisation(statement: sa.Select[Claim]) -> sa.Select[Claim]:
    return statement.options(joinedload(Claim.startup), joinedload(Claim.partner))
