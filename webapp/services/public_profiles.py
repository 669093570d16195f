"""Startups and partners in files for the public: their columns, and their rows, read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.models import DataSource, DbSession, ImportedRow, Partner, PartnerKind, Startup, TermKind
from webapp.services.public_columns import Column, FileColumn, codes, plain, record, text

BATCH = 200

_NAMES: tuple[Column, ...] = (plain("slug"), plain("name_latin"), plain("name_arabic"))
_KEPT: tuple[Column, ...] = (
    plain("website", format_="uri"),
    plain("verified_on", "date"),
    plain("confirmed_on", "date"),
    plain("is_demo", "boolean"),
    plain("updated_at", "datetime"),
)


def _terms(name: str, kind: TermKind, *, several: bool = True) -> Column:
    return codes(name, kind.value, lambda row: row.terms(kind), several=several)


STARTUP_COLUMNS: Sequence[Column] = (
    *_NAMES,
    text("pitch"),
    text("description"),
    _terms("sectors", TermKind.SECTOR),
    codes("regions", "regions", lambda startup: startup.regions),
    codes("sites", "sites", lambda startup: startup.sites),
    text("city", lambda startup: {} if startup.sites else startup.city),
    Column("residency", lambda startup: [str(startup.residency)], codes="residency_statuses"),
    plain("entered_on", "date"),
    plain("founded", "integer"),
    _terms("stage", TermKind.MATURITY, several=False),
    _terms("funding", TermKind.FUNDING_STAGE, several=False),
    plain("raising_min", "integer"),
    plain("raising_max", "integer"),
    plain("currency"),
    _terms("technologies", TermKind.TECHNOLOGY),
    _terms("business_models", TermKind.BUSINESS_MODEL),
    _terms("customers", TermKind.CUSTOMER),
    _terms("headcount", TermKind.HEADCOUNT, several=False),
    _terms("legal_form", TermKind.LEGAL_FORM, several=False),
    _terms("needs", TermKind.NEED),
    _terms("offers", TermKind.OFFER),
    plain("women_founders", "boolean", lambda startup: startup.women_founders or None),
    Column("export_markets", lambda startup: startup.export_markets, several=True),
    Column("sdgs", lambda startup: startup.sdgs, several=True),
    plain("company_number"),
    *_KEPT,
    plain("sources", read=lambda startup: ""),
)
"""What is told of a startup. Sources are read for many startups at once and put in afterwards."""

PARTNER_COLUMNS: Sequence[Column] = (
    *_NAMES,
    plain("kind", read=lambda partner: str(partner.kind)),
    text("summary"),
    text("description"),
    _terms("investor_types", TermKind.INVESTOR_TYPE),
    plain("ticket_min", "integer"),
    plain("ticket_max", "integer"),
    plain("currency"),
    _terms("instruments", TermKind.INSTRUMENT),
    _terms("funding_stages", TermKind.FUNDING_STAGE),
    _terms("stages", TermKind.MATURITY),
    _terms("sectors", TermKind.SECTOR),
    codes("sectors_ruled_out", "sectors", lambda partner: partner.excluded(TermKind.SECTOR)),
    _terms("technologies", TermKind.TECHNOLOGY),
    Column(
        "geography",
        lambda partner: partner.geography if partner.kind == PartnerKind.INVESTOR else [],
        several=True,
    ),
    _terms("skills", TermKind.SKILL),
    _terms("offers", TermKind.OFFER),
    _terms("formats", TermKind.FORMAT),
    plain("capacity", "integer"),
    codes("sites", "sites", lambda partner: partner.sites if partner.kind == PartnerKind.MENTOR else []),
    codes("region", "regions", lambda partner: [partner.region] if partner.region else [], several=False),
    text("city"),
    plain("country"),
    Column("languages", lambda partner: partner.languages, several=True),
    text("pilot_process"),
    *_KEPT,
)
"""What is told of a partner."""

COLUMNS: Mapping[str, Sequence[Column]] = {Startup.noun: STARTUP_COLUMNS, Partner.noun: PARTNER_COLUMNS}
"""Noun -> its columns."""
TABLES: Mapping[str, str] = {Startup.noun: "startups", Partner.noun: "partners"}
"""Noun -> the table of the dictionary, which is also the name of files."""
_MODELS: Mapping[str, Any] = {Startup.noun: Startup, Partner.noun: Partner}


def in_batches(session: DbSession, noun: str, ids: Sequence[int]) -> Iterator[list[Any]]:
    """The published ones among these ids in their order, a batch at a time; a batch that was read is soon forgotten."""
    model = _MODELS[noun]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = session.scalars(model.with_listing(model.published().where(model.id.in_(batch))))
        found = {row.id: row for row in rows}
        yield [found[row_id] for row_id in batch if row_id in found]


def records(
    session: DbSession, noun: str, columns: Sequence[FileColumn], ids: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """The published ones among these ids as a file tells them, in their order; never all are in memory."""
    for rows in in_batches(session, noun, ids):
        sources = _sources(session, [row.id for row in rows]) if noun == Startup.noun else {}
        for row in rows:
            told = record(columns, row)
            yield told | {"sources": sources.get(row.id)} if "sources" in told else told


def _sources(session: DbSession, ids: Sequence[int]) -> dict[int, str]:
    """Id of a startup -> the data sets that it comes from, as their licences ask (one query)."""
    statement = (
        sa.select(ImportedRow.startup_id, DataSource.name, DataSource.attribution, DataSource.licence)
        .join(DataSource, DataSource.name == ImportedRow.source)
        .where(ImportedRow.startup_id.in_(ids))
        .order_by(DataSource.name)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for startup_id, _, attribution, licence in session.execute(statement):
        found.setdefault(startup_id, []).append(f"{attribution} ({licence})")
    return {startup_id: "; ".join(texts) for startup_id, texts in found.items()}
