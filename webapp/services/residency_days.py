"""The parks on another day: who resided where, worked out from the events of all startups at once.

The index knows the parks of today only; what this gives takes the place of its facets (``search.Query.carried``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.models import DbSession, Region, Residency, ResidencyEvent, Site, Startup
from webapp.services.residency import derive_stays, residency_on, sites_on


@dataclass(frozen=True)
class Standing:
    """How a startup stood to the parks on a day."""

    residency: Residency = Residency.SUPPORTED
    sites: tuple[Site, ...] = ()
    """Where it sat or, if it had left, where it last sat; in the network's order."""


_UNKNOWN = Standing()


@dataclass(frozen=True)
class ParksOn:
    """The parks as they were at the end of a day."""

    day: date
    standings: Mapping[int, Standing]
    """By the ids of startups, of those that had entered a park by then."""
    carried: Mapping[str, Mapping[str, set[int]]] = field(repr=False)
    """The facets ``residency``, ``site`` and ``region`` -> code -> ids of published startups."""

    def standing(self, startup: Startup) -> Standing:
        """How a startup stood; one that had never entered a park was supported at most."""
        return self.standings.get(startup.id, _UNKNOWN)


def parks_on(session: DbSession, day: date) -> ParksOn:
    """The parks on a day, from what is recorded today; in three queries.

    A startup that has no profile today is not among them, whoever resided then.
    """
    standings = _standings(session, day)
    seats = Startup.published().with_only_columns(Startup.id, Region.code).outerjoin(Startup.region)
    carried: dict[str, dict[str, set[int]]] = {"residency": {}, "site": {}, "region": {}}
    for startup_id, seat in session.execute(seats):
        standing = standings.get(startup_id, _UNKNOWN)
        carried["residency"].setdefault(standing.residency, set()).add(startup_id)
        for site in standing.sites:
            carried["site"].setdefault(site.code, set()).add(startup_id)
        for region in {site.region.code for site in standing.sites} or {seat} - {None}:
            carried["region"].setdefault(region, set()).add(startup_id)
    return ParksOn(day, standings, carried)


def _standings(session: DbSession, day: date) -> dict[int, Standing]:
    in_network_order = sa.select(Site).options(joinedload(Site.region)).order_by(Site.position)
    sites = {site.id: site for site in session.scalars(in_network_order)}
    happened = sa.select(ResidencyEvent).where(ResidencyEvent.on <= day)
    in_order = happened.order_by(ResidencyEvent.startup_id, ResidencyEvent.on, ResidencyEvent.id)
    found = {}
    for startup_id, events in groupby(session.scalars(in_order), lambda event: event.startup_id):
        stays = derive_stays(events)
        there = sites_on(stays, day)
        places = tuple(site for site_id, site in sites.items() if site_id in there)
        found[startup_id] = Standing(residency_on(stays, day), places)
    return found
