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
from datetime import datetime, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from webapp.models import MailState, OutgoingMail, utc_now
from webapp.services.mail import order_mail_to
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.services.smtp import RefusedForGood, RefusedForNow, ServerAway, Transport

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
    is_server_away: bool = False


def deliver(session: Session, render: Render, transport: Transport) -> Delivered:
    """Send what is due; commits after each step. Nobody's attempts are counted while the server is away."""
    done = Delivered()
    resume(session)
    gather(session)
    due = due_mails(session)
    if not due:
        return done
    try:
        with transport:
            for mail in due:
                _deliver_one(session, mail, render, transport, done)
    except ServerAway as error:
        done.is_server_away = True
        log.warning("mail server away", error=str(error)[:LONGEST_ERROR])
    return done


def keep(session: Session, render: Render) -> int:
    """Settle what is due where there is no mail server: it is put into words once and kept to be looked at."""
    gather(session)
    kept = 0
    for mail in due_mails(session):
        if render(session, mail) is None:
            mail.state = MailState.CANCELLED
        else:
            mail.state, mail.sent_at = MailState.SENT, utc_now()
            kept += 1
        session.commit()
    return kept


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
        if mail.person_id is not None and MAIL_KINDS[mail.kind].can_be_gathered and not mail.attempts:
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


def _deliver_one(session: Session, mail: OutgoingMail, render: Render, transport: Transport, done: Delivered) -> None:
    message = _rendered(session, mail, render, done)
    if message is None:
        return
    mail.state = MailState.SENDING
    mail.attempts += 1
    session.commit()
    try:
        transport.send(message, mail.address)
    except RefusedForGood as error:
        _fail(mail, str(error), done)
    except RefusedForNow as error:
        _put_off(mail, str(error), utc_now(), done)
    except ServerAway:
        mail.state = MailState.WAITING
        mail.attempts -= 1
        session.commit()
        raise
    else:
        mail.state, mail.sent_at, mail.error = MailState.SENT, utc_now(), None
        done.sent += 1
    session.commit()


def _rendered(session: Session, mail: OutgoingMail, render: Render, done: Delivered) -> EmailMessage | None:
    """The message; nothing if it is no longer true, or cannot be put into words, which stops no other mail."""
    try:
        message = render(session, mail)
    except Exception as error:
        log.exception("mail cannot be put into words", mail=mail.id, kind=mail.kind)
        session.rollback()
        _fail(mail, f"not put into words: {type(error).__name__}", done)
        session.commit()
        return None
    if message is None:
        mail.state = MailState.CANCELLED
        done.cancelled += 1
        session.commit()
    return message


def _fail(mail: OutgoingMail, said: str, done: Delivered) -> None:
    mail.state, mail.error = MailState.FAILED, said[:LONGEST_ERROR]
    done.failed += 1
    log.warning("mail failed", mail=mail.id, kind=mail.kind)


def _put_off(mail: OutgoingMail, said: str, now: datetime, done: Delivered) -> None:
    if mail.attempts > len(PAUSES):
        _fail(mail, said, done)
        return
    pause = PAUSES[mail.attempts - 1]
    mail.state, mail.error = MailState.WAITING, said[:LONGEST_ERROR]
    # A tenth more or less, so that what was refused together does not come back together.
    mail.due_at = now + pause * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
    done.put_off += 1
