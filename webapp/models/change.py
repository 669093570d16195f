"""The change log: which listed things changed and have not yet reached the index and the matches.

Rows are written by a session hook in the same transaction as the change, deletes included, so a rolled-back change
leaves no trace and a committed one is never missed. ``webapp.work`` drains them. Statements that bypass the unit of
work (bulk updates, raw SQL) bypass this hook as well: do not use them on listed things.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, event, insert
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, object_session

from webapp.models.base import Base, utc_now
from webapp.models.publication import Listed, ListedPart


class Change(Base):
    """A listed thing that changed; several rows for one thing are harmless."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utc_now)


def _changed(session: Session) -> Iterable[tuple[str, int]]:
    modified = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *modified, *session.deleted):
        if isinstance(row, Listed):
            yield row.noun, row.id
        elif isinstance(row, ListedPart):
            yield row.listed_owner()


@event.listens_for(Session, "after_flush")
def _record_changes(session: Session, context: UOWTransaction) -> None:
    changed = sorted(set(_changed(session)))
    if changed:
        now = utc_now()
        session.execute(
            insert(Change), [{"noun": noun, "object_id": object_id, "at": now} for noun, object_id in changed]
        )


def touch(row: Listed) -> None:
    """Order a listed thing to be indexed and matched again, though none of its own rows changed."""
    session = object_session(row)
    if session is None:
        raise ValueError("not in a session")
    session.add(Change(noun=row.noun, object_id=row.id))
