"""The change log: which listed things changed and have not yet reached the index and the matches.

Rows are written by a session hook in the same transaction as the change, deletes included, so a rolled-back change
leaves no trace and a committed one is never missed. ``webapp.work`` drains them. Statements that bypass the unit of
work (bulk updates, raw SQL) bypass this hook as well: do not use them on listed things.

The same hook moves ``updated_at`` of a listed thing when only its parts changed, so that this column alone tells
whether anything of a profile is still as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, String, bindparam, event, func, insert, inspect, select, update
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from webapp.models.base import Base, utc_now
from webapp.models.publication import Listed, ListedPart


class Change(Base):
    """A listed thing that changed; several rows for one thing are harmless."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def pending(cls) -> Select[int, int, datetime]:
        """What tells one state of the log from another: number of rows, last id, last moment; ``None`` without rows."""
        return select(func.count(), func.max(cls.id), func.max(cls.at)).select_from(cls)


Key = tuple[str, int]
"""Noun and id of a listed thing."""


def _changed(session: Session) -> Iterable[Key]:
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
        stamped = {(row.noun, row.id) for row in (*session.new, *session.deleted) if isinstance(row, Listed)}
        stamped |= {(row.noun, row.id) for row in session.dirty if isinstance(row, Listed) and _is_dated(row)}
        _move_stamps(session, [key for key in changed if key not in stamped], now)


def _is_dated(row: Listed) -> bool:
    """Whether somebody set ``updated_at`` by hand, as the demonstration does to be the same on every day."""
    return bool(inspect(row, raiseerr=True).attrs.updated_at.history.has_changes())


def _move_stamps(session: Session, changed: Iterable[Key], now: datetime) -> None:
    """Set ``updated_at``, in the database and in the rows that the session holds.

    The column's own ``onupdate`` is not enough: a change of parts alone writes nothing into the row of their owner.
    """
    for model in Listed.__subclasses__():
        ids = [object_id for noun, object_id in changed if noun == model.noun]
        if not ids:
            continue
        table = model.__table__  # type: ignore[attr-defined]
        statement = update(table).where(table.c.id == bindparam("changed_id")).values(updated_at=bindparam("now"))
        session.connection().execute(statement, [{"changed_id": object_id, "now": now} for object_id in ids])
        for object_id in ids:
            row = session.identity_map.get(identity_key(model, object_id))
            if row is not None:
                set_committed_value(row, "updated_at", now)


def touch(row: Listed) -> None:
    """Order a listed thing to be indexed and matched again, though none of its own rows changed."""
    session = object_session(row)
    if session is None:
        raise ValueError("not in a session")
    session.add(Change(noun=row.noun, object_id=row.id))
