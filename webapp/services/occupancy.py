"""How full the parks are, have been, and may be: residents by site and month, renewals, and vacancies to expect.

``docs/residency.md`` has the definitions. Startups are counted, not desks: the pack's ``capacity`` of a site is the
number of startups that it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.models import DbSession, Residency, ResidencyEvent, ResidencyEventKind, Site
from webapp.permissions import Actor, Permission, require
from webapp.services.leases import add_months, events_by_startup
from webapp.services.network import list_sites
from webapp.services.residency import LEASES, Stay, derive_stays, residency_on, standing_events
from webapp.services.shares import Share, binomial_limits

MONTHS_BACK = 24
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class SiteOccupancy:
    """One park."""

    site: Site
    months: Sequence[int]
    """Residents on the last day of each of the last ``MONTHS_BACK`` months, and today."""
    ending: Sequence[int]
    """Leases that end in each of the next ``MONTHS_AHEAD`` months, those that have ended already in the first."""
    unknown: int
    """Residents whose lease has no end."""
    renewals: Share
    """Leases of this park that ended in the last ``MONTHS_BACK`` months, and how many of them were renewed."""

    @property
    def residents(self) -> int:
        """Residents today."""
        return self.months[-1]

    @property
    def free(self) -> int | None:
        """Places that are free today, where the park's capacity is known; negative if it is overfull."""
        return None if self.site.capacity is None else self.site.capacity - self.residents


@dataclass(frozen=True)
class Expected:
    """How many places become free, if each lease that ends is renewed with the same chance."""

    ending: int
    mean: float
    lower: int
    upper: int
    """Limits of 95 %, of the binomial distribution."""


@dataclass(frozen=True)
class Occupancy:
    """All parks."""

    days: Sequence[date]
    """The days to which ``SiteOccupancy.months`` belong."""
    sites: Sequence[SiteOccupancy]
    renewals: Share
    """Of all parks together."""


def occupancy(session: DbSession, actor: Actor, today: date) -> Occupancy:
    """How full the parks are (two queries).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    first = add_months(today.replace(day=1), -MONTHS_BACK + 1)
    days = [add_months(first, number) - timedelta(days=1) for number in range(MONTHS_BACK)] + [today]
    counts: Counter[tuple[int, int]] = Counter()
    ending: Counter[tuple[int, int | None]] = Counter()
    due: Counter[int] = Counter()
    renewed: Counter[int] = Counter()
    since = add_months(today, -MONTHS_BACK)
    for _, events in events_by_startup(session):
        for stay in derive_stays(events):
            _count_days(stay, days, counts)
            if stay.left is None:
                ending[stay.site_id, _month_ahead(stay.until, today)] += 1
        for site_id, is_renewed in lease_ends(events, since, today):
            due[site_id] += 1
            renewed[site_id] += is_renewed
    sites = [
        SiteOccupancy(
            site,
            [counts[site.id, number] for number in range(len(days))],
            [ending[site.id, month] for month in range(MONTHS_AHEAD)],
            ending[site.id, None],
            Share(renewed[site.id], due[site.id]),
        )
        for site in list_sites(session)
        if site.status == "operating" or counts[site.id, len(days) - 1]
    ]
    return Occupancy(days, sites, Share(renewed.total(), due.total()))


def _count_days(stay: Stay, days: Sequence[date], counts: Counter[tuple[int, int]]) -> None:
    for number, day in enumerate(days):
        if residency_on([stay], day) == Residency.RESIDENT:
            counts[stay.site_id, number] += 1


def _month_ahead(until: date | None, today: date) -> int | None:
    """In which month from today a lease ends: 0 within the first, also if it is over; nothing if it has no end."""
    if until is None:
        return None
    months = (until.year - today.year) * 12 + until.month - today.month
    return max(0, months - (until.day < today.day))


def lease_ends(events: Iterable[ResidencyEvent], since: date, today: date) -> list[tuple[int, bool]]:
    """The leases that fell due within a time: at which site, and whether the stay went on under a new one.

    A renewal, an extension or a departure settles the lease before it. One that has ended and of which nothing is
    recorded is not counted yet.
    """
    running: dict[int, date] = {}
    found = []
    for event in standing_events(events):
        site_id = event.from_site_id if event.kind == ResidencyEventKind.MOVED else event.site_id
        until = running.get(site_id) if site_id is not None else None
        if until and site_id is not None and event.kind in _SETTLES:
            due = min(until, event.on) if event.kind == ResidencyEventKind.LEFT else until
            if since <= due <= today and _is_due(event, until):
                found.append((site_id, event.kind in _GOES_ON))
            running.pop(site_id)
        if event.kind in LEASES and event.until:
            running[event.site_id] = event.until
    return found


_GOES_ON = frozenset({ResidencyEventKind.RENEWED, ResidencyEventKind.EXTENDED})
_SETTLES = _GOES_ON | {ResidencyEventKind.LEFT, ResidencyEventKind.MOVED}
NOT_YET_DUE = timedelta(days=90)
"""Who leaves longer before the end of a lease ends it early: that is no lease that fell due."""


def _is_due(event: ResidencyEvent, until: date) -> bool:
    return event.kind in _GOES_ON or (event.kind == ResidencyEventKind.LEFT and until - event.on <= NOT_YET_DUE)


def expected_vacancies(ending: Sequence[int], renewal: float) -> Sequence[Expected]:
    """What-if: how many places become free within 1, 2 ... months, if a lease that ends is renewed with this chance.

    Leases are taken to be renewed independently of one another, so that the number is binomial.

    Args:
        ending: leases that end in each month.
        renewal: the chance, from 0 to 1.
    """
    total, found = 0, []
    for number in ending:
        total += number
        lower, upper = binomial_limits(total, 1 - renewal)
        found.append(Expected(total, total * (1 - renewal), lower, upper))
    return found


def summed(sites: Iterable[SiteOccupancy]) -> Mapping[str, int]:
    """Residents, places and free places of all parks whose capacity is known."""
    known = [each for each in sites if each.site.capacity is not None]
    return {
        "residents": sum(each.residents for each in known),
        "capacity": sum(each.site.capacity or 0 for each in known),
        "free": sum(each.free or 0 for each in known),
    }
