"""Carrying out imports: trying a file without keeping anything, and importing it. Short files while a page waits, long
ones by the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import DomainError, Invalid
from webapp.models import DOER, DbSession, ImportRun, ImportRunRow, ImportRunState, NetworkRole, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.import_runs import SHORT, UNDER_WAY, claim, mapping_of, read_run, save
from webapp.services.imports.importer import import_startups
from webapp.services.imports.readers import Row, Table
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome, Status
from webapp.services.unknown_terms import note_unknown

NEEDS_SOMEBODY = (Status.REJECTED, Status.FLAGGED)


def check_run(session: DbSession, actor: Actor, run: ImportRun, *, version: int, today: date) -> None:
    """Try an import without keeping anything, at once or, if it is long, soon: the report says what would happen.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``.
        Invalid: ``no-mapping``, or why the whole file cannot be imported.
    """
    require(actor, Permission.WRITE)
    claim(run, version, (ImportRunState.UPLOADED, ImportRunState.CHECKED, ImportRunState.FAILED))
    if not run.mapping:
        raise Invalid("no-mapping")
    run.state = ImportRunState.CHECKING
    save(session)
    if run.report["rows"] <= SHORT:
        _check(session, actor, run, today)


def import_run(session: DbSession, actor: Actor, run: ImportRun, *, publish: bool, version: int, today: date) -> None:
    """Make an import as it was tried, at once or, if it is long, soon.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``.
        Invalid: why the whole file cannot be imported.
    """
    require(actor, Permission.WRITE)
    claim(run, version, (ImportRunState.CHECKED,))
    run.state, run.publish = ImportRunState.IMPORTING, publish
    save(session)
    if run.report["rows"] <= SHORT:
        _import(session, actor, run, today)


def waiting_run(session: DbSession) -> ImportRun | None:
    """The long import that has waited longest."""
    waiting = sa.select(ImportRun).where(ImportRun.state.in_(UNDER_WAY)).order_by(ImportRun.id)
    return session.scalar(waiting.limit(1))


def carry_out(session: DbSession, run: ImportRun, *, today: date) -> None:
    """Try or make a long import in the name of whoever asked for it. One that cannot be made says why."""
    # That they work for the network was checked when they asked.
    actor = Actor("person", person_id=run.person_id, network_roles=frozenset({NetworkRole.STAFF}))
    session.info[DOER] = actor
    work = _check if run.state == ImportRunState.CHECKING else _import
    try:
        with session.begin_nested():
            work(session, actor, run, today)
    except DomainError as error:
        run.state = ImportRunState.FAILED
        run.report = {**run.report, "stop": pack_remark(Remark(error.code, error.values))}
    save(session)


def _check(session: DbSession, actor: Actor, run: ImportRun, today: date) -> None:
    savepoint = session.begin_nested()
    try:
        report, _ = _take(session, actor, run, today)
    finally:
        savepoint.rollback()
    _keep(run, report)
    run.state = ImportRunState.CHECKED
    save(session)


def _import(session: DbSession, actor: Actor, run: ImportRun, today: date) -> None:
    report, table = _take(session, actor, run, today)
    _keep(run, report)
    cells = {row.position: row.cells for row in table.rows if isinstance(row, Row)}
    run.rows = [
        ImportRunRow(
            line=outcome.line,
            position=outcome.position,
            slug=outcome.slug,
            cells=cells.get(outcome.position, {}),
            problems=open_problems(outcome),
        )
        for outcome in report.outcomes
        if outcome.status in NEEDS_SOMEBODY
    ]
    note_unknown(session, report, run.mapping["source"]["name"])
    run.state, run.done_at = ImportRunState.DONE, utc_now()
    if not run.rows:
        run.content = None
    save(session)


def _take(session: DbSession, actor: Actor, run: ImportRun, today: date) -> tuple[ImportReport, Table]:
    mapping = mapping_of(run)
    if mapping is None:
        raise Invalid("no-mapping")
    table = read_run(run)
    return import_startups(session, actor, table, mapping, publish=run.publish, today=today), table


def open_problems(outcome: RowOutcome) -> list[dict[str, Any]]:
    """What of an outcome needs somebody."""
    alike = (note for note in outcome.notes if note.code == "lookalike")
    return [pack_remark(remark) for remark in (*outcome.reasons, *alike)]


def _keep(run: ImportRun, report: ImportReport) -> None:
    counts = {str(status): count for status, count in report.counts().items()}
    run.report = {"rows": len(report.outcomes), **counts, "absent": report.absent}
    run.outcomes = [pack_outcome(outcome) for outcome in report.outcomes]


def pack_remark(remark: Remark) -> dict[str, Any]:
    """A remark as JSON."""
    values = {name: str(value) if isinstance(value, date) else value for name, value in remark.values.items()}
    return {"code": remark.code, "values": values}


def pack_outcome(outcome: RowOutcome) -> dict[str, Any]:
    """An outcome as JSON."""
    plain = asdict(outcome) | {"status": str(outcome.status)}
    return plain | {name: [pack_remark(each) for each in getattr(outcome, name)] for name in ("notes", "reasons")}


def unpack_outcomes(run: ImportRun) -> Iterator[RowOutcome]:
    """The outcomes of a run, in the order of the file."""
    for data in run.outcomes:
        notes, reasons = (tuple(unpack_remark(each) for each in data[name]) for name in ("notes", "reasons"))
        yield RowOutcome(**data | {"status": Status(data["status"]), "notes": notes, "reasons": reasons})


def unpack_remark(data: Mapping[str, Any]) -> Remark:
    """A remark from JSON."""
    return Remark(data["code"], data["values"])
