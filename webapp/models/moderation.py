"""What staff do to many profiles: merging duplicates, editing in bulk, importing files, and terms nobody knew."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.person import Person


class SlugRedirect(Base):
    """A former address of a profile, which leads to its present one for ever, renamed or merged."""

    __tablename__ = "slug_redirect"
    __table_args__ = (UniqueConstraint("noun", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[int] = mapped_column(index=True)
    """Id of the startup or partner that it leads to."""
    at: Mapped[datetime] = mapped_column(default=utc_now)


class ProfileMerge(Base):
    """That a profile was merged into another one, with all that it said, since its own rows are gone."""

    __tablename__ = "profile_merge"
    __table_args__ = (UniqueConstraint("noun", "gone_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(12))
    kept_id: Mapped[int] = mapped_column(index=True)
    """Id of the profile that stands for both today; it follows when that one is merged in its turn."""
    gone_id: Mapped[int]
    gone_slug: Mapped[str] = mapped_column(String(80))
    gone_name: Mapped[str] = mapped_column(String(160))
    said: Mapped[dict[str, Any]]
    """All fields of the profile that is gone, as it said them last."""
    history: Mapped[list[dict[str, Any]]]
    """Its published revisions, the earliest first: when, what changed, what it said before; without who did it."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utc_now)

    person: Mapped[Person | None] = relationship()


class NotDuplicate(Base):
    """That staff looked at two profiles and found them to be two organisations."""

    __tablename__ = "not_duplicate"
    __table_args__ = (UniqueConstraint("noun", "first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(12))
    first_id: Mapped[int]
    """The smaller id of the two."""
    second_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class BulkEdit(Base):
    """A change of many profiles at once, with what they said before, so that it can be undone."""

    __tablename__ = "bulk_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    noun: Mapped[str] = mapped_column(String(12))
    operation: Mapped[dict[str, Any]]
    """Field, what is done to it (set, add, remove), and the value."""
    selection: Mapped[dict[str, Any]]
    """The filters of the directory by which the profiles were chosen."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    rows: Mapped[list[BulkEditRow]] = relationship(back_populates="edit", cascade="all, delete-orphan")


class BulkEditRow(Base):
    """What a bulk edit did to one profile."""

    __tablename__ = "bulk_edit_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    edit_id: Mapped[int] = mapped_column(ForeignKey("bulk_edit.id", ondelete="CASCADE"), index=True)
    object_id: Mapped[int]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    undone: Mapped[bool] = mapped_column(default=False)
    """Whether undoing gave it back what it said; not if somebody changed it since."""

    edit: Mapped[BulkEdit] = relationship(back_populates="rows")


class ImportRunState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    """Too long for a page: the worker tries it."""
    CHECKED = "checked"
    """Tried without writing; the report says what would happen."""
    IMPORTING = "importing"
    """Too long for a page: the worker imports it."""
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class ImportRun(Base):
    """A file that staff import: with its mapping, its report, and the rows that still need somebody."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[ImportRunState] = mapped_column(String(12), default=ImportRunState.UPLOADED, index=True)
    version: Mapped[int] = mapped_column()
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file as uploaded; forgotten once the import is done and no row is open."""
    mapping: Mapped[dict[str, Any]]
    """As ``webapp.services.imports.mapping`` reads it."""
    publish: Mapped[bool] = mapped_column(default=False)
    """Whether the public sees what is created."""
    report: Mapped[dict[str, Any]]
    """Numbers: rows, created, updated, unchanged, flagged, rejected, absent; or why it could not be read."""
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(default=list, deferred=True)
    """What became, or would become, of each row of the file."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    rows: Mapped[list[ImportRunRow]] = relationship(
        back_populates="run", cascade="all, delete-orphan", order_by="ImportRunRow.line"
    )

    __mapper_args__ = {"version_id_col": version}


class ImportRunRow(Base):
    """A row of an import that needs somebody: rejected, or taken for a near-duplicate."""

    __tablename__ = "import_run_row"
    __table_args__ = (Index("ix_import_run_row_run_id_settled_at", "run_id", "settled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    line: Mapped[int]
    """Of the file, from 1."""
    position: Mapped[int] = mapped_column(default=0)
    """Its place among the file's rows, from 1."""
    slug: Mapped[str] = mapped_column(String(80), default="")
    """Of the startup that was made from it, if one was."""
    cells: Mapped[dict[str, str]]
    problems: Mapped[list[dict[str, Any]]]
    """Codes with values, as the import report has them."""
    settled_at: Mapped[datetime | None]
    settled_as: Mapped[str | None] = mapped_column(String(12))
    """``imported``, ``merged`` or ``dropped``."""

    run: Mapped[ImportRun] = relationship(back_populates="rows")


class UnknownTerm(Base):
    """A word that a file had where a term of the vocabulary belongs, and that the network pack does not know."""

    __tablename__ = "unknown_term"
    __table_args__ = (UniqueConstraint("kind", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """A ``TermKind``, ``regions`` or ``sites``."""
    text: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(String(80))
    """Where it was met last."""
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)
    adopted_as: Mapped[str | None] = mapped_column(String(40))
    """Code of the term that the pack now knows it by."""
    ignored_at: Mapped[datetime | None]
