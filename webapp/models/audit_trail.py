"""The audit trail's writer: who created, changed or deleted which record, in the same transaction as the change.

A session hook, as the change log's is (``webapp.models.change``): a rolled-back change leaves no trace and a committed
one is never missed. Statements that bypass the unit of work bypass this hook as well.

Values are written only where they say nothing of a person: codes, dates, numbers, what an organisation is called. Of
all other columns the trail says that they changed, never from what to what. Rows only ever get more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeGuard

from sqlalchemy import Boolean, Date, DateTime, Float, Integer, String, event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction

from webapp.models.audit import AuditEntry
from webapp.models.base import Base, UtcDateTime, utc_now
from webapp.models.publication import Listed, ListedPart

DOER = "doer"
"""Key of ``Session.info``: who acts, with ``role``, ``person_id`` and ``is_staff``. Without one it is the system."""

EXCUSED: Mapping[str, str] = {
    "audit_entry": "the trail itself",
    "bulk_edit_row": "says what its bulk edit did, which is in the trail",
    "change": "derived; emptied all the time",
    "cluster_release": "derived",
    "import_run_row": "part of an import, which is in the trail",
    "imported_row": "what a file said, word for word",
    "introduction_move": "a trail of its own",
    "mail_preference": "nobody else's business",
    "match": "derived",
    "match_choice": "nobody else's business",
    "matching_run": "derived",
    "one_time_link": "carries a mail's button",
    "outgoing_mail": "a record of its own, kept for a time",
    "saved_search": "nobody else's business",
    "shortlist": "nobody else's business",
    "shortlist_entry": "nobody else's business",
}
"""Tables that are not in the trail, and why. All others are."""

UNTOLD = frozenset({"account", "api_token", "passkey", "person"})
"""Tables of which no value is ever written."""

UNREMARKABLE: Mapping[str, frozenset[str]] = {
    "": frozenset({"updated_at", "version", "sort_name", "text_dates"}),
    "account": frozenset({"signed_in_at", "tf_last_counter", "idle_warnings", "idle_warned_at"}),
    "api_token": frozenset({"used_at"}),
    "passkey": frozenset({"lastuse_datetime", "sign_count"}),
    "revision": frozenset({"changes", "author_id"}),
    "startup": frozenset({"confirmation_asked_on"}),
    "partner": frozenset({"confirmation_asked_on"}),
}
"""Table (all, if empty) -> columns whose change alone is no event: counters, stamps, what is saved while one types."""

NAMES = frozenset({"slug", "code", "reference", "name_latin", "name_arabic", "company_number", "website", "key"})
"""Texts that name an organisation or a record, and are told."""

LONGEST_CODE = 20
"""Texts of columns that hold at most so many characters are codes, and are told."""


class Event(NamedTuple):
    """What happened to one record."""

    noun: str
    object_id: int
    label: str
    action: str
    changes: dict[str, Any]


class _Parts:
    """Changes of rows that belong to a listed thing, told under it."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, int], dict[str, list[list[str]]]] = {}

    def add(self, row: Any, action: str) -> None:
        """Note that a part went, came, or is another one now."""
        went, came = self._changes.setdefault(row.listed_owner(), {}).setdefault(row.__tablename__, [[], []])
        label = _part_label(row)
        if action != "created":
            went.append(label)
        if action != "deleted":
            came.append(label)

    def events(self, told: Mapping[tuple[str, int], Event]) -> Iterator[Event]:
        """One event an owner; what is known of an owner's own change gets the parts as well."""
        for owner, changes in self._changes.items():
            known = told.get(owner)
            if known is None:
                yield Event(owner[0], owner[1], "", "changed", dict(changes))
            elif known.action == "changed":
                known.changes.update(changes)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _names_a_person(row: Any) -> bool:
    """Whether what a record is called is what a person is called: a mentor's profile is, and so is its address."""
    loaded = row.__dict__
    return loaded.get("kind") == "mentor" if row.__tablename__ == "partner" else loaded.get("noun") == "partner"


def _is_told(row: Any, name: str, kind: Any) -> bool:
    if row.__tablename__ in UNTOLD:
        return False
    if name in NAMES:
        return not _names_a_person(row)
    if isinstance(kind, (Boolean, Integer, Float, Date, DateTime, UtcDateTime)):
        return True
    return isinstance(kind, String) and kind.length is not None and kind.length <= LONGEST_CODE


def _changes(row: Any) -> dict[str, Any]:
    """The columns of a row that changed."""
    state, table = inspect(row), row.__tablename__
    quiet = UNREMARKABLE[""] | UNREMARKABLE.get(table, frozenset())
    found: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if not history.has_changes() or attribute.key in quiet:
            continue
        before, after = (_plain(values[0]) if values else None for values in (history.deleted, history.added))
        if before != after:
            is_told = _is_told(row, attribute.key, attribute.columns[0].type)
            found[attribute.key] = [before, after] if is_told else None
    return found


def _label(row: Any) -> str:
    """What a record is called, if that names no person."""
    if _names_a_person(row):
        return ""
    names = ("name",) if row.__tablename__ == "data_source" else ("slug", "reference", "code", "text")
    for name in names:
        value = row.__dict__.get(name)
        if isinstance(value, str):
            return value[:160]
    return ""


def _part_label(row: Any) -> str:
    """What a part is called: its term, its site, what happened when."""
    loaded = row.__dict__
    of = next((loaded[name] for name in ("term", "site") if loaded.get(name) is not None), None)
    words = [
        str(loaded[name]) for name in ("kind", "on", "year", "name") if isinstance(loaded.get(name), (str, int, date))
    ]
    return " ".join([*words, of.code] if of is not None else words) or str(inspect(row).identity or "")


def _key(row: Any) -> int:
    """The id of a record; of one with several, the first; 0 of one that has a name instead, which is its label."""
    value = inspect(row).mapper.primary_key_from_instance(row)[0]
    return value if isinstance(value, int) else 0


def _deleted(context: UOWTransaction) -> list[Any]:
    """What a flush deletes; orphans, which the session itself does not list, included."""
    return [state.obj() for state, (is_deleted, is_listed) in context.states.items() if is_deleted and not is_listed]


def _events(session: Session, deleted: Sequence[Any]) -> list[Event]:
    told: dict[tuple[str, int], Event] = {}
    parts = _Parts()
    whole = {(row.noun, row.id) for row in (*session.new, *deleted) if isinstance(row, Listed)}
    gone = set(map(id, deleted))
    changed = [row for row in session.dirty if id(row) not in gone]
    for action, rows in (("created", session.new), ("changed", changed), ("deleted", deleted)):
        for row in rows:
            if not isinstance(row, Base) or row.__tablename__ in EXCUSED:
                continue
            changes = _changes(row) if action == "changed" else {}
            if action == "changed" and not changes:
                continue
            if _is_part(row):
                if row.listed_owner() not in whole:
                    parts.add(row, action)
                continue
            noun, object_id = row.__tablename__, _key(row)
            told[noun, object_id] = Event(noun, object_id, _label(row), action, changes)
    return [*told.values(), *parts.events(told)]


def _is_part(row: Any) -> TypeGuard[ListedPart]:
    """Whether a row is told under the profile that it belongs to; what has an address of its own is not."""
    return isinstance(row, ListedPart) and "slug" not in row.__table__.c  # type: ignore[attr-defined]


@event.listens_for(Session, "after_flush")
def _write(session: Session, context: UOWTransaction) -> None:
    events = _events(session, _deleted(context))
    if not events:
        return
    doer, now = session.info.get(DOER), utc_now()
    role = "system" if doer is None else "staff" if doer.is_staff else doer.role
    person_id = None if doer is None else doer.person_id
    who = {"at": now, "role": role, "person_id": person_id}
    session.execute(insert(AuditEntry), [who | each._asdict() for each in events])


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, context: UOWTransaction, instances: object) -> None:
    """Rows of the trail are neither changed nor deleted.

    Raises:
        RuntimeError: somebody tries.
    """
    touched = [row for row in (*session.dirty, *session.deleted) if isinstance(row, AuditEntry)]
    if any(row in session.deleted or session.is_modified(row) for row in touched):
        raise RuntimeError("the audit trail only ever grows")
