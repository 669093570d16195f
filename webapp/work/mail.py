"""Sending mail, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog

from webapp.services.mail_delivery import Delivered, Render, deliver, keep
from webapp.services.smtp import Transport
from webapp.work.place import Workplace

MAIL_LOCK_FILE = "mail.lock"
MAIL_LOCK_KEY = 0x6D61696C

log = structlog.get_logger(__name__)


def send_mail(place: Workplace, render: Render, transport: Transport | None) -> Delivered:
    """Send the mails that are due; nothing if another process is at it.

    Args:
        place: what the work is done on.
        render: puts a mail into words.
        transport: the mail server; without one, mails are kept to be looked at.
    """
    with _sole_sender(place) as is_alone:
        if not is_alone:
            return Delivered()
        with place.sessions() as session:
            if transport is None:
                return keep(session, render)
            delivered = deliver(session, render, transport)
    if delivered.sent or delivered.failed or delivered.put_off:
        counts = {"sent": delivered.sent, "put_off": delivered.put_off, "failed": delivered.failed}
        log.info("mail delivered", **counts)
    return delivered


@contextmanager
def _sole_sender(place: Workplace) -> Iterator[bool]:
    """Whether no other process delivers. It neither waits nor blocks other work, and ends when its holder dies."""
    with place.sessions() as session:
        if session.get_bind().dialect.name == "postgresql":
            yield bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(MAIL_LOCK_KEY))))
            return
    place.data_dir.mkdir(parents=True, exist_ok=True)
    with (place.data_dir / MAIL_LOCK_FILE).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
