"""Challenges: problems that corporate partners ask startups to solve, and the startups that answer them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Localized, utc_now
from webapp.models.partner import Partner
from webapp.models.person import Person
from webapp.models.publication import ListedPart
from webapp.models.startup import Startup
from webapp.models.vocabulary import Term


class ChallengeState(StrEnum):
    """How far a challenge has come. An open one whose deadline has passed takes no more answers."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """Given back by staff with a reason."""
    OPEN = "open"
    CLOSED = "closed"
    """Decided, or ended by its partner."""
    WITHDRAWN = "withdrawn"


class Challenge(ListedPart, Base):
    """A problem that a corporate partner asks startups to solve, until a deadline."""

    __tablename__ = "challenge"
    __table_args__ = (CheckConstraint("budget_min <= budget_max", name="budget_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[ChallengeState] = mapped_column(String(12), default=ChallengeState.DRAFT, index=True)
    version: Mapped[int] = mapped_column()
    title: Mapped[Localized]
    problem: Mapped[Localized]
    terms: Mapped[Localized] = mapped_column(default=dict)
    """What the partner offers and asks for: pilot, property of results, payment."""
    budget_min: Mapped[int | None]
    budget_max: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    deadline: Mapped[date]
    """The last day on which one can answer."""
    note: Mapped[str] = mapped_column(default="")
    """Why staff returned it."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    submitted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    """When its partner was told that its deadline has passed."""

    partner: Mapped[Partner] = relationship(back_populates="challenges")
    subjects: Mapped[list[Term]] = relationship(secondary="challenge_term", order_by=(Term.kind, Term.position))
    """Sectors and technologies that it is about."""
    answers: Mapped[list[ChallengeAnswer]] = relationship(back_populates="challenge", cascade="all, delete-orphan")
    invitations: Mapped[list[ChallengeInvitation]] = relationship(
        back_populates="challenge", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    def listed_owner(self) -> tuple[str, int]:
        return Partner.noun, self.partner_id


class ChallengeTerm(Base):
    """A sector or technology that a challenge is about."""

    __tablename__ = "challenge_term"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True, index=True)


class ChallengeInvitation(Base):
    """That a startup that matches a challenge was told of it."""

    __tablename__ = "challenge_invitation"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), primary_key=True, index=True)
    score: Mapped[float]
    """How well it matches, 0 to 1."""
    at: Mapped[datetime] = mapped_column(default=utc_now)

    challenge: Mapped[Challenge] = relationship(back_populates="invitations")
    startup: Mapped[Startup] = relationship()


class AnswerState(StrEnum):
    """How far a startup's answer has come."""

    SENT = "sent"
    SHORTLISTED = "shortlisted"
    CHOSEN = "chosen"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ChallengeAnswer(Base):
    """What a startup proposes as the solution of a challenge."""

    __tablename__ = "challenge_answer"
    __table_args__ = (UniqueConstraint("challenge_id", "startup_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    state: Mapped[AnswerState] = mapped_column(String(12), default=AnswerState.SENT)
    version: Mapped[int] = mapped_column()
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    """For the partner and for staff."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who answered, and whose contact details the partner receives once the answer is shortlisted."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who decided for the partner, and whose contact details the startup receives then."""
    note: Mapped[str] = mapped_column(default="")
    """Of the partner to the startup, with its decision."""
    at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship(back_populates="answers")
    startup: Mapped[Startup] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": version}
