"""Imports that staff make in the browser: a file, how it is to be read, and how far it has come.

What a row becomes is decided by the same code as for ``flask data import`` (``webapp.services.imports``). A run is
carried out in ``webapp.services.import_running``; its left-over rows are settled in ``webapp.services.import_rows``.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, ImportRun, ImportRunRow, ImportRunState, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.imports.files import read_table
from webapp.services.imports.importer import match_columns
from webapp.services.imports.mapping import FileOptions, Mapping, MappingError, check_mapping, read_mapping
from webapp.services.imports.readers import CSV_SUFFIXES, JSON_SUFFIXES, WORKBOOK_SUFFIXES, Table

SUFFIXES = CSV_SUFFIXES | JSON_SUFFIXES | WORKBOOK_SUFFIXES
MOST_ROWS = 20_000
"""A longer list is imported by the command."""
SHORT = 500
"""A list of at most so many rows is read while the page waits; the worker reads longer ones."""
MAY_BE_MAPPED = (ImportRunState.UPLOADED, ImportRunState.CHECKED, ImportRunState.FAILED)
UNDER_WAY = (ImportRunState.CHECKING, ImportRunState.IMPORTING)
OPEN = (*MAY_BE_MAPPED, *UNDER_WAY)
_NAME_LENGTH = 200


def upload(session: DbSession, actor: Actor, filename: str, content: bytes) -> ImportRun:
    """Take in a file that is to be imported.

    Raises:
        NotAllowed: the actor may not.
        Invalid: ``file-type``, ``too-many-rows`` (``most``, ``found``), ``no-rows``, or why it cannot be read
            (see ``webapp.services.imports.files``).
    """
    require(actor, Permission.WRITE)
    table = table_of(content, filename, FileOptions())
    if not table.rows:
        raise Invalid("no-rows")
    if len(table.rows) > MOST_ROWS:
        raise Invalid("too-many-rows", most=MOST_ROWS, found=len(table.rows))
    run = ImportRun(
        reference=secrets.token_hex(5),
        filename=filename[-_NAME_LENGTH:],
        content=content,
        mapping={},
        report={"rows": len(table.rows)},
        outcomes=[],
        person_id=actor.person_id,
    )
    session.add(run)
    session.flush()
    return run


def table_of(content: bytes, filename: str, options: FileOptions) -> Table:
    """Read what a file holds; the end of its name says of what kind it is.

    Raises:
        Invalid: as ``read_table``.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(filename).suffix.lower()}"
        path.write_bytes(content)
        return read_table(path, options)


def read_run(run: ImportRun) -> Table:
    """The rows of a run's file.

    Raises:
        Conflict: ``content-forgotten``: the import is over.
        Invalid: as ``read_table``.
    """
    if run.content is None:
        raise Conflict("content-forgotten")
    mapping = mapping_of(run)
    return table_of(run.content, run.filename, mapping.file if mapping else FileOptions())


def mapping_of(run: ImportRun) -> Mapping | None:
    """How a run's columns are read; nothing as long as nobody said."""
    return Mapping.model_validate(run.mapping) if run.mapping else None


def get_run(session: DbSession, actor: Actor, reference: str) -> ImportRun:
    """A run.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``import``.
    """
    require(actor, Permission.STAFF)
    run = session.scalar(sa.select(ImportRun).filter_by(reference=reference))
    if run is None:
        raise NotFound("import", reference=reference)
    return run


def list_runs(session: DbSession, actor: Actor, limit: int, offset: int) -> Sequence[ImportRun]:
    """Runs without those that were dropped, those with open rows first, then the latest (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    kept = sa.select(ImportRun).where(ImportRun.state != ImportRunState.DROPPED)
    is_open = sa.exists().where(ImportRunRow.run_id == ImportRun.id, ImportRunRow.settled_at.is_(None))
    ordered = kept.options(joinedload(ImportRun.person)).order_by(~is_open, ImportRun.id.desc())
    return session.scalars(ordered.limit(limit).offset(offset)).all()


def count_runs(session: DbSession) -> int:
    """How many there are, without those that were dropped."""
    kept = sa.select(sa.func.count()).where(ImportRun.state != ImportRunState.DROPPED)
    return session.scalar(kept) or 0


def count_open_rows(session: DbSession, runs: Iterable[ImportRun]) -> dict[int, int]:
    """By the ids of runs: how many of their rows still need somebody (one query)."""
    ids = [run.id for run in runs]
    counted = sa.select(ImportRunRow.run_id, sa.func.count()).group_by(ImportRunRow.run_id)
    rows = session.execute(counted.where(ImportRunRow.run_id.in_(ids), ImportRunRow.settled_at.is_(None)))
    return {row[0]: row[1] for row in rows}


def choose_mapping(session: DbSession, actor: Actor, run: ImportRun, mapping: Mapping, *, version: int) -> None:
    """Say how the columns of a run are read. What was found out under another mapping is forgotten.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``.
        Invalid: ``columns-missing``, or why the file cannot be read that way.
    """
    require(actor, Permission.WRITE)
    claim(run, version, MAY_BE_MAPPED)
    if run.content is None:
        raise Conflict("content-forgotten")
    table = table_of(run.content, run.filename, mapping.file)
    match_columns(mapping, table.columns)
    run.mapping = mapping.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    run.state, run.report, run.outcomes = ImportRunState.UPLOADED, {"rows": len(table.rows)}, []
    save(session)


def claim(run: ImportRun, version: int, states: Iterable[ImportRunState]) -> None:
    """Stop whoever decides on a run as it no longer is.

    Raises:
        Conflict: ``run-changed``: somebody else, or the worker, was there meanwhile.
    """
    if run.version != version or run.state not in states:
        raise Conflict("run-changed", state=run.state)


def save(session: DbSession) -> None:
    """Write what was decided, unless somebody else decided in the same moment.

    Raises:
        Conflict: ``run-changed``.
    """
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("run-changed") from error


def drop_run(session: DbSession, actor: Actor, run: ImportRun, *, version: int) -> None:
    """Give up an import that was not made; its file is forgotten.

    Raises:
        NotAllowed: the actor may not.
        Conflict: ``run-changed``.
    """
    require(actor, Permission.WRITE)
    claim(run, version, MAY_BE_MAPPED)
    run.state, run.content, run.outcomes = ImportRunState.DROPPED, None, []
    run.done_at = utc_now()
    save(session)


def known_mappings(session: DbSession, folder: Path, columns: Sequence[str]) -> list[Mapping]:
    """The mappings that fit a file with these columns: those last used of each source, then those of the folder."""
    done = sa.select(ImportRun.mapping).where(ImportRun.state == ImportRunState.DONE).order_by(ImportRun.id.desc())
    found: dict[str, Mapping] = {}
    for data in session.scalars(done.limit(50)):
        _offer(found, Mapping.model_validate(data), columns)
    for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            _offer(found, read_mapping(file), columns)
        except MappingError:
            continue  # the command says what is wrong with it
    return list(found.values())


def _offer(found: dict[str, Mapping], mapping: Mapping, columns: Sequence[str]) -> None:
    try:
        match_columns(mapping, columns)
    except Invalid:
        return
    found.setdefault(mapping.source.name, mapping)


def make_mapping(source: dict[str, Any], columns: dict[str, list[dict[str, Any]]], options: FileOptions) -> Mapping:
    """A mapping from what was chosen on a page.

    Raises:
        Invalid: ``no-name-column`` (nothing fills a name), or ``one-column`` (several columns fill the ``field``, which
            takes one value).
    """
    if not {"name_latin", "name_arabic"} & columns.keys():
        raise Invalid("no-name-column")
    data = {"source": source, "columns": columns, "file": options.model_dump(exclude_none=True)}
    try:
        return check_mapping(data, "mapping")
    except MappingError as error:
        wrong = next((name for name, rules in columns.items() if len(rules) > 1), "")
        raise Invalid("one-column" if wrong else "mapping-wrong", field=wrong, problems=error.problems) from error
