"""The residents as staff list them: who, where, since when, until when, and what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from webapp.errors import NotFound
from webapp.language import sort_key
from webapp.models import DbSession, ResidencyEvent, Site, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.leases import CurrentStay, Due, current_stays, startups_of
from webapp.services.network import list_sites

COLUMNS = ("slug", "name_latin", "name_arabic", "site", "entered", "lease_ends", "due")
"""Of the list as a file."""


@dataclass(frozen=True)
class ResidentFilter:
    """What of the residents is wanted; what is empty narrows nothing."""

    text: str = ""
    site: str = ""
    """Code."""
    due: str = ""
    """One of ``Due``, or ``any``."""


@dataclass(frozen=True)
class Resident:
    """A stay with its startup and its park."""

    stay: CurrentStay
    startup: Startup
    site: Site


def list_residents(session: DbSession, actor: Actor, asked: ResidentFilter, today: date) -> list[Resident]:
    """The residents that a filter leaves: what has been due for longest first, then by name (four queries).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    sites = {site.id: site for site in list_sites(session)}
    stays = [stay for stay in current_stays(session, today) if _is_asked(stay, asked, sites)]
    startups = startups_of(session, stays)
    wanted = sort_key(asked.text)
    found = [
        Resident(stay, startups[stay.startup_id], sites[stay.site_id])
        for stay in stays
        if not wanted or _is_called(startups[stay.startup_id], wanted)
    ]
    return sorted(found, key=lambda each: (each.stay.since is None, each.stay.since or today, each.startup.sort_name))


def _is_asked(stay: CurrentStay, asked: ResidentFilter, sites: Mapping[int, Site]) -> bool:
    if asked.site and sites[stay.site_id].code != asked.site:
        return False
    return not asked.due or (stay.due is not None and asked.due in ("any", stay.due))


def _is_called(startup: Startup, wanted: str) -> bool:
    names = (startup.name_latin, startup.name_arabic)
    return any(wanted in sort_key(name) for name in names if name)


def resident_rows(residents: Sequence[Resident]) -> Iterator[dict[str, object]]:
    """The list for a file."""
    for each in residents:
        yield {
            "slug": each.startup.slug,
            "name_latin": each.startup.name_latin,
            "name_arabic": each.startup.name_arabic,
            "site": each.site.code,
            "entered": each.stay.entered,
            "lease_ends": each.stay.until,
            "due": each.stay.due or "",
        }


def get_history(session: DbSession, actor: Actor, slug: str) -> tuple[Startup, Sequence[ResidencyEvent]]:
    """A startup, published or not, with all its events as they were recorded (two queries and what they show).

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``startup``.
    """
    require(actor, Permission.STAFF)
    startup = session.scalar(sa.select(Startup).where(Startup.slug == slug))
    if startup is None:
        raise NotFound("startup", slug=slug)
    statement = sa.select(ResidencyEvent).where(ResidencyEvent.startup_id == startup.id)
    shown = (
        selectinload(ResidencyEvent.site),
        selectinload(ResidencyEvent.from_site),
        selectinload(ResidencyEvent.reason),
        selectinload(ResidencyEvent.recorded_by),
    )
    order = (ResidencyEvent.on, ResidencyEvent.id)
    return startup, session.scalars(statement.options(*shown).order_by(*order)).all()


__all__ = [
    "COLUMNS",
    "Due",
    "Resident",
    "ResidentFilter",
    "get_history",
    "list_residents",
    "resident_rows",
]
