"""The network pack in the database: loading it, and reading the network and its vocabulary.

Loading again changes nothing. A code that is in use cannot vanish: the load says so and changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import Conflict
from webapp.models import (
    Application,
    Base,
    Change,
    Cohort,
    DbSession,
    MatchmakingDay,
    Network,
    Partner,
    PartnerSite,
    PartnerTerm,
    Region,
    ResidencyEvent,
    Site,
    Startup,
    StartupSite,
    StartupTerm,
    Term,
    TermKind,
    utc_now,
)
from webapp.services.network_pack import Pack

_REFERENCES: Mapping[type[Base], tuple[InstrumentedAttribute[Any], ...]] = {
    Region: (Startup.region_id, Partner.region_id),
    Site: (
        StartupSite.site_id,
        PartnerSite.site_id,
        ResidencyEvent.site_id,
        ResidencyEvent.from_site_id,
        Application.site_id,
        Cohort.site_id,
        MatchmakingDay.site_id,
    ),
    Term: (StartupTerm.term_id, PartnerTerm.term_id, ResidencyEvent.reason_id),
}
"""Which columns hold on to a row that comes from the pack."""


Rows = dict[Any, dict[str, Any]]
"""Columns of rows of one model, by what makes a row the same row."""


@dataclass
class LoadReport:
    """What a load did, as counts of rows and, for what vanished, names."""

    added: int = 0
    changed: int = 0
    removed: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether the load changed something."""
        return bool(self.added or self.changed or self.removed)


def load_pack(session: DbSession, pack: Pack) -> LoadReport:
    """Bring the database in step with a pack.

    Raises:
        Conflict: ``codes-in-use``: codes that the pack no longer has are still used (``codes``), or
            ``other-network``: the database belongs to a network with another code.
    """
    network = get_network(session)
    if network is not None and network.code != pack.network.code:
        raise Conflict("other-network", loaded=network.code, pack=pack.network.code)
    if network is not None and network.digest == pack.digest:
        return LoadReport()
    wanted = _wanted(pack)
    existing = {model: {_key(row): row for row in session.scalars(select(model))} for model in wanted}
    gone = [row for model, rows in existing.items() for key, row in rows.items() if key not in wanted[model]]
    if used := sorted(_label(row) for row in gone if _is_used(session, row)):
        raise Conflict("codes-in-use", codes=used)
    report = LoadReport(removed=sorted(map(_label, gone)))
    for model, rows in wanted.items():
        if model is Site:
            _place(rows, existing[Region])
        _merge(session, model, existing[model], rows, report)
    session.flush()
    # What vanishes goes last, since a site that stays may have moved out of a region that goes.
    for row in gone:
        session.delete(row)
    session.flush()
    if network is not None and report.anything:
        _touch_everything(session)
    return report


def _wanted(pack: Pack) -> dict[type[Any], Rows]:
    """The rows that a pack asks for, what others refer to first."""
    return {
        Network: {pack.network.code: pack.network_columns()},
        Region: {columns["code"]: columns for columns in pack.region_columns()},
        Site: {columns["code"]: columns for columns in pack.site_columns()},
        Term: {(columns["kind"], columns["code"]): columns for columns in pack.term_columns()},
    }


def _place(sites: Rows, regions: Mapping[str, Region]) -> None:
    """Replace the region's code by its row, once there is one."""
    for columns in sites.values():
        columns["region"] = regions[columns["region"]]


def _key(row: Any) -> Any:
    return (row.kind, row.code) if isinstance(row, Term) else row.code


def _merge(
    session: DbSession,
    model: type[Any],
    existing: dict[Any, Any],
    wanted: Mapping[Any, dict[str, Any]],
    report: LoadReport,
) -> None:
    """Change and add rows; those added join the existing ones."""
    for key, columns in wanted.items():
        if key in existing:
            report.changed += _assign(existing[key], columns)
        else:
            existing[key] = model(**columns)
            session.add(existing[key])
            report.added += 1


def _assign(row: Base, columns: Mapping[str, Any]) -> bool:
    changed = False
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _label(row: Any) -> str:
    return f"{row.kind}/{row.code}" if isinstance(row, Term) else f"{row.__tablename__}s/{row.code}"


def _is_used(session: DbSession, row: Any) -> bool:
    return any(
        session.scalar(select(column).where(column == row.id).limit(1)) is not None
        for column in _REFERENCES.get(type(row), ())
    )


def _touch_everything(session: DbSession) -> None:
    """Names and aliases are part of the index and the matches of every profile that carries the term."""
    at = literal(utc_now(), Change.__table__.c.at.type)
    for model in (Startup, Partner):
        rows = select(literal(model.noun), model.id, at)
        session.execute(insert(Change).from_select(["noun", "object_id", "at"], rows))


def get_network(session: DbSession) -> Network | None:
    """The network of this site, or nothing before a pack was loaded."""
    return session.scalar(select(Network))


def zone_of(network: Network | None) -> ZoneInfo:
    """The time zone in which a network counts days and tells times."""
    return ZoneInfo(network.timezone if network else "UTC")


def day_of(network: Network | None) -> date:
    """The day it is where a network is."""
    return utc_now().astimezone(zone_of(network)).date()


def list_regions(session: DbSession) -> list[Region]:
    """The regions in the pack's order."""
    return list(session.scalars(select(Region).order_by(Region.position)))


def list_sites(session: DbSession) -> list[Site]:
    """The sites in the pack's order."""
    return list(session.scalars(select(Site).order_by(Site.position)))


def list_terms(session: DbSession, *kinds: TermKind) -> list[Term]:
    """The vocabulary of the given kinds (of all, without kinds) in the pack's order."""
    condition: Iterable[ColumnElement[bool]] = [Term.kind.in_(kinds)] if kinds else []
    return list(session.scalars(select(Term).where(*condition).order_by(Term.kind, Term.position)))
