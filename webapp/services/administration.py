"""Who works for the network: network roles, closing and opening accounts. Administrators decide, commands help."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import Account, DbSession, NetworkRole, Person, Region, Role, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.accounts import end_sessions, find_account, new_person, normalised, order_account_mail
from webapp.services.write_lock import lock_rows

PAGE = 50
BATCH = 200
COLUMNS = ("id", "name", "email", "roles", "region", "active", "confirmed")
"""Of files."""


@dataclass(frozen=True)
class AccountPage:
    """A page of the list of accounts."""

    accounts: list[Account]
    count: int
    """Of all that were found."""
    pages: int


def list_accounts(session: DbSession, actor: Actor, text: str = "", *, page: int = 1) -> AccountPage:
    """Accounts whose name or address contains a text, those with network roles first.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such page, with ``pages``.
    """
    require(actor, Permission.ADMINISTER)
    found = _found(text)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-count // PAGE))
    if not 1 <= page <= pages:
        raise NotFound("page", pages=pages)
    cut = found.limit(PAGE).offset((page - 1) * PAGE)
    return AccountPage(list(session.scalars(cut)), count, pages)


def account_rows(session: DbSession, actor: Actor, text: str = "") -> Iterator[Mapping[str, Any]]:
    """All pages of the same list for a file, read in batches.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    require(actor, Permission.ADMINISTER)
    whole = _found(text).options(selectinload(Account.region)).execution_options(yield_per=BATCH)
    for account in session.scalars(whole):
        yield {
            "id": account.id,
            "name": account.person.name,
            "email": account.email,
            "roles": [str(role) for role in sorted(account.network_roles)],
            "region": account.region.code if account.region else None,
            "active": account.active,
            "confirmed": account.confirmed_at is not None,
        }


def _found(text: str) -> Select[Account]:
    found = select(Account).join(Account.person)
    for word in text.split():
        found = found.where(or_(Person.name.icontains(word, autoescape=True), Account.email.icontains(word.lower())))
    return found.order_by(~Account.roles.any(), Account.email)


def get_account(session: DbSession, actor: Actor, account_id: int) -> Account:
    """An account, for an administrator.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such account.
    """
    require(actor, Permission.ADMINISTER)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account")
    return account


def mark_of_roles(account: Account) -> str:
    """A mark that changes with what an account is for the network."""
    return " ".join([*sorted(account.network_roles), str(account.region_id or "")])


def set_network_roles(
    session: DbSession,
    actor: Actor,
    account: Account,
    roles: Collection[NetworkRole],
    region: Region | None,
    *,
    mark: str | None = None,
) -> bool:
    """Say what an account is for the network; its sessions end if that changes. Gives whether it does.

    Args:
        mark: what ``mark_of_roles`` gave when the page was shown, if somebody decided on one.

    Raises:
        NotAllowed: the actor is no administrator.
        Invalid: ``region-missing``: an authority needs its region.
        Conflict: ``last-administrator``; ``changed-meanwhile``: somebody else gave or took a role.
    """
    require(actor, Permission.ADMINISTER)
    lock_rows(session, Account, account.id)
    session.refresh(account)
    if mark is not None and mark != mark_of_roles(account):
        raise Conflict("changed-meanwhile")
    wanted = frozenset(roles)
    is_authority = NetworkRole.AUTHORITY in wanted
    if is_authority and region is None:
        raise Invalid("region-missing")
    region_id = region.id if region and is_authority else None
    if wanted == account.network_roles and region_id == account.region_id:
        return False
    if NetworkRole.ADMINISTRATOR in account.network_roles - wanted:
        _require_another_administrator(session, account)
    account.roles = [role_named(session, name) for name in NetworkRole if name in wanted]
    account.region_id = region_id
    end_sessions(account)
    order_account_mail(session, "account-changed", account, what="roles")
    session.flush()
    return True


def set_active(session: DbSession, actor: Actor, account: Account, active: bool) -> None:
    """Close an account, which ends its sessions, or open it again.

    Raises:
        NotAllowed: the actor is no administrator.
        Conflict: ``last-administrator``.
    """
    require(actor, Permission.ADMINISTER)
    if account.active == active:
        return
    if not active:
        if NetworkRole.ADMINISTRATOR in account.network_roles:
            _require_another_administrator(session, account)
        end_sessions(account)
    account.active = active
    session.flush()


def reset_second_factor(session: DbSession, actor: Actor, account: Account) -> None:
    """Take away authenticator app, recovery codes and passkeys, for somebody who lost them; sessions end.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    require(actor, Permission.ADMINISTER)
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    account.mf_recovery_codes = None
    account.webauthn.clear()
    end_sessions(account)
    order_account_mail(session, "account-changed", account, what="second-factor-reset")
    session.flush()


def make_administrator(session: DbSession, actor: Actor, *, email: str, name: str, language: str) -> Account:
    """Make an account an administrator's; a new, confirmed one without a password if nobody has that address.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    require(actor, Permission.ADMINISTER)
    account = find_account(session, email)
    if account is None:
        person = new_person(name=name, email=email, language=language)
        account = Account(person=person, email=normalised(email), fs_uniquifier=secrets.token_hex(32))
        session.add(account)
    account.confirmed_at = account.confirmed_at or utc_now()
    account.active = True
    administrator = role_named(session, NetworkRole.ADMINISTRATOR)
    if administrator not in account.roles:
        account.roles.append(administrator)
        end_sessions(account)
    session.flush()
    return account


def administrators(session: DbSession) -> list[Account]:
    """The active accounts of administrators."""
    is_administrator = Account.roles.any(Role.name == NetworkRole.ADMINISTRATOR)
    return list(session.scalars(select(Account).where(is_administrator, Account.active).order_by(Account.id)))


def role_named(session: DbSession, name: NetworkRole) -> Role:
    """The row of a network role, made when it is first needed."""
    role = session.scalar(select(Role).filter_by(name=name))
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role


def _require_another_administrator(session: DbSession, account: Account) -> None:
    """Of two administrators who take the role from each other at once, the second waits here and fails."""
    lock_rows(session, Role, role_named(session, NetworkRole.ADMINISTRATOR).id)
    session.expire_all()
    if not [each for each in administrators(session) if each.id != account.id]:
        raise Conflict("last-administrator")
