"""Delivering mail: which rows are due, in which order, and what becomes of each.

A row is marked as being sent, and that is committed, before the mail server hears of it. A worker that dies in between
leaves the mark; the mail is then sent once more, with the same Message-ID. So nothing is lost, and in normal running
nothing is sent twice. Only one process delivers at a time; ``webapp.work`` sees to that.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from webapp.models import MailState, OutgoingMail, utc_now
from webapp.services.mail import order_mail_to
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.services.smtp import ConnectionLost, RefusedForGood, RefusedForNow, ServerAway, Transport

BATCH = 50
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 720, 1440, 1440))
"""How long is waited after each refusal for now; after the last one the mail has failed, three days after the first."""
MOST_SINGLE = 3
"""Of more mails than this that are due to one person at once and may be gathered, one digest tells."""
LONGEST_ERROR = 500

Render = Callable[[Session, OutgoingMail], EmailMessage | None]

log = structlog.get_logger(__name__)


@dataclass
class Delivered:
    """What a delivery did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    cancelled: int = 0
    server_away: str = ""
    """Why the mail server could not be spoken to, if so; what is left waits."""


def deliver(session: Session, render: Render, transport: Transport) -> Delivered:
    """Send what is due; commits after each step. Nobody's attempts are counted while the server is away."""
    done = Delivered()
    resume(session)
    gather(session)
    due = [mail.id for mail in due_mails(session)]
    if not due:
        return done
    try:
        with transport:
            for mail_id in due:
                if (mail := _still_waiting(session, mail_id)) is not None:
                    _deliver_one(session, mail, render, transport, done)
    except ServerAway as error:
        done.server_away = str(error)[:LONGEST_ERROR] or type(error).__name__
    return done


def keep(session: Session, render: Render) -> Delivered:
    """Settle what is due where there is no mail server: it is put into words once and kept to be looked at."""
    done = Delivered()
    gather(session)
    for mail_id in [mail.id for mail in due_mails(session)]:
        mail = _still_waiting(session, mail_id)
        if mail is not None and _rendered(session, mail, render, done) is not None:
            _settle(session, mail_id, state=MailState.SENT, sent_at=utc_now())
            done.sent += 1
    return done


def due_mails(session: Session) -> Sequence[OutgoingMail]:
    """The mails to send now, in the order in which they were ordered.

    While one to an address is put off, later ones to it wait, so that an answer never comes before its question.
    """
    now = utc_now()
    waiting = sa.select(OutgoingMail).where(OutgoingMail.state == MailState.WAITING)
    held = (
        sa.select(OutgoingMail.address, sa.func.min(OutgoingMail.id))
        .where(OutgoingMail.state == MailState.WAITING, OutgoingMail.attempts > 0, OutgoingMail.due_at > now)
        .group_by(OutgoingMail.address)
    )
    first_held = {address: first for address, first in session.execute(held)}  # noqa: C416 - rows are typed tuples
    due = session.scalars(waiting.where(OutgoingMail.due_at <= now).order_by(OutgoingMail.id).limit(10 * BATCH)).all()
    return [mail for mail in due if mail.id < first_held.get(mail.address, mail.id + 1)][:BATCH]


def resume(session: Session) -> int:
    """Have what a worker that died was just sending sent once more; gives how many."""
    interrupted = session.scalars(sa.select(OutgoingMail).where(OutgoingMail.state == MailState.SENDING)).all()
    for mail in interrupted:
        mail.state = MailState.WAITING
        log.warning("mail sent once more", mail=mail.id, kind=mail.kind)
    session.commit()
    return len(interrupted)


def gather(session: Session) -> int:
    """Replace many due mails to one person by a digest of them; gives how many digests."""
    due = sa.select(OutgoingMail).where(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= utc_now())
    by_person: dict[int, list[OutgoingMail]] = defaultdict(list)
    for mail in session.scalars(due.where(OutgoingMail.person_id.is_not(None)).order_by(OutgoingMail.id)):
        kind = MAIL_KINDS.get(mail.kind)
        if mail.person_id is not None and kind is not None and kind.can_be_gathered and not mail.attempts:
            by_person[mail.person_id].append(mail)
    many = [mails for mails in by_person.values() if len(mails) > MOST_SINGLE]
    for mails in many:
        first = mails[0]
        told = {"mails": [mail.id for mail in mails]}
        order_mail_to(session, "digest", first.address, first.language, told, person=first.person)
        for mail in mails:
            mail.state = MailState.GATHERED
    session.commit()
    return len(many)


def _still_waiting(session: Session, mail_id: int) -> OutgoingMail | None:
    """A mail of the batch as it is now: it may have been cancelled or erased while others went out."""
    statement = sa.select(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state == MailState.WAITING)
    return session.scalar(statement.execution_options(populate_existing=True))


def _deliver_one(session: Session, mail: OutgoingMail, render: Render, transport: Transport, done: Delivered) -> None:
    attempt = Attempt(session, mail.id, mail.kind, mail.attempts + 1, done)
    address = mail.address
    message = _rendered(session, mail, render, done)
    if message is None or not attempt.begin():
        return
    try:
        transport.send(message, address)
    except RefusedForGood as error:
        attempt.fail(str(error))
    except RefusedForNow as error:
        attempt.put_off(str(error))
    except ConnectionLost as error:
        # Perhaps it is this very message that the server cannot bear: it lets the others go first.
        attempt.put_off(str(error))
        raise
    except ServerAway:
        attempt.take_back()
        raise
    else:
        attempt.succeed()


@dataclass(frozen=True)
class Attempt:
    """One attempt to send one mail. It is noted by single statements, so that whatever happened to the row meanwhile
    (its person was erased, say) stops no other mail."""

    session: Session
    mail_id: int
    kind: str
    number: int
    done: Delivered

    def begin(self) -> bool:
        """Mark the mail as being sent; gives whether it still waited, since somebody may have cancelled it."""
        waits = OutgoingMail.state == MailState.WAITING
        return _settle(self.session, self.mail_id, waits, state=MailState.SENDING, attempts=self.number)

    def succeed(self) -> None:
        """The server took it."""
        _settle(self.session, self.mail_id, state=MailState.SENT, sent_at=utc_now(), error=None)
        self.done.sent += 1

    def fail(self, said: str) -> None:
        """The server will never take it, or was asked often enough."""
        _settle(self.session, self.mail_id, state=MailState.FAILED, error=said[:LONGEST_ERROR])
        self.done.failed += 1
        log.warning("mail failed", mail=self.mail_id, kind=self.kind)

    def put_off(self, said: str) -> None:
        """The server may take it later."""
        if self.number > len(PAUSES):
            self.fail(said)
            return
        # A tenth more or less, so that what was refused together does not come back together.
        pause = PAUSES[self.number - 1] * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
        due_at = utc_now() + pause
        _settle(self.session, self.mail_id, state=MailState.WAITING, error=said[:LONGEST_ERROR], due_at=due_at)
        self.done.put_off += 1

    def take_back(self) -> None:
        """It was no attempt: the server takes nothing at all."""
        _settle(self.session, self.mail_id, state=MailState.WAITING, attempts=self.number - 1)


def _settle(session: Session, mail_id: int, *conditions: sa.ColumnElement[bool], **columns: Any) -> bool:
    """Change a row and commit; gives whether there was such a row."""
    change = sa.update(OutgoingMail).where(OutgoingMail.id == mail_id, *conditions).values(**columns)
    result = session.execute(change.execution_options(synchronize_session=False))
    session.commit()
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _rendered(session: Session, mail: OutgoingMail, render: Render, done: Delivered) -> EmailMessage | None:
    """The message; nothing if it is no longer true, or cannot be put into words, which stops no other mail."""
    mail_id, attempt = mail.id, Attempt(session, mail.id, mail.kind, mail.attempts, done)
    try:
        message = render(session, mail)
    except Exception as error:
        log.exception("mail cannot be put into words", mail=mail_id, kind=attempt.kind)
        session.rollback()
        attempt.fail(f"not put into words: {type(error).__name__}")
        return None
    session.commit()  # what was read is let go before somebody else's answer is waited for
    waits = OutgoingMail.state == MailState.WAITING
    if message is None and _settle(session, mail_id, waits, state=MailState.CANCELLED):
        done.cancelled += 1
        log.info("mail cancelled: no longer true", mail=mail_id, kind=attempt.kind)
    return message
