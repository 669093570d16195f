"""Introductions between a startup and a partner: a request, two consents, a meeting, and what came of it.

Which move leads from which state to which, and who may make it, says ``webapp.services.introduction_moves``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.partner import Partner
from webapp.models.person import Person
from webapp.models.startup import Startup


class IntroductionState(StrEnum):
    """How far an introduction has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in-review"
    """A member of staff has taken it up."""
    RETURNED = "returned"
    """Given back to the requester, who may change and submit it again."""
    REFUSED = "refused"
    """By staff; the other side was never asked."""
    SENT = "sent"
    """The other side has been asked."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_NOW = "not-now"
    """Put off until a date, when the other side is asked again."""
    EXPIRED = "expired"
    INTRODUCED = "introduced"
    """Both sides have each other's contact details."""
    SCHEDULED = "scheduled"
    MET = "met"
    NO_SHOW = "no-show"
    FOLLOWED_UP = "followed-up"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """On whose behalf something is done."""

    STARTUP = "startup"
    PARTNER = "partner"
    STAFF = "staff"
    SYSTEM = "system"
    """Time itself: an expiry, a reminder, an end of putting off."""


_IS_UNSUBMITTED = text("state IN ('draft', 'returned')")
_IS_UNDER_WAY = text("state NOT IN ('draft', 'returned', 'refused', 'declined', 'expired', 'closed', 'withdrawn')")


class Introduction(Base):
    """One startup, one partner, one request. Of a pair one at most is under way, and one unsubmitted on either side."""

    __tablename__ = "introduction"
    __table_args__ = (
        Index("ix_introduction_state_due_on", "state", "due_on"),
        Index(
            "uq_introduction_under_way",
            "startup_id",
            "partner_id",
            unique=True,
            sqlite_where=_IS_UNDER_WAY,
            postgresql_where=_IS_UNDER_WAY,
        ),
        Index(
            "uq_introduction_unsubmitted",
            "startup_id",
            "partner_id",
            "asked_by",
            unique=True,
            sqlite_where=_IS_UNSUBMITTED,
            postgresql_where=_IS_UNSUBMITTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    """What addresses carry: random, so that nobody counts the introductions of others."""
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[Side] = mapped_column(String(8))
    """Which of the two asks: ``startup`` or ``partner``."""
    is_proposal: Mapped[bool] = mapped_column(default=False)
    """Whether staff proposed it to the asking side; then it was checked already."""
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who asks, and whose contact details the other side receives."""
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who accepted on the other side, and whose contact details the asking side receives."""
    state: Mapped[IntroductionState] = mapped_column(String(12), default=IntroductionState.DRAFT)
    version: Mapped[int] = mapped_column()
    """Counts the moves, so that of two at a time only one succeeds."""
    reason: Mapped[str] = mapped_column(default="")
    """Why this meeting, for staff and for the other side."""
    message: Mapped[str] = mapped_column(default="")
    """A short text that staff forward to the other side as it is."""
    language: Mapped[str] = mapped_column(String(8))
    """In which language reason and message are written."""
    return_note: Mapped[str] = mapped_column(default="")
    """Why staff returned or refused it; the requester reads it."""
    staff_note: Mapped[str] = mapped_column(default="")
    """Staff's own; neither side ever reads it."""
    decline_code: Mapped[str | None] = mapped_column(String(20))
    decline_note: Mapped[str] = mapped_column(default="")
    """Why the other side declined; staff read it, the requester never."""
    due_on: Mapped[date | None]
    """When time moves it on: the expiry of a request, the end of putting off, the next question for the outcome."""
    reminders: Mapped[int] = mapped_column(default=0)
    """How often the other side was reminded since it was asked."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    submitted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    introduced_at: Mapped[datetime | None]

    startup: Mapped[Startup] = relationship()
    partner: Mapped[Partner] = relationship()
    requester: Mapped[Person | None] = relationship(foreign_keys=[requester_id])
    answerer: Mapped[Person | None] = relationship(foreign_keys=[answerer_id])
    moves: Mapped[list[IntroductionMove]] = relationship(
        back_populates="introduction", cascade="all, delete-orphan", order_by="IntroductionMove.id"
    )
    meeting: Mapped[Meeting | None] = relationship(back_populates="introduction", cascade="all, delete-orphan")
    outcomes: Mapped[list[Outcome]] = relationship(
        back_populates="introduction", cascade="all, delete-orphan", order_by="Outcome.day, Outcome.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def asking(self) -> Startup | Partner:
        """The organisation that asks."""
        return self.startup if self.asked_by == Side.STARTUP else self.partner

    @property
    def asked(self) -> Startup | Partner:
        """The organisation that is asked."""
        return self.partner if self.asked_by == Side.STARTUP else self.startup


class IntroductionMove(Base):
    """A move that was made: rows only ever get more."""

    __tablename__ = "introduction_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    move: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[IntroductionState] = mapped_column(String(12))
    to_state: Mapped[IntroductionState] = mapped_column(String(12))
    side: Mapped[Side] = mapped_column(String(8))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    introduction: Mapped[Introduction] = relationship(back_populates="moves")
    person: Mapped[Person | None] = relationship()


class Meeting(Base):
    """When the two sides meet: times proposed by one, chosen by the other."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"), unique=True)
    proposed_by: Mapped[Side] = mapped_column(String(8))
    times: Mapped[list[str]]
    """Proposed beginnings, ISO 8601 in UTC."""
    minutes: Mapped[int] = mapped_column(default=45)
    begins_at: Mapped[datetime | None]
    """The chosen one."""
    place: Mapped[str] = mapped_column(String(300), default="")
    """An address, or a link to a call."""
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    """Of the calendar event (RFC 5545): the same for every version of it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of the calendar event: counts its versions."""

    introduction: Mapped[Introduction] = relationship(back_populates="meeting")


class Outcome(Base):
    """What one side says came of an introduction, so many days after it."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("introduction_id", "side", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(String(8))
    day: Mapped[int]
    """14, 90 or 365."""
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    answered_at: Mapped[datetime | None]
    met: Mapped[bool | None]
    useful: Mapped[bool | None]
    next_step: Mapped[str | None] = mapped_column(String(20))
    """``pilot``, ``investment``, ``mentoring``, ``hire`` or ``none``."""

    introduction: Mapped[Introduction] = relationship(back_populates="outcomes")
