"""Imports that staff asked for and that are too long for a page."""

from __future__ import annotations

import structlog

from webapp.services.import_running import carry_out, waiting_run
from webapp.services.network import day_of, get_network
from webapp.work.place import Workplace, alone

log = structlog.get_logger(__name__)


def carry_out_imports(place: Workplace) -> int:
    """Try or make the long imports that wait, each in a transaction of its own; gives how many there were."""
    done = 0
    while _carry_out_one(place):
        done += 1
    return done


def _carry_out_one(place: Workplace) -> bool:
    with place.sessions() as session:
        if waiting_run(session) is None:
            return False
        session.rollback()
        with alone(session, place.data_dir):
            run = waiting_run(session)  # another worker may have been quicker
            if run is not None:
                carry_out(session, run, today=day_of(get_network(session)))
                log.info("import carried out", reference=run.reference, state=str(run.state), **_counts(run.report))
                session.commit()
    return True


def _counts(report: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in report.items() if isinstance(value, int)}
