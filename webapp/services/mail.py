"""Ordering mail. A mail is a row of the transaction that it tells of: none after a rollback, none lost after a commit.

What a kind of mail says stands in ``webapp/templates/mail/<kind>``; the worker puts it into words and sends it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp.errors import Invalid
from webapp.models import DbSession, MailPreference, MailState, OneTimeLink, OutgoingMail, Person, utc_now
from webapp.services.mail_kinds import MAIL_KINDS


def order_mail(
    session: DbSession,
    kind: str,
    person: Person,
    values: dict[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
) -> OutgoingMail | None:
    """Order a mail to a person in their language; nothing if they do not want its kind or were erased.

    Args:
        kind: one of ``MAIL_KINDS``.
        values: what it tells, as JSON; ids and codes rather than texts, so that it is put into words when it is sent.
            Never a secret: of a ``OneTimeLink`` its id, which the worker signs.
        due_at: not before; at once if absent.
    """
    if person.erased_at is not None or (MAIL_KINDS[kind].can_be_refused and refuses(session, person, kind)):
        return None
    return order_mail_to(session, kind, person.email, person.language, values, person=person, due_at=due_at)


def order_mail_to(
    session: DbSession,
    kind: str,
    address: str,
    language: str,
    values: dict[str, Any] | None = None,
    *,
    person: Person | None = None,
    due_at: datetime | None = None,
) -> OutgoingMail:
    """Order a mail to an address, for instance of somebody who is invited and not yet known."""
    if kind not in MAIL_KINDS:
        raise KeyError(kind)
    mail = OutgoingMail(
        message_id=f"<{secrets.token_hex(16)}@multaqa>",
        kind=kind,
        person=person,
        address=address,
        language=language,
        values=values or {},
        due_at=due_at or utc_now(),
    )
    session.add(mail)
    session.flush()
    return mail


def order_mails(
    session: DbSession, kind: str, people: Sequence[Person], values: dict[str, Any] | None = None
) -> list[OutgoingMail]:
    """Order the same mail to several people."""
    return [mail for person in people if (mail := order_mail(session, kind, person, values))]


def refuses(session: DbSession, person: Person, kind: str) -> bool:
    """Whether a person does not want a kind of mail."""
    return session.scalar(select(MailPreference.id).filter_by(person_id=person.id, kind=kind)) is not None


def set_refusal(session: DbSession, person: Person, kind: str, *, refused: bool) -> None:
    """Note that a person does not want a kind of mail, or wants it again; waiting ones of it are cancelled.

    Raises:
        Invalid: ``mail-kind``: there is no such kind, or it cannot be refused.
    """
    if kind not in MAIL_KINDS or not MAIL_KINDS[kind].can_be_refused:
        raise Invalid("mail-kind", kind=kind)
    noted = session.scalar(select(MailPreference).filter_by(person_id=person.id, kind=kind))
    if refused and noted is None:
        session.add(MailPreference(person_id=person.id, kind=kind))
        for mail in session.scalars(
            select(OutgoingMail).filter_by(person_id=person.id, kind=kind, state=MailState.WAITING)
        ):
            mail.state = MailState.CANCELLED
    elif not refused and noted is not None:
        session.delete(noted)
    session.flush()


def cancel_mails(session: DbSession, kind: str, **values: Any) -> int:
    """Cancel the waiting mails of a kind whose values include these, no longer being true; gives how many."""
    waiting = session.scalars(select(OutgoingMail).filter_by(kind=kind, state=MailState.WAITING))
    untrue = [mail for mail in waiting if values.items() <= mail.values.items()]
    for mail in untrue:
        mail.state = MailState.CANCELLED
    session.flush()
    return len(untrue)


def make_link(
    session: DbSession, purpose: str, subject_id: int, *, person: Person | None = None, valid: timedelta
) -> OneTimeLink:
    """A link for one use that acts for a person; its id goes into the values of the mail that carries it."""
    link = OneTimeLink(purpose=purpose, person_id=person.id if person else None, subject_id=subject_id)
    link.expires_at = utc_now() + valid
    session.add(link)
    session.flush()
    return link
