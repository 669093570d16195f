"""Draining the change log into index and matches, and preparing matches anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from webapp.models import Change, MatchingRun, Partner, Startup
from webapp.search import IndexUnavailable, Search, SearchIndex
from webapp.services.indexing import rebuild_index, update_index
from webapp.services.matching import Progress, Rescored, is_outdated, rebuild_matches, rescore
from webapp.work.figures import release_figures
from webapp.work.place import Workplace, at_work

BATCH = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Drained:
    """What a drain did."""

    changes: int = 0
    """How many rows of the change log it handled."""
    profiles: int = 0
    """How many startups and partners they were about."""
    rebuilt: tuple[str, ...] = ()
    """Nouns whose index could not be read and was built anew."""
    rescored: Rescored | None = None


def drain(place: Workplace) -> Drained:
    """Bring index and matches in step with all changes committed so far, and rebuild an index that cannot be read.

    The rows of the change log that were handled vanish in the same transaction in which the matches change. The index
    is written before that; after a crash in between, the same rows are handled again.
    """
    if not _is_anything_to_do(place):
        return Drained()
    with at_work(place) as session:
        ids, changes = _read_changes(session)
        rebuilt = _update_indexes(session, place.search, ids)
        rescored = None
        if ids:
            startups, partners = ids.get(Startup.noun, set()), ids.get(Partner.noun, set())
            rescored = rescore(session, place.matcher, startup_ids=startups, partner_ids=partners)
        _forget_changes(session, changes)
        session.commit()
    profiles = sum(len(found) for found in ids.values())
    if changes or rebuilt:
        log.info("drained", changes=len(changes), profiles=profiles, indexes_rebuilt=rebuilt)
    if ids.get(Startup.noun):
        release_figures(place, past=False)
    return Drained(len(changes), profiles, rebuilt, rescored)


def catch_up(place: Workplace) -> MatchingRun | None:
    """Prepare matches if there are none, or only those of other settings, code or libraries; gives the run, if any."""
    with at_work(place) as session:
        if not is_outdated(session, place.matcher):
            return None
        run = rebuild_matches(session, place.matcher)
        session.commit()
        log.info("matches prepared", startups=run.startups, partners=run.partners, matches=run.matches)
        return _detached(session, run)


def refit(place: Workplace, progress: Progress | None = None) -> MatchingRun:
    """Fit the matcher to all published profiles and replace all matches."""
    with at_work(place) as session:
        run = rebuild_matches(session, place.matcher, progress)
        session.commit()
        return _detached(session, run)


def _is_anything_to_do(place: Workplace) -> bool:
    if not all(_is_readable(index) for index in (place.search.startups, place.search.partners)):
        return True
    with place.sessions() as session:
        return session.scalar(sa.select(Change.id).limit(1)) is not None


def _is_readable(index: SearchIndex) -> bool:
    try:
        index.verify()
    except IndexUnavailable:
        return False
    return True


def _read_changes(session: Session) -> tuple[dict[str, set[int]], list[int]]:
    """The ids of what changed, by noun, and the ids of the rows that say so."""
    ids: dict[str, set[int]] = defaultdict(set)
    changes: list[int] = []
    for change_id, noun, object_id in session.execute(sa.select(Change.id, Change.noun, Change.object_id)):
        ids[noun].add(object_id)
        changes.append(change_id)
    return dict(ids), changes


def _forget_changes(session: Session, changes: list[int]) -> None:
    """Delete exactly these rows: one with a lower number may be committed later, so a range would lose changes."""
    for start in range(0, len(changes), BATCH):
        session.execute(sa.delete(Change).where(Change.id.in_(changes[start : start + BATCH])))


def _update_indexes(session: Session, search: Search, ids: Mapping[str, Collection[int]]) -> tuple[str, ...]:
    """Bring what changed in step; gives the nouns whose index had to be built anew."""
    rebuilt = []
    for index in (search.startups, search.partners):
        try:
            index.verify()
            update_index(session, index, ids.get(index.noun, ()))
        except IndexUnavailable as error:
            log.warning("index rebuilt", noun=index.noun, reason=str(error))
            rebuild_index(session, index)
            rebuilt.append(index.noun)
    return tuple(rebuilt)


def _detached(session: Session, run: MatchingRun) -> MatchingRun:
    """The run as plain values that outlive the session."""
    session.refresh(run)
    session.expunge(run)
    return run
