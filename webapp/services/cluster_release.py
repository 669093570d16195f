"""Making and keeping the released figures of regions and sectors. The worker's business: it loads SciPy's solvers.

Figures are released as of today and as of the last day of each quarter since the first stay. A release is made anew
when anything changed that it follows from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from webapp.models import ClusterRelease, DbSession, utc_now
from webapp.services.cluster_days import DayTables
from webapp.services.cluster_figures import FORM, Figures, is_readable, to_json
from webapp.services.cluster_places import Computation
from webapp.services.cluster_profiles import with_profiles
from webapp.services.cluster_stays import Panel, read_panel
from webapp.services.network import get_network

WITHHOLDS_NOTHING = 1
"""The threshold of the figures that are not published: no count is small."""


def release_current(session: DbSession, today: date) -> bool:
    """Release the figures as of today, if they differ from those released; whether it did.

    The release of an earlier day gives way to it, unless that day ends a quarter.
    """
    panel = _panel(session)
    if panel is None:
        return False
    made = _release(session, panel, _tables(panel), today, is_today=True)
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
        if _release(session, panel, tables, day, is_today=day == today):
            yield day


def compute_figures(panel: Panel, day: date, *, is_today: bool = False) -> Figures:
    """The figures as of a day, without keeping them; with what the profiles say if the day is today."""
    return _figures(panel, _tables(panel).public, day, is_today=is_today)


def _figures(panel: Panel, tables: DayTables, day: date, *, is_today: bool) -> Figures:
    figures = Computation(panel, tables, day).figures()
    return with_profiles(figures, panel, tables.on(day.toordinal())) if is_today else figures


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


class _Tables(NamedTuple):
    """The tables of all days that are looked at, each made once."""

    public: DayTables
    full: DayTables


def _tables(panel: Panel) -> _Tables:
    size = len(panel.sectors), len(panel.regions)
    return _Tables(
        DayTables(panel.stays, *size, panel.network.disclosure_threshold),
        DayTables(panel.stays, *size, WITHHOLDS_NOTHING),
    )


def _first_day(panel: Panel) -> date:
    """The day of the first stay; without any, no quarter comes after it."""
    return date.fromordinal(int(panel.stays.entered.min())) if len(panel.stays) else date.max


def _release(session: DbSession, panel: Panel, tables: _Tables, day: date, *, is_today: bool) -> bool:
    digest, kept = panel.digest(day, is_today=is_today), session.get(ClusterRelease, day)
    if kept is not None and (kept.digest, kept.form) == (digest, FORM) and _is_whole(kept):
        return False
    content, full = (to_json(_figures(panel, each, day, is_today=is_today)) for each in tables)
    made = ClusterRelease(as_of=day, form=FORM, digest=digest, made_at=utc_now(), content=content, full_content=full)
    session.merge(made)
    session.flush()
    return True


def _is_whole(kept: ClusterRelease) -> bool:
    """Whether both contents can be read; a row that was written by other code may say that it has our form."""
    return all(content is not None and is_readable(content) for content in (kept.content, kept.full_content))
