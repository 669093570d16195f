"""The audit trail and the register of non-conformities: evidence for the management system (ISO 9001)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.person import Person


class AuditEntry(Base):
    """That somebody created, changed or deleted a record. Rows only ever get more."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_noun_object_id", "noun", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    role: Mapped[str] = mapped_column(String(12))
    """``visitor``, ``person``, ``staff`` or ``system``."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who did it; empty for the system, and for somebody who was erased."""
    noun: Mapped[str] = mapped_column(String(40))
    """The table."""
    object_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(160), default="")
    """What the record was called then, if that names no person: a slug, a reference, a code."""
    action: Mapped[str] = mapped_column(String(8))
    """``created``, ``changed`` or ``deleted``."""
    changes: Mapped[dict[str, Any]]
    """Column -> [before, after]; of columns that hold personal data or long texts only that they changed (null)."""

    person: Mapped[Person | None] = relationship()


class Nonconformity(Base):
    """Something that did not go as the network's own rules say, with its cause and what was done about it."""

    __tablename__ = "nonconformity"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    version: Mapped[int] = mapped_column()
    subject: Mapped[str] = mapped_column(String(160))
    service: Mapped[str] = mapped_column(String(40), default="")
    """A code of the network's services, or of a queue of the desk; may be empty."""
    description: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(default="")
    """What was done, and what keeps it from happening again."""
    found_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    __mapper_args__ = {"version_id_col": version}
