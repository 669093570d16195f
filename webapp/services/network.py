"""The network pack in the database: loading it, and reading the network and its vocabulary.

Loading again changes nothing. A code that is in use cannot vanish: the load says so and changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
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


class FieldChange(NamedTuple):
    """What a field of a row from the pack would say instead."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PackPreview:
    """What a load would do, without doing it. Rows are named as ``sectors/fintech``."""

    digest: str
    """Of the pack that was looked at."""
    added: list[str]
    changed: dict[str, list[FieldChange]]
    removed: list[str]
    hindrance: Conflict | None
    """Why it cannot be loaded, if it cannot."""

    @property
    def anything(self) -> bool:
        """Whether a load would change something that readers see."""
        return bool(self.added or self.changed or self.removed)


def preview_pack(session: DbSession, pack: Pack) -> PackPreview:
    """Compare a pack with what is loaded."""
    plan = _Plan(session, pack)
    wanted = ((model, key) for model, rows in plan.wanted.items() for key in rows)
    added = [_name(model, key) for model, key in wanted if key not in plan.existing[model]]
    changed = {}
    for model, rows in plan.wanted.items():
        for key, columns in rows.items():
            if key in plan.existing[model] and (fields := _differences(plan.existing[model][key], columns)):
                changed[_name(model, key)] = fields
    return PackPreview(pack.digest, added, changed, sorted(map(_label, plan.gone)), plan.hindrance)


def _differences(row: Any, columns: Mapping[str, Any]) -> list[FieldChange]:
    before = {name: getattr(row, name) for name in columns if name != "digest"}
    if isinstance(row, Site):
        before["region"] = row.region.code
    return [FieldChange(name, said, columns[name]) for name, said in before.items() if said != columns[name]]


class _Plan:
    """What a pack asks for, beside what there is."""

    def __init__(self, session: DbSession, pack: Pack) -> None:
        self.network = get_network(session)
        self.wanted = _wanted(pack)
        self.existing = {model: {_key(row): row for row in session.scalars(select(model))} for model in self.wanted}
        self.gone = [
            row for model, rows in self.existing.items() for key, row in rows.items() if key not in self.wanted[model]
        ]
        self.hindrance: Conflict | None = None
        if self.network is not None and self.network.code != pack.network.code:
            self.hindrance = Conflict("other-network", loaded=self.network.code, pack=pack.network.code)
        elif used := sorted(_label(row) for row in self.gone if _is_used(session, row)):
            self.hindrance = Conflict("codes-in-use", codes=used)


def load_pack(session: DbSession, pack: Pack) -> LoadReport:
    """Bring the database in step with a pack.

    Raises:
        Conflict: ``codes-in-use``: codes that the pack no longer has are still used (``codes``), or
            ``other-network``: the database belongs to a network with another code.
    """
    network = get_network(session)
    if network is not None and network.code == pack.network.code and network.digest == pack.digest:
        return LoadReport()
    plan = _Plan(session, pack)
    if plan.hindrance is not None:
        raise plan.hindrance
    report = LoadReport(removed=sorted(map(_label, plan.gone)))
    for model, rows in plan.wanted.items():
        if model is Site:
            _place(rows, plan.existing[Region])
        _merge(session, model, plan.existing[model], rows, report)
    session.flush()
    # What vanishes goes last, since a site that stays may have moved out of a region that goes.
    for row in plan.gone:
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
    return _name(type(row), _key(row))


def _name(model: type[Any], key: Any) -> str:
    return "/".join(key) if model is Term else f"{model.__tablename__}s/{key}"


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
