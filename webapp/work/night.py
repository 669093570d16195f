"""What is done anew every night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session

from webapp.search import Drift, IndexUnavailable, SearchIndex
from webapp.services.indexing import check_index, rebuild_index, update_index
from webapp.work.changes import drain, refit
from webapp.work.figures import release_figures
from webapp.work.passing import advance, forget_what_was_kept_long_enough, freshen
from webapp.work.place import Workplace, at_work

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Night:
    """What a night's work found and did."""

    drift: Mapping[str, Drift | None] = field(default_factory=dict)
    """Noun -> how its index differed from the database; nothing if it could not be read."""
    matches: int = 0


def nightly(place: Workplace) -> Night:
    """Advance introductions, freshen profiles, refit everything, release figures, compare the index with the database.

    What differs in the index is logged and put right.
    """
    advance(place)
    freshen(place)
    drain(place)
    drift: dict[str, Drift | None] = {}
    with at_work(place) as session:
        for index in (place.search.startups, place.search.partners):
            drift[index.noun] = _put_right(session, index)
    run = refit(place)
    release_figures(place)
    forget_what_was_kept_long_enough(place)
    log.info("night's work done", startups=run.startups, partners=run.partners, matches=run.matches)
    return Night(drift, run.matches)


def _put_right(session: Session, index: SearchIndex) -> Drift | None:
    try:
        drift = check_index(session, index)
    except IndexUnavailable as error:
        log.warning("index rebuilt", noun=index.noun, reason=str(error))
        rebuild_index(session, index)
        return None
    counts = {"missing": len(drift.missing), "stale": len(drift.stale), "surplus": len(drift.surplus)}
    if drift:
        log.warning("index had drifted", noun=index.noun, **counts)
        update_index(session, index, (*drift.missing, *drift.stale, *drift.surplus))
    else:
        log.info("index in step", noun=index.noun)
    return drift
