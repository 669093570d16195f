"""Telling people what is new in their saved searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import structlog

from webapp.models import utc_now
from webapp.services.alerts import MORNING, alert_person, people_to_alert
from webapp.services.network import get_network, zone_of
from webapp.work.place import Workplace, alone

log = structlog.get_logger(__name__)


def tell_news(place: Workplace, now: datetime | None = None) -> Mapping[str, int]:
    """Order the alerts that are due, from the morning on; gives how many people, searches and mails, and failures.

    Each person is a transaction of their own, so that nobody waits long for the lock, and what goes wrong for one does
    not keep the others from their news.

    Args:
        place: what the work is done on.
        now: the moment it is; this one if absent.
    """
    with place.sessions() as session:
        network = get_network(session)
        local = (now or utc_now()).astimezone(zone_of(network))
        if network is None or local.hour < MORNING:
            return {}
        people = people_to_alert(session, local.date())
    counts: Counter[str] = Counter()
    for person_id in people:
        with place.sessions() as session:
            try:
                with alone(session, place.data_dir):
                    alerted = alert_person(session, place.search, person_id, local.date())
                    session.commit()
            except Exception:
                session.rollback()
                counts["failed"] += 1
                log.exception("news not told", person=person_id)
            else:
                counts.update(searches=alerted.searches, mails=alerted.mails, waiting=int(alerted.waits))
    if any(counts.values()):
        log.info("news told", people=len(people), **counts)
    return counts
