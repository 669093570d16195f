"""Rows of an import that need somebody: rejected ones, and startups that look like another one.

Each is settled in one of three ways: imported (with its cells put right, or after staff found two startups to be two),
merged into the profile that was there, or dropped with a reason. What a file said is forgotten once no row is open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, ImportedRow, ImportRun, ImportRunRow, Startup, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.duplicate_pairs import tell_apart
from webapp.services.import_running import open_problems
from webapp.services.import_runs import mapping_of, save
from webapp.services.imports.importer import import_startups, key_of_row
from webapp.services.imports.readers import Row, Table
from webapp.services.imports.remarks import RowOutcome, Status
from webapp.services.merging import get_pair, mark_of, merge
from webapp.services.unknown_terms import note_unknown
from webapp.services.write_lock import lock_rows

REASON_LENGTH = 300
IMPORTED, MERGED, DROPPED = "imported", "merged", "dropped"


def get_row(session: DbSession, actor: Actor, run: ImportRun, row_id: int) -> ImportRunRow:
    """A row of a run.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``import-row``.
    """
    require(actor, Permission.STAFF)
    row = session.get(ImportRunRow, row_id)
    if row is None or row.run_id != run.id:
        raise NotFound("import-row")
    return row


def columns_to_fill(row: ImportRunRow) -> list[str]:
    """The columns of the file that its mapping reads, in the file's order where the row could be read."""
    mapping = mapping_of(row.run)
    needed = {name.strip(): name for name in mapping.needed_columns()} if mapping else {}
    there = [column for column in row.cells if column.strip() in needed]
    return there + [name for bare, name in needed.items() if bare not in {column.strip() for column in there}]


def likeness_of(session: DbSession, row: ImportRunRow) -> tuple[Startup | None, Startup | None]:
    """Of a flagged row: the startup that was made from it, and the one that it looks like, if they are still there.

    Of a rejected row whose company number another startup has, there is the second only.
    """
    slugs = [problem["values"]["slug"] for problem in row.problems if "slug" in problem["values"]]
    made, other = (
        session.scalar(sa.select(Startup).filter_by(slug=slug)) if slug else None
        for slug in (row.slug, slugs[0] if slugs else "")
    )
    return made if is_flagged(row) else None, other


def is_flagged(row: ImportRunRow) -> bool:
    """Whether it became a startup and only has to be compared."""
    return any(problem["code"] == "lookalike" for problem in row.problems)


def open_neighbours(session: DbSession, row: ImportRunRow) -> tuple[int | None, int]:
    """The open row after this one (the first, after the last), and how many of the run are open."""
    open_ = sa.select(ImportRunRow.id).filter_by(run_id=row.run_id, settled_at=None).order_by(ImportRunRow.line)
    ids = session.scalars(open_.order_by(ImportRunRow.id)).all()
    others = [each for each in ids if each > row.id] + [each for each in ids if each < row.id]
    return (others[0] if others else None), len(ids)


def import_again(
    session: DbSession, actor: Actor, row: ImportRunRow, cells: Mapping[str, str], *, version: int, today: date
) -> RowOutcome:
    """Import a rejected row with cells that somebody put right; it is settled unless something is still wrong.

    A row that turns out to look like another startup stays open, to be compared.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``, or ``row-settled``.
    """
    require(actor, Permission.WRITE)
    _claim(session, row, version)
    # Columns that the mapping does not read are kept with the startup, as they were.
    row.cells = {**row.cells, **cells}
    outcome = _take(session, actor, row, today)
    if outcome.status == Status.REJECTED:
        row.problems = open_problems(outcome)
    elif outcome.status == Status.FLAGGED:
        row.problems, row.slug = open_problems(outcome), outcome.slug
    else:
        row.slug = outcome.slug
        _settle(session, row, IMPORTED)
    _touch(session, row)
    return outcome


def _take(session: DbSession, actor: Actor, row: ImportRunRow, today: date) -> RowOutcome:
    mapping = mapping_of(row.run)
    if mapping is None:
        raise Conflict("content-forgotten")
    table = Table(list(row.cells), [_as_read(row)], "")
    report = import_startups(session, actor, table, mapping, publish=row.run.publish, today=today)
    note_unknown(session, report, mapping.source.name)
    return report.outcomes[0]


def _as_read(row: ImportRunRow) -> Row:
    """The row as a reader gives it; of JSON lines, lists stand as JSON in their cells."""
    lists = {}
    for column, text in row.cells.items():
        if row.run.filename.lower().endswith((".jsonl", ".ndjson")) and text.startswith("["):
            try:
                lists[column] = [str(value) for value in json.loads(text)]
            except ValueError:
                continue
    return Row(row.position, row.line, dict(row.cells), lists)


def put_into(
    session: DbSession, actor: Actor, row: ImportRunRow, startup: Startup, *, version: int, today: date
) -> RowOutcome:
    """Let a rejected row be about a startup that there is: it brings that one up to date, now and when it comes again.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``, ``row-settled``, or ``row-belongs`` (to another startup already).
        Invalid: ``no-key``.
    """
    require(actor, Permission.WRITE)
    _claim(session, row, version)
    mapping = mapping_of(row.run)
    key = key_of_row(mapping.source.key, row.cells) if mapping else ""
    if mapping is None or not key:
        raise Invalid("no-key")
    source = mapping.source.name
    if session.scalar(sa.select(ImportedRow.id).filter_by(source=source, key=key)) is not None:
        raise Conflict("row-belongs")
    startup.imported_rows.append(ImportedRow(source=source, key=key, position=row.position, cells={}, digest=""))
    session.flush()
    outcome = _take(session, actor, row, today)
    if outcome.status == Status.REJECTED:
        raise Invalid("still-rejected", outcome=outcome)
    row.slug = startup.slug
    _settle(session, row, MERGED)
    _touch(session, row)
    return outcome


def merge_row(session: DbSession, actor: Actor, row: ImportRunRow, *, version: int, today: date) -> Startup:
    """Merge the startup that a flagged row made into the one that it looks like, which keeps what it says.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``, ``row-settled``, ``no-pair`` (one of them is gone), or what stands in the way of
            merging.
    """
    require(actor, Permission.WRITE)
    _claim(session, row, version)
    made, other = likeness_of(session, row)
    if made is None or other is None or made is other:
        raise Conflict("no-pair")
    pair = get_pair(session, actor, Startup.noun, other.id, made.id)
    merge(pair, {}, mark=mark_of(pair), today=today)
    _settle(session, row, MERGED)
    _touch(session, row)
    return other


def keep_apart(session: DbSession, actor: Actor, row: ImportRunRow, *, version: int) -> None:
    """Note that a flagged row's startup and the one that it looks like are two.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed`` or ``row-settled``.
    """
    require(actor, Permission.WRITE)
    _claim(session, row, version)
    made, other = likeness_of(session, row)
    if made is not None and other is not None and made is not other:
        tell_apart(session, actor, Startup.noun, made.id, other.id)
    _settle(session, row, IMPORTED)
    _touch(session, row)


def drop_row(session: DbSession, actor: Actor, row: ImportRunRow, reason: str, *, version: int) -> None:
    """Leave a rejected row out for good, and say why.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed`` or ``row-settled``.
        Invalid: ``no-reason``.
    """
    require(actor, Permission.WRITE)
    if not reason:
        raise Invalid("no-reason")
    _claim(session, row, version)
    row.problems = [*row.problems, {"code": "dropped", "values": {"reason": reason}}]
    _settle(session, row, DROPPED)
    _touch(session, row)


def _claim(session: DbSession, row: ImportRunRow, version: int) -> None:
    """Read a row and its run anew with nobody else at them, and stop whoever decides on what they no longer are."""
    lock_rows(session, ImportRun, row.run_id)
    session.refresh(row)
    session.refresh(row.run)
    if row.settled_at is not None:
        raise Conflict("row-settled")
    if row.run.version != version:
        raise Conflict("run-changed", state=row.run.state)


def _settle(session: DbSession, row: ImportRunRow, how: str) -> None:
    row.settled_at, row.settled_as = utc_now(), how
    session.flush()
    open_ = sa.select(ImportRunRow.id).filter_by(run_id=row.run_id, settled_at=None)
    if session.scalar(open_.limit(1)) is None:
        row.run.content = None
        for each in row.run.rows:
            each.cells = {}


def _touch(session: DbSession, row: ImportRunRow) -> None:
    """Whoever decides on a row of the run as it was before is told."""
    row.run.report = {**row.run.report, "settled": row.run.report.get("settled", 0) + 1}
    save(session)
