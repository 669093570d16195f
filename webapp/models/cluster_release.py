"""Released figures of regions and sectors: derived, replaceable at any time from the database."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class ClusterRelease(Base):
    """All figures as of one day; the public ones are published together, so that none gives away what another hides."""

    __tablename__ = "cluster_release"

    as_of: Mapped[date] = mapped_column(primary_key=True)
    form: Mapped[int]
    """Version of the content's form; see ``webapp.services.cluster_figures``."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of everything that the figures follow from."""
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    content: Mapped[str] = mapped_column(Text)
    """The public figures as JSON."""
    full_content: Mapped[str | None] = mapped_column(Text)
    """The same with nothing withheld, for the network's staff and, of its own region, an authority. Never published."""
