"""Prepared matches between startups and partners: derived, replaceable at any time from the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.introduction import Side
from webapp.models.partner import Partner
from webapp.models.startup import Startup


class Match(Base):
    """One pair that belongs on the startup's list, on the partner's, or on both."""

    __tablename__ = "match"
    __table_args__ = (
        Index("ix_match_startup_id_startup_rank", "startup_id", "startup_rank"),
        Index("ix_match_partner_id_partner_rank", "partner_id", "partner_rank"),
    )

    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float]
    """Between 0 and 1; comparable within one run only."""
    startup_rank: Mapped[int | None]
    """Place among the startup's matches of the partner's kind, from 1; empty if it is not among those kept."""
    partner_rank: Mapped[int | None]
    """Place among the partner's startups, from 1; empty if it is not among those kept."""
    explanation: Mapped[list[dict[str, Any]]]
    """The parts of the score, largest first; see ``webapp.matching.explanation``."""

    startup: Mapped[Startup] = relationship()
    partner: Mapped[Partner] = relationship()


class MatchChoice(Base):
    """That one side does not want a match, for good or until a day."""

    __tablename__ = "match_choice"
    __table_args__ = (UniqueConstraint("startup_id", "partner_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(String(8))
    """Which of the two chose: ``startup`` or ``partner``."""
    reason: Mapped[str | None] = mapped_column(String(20))
    """Why not, of those set aside for good; a code of ``webapp.services.match_choices``."""
    until: Mapped[date | None]
    """The day on which it comes back; empty: it stays away."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utc_now)

    startup: Mapped[Startup] = relationship()
    partner: Mapped[Partner] = relationship()


class MatchingRun(Base):
    """A fit of the matcher over the whole directory."""

    __tablename__ = "matching_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    stamp: Mapped[str] = mapped_column(String(64))
    """Digest of what the model depends on: settings and library versions."""
    startups: Mapped[int]
    partners: Mapped[int]
    matches: Mapped[int]
