"""Making and keeping the released figures of regions and sectors. The worker's business: it loads SciPy's solvers.

Figures are released as of today and as of the last day of each quarter since the first stay. A release is made anew
when anything changed that it follows from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from webapp.models import ClusterRelease, DbSession, utc_now
from webapp.services.cluster_days import DayTables
from webapp.services.cluster_figures import FORM, Figures, to_json
from webapp.services.cluster_places import Computation
from webapp.services.cluster_stays import Panel, read_panel
from webapp.services.network import get_network


def release_current(session: DbSession, today: date) -> bool:
    """Release the figures as of today, if they differ from those released; whether it did.

    The release of an earlier day gives way to it, unless that day ends a quarter.
    """
    panel = _panel(session)
    if panel is None:
        return False
    made = _release(session, panel, _tables(panel), today)
    wanted = [*quarter_ends(_first_day(panel), today), today]
    session.execute(sa.delete(ClusterRelease).where(ClusterRelease.as_of.not_in(wanted)))
    return made


def release_past(session: DbSession, today: date) -> Iterator[date]:
    """Release the figures of all quarters that are lacking or no longer true, the latest first.

    Each is made only when the next value is asked for, so that the caller may commit in between.
    """
    panel = _panel(session)
    if panel is None:
        return
    tables = _tables(panel)
    for day in reversed(quarter_ends(_first_day(panel), today)):
        if _release(session, panel, tables, day):
            yield day


def compute_figures(panel: Panel, day: date) -> Figures:
    """The figures as of a day, without keeping them."""
    return Computation(panel, _tables(panel), day).figures()


def quarter_ends(first: date, last: date) -> list[date]:
    """The last days of the quarters from one day to another, both included, in order."""
    ends = [
        date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        for year in range(first.year, last.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return [day for day in ends if first <= day <= last]


def _panel(session: DbSession) -> Panel | None:
    network = get_network(session)
    return read_panel(session, network) if network else None


def _tables(panel: Panel) -> DayTables:
    return DayTables(panel.stays, len(panel.sectors), len(panel.regions), panel.network.disclosure_threshold)


def _first_day(panel: Panel) -> date:
    """The day of the first stay; without any, no quarter comes after it."""
    return date.fromordinal(int(panel.stays.entered.min())) if len(panel.stays) else date.max


def _release(session: DbSession, panel: Panel, tables: DayTables, day: date) -> bool:
    digest, kept = panel.digest(day), session.get(ClusterRelease, day)
    if kept is not None and (kept.digest, kept.form) == (digest, FORM):
        return False
    content = to_json(Computation(panel, tables, day).figures())
    session.merge(ClusterRelease(as_of=day, form=FORM, digest=digest, made_at=utc_now(), content=content))
    session.flush()
    return True
