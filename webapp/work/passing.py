"""What the passing of time does: to introductions, to profiles, to personal data."""

from __future__ import annotations

from dataclasses import asdict

import structlog

from webapp.models import utc_now
from webapp.services.challenge_time import remind_of_deadlines
from webapp.services.freshness import Freshened, nightly_freshness
from webapp.services.introduction_time import Advanced, advance_introductions
from webapp.services.lease_reminders import remind_of_leases
from webapp.services.logos import clean_logos
from webapp.services.network import day_of, get_network
from webapp.services.pulse import ask_pulse
from webapp.services.retention import enforce_retention
from webapp.work.place import Workplace, alone

log = structlog.get_logger(__name__)


def advance(place: Workplace) -> Advanced:
    """Do what time does to introductions: reminders, expiry, questions for the outcome. The mails go with it."""
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return Advanced()
        with alone(session, place.data_dir):
            today = day_of(network)
            advanced = advance_introductions(session, today, place.introduction_days)
            session.commit()
    if advanced.moves or advanced.failed:
        log.info(
            "introductions advanced",
            failed=advanced.failed,
            **{str(move): number for move, number in advanced.moves.items()},
        )
    return advanced


def freshen(place: Workplace) -> Freshened:
    """Do what time does to profiles: expiry, yearly questions, reminders of leases and of challenges' deadlines.

    Logos that nobody uses are deleted.
    """
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return Freshened()
        with alone(session, place.data_dir):
            freshened = nightly_freshness(session, day_of(network))
            reminded, asked = remind_of_leases(session, day_of(network)), ask_pulse(session, day_of(network))
            deadlines = remind_of_deadlines(session, day_of(network))
            session.commit()
            logos = clean_logos(session, place.data_dir, utc_now())
    told = {"leases": reminded, "pulses": asked, "deadlines": deadlines}
    log.info("profiles freshened", logos_deleted=logos, **told, **asdict(freshened))
    return freshened


def forget_what_was_kept_long_enough(place: Workplace) -> None:
    """Take away personal data whose time is over; see ``webapp.services.retention``."""
    with place.sessions() as session, alone(session, place.data_dir):
        network = get_network(session)
        today = day_of(network)
        enforce_retention(session, today, place.retention_months)
        session.commit()
