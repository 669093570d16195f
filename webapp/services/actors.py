"""Who an account is, as the permissions see it."""

from __future__ import annotations

from sqlalchemy import select

from webapp.models import Account, DbSession, Membership, MembershipRole, Partner, Person, Startup
from webapp.models.account import NEEDS_SECOND_FACTOR as NEEDS_SECOND_FACTOR
from webapp.permissions import Actor, OrganisationKey


def actor_of(session: DbSession, account: Account) -> Actor:
    """The actor that an account makes; staff without a second factor are not yet staff."""
    roles = account.network_roles
    if lacks_second_factor(account):
        roles -= NEEDS_SECOND_FACTOR
    return Actor(
        "person",
        account_id=account.id,
        person_id=account.person_id,
        memberships=memberships_of(session, account.person_id),
        network_roles=roles,
        region_id=account.region_id,
    )


def lacks_second_factor(account: Account) -> bool:
    """Whether an account has a role that it cannot use before it has a second factor."""
    return bool(account.network_roles & NEEDS_SECOND_FACTOR) and not account.has_second_factor


def memberships_of(session: DbSession, person_id: int) -> dict[OrganisationKey, MembershipRole]:
    """The organisations that a person acts for, and as what."""
    statement = select(Membership.startup_id, Membership.partner_id, Membership.role)
    rows = session.execute(statement.where(Membership.person_id == person_id))
    return {
        (Startup.noun, startup_id) if startup_id else (Partner.noun, partner_id or 0): MembershipRole(role)
        for startup_id, partner_id, role in rows
    }


def members_of(session: DbSession, organisation: Startup | Partner) -> list[Person]:
    """The people who act for an organisation, owners first, then in the order in which they came."""
    statement = select(Membership).filter_by(**Membership.columns_for(organisation)).order_by(Membership.id)
    memberships = session.scalars(statement).all()
    owners_first = sorted(memberships, key=lambda membership: membership.role != MembershipRole.OWNER)
    return [membership.person for membership in owners_first]
