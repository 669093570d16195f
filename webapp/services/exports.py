"""Exports of startups: the rows of a source as they came in, or all that the directory knows, in columns of its own.

Writing files is ``webapp.services.tables``. What ``examples/mappings/multaqa.toml`` imports is what is exported here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from webapp.errors import NotFound
from webapp.i18n import LANGUAGES
from webapp.models import DbSession, ImportedRow, ResidencyEvent, Startup
from webapp.services.imports.fields import TERM_FIELDS
from webapp.services.imports.stays import event_text
from webapp.services.residency import standing_events

BATCH = 200
SEPARATOR = "; "
"""Between the values of a cell that holds several."""


@dataclass(frozen=True)
class Export:
    """Rows to be written; they are read from the database while they are written."""

    columns: list[str]
    rows: Iterator[Mapping[str, str]]


def export_source(session: DbSession, source: str) -> Export:
    """The rows imported from a source: its columns and cells as they came in, in the order of the file.

    Raises:
        NotFound: ``source``: nothing was imported from it (``sources``: the names of those that there are).
    """
    statement = select(ImportedRow.cells).where(ImportedRow.source == source)
    statement = statement.order_by(ImportedRow.position, ImportedRow.id)
    columns: dict[str, None] = {}
    for cells in session.scalars(statement).yield_per(BATCH):
        columns |= dict.fromkeys(cells)
    if not columns:
        raise NotFound("source", source=source, sources=list_sources(session))
    return Export(list(columns), iter(session.scalars(statement).yield_per(BATCH)))


def list_sources(session: DbSession) -> list[str]:
    """The names of all sources that startups were imported from."""
    return list(session.scalars(select(ImportedRow.source).distinct().order_by(ImportedRow.source)))


def export_startups(session: DbSession, *, imported: bool) -> Export:
    """What the directory knows of its startups, drafts included, in the order of their ids.

    Args:
        imported: whether those are among them that came from a source.
    """
    return Export(list(_COLUMNS), _startup_rows(session, _selection(imported)))


def count_imported(session: DbSession) -> int:
    """How many startups came from a source."""
    return session.scalar(select(func.count(ImportedRow.startup_id.distinct()))) or 0


def _selection(imported: bool) -> Select[Any]:
    statement = select(Startup.id).order_by(Startup.id)
    return statement if imported else statement.where(~Startup.imported_rows.any())


def _startup_rows(session: DbSession, selection: Select[Any]) -> Iterator[Mapping[str, str]]:
    ids: list[int] = list(session.scalars(selection))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        statement = Startup.with_listing(select(Startup).where(Startup.id.in_(batch)).order_by(Startup.id))
        startups = session.scalars(statement.options(selectinload(Startup.milestones))).all()
        events = _read_events(session, batch)
        for startup in startups:
            yield {name: write(startup) for name, write in _COLUMNS.items()} | {"residency_events": events[startup.id]}


def _read_events(session: DbSession, ids: list[int]) -> dict[int, str]:
    events: dict[int, list[ResidencyEvent]] = {id_: [] for id_ in ids}
    rows = session.scalars(
        select(ResidencyEvent)
        .where(ResidencyEvent.startup_id.in_(ids))
        .order_by(ResidencyEvent.on, ResidencyEvent.id)
        .options(
            selectinload(ResidencyEvent.site),
            selectinload(ResidencyEvent.from_site),
            selectinload(ResidencyEvent.reason),
        )
    )
    for event in rows:
        events[event.startup_id].append(event)
    return {id_: SEPARATOR.join(map(event_text, standing_events(found))) for id_, found in events.items()}


Writer = Callable[[Startup], str]


def _column(name: str) -> Writer:
    return lambda startup: _text(getattr(startup, name))


def _localized(name: str, language: str) -> Writer:
    return lambda startup: getattr(startup, name).get(language, "")


def _terms(kind: Any) -> Writer:
    return lambda startup: SEPARATOR.join(term.code for term in startup.terms(kind))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return str(value)


def _milestones(startup: Startup) -> str:
    rows = sorted(startup.milestones, key=lambda row: (row.on, row.id))
    items = [
        {"on": row.on.isoformat(), "text": row.text} | ({"source": row.source} if row.source else {}) for row in rows
    ]
    return json.dumps(items, ensure_ascii=False) if items else ""


_COLUMNS: Mapping[str, Writer] = {
    **{name: _column(name) for name in ("slug", "name_latin", "name_arabic")},
    **{f"pitch_{language}": _localized("pitch", language) for language in LANGUAGES},
    **{f"description_{language}": _localized("description", language) for language in LANGUAGES},
    **{name: _column(name) for name in ("website", "company_number", "founded", "closed_on")},
    **{f"city_{language}": _localized("city", language) for language in LANGUAGES},
    "country": _column("country"),
    "region": lambda startup: startup.region.code if startup.region else "",
    **{kind.value: _terms(kind) for kind in TERM_FIELDS},
    **{name: _column(name) for name in ("women_founders", "export_markets", "sdgs")},
    **{name: _column(name) for name in ("raising_min", "raising_max", "currency")},
    "residency_events": lambda startup: "",
    "milestones": _milestones,
    "is_demo": _column("is_demo"),
    "state": lambda startup: str(startup.state),
    "residency": lambda startup: str(startup.residency),
}
"""What each column says of a startup. Events are read for many startups at once and put in afterwards."""
