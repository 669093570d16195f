"""Revisions: proposed changes of a profile, from draft to published, and with them its history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.membership import ONE_ORGANISATION, OfOrganisation
from webapp.models.person import Person


class RevisionState(StrEnum):
    """How far a revision has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """Given back with a reason; editing goes on in the same revision."""
    PUBLISHED = "published"
    DISCARDED = "discarded"


_IS_OPEN = text("state IN ('draft', 'submitted', 'returned')")


class Revision(OfOrganisation, Base):
    """Changes of a profile. One profile has at most one open revision, which all its members edit together."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint(ONE_ORGANISATION, name="one_organisation"),
        Index("uq_revision_open_startup", "startup_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("uq_revision_open_partner", "partner_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RevisionState] = mapped_column(String(12), default=RevisionState.DRAFT, index=True)
    version: Mapped[int] = mapped_column()
    """Counts the writes, so that of two at a time the later one fails instead of undoing the other."""
    changes: Mapped[dict[str, Any]]
    """Field -> proposed value; fields that do not change are absent."""
    before: Mapped[dict[str, Any]]
    """Field -> value when the revision was published, for the history and for going back."""
    note: Mapped[str] = mapped_column(default="")
    """Why staff returned it, in words for the members."""
    evidence: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Against what staff verified the profile, in their words and links; only they read it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who wrote to it last."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": version}
