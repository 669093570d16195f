"""Importing startups: every row of a file becomes a startup, brings one up to date, or is rejected for a reason.

A row that was imported before and has not changed is not touched. The file wins over what stood there in the fields
that it fills; an empty cell never empties a field.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, select, update
from sqlalchemy.exc import DataError, IntegrityError

from webapp.errors import Invalid
from webapp.models import DbSession, ImportedRow, PublicationState, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.data_sources import note_source
from webapp.services.imports.drafting import Drafter
from webapp.services.imports.drafts import Draft
from webapp.services.imports.fields import FIELDS
from webapp.services.imports.lookalikes import Lookalikes
from webapp.services.imports.mapping import Mapping
from webapp.services.imports.readers import Row, RowProblem, Table
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome, Status
from webapp.services.imports.writing import make_startup, publish_startup, write_draft
from webapp.services.network import get_network
from webapp.services.slugs import Slugs

KEY_LENGTH = 200
Progress = Callable[[int, int], None]


@dataclass
class _Known:
    """What was imported from a row before."""

    id: int
    digest: str
    position: int
    slug: str
    state: PublicationState


def import_startups(
    session: DbSession,
    actor: Actor,
    table: Table,
    mapping: Mapping,
    *,
    publish: bool,
    today: date,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the rows of a file. The report has one outcome for each row of it, in order.

    Args:
        publish: whether the public sees what is created, and what earlier imports of this source left as drafts.
        today: the day on which residency is derived.
        progress: called after each row with the number of rows done and in all.

    Raises:
        NotAllowed: the actor may not.
        Invalid: ``no-network`` (no pack was loaded), ``columns-missing`` or ``alias-unknown``.
    """
    require(actor, Permission.WRITE)
    importer = _Importer(session, actor, match_columns(mapping, table.columns), publish, today)
    importer.begin()
    note_source(session, **mapping.source.model_dump(include={"name", "attribution", "licence", "url"}))
    outcomes = []
    for number, row in enumerate(table.rows, start=1):
        outcomes.append(importer.take(row))
        if progress:
            progress(number, len(table.rows))
    return ImportReport(outcomes, importer.count_absent())


def match_columns(mapping: Mapping, columns: Sequence[str]) -> Mapping:
    """The mapping with the names that the file's columns have, spaces around them included.

    Raises:
        Invalid: ``columns-missing``: the file lacks columns that the mapping names (``missing``: pairs of column and
            key; ``columns``: what the file has).
    """
    names = {column.strip(): column for column in reversed(columns)}
    missing = [(name, key) for name, key in mapping.needed_columns().items() if name.strip() not in names]
    if missing:
        raise Invalid("columns-missing", missing=missing, columns=list(columns))
    return mapping.renamed(names)


def key_of_row(columns: Sequence[str], cells: Cells[str, str]) -> str:
    """What makes a row the same row when it comes again; empty if its key columns are."""
    values = [cells.get(column, "").strip() for column in columns]
    if not any(values):
        return ""
    key = values[0] if len(values) == 1 else " | ".join(value.replace("|", "||") for value in values)
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: KEY_LENGTH - len(digest) - 1]} {digest}"


class _Importer:
    """One import: the rows met so far, and what is in the database."""

    def __init__(self, session: DbSession, actor: Actor, mapping: Mapping, publish: bool, today: date) -> None:
        network = get_network(session)
        if network is None:
            raise Invalid("no-network")
        self.session, self.actor, self.mapping, self.publish, self.today = session, actor, mapping, publish, today
        self.drafter = Drafter(session, mapping, network)
        # A term that the pack has learnt since can change what a row says.
        self.digest = hashlib.sha256((mapping.digest + network.digest).encode()).hexdigest()
        self.known = self._read_known()
        numbers = select(Startup.company_number, Startup.slug).where(Startup.company_number.is_not(None))
        self.numbers: dict[str | None, str] = {row.company_number: row.slug for row in session.execute(numbers)}
        self.lookalikes = Lookalikes(session)
        self.slugs = Slugs(session, Startup)
        self.lines: dict[str, int] = {}

    def _read_known(self) -> dict[str, _Known]:
        columns = select(
            ImportedRow.key, ImportedRow.id, ImportedRow.digest, ImportedRow.position, Startup.slug, Startup.state
        )
        rows = self.session.execute(columns.join(Startup).where(ImportedRow.source == self.mapping.source.name))
        return {row.key: _Known(row.id, row.digest, row.position, row.slug, row.state) for row in rows}

    def begin(self) -> None:
        """Open the transaction by a statement that changes no row.

        SQLite's driver opens transactions at the first statement that writes. Were that a savepoint, releasing it would
        commit, and a dry run would not be one.
        """
        self.session.execute(update(ImportedRow).where(false()).values(position=0))

    def take(self, row: Row | RowProblem) -> RowOutcome:
        """Import one row, whatever is wrong with it."""
        if isinstance(row, RowProblem):
            return RowOutcome(row.position, row.line, Status.REJECTED, reasons=(row.remark,))
        key = key_of_row(self.mapping.source.key, row.cells)
        if not key:
            return self._rejected(row, "", "", Remark("no-key", {"columns": self.mapping.source.key}))
        if key in self.lines:
            return self._rejected(row, key, "", Remark("key-twice", {"line": self.lines[key]}))
        self.lines[key] = row.line
        known, digest = self.known.get(key), self._digest(row)
        if known and known.digest == digest:
            return self._keep(row, key, known)
        draft = self.drafter.draft(row)
        if reasons := self._reasons(draft, known):
            return self._rejected(row, key, draft.name, *reasons)
        try:
            with self.session.begin_nested():
                return self._renew(row, key, digest, draft, known) if known else self._create(row, key, digest, draft)
        except Invalid as error:
            return self._rejected(row, key, draft.name, Remark(error.code, error.values))
        except (IntegrityError, DataError) as error:
            return self._rejected(row, key, draft.name, Remark("database-refused", {"error": str(error.orig)}))

    def _digest(self, row: Row) -> str:
        text = json.dumps([self.digest, row.cells], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _rejected(self, row: Row, key: str, name: str, *reasons: Remark) -> RowOutcome:
        slug = self.known[key].slug if key in self.known else ""
        return RowOutcome(row.position, row.line, Status.REJECTED, key, name, slug, row.notes, reasons)

    def _reasons(self, draft: Draft, known: _Known | None) -> list[Remark]:
        """Why a row cannot become a startup; empty if it can."""
        reasons = []
        if not draft.name:
            reasons.append(Remark("no-name"))
        for field in ("name_latin", "name_arabic"):
            if len(draft.columns.get(field, "")) > FIELDS[field].limit:
                reasons.append(Remark("name-too-long", {"field": field, "limit": FIELDS[field].limit}))
        number = draft.columns.get("company_number")
        owner = self.numbers.get(number) if number else None
        if owner and (known is None or owner != known.slug):
            reasons.append(Remark("company-number-taken", {"number": number, "slug": owner}))
        return reasons

    def _keep(self, row: Row, key: str, known: _Known) -> RowOutcome:
        """Leave what has not changed, except that a draft can now be published."""
        status, name = Status.UNCHANGED, ""
        publishes = self.publish and known.state == PublicationState.DRAFT
        if publishes or known.position != row.position:
            imported = self.session.get_one(ImportedRow, known.id)
            imported.position = row.position
            if publishes:
                publish_startup(imported.startup)
                status, name = Status.UPDATED, imported.startup.name_for("Latn")
            self.session.flush()
        return RowOutcome(row.position, row.line, status, key, name, known.slug)

    def _create(self, row: Row, key: str, digest: str, draft: Draft) -> RowOutcome:
        wished = draft.columns.pop("slug", "")
        slug = self.slugs.make(wished or draft.name)
        if wished and slug != wished:
            draft.note("slug-taken", slug=wished)
        names = (draft.columns.get("name_latin"), draft.columns.get("name_arabic"))
        website = draft.columns.get("website")
        startup = make_startup(slug, draft, self.publish)
        startup.imported_rows.append(
            ImportedRow(source=self.mapping.source.name, key=key, position=row.position, cells=row.cells, digest=digest)
        )
        self.session.add(startup)
        write_draft(self.session, self.actor, startup, draft, self.today)
        status = Status.CREATED
        if lookalike := self.lookalikes.find(names, website):
            status = Status.FLAGGED
            draft.note("lookalike", slug=lookalike.slug, how=lookalike.how)
        self.lookalikes.add(slug, names, website)
        self._remember_number(draft, slug)
        return RowOutcome(row.position, row.line, status, key, draft.name, slug, tuple(draft.notes))

    def _renew(self, row: Row, key: str, digest: str, draft: Draft, known: _Known) -> RowOutcome:
        imported = self.session.get_one(ImportedRow, known.id)
        draft.columns.pop("slug", None)
        changed = (
            write_draft(self.session, self.actor, imported.startup, draft, self.today) or imported.cells != row.cells
        )
        if self.publish and imported.startup.state == PublicationState.DRAFT:
            publish_startup(imported.startup)
            changed = True
        imported.cells, imported.digest, imported.position = row.cells, digest, row.position
        self.session.flush()
        self._remember_number(draft, known.slug)
        status = Status.UPDATED if changed else Status.UNCHANGED
        return RowOutcome(row.position, row.line, status, key, draft.name, known.slug, tuple(draft.notes))

    def _remember_number(self, draft: Draft, slug: str) -> None:
        if number := draft.columns.get("company_number"):
            self.numbers[number] = slug

    def count_absent(self) -> int:
        """How many startups of this source the file does not hold."""
        return len(self.known.keys() - self.lines.keys())
