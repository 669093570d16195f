"""Since when answers to programs are as they are, as a date that never is too early.

Who has an answer of one day is told that it still holds if nothing changed since, so a date that misses a change would
be a lie. What the directory says follows from the database, the indexes and the matches; the worker brings the latter
two in step with every change, deletions and withdrawals included, and an index is written anew for every pack. So:

- while a change waits for the worker, or an index cannot be read, there is no date;
- else it is the moment of the last commit to an index, or of the last run over all matches or release of figures;
- there is none before its second is over, since dates of the protocol know no parts of seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from webapp.models import Change, ClusterRelease, DbSession, MatchingRun, utc_now
from webapp.search import IndexUnavailable, Search

_PACKAGE = Path(__file__).parents[1]


def directory_changed(session: DbSession, search: Search, day_began: datetime) -> datetime | None:
    """When the directory with its matches last changed in any way (one query).

    Ask before reading what it is the date of: then what is read is no older than the date.

    Args:
        session: of the request.
        search: the indexes.
        day_began: the beginning of the network's day; what is told of today changes with it.
    """
    waits = sa.select(sa.exists().select_from(Change)).scalar_subquery()
    runs, releases = (_last(column) for column in (MatchingRun.at, ClusterRelease.made_at))
    is_waiting, run, release = session.execute(sa.select(waits, runs, releases)).one()
    if is_waiting:
        return None
    try:
        commits = [index.committed_at() for index in (search.startups, search.partners)]
    except IndexUnavailable:
        return None
    return _settled([*commits, run, release, day_began])


def figures_changed(session: DbSession, search: Search) -> datetime | None:
    """When figures were last released, or what regions and sectors are called last changed (one query)."""
    release = session.scalar(sa.select(sa.func.max(ClusterRelease.made_at)))
    return since_names(search, release) if release else None


def since_names(search: Search, moment: datetime) -> datetime | None:
    """A moment, or when the indexes were last built anew if that is later: a new pack calls codes otherwise."""
    try:
        built = [index.built_at() for index in (search.startups, search.partners)]
    except IndexUnavailable:
        return None
    return _settled([moment, *built])


def _last(column: sa.orm.InstrumentedAttribute[datetime]) -> sa.ScalarSelect[datetime]:
    return sa.select(sa.func.max(column)).scalar_subquery()


def _settled(moments: list[datetime | None]) -> datetime | None:
    """The latest of some moments and of this program's own change; nothing while its second is not over."""
    latest = max(moment for moment in (*moments, _program_changed()) if moment)
    return latest if utc_now() - latest.replace(microsecond=0) >= timedelta(seconds=1) else None


@cache
def _program_changed() -> datetime:
    """When the newest file of the program was put in place: another version may tell the same otherwise."""
    newest = max(file.stat().st_mtime for file in _PACKAGE.rglob("*.py"))
    return datetime.fromtimestamp(newest, UTC)
