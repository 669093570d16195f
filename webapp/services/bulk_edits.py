"""Changing many profiles at once: what would change, doing it, and undoing it.

What staff saw is what is done: a preview has a digest, and doing it refuses if meanwhile the digest is another one.
What each profile said before is kept, so that an edit can be undone; a profile that somebody changed since is left.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import BulkEdit, BulkEditRow, DbSession, Partner, Startup, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.search import Query, Search
from webapp.search.query import MAX_PER_PAGE
from webapp.services.bulk_fields import Change, Operation, changed_by, check_operation, read_state, write_state
from webapp.services.directory import list_partners, list_startups
from webapp.services.organisations import NOUNS
from webapp.services.write_lock import lock_rows

MOST = 5000
"""How many profiles one edit changes at most."""
_LISTS: Mapping[str, Any] = {Startup.noun: list_startups, Partner.noun: list_partners}


@dataclass(frozen=True)
class Chosen:
    """Which profiles are to be changed: those that answer a query of the directory, or those of a list of slugs."""

    noun: str
    parameters: Mapping[str, Any]
    """The canonical query string of the directory; empty if the slugs say which."""
    slugs: tuple[str, ...] = ()

    def stored(self) -> dict[str, Any]:
        """The same for the record."""
        return {"slugs": list(self.slugs)} if self.slugs else {"parameters": dict(self.parameters)}


@dataclass(frozen=True)
class Plan:
    """What an edit would do."""

    chosen: Chosen
    operation: Operation
    changes: Sequence[Change]
    """Of the profiles that would say something else."""
    same: int
    """How many say so already."""
    hindered: Sequence[Change]
    """Of the profiles where it cannot be done."""
    unknown: tuple[str, ...] = ()
    """Slugs that no profile has."""

    @property
    def digest(self) -> str:
        """A mark that changes with anything that would be done."""
        said = [[each.profile.id, each.before, each.after] for each in self.changes]
        text = json.dumps([self.chosen.noun, self.operation.stored(), said], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Undone:
    """What undoing did."""

    back: int
    left: int
    """How many were left, since somebody changed them after the edit, or they are gone."""


def select_ids(session: DbSession, search: Search, noun: str, query: Query) -> list[int]:
    """The published profiles that answer a query of the directory.

    Raises:
        NotFound: ``noun``.
        Invalid: ``too-many`` (``most``, ``count``).
    """
    if noun not in _LISTS:
        raise NotFound("noun")
    ids: list[int] = []
    page = 1
    while True:
        listing = _LISTS[noun](session, search, replace(query, page=page, per_page=MAX_PER_PAGE))
        if listing.total > MOST:
            raise Invalid("too-many", most=MOST, count=listing.total)
        ids += listing.stamps
        if page >= listing.pages:
            return ids
        page += 1


def ids_of_slugs(session: DbSession, noun: str, slugs: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    """The profiles with these slugs, published or not, in their order, and the slugs that none has."""
    model: Any = NOUNS[noun]
    rows = session.execute(sa.select(model.slug, model.id).where(model.slug.in_(slugs))).all()
    found: dict[str, int] = dict(map(tuple, rows))
    ids = [found[slug] for slug in dict.fromkeys(slugs) if slug in found]
    return ids, tuple(slug for slug in dict.fromkeys(slugs) if slug not in found)


def plan_edit(
    session: DbSession,
    actor: Actor,
    chosen: Chosen,
    ids: Sequence[int],
    operation: Operation,
    *,
    today: date,
    unknown: tuple[str, ...] = (),
) -> Plan:
    """What an edit would do to profiles; nothing is changed.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``field``, ``action`` or ``value``: the operation is none; ``too-many`` (``most``).
    """
    require(actor, Permission.STAFF)
    check_operation(session, chosen.noun, operation)
    if len(ids) > MOST:
        raise Invalid("too-many", most=MOST, count=len(ids))
    changes, hindered, same = [], [], 0
    for profile in _load(session, chosen.noun, ids):
        change = changed_by(profile, operation, today)
        if change.hindrance:
            hindered.append(change)
        elif change.before == change.after:
            same += 1
        else:
            changes.append(change)
    return Plan(chosen, operation, changes, same, hindered, unknown)


def apply_edit(session: DbSession, actor: Actor, plan: Plan, *, digest: str, today: date) -> BulkEdit:
    """Do what a plan says, in this transaction.

    Args:
        plan: made in the same transaction, so that it says what would be done now.
        digest: that of the plan which staff saw.

    Raises:
        NotAllowed: the actor is no staff.
        Conflict: ``selection-changed``: something else would be done than they saw; ``nothing-to-do``.
    """
    require(actor, Permission.STAFF)
    plan = _as_it_is_now(session, plan, today)
    if digest != plan.digest:
        raise Conflict("selection-changed")
    if not plan.changes:
        raise Conflict("nothing-to-do")
    edit = BulkEdit(
        reference=secrets.token_hex(6),
        noun=plan.chosen.noun,
        operation=plan.operation.stored(),
        selection=plan.chosen.stored(),
        person_id=actor.person_id,
    )
    for change in plan.changes:
        write_state(session, change.profile, plan.operation.field, change.after, today)
        edit.rows.append(BulkEditRow(object_id=change.profile.id, before=change.before, after=change.after))
    session.add(edit)
    session.flush()
    return edit


def undo_edit(session: DbSession, actor: Actor, edit: BulkEdit, *, today: date) -> Undone:
    """Give each profile back what it said before, unless somebody changed it since.

    Raises:
        NotAllowed: the actor is no staff.
        Conflict: ``undone-already``.
    """
    require(actor, Permission.STAFF)
    lock_rows(session, BulkEdit, edit.id)
    session.refresh(edit)
    if edit.undone_at is not None:
        raise Conflict("undone-already")
    name, back = str(edit.operation["field"]), 0
    rows = {row.object_id: row for row in edit.rows}
    for profile in _locked(session, edit.noun, list(rows)):
        row = rows[profile.id]
        if read_state(profile, name) == row.after:
            write_state(session, profile, name, row.before, today)
            row.undone = True
            back += 1
    edit.undone_at = utc_now()
    session.flush()
    return Undone(back, len(rows) - back)


def get_edit(session: DbSession, actor: Actor, reference: str) -> BulkEdit:
    """An edit that was done.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``bulk-edit``.
    """
    require(actor, Permission.STAFF)
    found = session.scalar(sa.select(BulkEdit).filter_by(reference=reference).options(joinedload(BulkEdit.person)))
    if found is None:
        raise NotFound("bulk-edit", reference=reference)
    return found


def list_edits(session: DbSession, actor: Actor, *, limit: int, offset: int = 0) -> list[tuple[BulkEdit, int]]:
    """The edits that were done, the latest first, each with how many profiles it changed (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    rows = sa.select(sa.func.count()).where(BulkEditRow.edit_id == BulkEdit.id).scalar_subquery()
    statement = sa.select(BulkEdit, rows).options(joinedload(BulkEdit.person)).order_by(BulkEdit.id.desc())
    return [(edit, count) for edit, count in session.execute(statement.limit(limit).offset(offset))]


def count_edits(session: DbSession, actor: Actor) -> int:
    """How many edits were done.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    return session.scalar(sa.select(sa.func.count(BulkEdit.id))) or 0


def rows_of(session: DbSession, edit: BulkEdit, *, limit: int, offset: int) -> list[tuple[BulkEditRow, Any]]:
    """A stretch of what an edit did, each row with its profile, if it still exists."""
    of_it = sa.select(BulkEditRow).where(BulkEditRow.edit_id == edit.id).order_by(BulkEditRow.id)
    rows = session.scalars(of_it.limit(limit).offset(offset)).all()
    profiles = {profile.id: profile for profile in _load(session, edit.noun, [row.object_id for row in rows])}
    return [(row, profiles.get(row.object_id)) for row in rows]


def counts_of(session: DbSession, edit: BulkEdit) -> tuple[int, int]:
    """How many profiles an edit changed, and how many of them got back what they said before."""
    counted = sa.select(sa.func.count(), sa.func.count().filter(BulkEditRow.undone)).where(
        BulkEditRow.edit_id == edit.id
    )
    number, undone = session.execute(counted).one()
    return number, undone


def _as_it_is_now(session: DbSession, plan: Plan, today: date) -> Plan:
    """The plan with what its profiles say now; nobody else writes to them until the transaction ends."""
    profiles = _locked(session, plan.chosen.noun, [change.profile.id for change in plan.changes])
    return replace(plan, changes=[changed_by(profile, plan.operation, today) for profile in profiles])


def _locked(session: DbSession, noun: str, ids: Sequence[int]) -> Iterator[Any]:
    lock_rows(session, NOUNS[noun], *ids)
    return _load(session, noun, ids, fresh=True)


_AT_A_TIME = 500
"""Ids of a statement: databases bound how many values one takes."""


def _load(session: DbSession, noun: str, ids: Sequence[int], *, fresh: bool = False) -> Iterator[Any]:
    """Profiles in the order of their ids, with all that an edit reads, in a fixed number of queries a batch."""
    model: Any = NOUNS[noun]
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_A_TIME):
        part = ordered[start : start + _AT_A_TIME]
        statement = model.with_listing(sa.select(model).where(model.id.in_(part)).order_by(model.id))
        yield from session.scalars(statement.execution_options(populate_existing=fresh))
