"""Residency: what happened between a startup and the parks, as a list of events that only grows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.network import Site
from webapp.models.person import Person
from webapp.models.publication import ListedPart
from webapp.models.startup import Startup
from webapp.models.vocabulary import Term


class ResidencyEventKind(StrEnum):
    """What can happen to a stay."""

    ENTERED = "entered"
    RENEWED = "renewed"
    """The lease goes on, until a new day."""
    EXTENDED = "extended"
    """A little longer, without a new lease."""
    REVIEWED = "reviewed"
    """Its incubation was looked at, as it is after 18 months; the note says with what result."""
    MOVED = "moved"
    """Left one site for another (``from_site`` to ``site``) without leaving the network."""
    LEFT = "left"
    CORRECTED = "corrected"
    """Says that another event (``voids``) never happened as it was recorded; what did happen is recorded anew."""


class ResidencyEvent(ListedPart, Base):
    """One event. Whether a startup is a resident is derived from these (``webapp.services.residency``)."""

    __tablename__ = "residency_event"
    __table_args__ = (Index("ix_residency_event_startup_id_on", "startup_id", "on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"))
    kind: Mapped[ResidencyEventKind] = mapped_column(String(12))
    on: Mapped[date]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    from_site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    """Of a departure: a term of the kind ``leaving_reasons``."""
    until: Mapped[date | None]
    """Of an entry, a renewal, an extension or a move: the last day of the lease, if there is one."""
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Of staff, for staff."""
    voids_id: Mapped[int | None] = mapped_column(ForeignKey("residency_event.id", ondelete="CASCADE"), unique=True)
    """Of a correction: the event that it takes back."""
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who recorded it; empty if the system or an import did."""

    startup: Mapped[Startup] = relationship()
    site: Mapped[Site] = relationship(foreign_keys=[site_id])
    from_site: Mapped[Site | None] = relationship(foreign_keys=[from_site_id])
    reason: Mapped[Term | None] = relationship()
    recorded_by: Mapped[Person | None] = relationship()

    def listed_owner(self) -> tuple[str, int]:
        return Startup.noun, self.startup_id


class PulseAnswer(StrEnum):
    """What a startup that left the parks says of itself once a year."""

    ACTIVE = "active"
    CHANGED = "changed"
    """Goes on under another name or with another business."""
    ACQUIRED = "acquired"
    CLOSED = "closed"


class Pulse(Base):
    """The yearly question to a startup that left the parks whether it is still active, and its answer."""

    __tablename__ = "pulse"
    __table_args__ = (UniqueConstraint("startup_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"))
    year: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    answered_at: Mapped[datetime | None]
    answer: Mapped[PulseAnswer | None] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who answered."""

    startup: Mapped[Startup] = relationship()
