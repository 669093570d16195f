"""Mail that is to be sent: rows of the same transaction as what they tell of, and links in them that act."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.person import Person


class MailState(StrEnum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the mail server just now; found in this state later, the worker died, and it is sent once more."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, or given up after many attempts; staff see it."""
    GATHERED = "gathered"
    """Told in a digest instead."""
    CANCELLED = "cancelled"
    """No longer true, or no longer wanted, before it was sent."""


class OutgoingMail(Base):
    """One message to one address. It is put into words when it is sent; until then it is a kind and its values."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    """RFC 5322; the same for every attempt, so that a mail server can recognise a repetition."""
    kind: Mapped[str] = mapped_column(String(40))
    """Which message: a folder of ``webapp/templates/mail``."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    values: Mapped[dict[str, Any]]
    """What the message tells, as JSON; never a secret."""
    state: Mapped[MailState] = mapped_column(String(12), default=MailState.WAITING)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    """What the mail server last said."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()


class OneTimeLink(Base):
    """A link in a mail that acts without signing in: signed, for one use, until a date."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """For whom it acts."""
    subject_id: Mapped[int]
    """Id of what it acts on; of which table, the purpose says."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
