"""Reading the audit trail: who did what when on which record. It is written by ``webapp.models.audit_trail``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.models import (
    Application,
    AuditEntry,
    Challenge,
    Claim,
    DbSession,
    ImportRun,
    Introduction,
    Network,
    Partner,
    Revision,
    Startup,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.network import zone_of

ACTIONS = ("created", "changed", "deleted")
ROLES = ("staff", "person", "visitor", "system")
DEEDS = 15
"""How many records the desk names of what somebody did today."""
BATCH = 500

RecordKey = tuple[str, int]
"""Table and id of a record."""


def _with_sides(model: Any) -> sa.Select[Any]:
    return sa.select(model).options(joinedload(model.startup), joinedload(model.partner))


READ: Mapping[str, tuple[Any, sa.Select[Any]]] = {
    **{
        model.__tablename__: (model, sa.select(model))
        for model in (Startup, Partner, Application, Challenge, ImportRun)
    },
    **{model.__tablename__: (model, _with_sides(model)) for model in (Claim, Introduction, Revision)},
}
"""Table -> what it holds, and how its rows are read with all that names them."""


@dataclass(frozen=True)
class AuditFilter:
    """What is asked of the trail; what is empty narrows nothing."""

    noun: str = ""
    object_id: int | None = None
    person_id: int | None = None
    action: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None
    """The last day that counts."""

    def conditions(self, zone: ZoneInfo) -> list[Any]:
        """The same for the database."""
        found = [
            column == value
            for column, value in (
                (AuditEntry.noun, self.noun),
                (AuditEntry.object_id, self.object_id),
                (AuditEntry.person_id, self.person_id),
                (AuditEntry.action, self.action),
                (AuditEntry.role, self.role),
            )
            if value
        ]
        if self.since:
            found.append(AuditEntry.at >= _beginning(self.since, zone))
        if self.until:
            found.append(AuditEntry.at < _beginning(self.until + timedelta(days=1), zone))
        return found


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def count_entries(session: DbSession, actor: Actor, asked: AuditFilter, zone: ZoneInfo) -> int:
    """How many entries a filter leaves.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    return session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(*asked.conditions(zone))) or 0


def list_entries(
    session: DbSession, actor: Actor, asked: AuditFilter, zone: ZoneInfo, *, limit: int, offset: int = 0
) -> Sequence[AuditEntry]:
    """Entries, the latest first, with who did it (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    statement = sa.select(AuditEntry).where(*asked.conditions(zone)).options(joinedload(AuditEntry.person))
    return session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit).offset(offset)).all()


def entry_rows(session: DbSession, actor: Actor, asked: AuditFilter, zone: ZoneInfo) -> Iterator[Mapping[str, object]]:
    """The same for a file, the earliest first, read in batches so that its length does not matter.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    last = 0
    while True:
        statement = sa.select(AuditEntry).where(AuditEntry.id > last, *asked.conditions(zone))
        statement = statement.options(joinedload(AuditEntry.person)).order_by(AuditEntry.id).limit(BATCH)
        entries = session.scalars(statement).all()
        for entry in entries:
            yield _row(entry, zone)
        if len(entries) < BATCH:
            return
        last = entries[-1].id
        session.expunge_all()


COLUMNS = ("at", "role", "person", "record", "id", "label", "action", "changes")
"""Of files."""


def _row(entry: AuditEntry, zone: ZoneInfo) -> dict[str, object]:
    changes = "; ".join(f"{name}: {_in_words(value)}" for name, value in entry.changes.items())
    person = entry.person.name if entry.person else ""
    at = entry.at.astimezone(zone).isoformat(timespec="seconds")
    values = (at, entry.role, person, entry.noun, entry.object_id, entry.label, entry.action, changes)
    return dict(zip(COLUMNS, values, strict=True))


def _in_words(change: Any) -> str:
    if change is None:
        return "changed"
    before, after = (_flat(value) for value in change)
    return f"{before} -> {after}"


def _flat(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def own_deeds(session: DbSession, actor: Actor, network: Network | None, today: date) -> list[AuditEntry]:
    """What somebody did today, the last deed of each record, the latest first."""
    if actor.person_id is None:
        return []
    asked = AuditFilter(person_id=actor.person_id, since=today)
    entries = list_entries(session, actor, asked, zone_of(network), limit=DEEDS * 8)
    latest: dict[RecordKey, AuditEntry] = {}
    for entry in entries:
        latest.setdefault((entry.noun, entry.object_id), entry)
    return list(latest.values())[:DEEDS]


def records_of(session: DbSession, entries: Iterable[AuditEntry]) -> dict[RecordKey, Any]:
    """The records that entries are about, of the tables that have a page, as far as they still exist.

    One query for each of ``READ`` that occurs.
    """
    entries = list(entries)
    found: dict[RecordKey, Any] = {}
    for noun, (model, statement) in READ.items():
        if ids := {entry.object_id for entry in entries if entry.noun == noun}:
            found |= {(noun, row.id): row for row in session.scalars(statement.where(model.id.in_(ids)))}
    return found


def nouns_in(session: DbSession, actor: Actor) -> list[str]:
    """The tables that the trail has entries of.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    return list(session.scalars(sa.select(AuditEntry.noun).distinct().order_by(AuditEntry.noun)))
