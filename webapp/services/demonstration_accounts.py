"""Accounts for every role, so that a newcomer can look at the site from each side. They go with demonstration data."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import delete, select

from webapp.models import (
    Account,
    DbSession,
    Membership,
    MembershipRole,
    NetworkRole,
    Partner,
    PartnerKind,
    Person,
    PublicationState,
    Region,
    Residency,
    Site,
    Startup,
    utc_now,
)
from webapp.models.account import NEEDS_SECOND_FACTOR
from webapp.services.accounts import new_person
from webapp.services.administration import role_named
from webapp.services.network import get_network

DOMAIN = "demo.example.com"
PASSWORD = "mint tea for everybody"  # noqa: S105 - it is meant to be known
TOTP_SECRET = "MULTAQADEMONSTRATIONONLYSECRETAB"  # noqa: S105 - it is meant to be known


class _Role(NamedTuple):
    """Who one of the accounts is."""

    address: str
    name: str
    language: str
    network_role: NetworkRole | None = None
    membership: MembershipRole | None = None
    of: PartnerKind | None = None
    """Of which kind of partner it is a member; without one, of a startup."""


_ROLES = (
    _Role("owner", "Salma Bennani", "fr", membership=MembershipRole.OWNER),
    _Role("editor", "يوسف العلوي", "ar", membership=MembershipRole.EDITOR),
    _Role("investor", "Karim Tazi", "en", membership=MembershipRole.OWNER, of=PartnerKind.INVESTOR),
    _Role("mentor", "نادية الفاسي", "ar", membership=MembershipRole.OWNER, of=PartnerKind.MENTOR),
    _Role("company", "Omar Berrada", "fr", membership=MembershipRole.OWNER, of=PartnerKind.CORPORATE),
    _Role("authority", "Hind Chraïbi", "fr", NetworkRole.AUTHORITY),
    _Role("staff", "Imane Alaoui", "fr", NetworkRole.STAFF),
    _Role("administrator", "Mehdi Idrissi", "fr", NetworkRole.ADMINISTRATOR),
)


def lacks_demonstration_accounts(session: DbSession) -> bool:
    """Whether there is demonstration data without the accounts that belong to it."""
    has_data = session.scalar(select(Startup.id).where(Startup.is_demo).limit(1)) is not None
    return has_data and session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is None


def make_demonstration_accounts(session: DbSession, *, password: str, totp_secret: str) -> list[Account]:
    """Make an account for every role for which there is a demonstration profile.

    Args:
        password: the hash of ``PASSWORD``.
        totp_secret: ``TOTP_SECRET`` in the form in which it is kept.
    """
    made = [account for role in _ROLES if (account := _make(session, role, password, totp_secret))]
    session.flush()
    return made


def remove_demonstration_accounts(session: DbSession) -> int:
    """Take the accounts and their people away; gives how many there were."""
    people = list(session.scalars(select(Account.person_id).where(Account.is_demo)))
    session.execute(delete(Person).where(Person.id.in_(people)).execution_options(synchronize_session=False))
    session.expire_all()
    return len(people)


def _make(session: DbSession, role: _Role, password: str, totp_secret: str) -> Account | None:
    organisation = _organisation(session, role)
    if role.membership and organisation is None:
        return None
    network = get_network(session)
    languages = network.languages if network else [role.language]
    language = role.language if role.language in languages else languages[0]
    person = new_person(name=role.name, email=f"{role.address}@{DOMAIN}", language=language)
    person.is_demo = True
    account = Account(
        person=person, email=person.email, password=password, fs_uniquifier=secrets.token_hex(32), is_demo=True
    )
    account.confirmed_at = account.signed_in_at = utc_now()
    _give_network_role(session, account, role.network_role, totp_secret)
    session.add(account)
    session.flush()
    if role.membership and organisation is not None:
        columns = Membership.columns_for(organisation)
        session.add(Membership(person_id=person.id, role=role.membership, **columns))
        session.flush()
    return account


def _give_network_role(session: DbSession, account: Account, name: NetworkRole | None, totp_secret: str) -> None:
    if name is None:
        return
    account.roles.append(role_named(session, name))
    if name in NEEDS_SECOND_FACTOR:
        account.tf_primary_method, account.tf_totp_secret = "authenticator", totp_secret
    if name == NetworkRole.AUTHORITY:
        account.region = session.scalar(
            select(Region).join(Site, Site.region_id == Region.id).order_by(Site.id).limit(1)
        )


def _organisation(session: DbSession, role: _Role) -> Startup | Partner | None:
    """The first fitting demonstration profile that the public sees."""
    if role.of is None:
        startups = select(Startup).filter_by(is_demo=True, state=PublicationState.PUBLISHED)
        return session.scalar(startups.filter_by(residency=Residency.RESIDENT).order_by(Startup.id).limit(1))
    partners = select(Partner).filter_by(is_demo=True, state=PublicationState.PUBLISHED, kind=role.of)
    return session.scalar(partners.order_by(Partner.id).limit(1))
