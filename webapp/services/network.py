"""The network pack in the database: loading it, and reading the network and its vocabulary.

Loading again changes nothing. A code that is in use cannot vanish: the load says so and changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import Conflict
from webapp.models import (
    Base,
    DbSession,
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
    touch,
)
from webapp.services.network_pack import Pack

_REFERENCES: Mapping[type[Base], tuple[InstrumentedAttribute[Any], ...]] = {
    Region: (Startup.region_id, Partner.region_id),
    Site: (StartupSite.site_id, PartnerSite.site_id, ResidencyEvent.site_id, ResidencyEvent.from_site_id),
    Term: (StartupTerm.term_id, PartnerTerm.term_id, ResidencyEvent.reason_id),
}
"""Which columns hold on to a row that comes from the pack."""


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
    report = LoadReport()
    network = session.scalar(select(Network))
    if network is not None and network.code != pack.network.code:
        raise Conflict("other-network", loaded=network.code, pack=pack.network.code)
    if network is not None and network.digest == pack.digest:
        return report
    _merge(session, Network, {"": network} if network else {}, {"": pack.network_columns()}, report)
    regions = {row.code: row for row in session.scalars(select(Region))}
    _merge(session, Region, regions, {row["code"]: row for row in pack.region_columns()}, report)
    session.flush()
    ids = {code: id_ for id_, code in session.execute(select(Region.id, Region.code))}
    sites = {row.code: row for row in session.scalars(select(Site))}
    wanted = {row["code"]: row for row in pack.site_columns()}
    for row in wanted.values():
        row["region_id"] = ids[row.pop("region")]
    _merge(session, Site, sites, wanted, report)
    terms = {(row.kind, row.code): row for row in session.scalars(select(Term))}
    _merge(session, Term, terms, {(row["kind"], row["code"]): row for row in pack.term_columns()}, report)
    session.flush()
    if network is not None and report.anything:
        _touch_everything(session)
    return report


def _merge(
    session: DbSession,
    model: type[Base],
    existing: Mapping[Any, Base],
    wanted: Mapping[Any, dict[str, Any]],
    report: LoadReport,
) -> None:
    gone = [row for key, row in existing.items() if key not in wanted]
    if used := sorted(_label(row) for row in gone if _is_used(session, row)):
        raise Conflict("codes-in-use", codes=used)
    for row in gone:
        report.removed.append(_label(row))
        session.delete(row)
    for key, columns in wanted.items():
        if key in existing:
            report.changed += _assign(existing[key], columns)
        else:
            report.added += 1
            session.add(model(**columns))


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
    id_ = inspect(row).identity[0]
    return any(
        session.scalar(select(column).where(column == id_).limit(1)) is not None
        for column in _REFERENCES.get(type(row), ())
    )


def _touch_everything(session: DbSession) -> None:
    """Names and aliases are part of the index and the matches of every profile that carries the term."""
    for model in (Startup, Partner):
        for row in session.scalars(select(model)):
            touch(row)


def get_network(session: DbSession) -> Network | None:
    """The network of this site, or nothing before a pack was loaded."""
    return session.scalar(select(Network))


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
