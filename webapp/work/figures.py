"""Releasing the figures of regions and sectors."""

from __future__ import annotations

import structlog

from webapp.services.cluster_release import release_current, release_past
from webapp.services.network import day_of, get_network
from webapp.work.place import Workplace, alone

log = structlog.get_logger(__name__)


def release_figures(place: Workplace, *, past: bool = True) -> int:
    """Release the figures of regions and sectors that lack or are no longer true; gives how many days were done.

    Each day is a transaction of its own, so that nobody waits long for the lock.

    Args:
        place: what the work is done on.
        past: whether the quarters gone by are looked at too, not only today.
    """
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return 0
        today = day_of(network)
        with alone(session, place.data_dir):
            number = int(release_current(session, today))
            session.commit()
        quarters = release_past(session, today) if past else iter(())
        while True:
            with alone(session, place.data_dir):
                day = next(quarters, None)
                session.commit()
            if day is None:
                break
            number += 1
    if number:
        log.info("figures released", days=number)
    return number
