"""From the database to the arrays that the figures of regions and sectors are computed from. The worker's business."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, cast

import numpy as np
import sqlalchemy as sa

from webapp.clusters.arrays import NONE, Ints, Mask
from webapp.clusters.panel import Stays, stays_of
from webapp.models import (
    DbSession,
    Network,
    PublicationState,
    Region,
    ResidencyEvent,
    ResidencyEventKind,
    Site,
    Startup,
    StartupTerm,
    Term,
    TermKind,
)
from webapp.services.cluster_figures import FORM
from webapp.services.cluster_introductions import furthest
from webapp.services.introduction_figures import read_sent
from webapp.services.network import list_regions, list_sites, list_terms
from webapp.services.residency import derive_stays, standing_events

GRADUATED, UNKNOWN = "graduated", "unknown"
"""Reasons for leaving that the figures know by their code, if the network has them."""


@dataclass(frozen=True)
class Renewals:
    """Renewals of stays as columns of one length: sector, region, and the ordinal of the day."""

    sector: Ints
    region: Ints
    on: Ints


@dataclass(frozen=True)
class Profiles:
    """What the profiles say today. Startups that say nothing are in none of the mappings."""

    bands: list[str]
    """Codes of the headcounts, in the pack's order."""
    band: Mapping[int, int]
    """Startup -> index of its headcount."""
    women: Mapping[int, bool]
    """Startup -> whether women founded it."""
    exporters: frozenset[int]
    """Startups that name a market abroad."""
    sectors: Mapping[int, tuple[int, ...]]
    """Startup -> indexes of all its sectors."""

    def presence(self, sectors: int) -> Mask:
        """Truth values, startups by sectors."""
        found = np.zeros((len(self.sectors), sectors), dtype=bool)
        for row, indexes in enumerate(self.sectors.values()):
            found[row, list(indexes)] = True
        return found

    def digest(self) -> str:
        """Of all of it."""
        said = (self.bands, sorted(self.band.items()), sorted(self.women.items()), sorted(self.exporters))
        return hashlib.sha256(f"{said} {sorted(self.sectors.items())}".encode()).hexdigest()


@dataclass(frozen=True)
class Panel:
    """Published startups' stays, with what the figures relate them to. Indexes follow the pack's order."""

    network: Network
    regions: list[Region]
    sites: list[Site]
    sectors: list[str]
    groups: list[int]
    """Index of each sector's group."""
    reasons: list[str]
    """Codes of the reasons for leaving; the last stands for a reason that was not recorded."""
    stays: Stays
    """By region."""
    renewals: Renewals
    closed: Mapping[int, int]
    """Startup -> ordinal of the day on which the company closed."""
    last_known: Mapping[int, int]
    """Startup -> ordinal of the last day on which somebody confirmed or checked its profile."""
    profiles: Profiles
    introductions: Ints
    """Requests by the furthest step that they took and by region; see ``cluster_introductions``."""

    def digest(self, day: date, *, is_today: bool) -> str:
        """Of all that the figures as of a day follow from; what happened later changes nothing.

        Profiles and introductions are part of it today only: what they were on an earlier day is not recorded.
        """
        until = day.toordinal()
        stays = self.stays.where(self.stays.entered <= until)
        over = (stays.left != NONE) & (stays.left <= until)
        rows = [stays.startup, stays.sector, stays.place, stays.entered, np.where(over, stays.left, NONE)]
        renewed = self.renewals.on <= until
        rows += [np.where(over, stays.reason, NONE)]
        rows += [column[renewed] for column in (self.renewals.sector, self.renewals.region, self.renewals.on)]
        known = [sorted((key, min(value, until)) for key, value in self.last_known.items())]
        known += [sorted(item for item in self.closed.items() if item[1] <= until)]
        said = f"{self.profiles.digest()} {self.introductions.tolist()}" if is_today else ""
        whole = hashlib.sha256(f"{FORM} {self.network.digest} {day} {known} {said}".encode())
        for column in rows:
            whole.update(column.tobytes() + b"|")
        return whole.hexdigest()


def read_panel(session: DbSession, network: Network) -> Panel:
    """Read the stays of all published startups, their profiles and the introductions (fifteen queries at most)."""
    regions, sites = list_regions(session), list_sites(session)
    sectors = list_terms(session, TermKind.SECTOR)
    reasons = list_terms(session, TermKind.LEAVING_REASON)
    codes = [reason.code for reason in reasons]
    groups = list(dict.fromkeys(sector.group for sector in sectors))
    region_of = {region.id: index for index, region in enumerate(regions)}
    events = _Events(
        sector_of=_primary_sectors(session, sectors),
        region_of={site.id: region_of[site.region_id] for site in sites},
        reason_of={reason.id: index for index, reason in enumerate(reasons)},
    )
    stays, renewals = events.read(session)
    closed, last_known = _days_of_companies(session)
    return Panel(
        network=network,
        regions=regions,
        sites=sites,
        sectors=[sector.code for sector in sectors],
        groups=[groups.index(sector.group) for sector in sectors],
        reasons=codes if UNKNOWN in codes else [*codes, UNKNOWN],
        stays=stays,
        renewals=renewals,
        closed=closed,
        last_known=last_known,
        profiles=_profiles(session, sectors),
        introductions=furthest(read_sent(session), [region.code for region in regions]),
    )


@dataclass(frozen=True)
class _Events:
    sector_of: Mapping[int, int]
    region_of: Mapping[int, int]
    reason_of: Mapping[int, int]

    def read(self, session: DbSession) -> tuple[Stays, Renewals]:
        """The stays in order of startup and entry, and the renewals."""
        names = ("id", "startup_id", "kind", "on", "site_id", "from_site_id", "reason_id", "until", "voids_id")
        statement = sa.select(*(getattr(ResidencyEvent, name) for name in names))
        statement = statement.join(Startup, Startup.id == ResidencyEvent.startup_id)
        statement = statement.where(Startup.state == PublicationState.PUBLISHED)
        rows = session.execute(
            statement.order_by(ResidencyEvent.startup_id, ResidencyEvent.on, ResidencyEvent.id)
        ).all()
        stays = [
            self._row(startup, stay)
            for startup, events in groupby(rows, key=lambda row: row.startup_id)
            for stay in derive_stays(cast("list[ResidencyEvent]", list(events)))
        ]
        renewed = [
            (self.sector_of.get(row.startup_id, NONE), self.region_of[row.site_id], row.on.toordinal())
            for row in standing_events(cast("list[ResidencyEvent]", rows))
            if row.kind == ResidencyEventKind.RENEWED
        ]
        columns = np.array(stays, dtype=np.int64).reshape(-1, 6).T
        return stays_of(*columns), Renewals(*np.array(renewed, dtype=np.int64).reshape(-1, 3).T)

    def _row(self, startup: int, stay: Any) -> tuple[int, ...]:
        sector = self.sector_of.get(startup, NONE)
        left = stay.left.toordinal() if stay.left else NONE
        reason = self.reason_of.get(stay.reason_id, NONE)
        return startup, sector, self.region_of[stay.site_id], stay.entered.toordinal(), left, reason


def _primary_sectors(session: DbSession, sectors: list[Term]) -> dict[int, int]:
    index_of = {sector.id: index for index, sector in enumerate(sectors)}
    statement = sa.select(StartupTerm.startup_id, StartupTerm.term_id).join(Term)
    rows = session.execute(statement.where(Term.kind == TermKind.SECTOR, StartupTerm.position == 0))
    return {startup: index_of[term] for startup, term in rows}


def _profiles(session: DbSession, sectors: list[Term]) -> Profiles:
    bands = list_terms(session, TermKind.HEADCOUNT)
    index_of = {term.id: index for terms in (bands, sectors) for index, term in enumerate(terms)}
    is_published = Startup.state == PublicationState.PUBLISHED
    links = sa.select(StartupTerm.startup_id, StartupTerm.term_id, Term.kind).join(Term)
    links = links.join(Startup, Startup.id == StartupTerm.startup_id).where(is_published)
    links = links.where(Term.kind.in_((TermKind.HEADCOUNT, TermKind.SECTOR)))
    band: dict[int, int] = {}
    found: dict[int, tuple[int, ...]] = {}
    for startup, term, kind in session.execute(links.order_by(StartupTerm.startup_id, StartupTerm.position)):
        if kind == TermKind.SECTOR:
            found[startup] = (*found.get(startup, ()), index_of[term])
        else:
            band[startup] = index_of[term]
    said = session.execute(
        sa.select(Startup.id, Startup.women_founders, Startup.export_markets).where(is_published)
    ).all()
    return Profiles(
        bands=[term.code for term in bands],
        band=band,
        women={row.id: row.women_founders for row in said if row.women_founders is not None},
        exporters=frozenset(row.id for row in said if row.export_markets),
        sectors=found,
    )


def _days_of_companies(session: DbSession) -> tuple[dict[int, int], dict[int, int]]:
    rows = session.execute(
        sa.select(Startup.id, Startup.closed_on, Startup.confirmed_on, Startup.verified_on).where(
            Startup.state == PublicationState.PUBLISHED
        )
    ).all()
    closed = {row.id: row.closed_on.toordinal() for row in rows if row.closed_on}
    asked = {row.id: [day for day in (row.confirmed_on, row.verified_on) if day] for row in rows}
    return closed, {startup: max(days).toordinal() for startup, days in asked.items() if days}
