"""Matchmaking days: one site, one day, many short meetings, planned from the scores of matches."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Localized, utc_now
from webapp.models.membership import ONE_ORGANISATION, OfOrganisation
from webapp.models.network import Site
from webapp.models.person import Person


class DayState(StrEnum):
    """How far a matchmaking day has come."""

    DRAFT = "draft"
    """Staff choose participants and plan; nobody else sees it."""
    PUBLISHED = "published"
    """Participants have their timetables."""
    HELD = "held"
    CANCELLED = "cancelled"


class MatchmakingDay(Base):
    """A day of meetings at a site."""

    __tablename__ = "matchmaking_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[Localized]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    on: Mapped[date] = mapped_column(index=True)
    state: Mapped[DayState] = mapped_column(String(12), default=DayState.DRAFT)
    version: Mapped[int] = mapped_column()
    begins: Mapped[list[str]]
    """The beginnings of the slots, local time of the network, HH:MM, ascending."""
    minutes: Mapped[int] = mapped_column(default=20)
    """How long a meeting lasts."""
    tables: Mapped[int | None]
    """How many meetings fit into the rooms at a time; without a number as many as need be."""
    startup_meetings: Mapped[int] = mapped_column(default=4)
    """At most so many for a startup, unless its own row says otherwise."""
    partner_meetings: Mapped[int] = mapped_column(default=8)
    place: Mapped[str] = mapped_column(String(200), default="")
    """Room or floor."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    planned_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    site: Mapped[Site] = relationship()
    participants: Mapped[list[DayParticipant]] = relationship(
        back_populates="day", cascade="all, delete-orphan", order_by="DayParticipant.id"
    )
    meetings: Mapped[list[DayMeeting]] = relationship(
        back_populates="day", cascade="all, delete-orphan", order_by="DayMeeting.slot, DayMeeting.id"
    )
    exclusions: Mapped[list[DayExclusion]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class DayParticipant(OfOrganisation, Base):
    """A startup or a partner that comes to a matchmaking day."""

    __tablename__ = "day_participant"
    __table_args__ = (
        CheckConstraint(ONE_ORGANISATION, name="one_organisation"),
        UniqueConstraint("day_id", "startup_id"),
        UniqueConstraint("day_id", "partner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_day.id", ondelete="CASCADE"))
    meetings: Mapped[int | None]
    """At most so many; empty: as many as the day says."""
    away: Mapped[list[int]] = mapped_column(default=list)
    """Slots, from 0, in which it is not there."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who comes for it; one person is in one meeting at a time, whatever organisations they come for."""
    told: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the timetable that its members were sent last; empty: none yet."""

    day: Mapped[MatchmakingDay] = relationship(back_populates="participants")
    person: Mapped[Person | None] = relationship()


class MeetingResult(StrEnum):
    """What became of a planned meeting."""

    HELD = "held"
    STARTUP_MISSING = "startup-missing"
    PARTNER_MISSING = "partner-missing"
    BOTH_MISSING = "both-missing"


class DayMeeting(Base):
    """A meeting of a matchmaking day."""

    __tablename__ = "day_meeting"
    __table_args__ = (UniqueConstraint("startup_participant_id", "partner_participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_day.id", ondelete="CASCADE"), index=True)
    startup_participant_id: Mapped[int] = mapped_column(ForeignKey("day_participant.id", ondelete="CASCADE"))
    partner_participant_id: Mapped[int] = mapped_column(
        ForeignKey("day_participant.id", ondelete="CASCADE"), index=True
    )
    slot: Mapped[int]
    """From 0."""
    table: Mapped[int | None]
    """Number of the table, from 1."""
    score: Mapped[float]
    """Of the match, 0 to 1, when it was planned."""
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Whether planning anew leaves it where it is."""
    result: Mapped[MeetingResult | None] = mapped_column(String(20))
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    """Of the calendar event (RFC 5545)."""
    sequence: Mapped[int] = mapped_column(default=0)

    day: Mapped[MatchmakingDay] = relationship(back_populates="meetings")
    startup_participant: Mapped[DayParticipant] = relationship(foreign_keys=[startup_participant_id])
    partner_participant: Mapped[DayParticipant] = relationship(foreign_keys=[partner_participant_id])
    feedback: Mapped[list[DayFeedback]] = relationship(back_populates="meeting", cascade="all, delete-orphan")


class DayFeedback(Base):
    """What one side says of a meeting."""

    __tablename__ = "day_feedback"
    __table_args__ = (UniqueConstraint("meeting_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("day_meeting.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(8))
    """``startup`` or ``partner``."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    rating: Mapped[int]
    """1 to 5."""
    wants_more: Mapped[bool] = mapped_column(default=False)
    """Whether they want to meet again."""
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=utc_now)

    meeting: Mapped[DayMeeting] = relationship(back_populates="feedback")


class DayExclusion(Base):
    """A pair that must not meet on a day."""

    __tablename__ = "day_exclusion"
    __table_args__ = (UniqueConstraint("startup_participant_id", "partner_participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("matchmaking_day.id", ondelete="CASCADE"), index=True)
    startup_participant_id: Mapped[int] = mapped_column(ForeignKey("day_participant.id", ondelete="CASCADE"))
    partner_participant_id: Mapped[int] = mapped_column(
        ForeignKey("day_participant.id", ondelete="CASCADE"), index=True
    )
