"""Residency: what happened between a startup and the parks, as a list of events that only grows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.network import Site
from webapp.models.publication import ListedPart
from webapp.models.startup import Startup
from webapp.models.vocabulary import Term


class ResidencyEventKind(StrEnum):
    """What can happen to a stay."""

    ENTERED = "entered"
    RENEWED = "renewed"
    MOVED = "moved"
    """Left one site for another (``from_site`` to ``site``) without leaving the network."""
    LEFT = "left"


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
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)

    startup: Mapped[Startup] = relationship()
    site: Mapped[Site] = relationship(foreign_keys=[site_id])
    from_site: Mapped[Site | None] = relationship(foreign_keys=[from_site_id])
    reason: Mapped[Term | None] = relationship()

    def listed_owner(self) -> tuple[str, int]:
        return Startup.noun, self.startup_id
