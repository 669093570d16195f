"""Reminders that a lease ends: to the members of the startup, so many days before as the pack says."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from webapp.models import DbSession, OutgoingMail, utc_now
from webapp.services.actors import members_of
from webapp.services.leases import CurrentStay, current_stays, residency_rules, startups_of
from webapp.services.mail import order_mail
from webapp.services.network import get_network

KIND = "lease-ending"


def remind_of_leases(session: DbSession, today: date) -> int:
    """Remind those whose lease ends; gives how many startups. Doing it twice a day reminds nobody twice.

    After nights without work only the latest reminder that is due is sent.
    """
    marks = sorted(residency_rules(get_network(session)).remind_days)
    if not marks:
        return 0
    due = {stay: mark for stay in current_stays(session, today) if (mark := _mark(stay, marks, today)) is not None}
    told = _told(session, max(marks))
    startups = startups_of(session, list(due))
    number = 0
    for stay, mark in due.items():
        key = (stay.startup_id, stay.site_id, stay.until.isoformat() if stay.until else "", mark)
        if key in told:
            continue
        names = ("startup_id", "site_id", "until", "mark")
        for person in members_of(session, startups[stay.startup_id]):
            order_mail(session, KIND, person, dict(zip(names, key, strict=True)))
        number += 1
    return number


def _mark(stay: CurrentStay, marks: list[int], today: date) -> int | None:
    """Which reminder a stay is due for."""
    if stay.until is None or stay.until < today:
        return None
    left = (stay.until - today).days
    return next((mark for mark in marks if left <= mark), None)


def _told(session: DbSession, longest: int) -> set[tuple[int, int, str, int]]:
    """What was told already, within the time in which it can come up again."""
    since = utc_now() - timedelta(days=longest + 7)
    rows = session.scalars(
        sa.select(OutgoingMail.values).where(OutgoingMail.kind == KIND, OutgoingMail.created_at >= since)
    )
    return {(row["startup_id"], row["site_id"], row["until"], row["mark"]) for row in rows}
