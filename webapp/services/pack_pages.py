"""The network pack as staff see it: what is loaded, how much of it is used, and what loading its files would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import Conflict
from webapp.models import DbSession, Network, PartnerTerm, Region, Site, StartupSite, StartupTerm, Term, TermKind
from webapp.permissions import Actor, Permission, require
from webapp.services.network import (
    LoadReport,
    PackPreview,
    get_network,
    list_regions,
    list_sites,
    list_terms,
    load_pack,
    preview_pack,
)
from webapp.services.network_pack import PackError, PackProblem, read_pack
from webapp.services.unknown_terms import settle_adopted
from webapp.services.write_lock import lock_rows


@dataclass(frozen=True)
class LoadedPack:
    """What is loaded."""

    network: Network
    regions: Sequence[Region]
    sites: Sequence[Site]
    terms: Mapping[TermKind, list[Term]]
    """By kind, in the pack's order; kinds without any are absent."""
    uses: Mapping[int, int]
    """Id of a term -> how many profiles carry it."""
    residents: Mapping[int, int]
    """Id of a site -> how many startups sit or last sat there."""


@dataclass(frozen=True)
class PackFiles:
    """What the pack's files say now."""

    problems: Sequence[PackProblem] = ()
    """What is wrong with them; then there is no preview."""
    preview: PackPreview | None = None


def loaded_pack(session: DbSession, actor: Actor) -> LoadedPack | None:
    """What is loaded, and how much of it is used (seven queries); nothing before a pack was loaded.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    network = get_network(session)
    if network is None:
        return None
    terms: dict[TermKind, list[Term]] = {}
    for term in list_terms(session):
        terms.setdefault(TermKind(term.kind), []).append(term)
    uses: dict[int, int] = {}
    for model in (StartupTerm, PartnerTerm):
        for term_id, count in _counted(session, model.term_id).items():
            uses[term_id] = uses.get(term_id, 0) + count
    residents = _counted(session, StartupSite.site_id)
    return LoadedPack(network, list_regions(session), list_sites(session), terms, uses, residents)


def _counted(session: DbSession, column: InstrumentedAttribute[int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(sa.select(column, sa.func.count()).group_by(column))}


def read_files(session: DbSession, actor: Actor, folder: Path) -> PackFiles:
    """Check the pack's files, and compare them with what is loaded.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    try:
        return PackFiles(preview=preview_pack(session, read_pack(folder)))
    except PackError as error:
        return PackFiles(error.problems)


def reload_pack(session: DbSession, actor: Actor, folder: Path, *, digest: str) -> LoadReport:
    """Load the pack's files, if they are still those of which somebody saw the preview.

    Raises:
        NotAllowed: the actor is no administrator.
        Conflict: ``pack-changed``: the files changed since or have problems now; or what ``load_pack`` raises.
    """
    require(actor, Permission.ADMINISTER)
    try:
        pack = read_pack(folder)
    except PackError as error:
        raise Conflict("pack-changed") from error
    if pack.digest != digest:
        raise Conflict("pack-changed")
    lock_rows(session, Network, *session.scalars(sa.select(Network.id)))
    session.expire_all()
    report = load_pack(session, pack)
    settle_adopted(session)
    return report
