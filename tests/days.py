"""Matchmaking days for tests: some startups and partners that match, and staff who plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import DayParticipant, Match, MatchmakingDay, Partner, Site, Startup
from webapp.permissions import SYSTEM
from webapp.services.day_participants import add_participants
from webapp.services.day_planning import plan_day
from webapp.services.day_publishing import publish_day
from webapp.services.matchmaking_days import DayDraft, create_day, get_day
from webapp.services.network import day_of

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)
ON = date(2026, 12, 15)


@dataclass
class Fair:
    """A day and who comes to it."""

    session: Session
    day: MatchmakingDay
    startups: list[Startup]
    partners: list[Partner]

    def participant(self, organisation: Startup | Partner) -> DayParticipant:
        """The row of one who comes."""
        found = (each for each in self.day.participants if each.organisation is organisation)
        return next(found)

    def times(self) -> dict[tuple[str, str], int]:
        """Names of a startup and a partner -> their slot."""
        return {
            (
                str(each.startup_participant.organisation.name_latin),
                str(each.partner_participant.organisation.name_latin),
            ): each.slot
            for each in self.day.meetings
        }

    def planned(self) -> Fair:
        """The same, planned."""
        plan_day(self.session, SYSTEM, self.day)
        return self


def draft(session: Session, **values: Any) -> DayDraft:
    """What staff would say of a day with four slots."""
    site = session.scalars(sa.select(Site).order_by(Site.position)).first()
    usual: dict[str, Any] = {
        "names": {"en": "Investors’ day", "fr": "Journée des investisseurs"},
        "site": site,
        "on": ON,
        "begins": ("09:00", "09:30", "10:00", "10:30"),
        "minutes": 25,
        "startup_meetings": 3,
        "partner_meetings": 4,
        "place": "Room 2",
    }
    return DayDraft(**(usual | values))


def make_day(session: Session, startup: Startup, partner: Partner) -> MatchmakingDay:
    """A published day on which these two meet, as its only ones; their members are told."""
    session.add(Match(startup_id=startup.id, partner_id=partner.id, score=0.5, explanation=[]))
    day = create_day(session, SYSTEM, draft(session, on=day_of(None) + timedelta(days=20)))
    add_participants(session, SYSTEM, day, [startup, partner])
    plan_day(session, SYSTEM, day)
    publish_day(session, SYSTEM, day, today=day_of(None))
    return day


def make_fair(
    session: Session,
    make_startup: Maker,
    make_partner: Maker,
    *,
    sizes: tuple[int, int] = (3, 2),
    scores: Mapping[tuple[int, int], float] | None = None,
    **values: Any,
) -> Fair:
    """A day to which startups S0, S1 … and partners P0, P1 … come, all matched unless told otherwise."""
    startups = [make_startup(f"S{number}") for number in range(sizes[0])]
    partners = [make_partner(f"P{number}") for number in range(sizes[1])]
    pairs = scores or {(one, other): 0.5 for one in range(sizes[0]) for other in range(sizes[1])}
    for (one, other), score in pairs.items():
        session.add(Match(startup_id=startups[one].id, partner_id=partners[other].id, score=score, explanation=[]))
    day = create_day(session, SYSTEM, draft(session, **values))
    add_participants(session, SYSTEM, day, [*startups, *partners])
    return Fair(session, get_day(session, SYSTEM, day.code), startups, partners)
