"""Mail as staff look after it: what failed or waits, trying again, giving up, and bounces that come back later."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.errors import Conflict, NotFound
from webapp.models import DbSession, MailState, OutgoingMail, utc_now
from webapp.permissions import Actor, Permission, require

OPEN = (MailState.FAILED, MailState.WAITING, MailState.SENDING)


def count_failed(session: DbSession) -> int:
    """How many mails could not be sent and nobody has looked after yet."""
    failed = sa.select(sa.func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.FAILED)
    return session.scalar(failed) or 0


def open_mails(session: DbSession, actor: Actor, limit: int = 200) -> Sequence[OutgoingMail]:
    """What failed or was put off, the failed ones first, then by age.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    troubled = sa.or_(OutgoingMail.state == MailState.FAILED, OutgoingMail.error.is_not(None))
    statement = sa.select(OutgoingMail).where(OutgoingMail.state.in_(OPEN), troubled)
    failed_first = sa.case((OutgoingMail.state == MailState.FAILED, 0), else_=1)
    return session.scalars(statement.order_by(failed_first, OutgoingMail.id).limit(limit)).all()


def try_again(session: DbSession, actor: Actor, mail_id: int) -> OutgoingMail:
    """Send a failed mail once more, from the first attempt on.

    Raises:
        NotAllowed, NotFound: as for ``_failed``.
        Conflict: ``mail-not-failed``.
    """
    mail = _failed(session, actor, mail_id)
    mail.state, mail.attempts, mail.due_at = MailState.WAITING, 0, utc_now()
    session.flush()
    return mail


def give_up(session: DbSession, actor: Actor, mail_id: int) -> OutgoingMail:
    """Take a failed mail off the list for good.

    Raises:
        NotAllowed, NotFound: as for ``_failed``.
        Conflict: ``mail-not-failed``.
    """
    mail = _failed(session, actor, mail_id)
    mail.state = MailState.CANCELLED
    session.flush()
    return mail


def note_bounce(session: DbSession, message_id: str, said: str) -> OutgoingMail:
    """Note that a mail which the server took came back; it is listed as failed.

    Raises:
        NotFound: ``mail``: no mail of this site has this Message-ID.
    """
    wanted = f"<{message_id.strip().strip('<>')}>"
    mail = session.scalar(sa.select(OutgoingMail).where(OutgoingMail.message_id == wanted))
    if mail is None:
        raise NotFound("mail", message_id=message_id)
    mail.state, mail.error = MailState.FAILED, said[:500]
    session.flush()
    return mail


def _failed(session: DbSession, actor: Actor, mail_id: int) -> OutgoingMail:
    """A failed mail.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``mail``.
        Conflict: ``mail-not-failed``: somebody looked after it already.
    """
    require(actor, Permission.STAFF)
    mail = session.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None:
        raise NotFound("mail", id=mail_id)
    if mail.state != MailState.FAILED:
        raise Conflict("mail-not-failed", id=mail_id)
    return mail
