"""Accounts, as their owners use them: signing up, settings, signing in and out."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from webapp.errors import Invalid, NotAllowed
from webapp.models import (
    Account,
    Consent,
    ConsentPurpose,
    DbSession,
    MailPreference,
    MailState,
    OutgoingMail,
    Person,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.mail import order_mail_to
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.services.privacy import TERMS_VERSION

DOUBLE_CLICK = timedelta(minutes=2)
"""Within this time the same mail about an account is not ordered twice."""

PROFILE_LENGTHS = {"name": 120, "position": 120, "phone": 40}


def new_person(*, name: str, email: str, language: str) -> Person:
    """A person who signs up, with the consent to the terms and the privacy notice as they are today."""
    person = Person(name=name.strip(), email=normalised(email), language=language)
    person.consents.append(Consent(purpose=ConsentPurpose.TERMS, version=TERMS_VERSION))
    return person


def normalised(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().lower()


def find_account(session: DbSession, email: str) -> Account | None:
    """The account that signs in with an address."""
    return session.scalar(select(Account).filter_by(email=normalised(email)))


def order_account_mail(
    session: DbSession, kind: str, account: Account, *, address: str | None = None, **values: Any
) -> OutgoingMail | None:
    """Order a mail about an account to its address; nothing if the same one was ordered a moment ago.

    Whoever signs up a second time before the address is confirmed is sent the link once more, not told of an account.
    """
    if kind == "account-exists" and account.confirmed_at is None:
        kind = "account-confirm"
    values = {"account_id": account.id, **values}
    address = address or account.email
    if _is_waiting(session, kind, address, values):
        return None
    return order_mail_to(session, kind, address, account.person.language, values, person=account.person)


def _is_waiting(session: DbSession, kind: str, address: str, values: dict[str, Any]) -> bool:
    mails = select(OutgoingMail).filter_by(kind=kind, address=address, state=MailState.WAITING)
    recent = session.scalars(mails.where(OutgoingMail.created_at > utc_now() - DOUBLE_CLICK))
    return any(mail.values == values for mail in recent)


def record_sign_in(account: Account) -> None:
    """Remember that somebody signed in just now, so that the account is not taken for forgotten."""
    account.signed_in_at = utc_now()
    account.idle_warnings = 0
    account.idle_warned_at = None


def record_new_address(session: DbSession, account: Account, former: str) -> None:
    """Let the contact address follow that of signing in, and tell the former address, in case it was somebody else."""
    if account.person.email == former:
        account.person.email = account.email
    order_account_mail(session, "account-changed", account, address=former, what="address")


def change_settings(
    session: DbSession,
    actor: Actor,
    account: Account,
    *,
    name: str,
    position: str,
    phone: str,
    language: str,
) -> None:
    """Change who somebody is and how they are written to.

    Raises:
        NotAllowed: it is somebody else's account.
        Invalid: ``text-length`` with ``field`` and ``most``; ``name-missing``.
    """
    _require_own(actor, account)
    texts = {"name": name.strip(), "position": position.strip(), "phone": phone.strip()}
    for field, text in texts.items():
        if len(text) > PROFILE_LENGTHS[field]:
            raise Invalid("text-length", field=field, most=PROFILE_LENGTHS[field])
    if not texts["name"]:
        raise Invalid("name-missing")
    person = account.person
    person.name, person.position, person.phone = texts["name"], texts["position"], texts["phone"] or None
    person.language = language
    session.flush()


def refusable_kinds() -> list[str]:
    """The kinds of mail that one may refuse, in alphabetical order."""
    return sorted(kind for kind, treated in MAIL_KINDS.items() if treated.can_be_refused)


def refused_kinds(session: DbSession, person: Person) -> set[str]:
    """The kinds of mail that a person does not want."""
    return set(session.scalars(select(MailPreference.kind).filter_by(person_id=person.id)))


def refuse_kinds(session: DbSession, actor: Actor, account: Account, kinds: Collection[str]) -> None:
    """Say which kinds of mail a person does not want; the others they get.

    Raises:
        NotAllowed: it is somebody else's account.
        Invalid: ``mail-kind``: one of them cannot be refused.
    """
    _require_own(actor, account)
    wanted = set(kinds)
    if not wanted <= set(refusable_kinds()):
        raise Invalid("mail-kind")
    known = refused_kinds(session, account.person)
    mine = MailPreference.person_id == account.person_id
    session.execute(delete(MailPreference).where(mine, MailPreference.kind.in_(known - wanted)))
    session.add_all(MailPreference(person_id=account.person_id, kind=kind) for kind in sorted(wanted - known))
    session.flush()


def sign_out_everywhere(session: DbSession, actor: Actor, account: Account) -> None:
    """End all sessions of an account, on every device.

    Raises:
        NotAllowed: it is somebody else's account.
    """
    _require_own(actor, account)
    end_sessions(account)
    session.flush()


def end_sessions(account: Account) -> None:
    """Make every session and every "stay signed in" of an account worthless."""
    account.fs_uniquifier = secrets.token_hex(32)


def _require_own(actor: Actor, account: Account) -> None:
    require(actor, Permission.USE_ACCOUNT)
    if actor.account_id != account.id:
        raise NotAllowed(Permission.USE_ACCOUNT, role=actor.role)
