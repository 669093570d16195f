"""Invented matchmaking days between demonstration profiles: one in the past with results, one to come.

The planner itself plans them, from the prepared matches; so they are made after those. No mail is ordered for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from webapp.models import (
    Account,
    DayFeedback,
    DayMeeting,
    DayState,
    DbSession,
    Localized,
    Match,
    MatchmakingDay,
    MeetingResult,
    Membership,
    Partner,
    PublicationState,
    Residency,
    Site,
    Startup,
    StartupSite,
)
from webapp.permissions import SYSTEM
from webapp.services.day_participants import add_participants
from webapp.services.day_planning import plan_day
from webapp.services.day_publishing import mark_told
from webapp.services.demonstration.content import read_words
from webapp.services.demonstration_days import FILE, lacks_demonstration_days
from webapp.services.matchmaking_days import DayDraft, create_day
from webapp.services.network_schema import Entry

HELD, ONE_MISSING = 0.88, 0.06
"""Shares of meetings that took place, and to which one side, and the other, did not come."""
ANSWERED, IN_WORDS, WANT_MORE = 0.7, 0.3, 0.7
"""Shares of sides that say what a meeting was worth, of those that add words, and of the pleased that want another."""


class Days(Entry):
    """days.yaml."""

    site: str
    names: Localized
    place: Localized
    begins: list[str]
    minutes: int
    tables: int
    startups: int
    partners: int
    startup_meetings: int
    partner_meetings: int
    days_ago: int
    days_ahead: int
    comments: list[Localized]


def make_demonstration_days(session: DbSession, folder: Path, *, seed: int, today: date) -> int:
    """Write the two days; gives how many were written. Nothing happens where there is one, or nobody to come.

    Args:
        folder: the pack's ``demo`` folder.
        seed: the same seed, day and matches give the same days.
        today: the day between the two.
    """
    if not lacks_demonstration_days(session, folder):
        return 0
    content = read_words(folder / FILE, Days)
    site = session.scalar(sa.select(Site).where(Site.code == content.site))
    if site is None:
        return 0
    people = _people(session, content, site)
    for days in (-content.days_ago, content.days_ahead):
        day = _planned(session, content, site, _workday(today + timedelta(days=days)), people)
        day.state, day.is_demo = DayState.PUBLISHED, True
        day.published_at = datetime.combine(day.on - timedelta(days=21), time(9), UTC)
        mark_told(day)
        if day.on < today:
            day.state = DayState.HELD
            _tell_results(day, content, Random(seed))  # noqa: S311 - a reproducible choice is wanted, not a secret
    session.flush()
    return 2


def _planned(
    session: DbSession, content: Days, site: Site, on: date, people: Sequence[Startup | Partner]
) -> MatchmakingDay:
    draft = DayDraft(
        names=content.names,
        site=site,
        on=on,
        begins=content.begins,
        minutes=content.minutes,
        tables=content.tables,
        startup_meetings=content.startup_meetings,
        partner_meetings=content.partner_meetings,
        place=next(iter(content.place.values())),
    )
    day = create_day(session, SYSTEM, draft)
    add_participants(session, SYSTEM, day, people)
    plan_day(session, SYSTEM, day)
    return day


def _people(session: DbSession, content: Days, site: Site) -> list[Startup | Partner]:
    """Partners with the most matches among the park's residents, and those residents; first whoever can sign in."""
    known = _with_accounts(session)
    residents = sa.select(StartupSite.startup_id).where(StartupSite.site_id == site.id)
    startups = sa.select(Startup.id).filter_by(is_demo=True, state=PublicationState.PUBLISHED)
    startups = startups.where(Startup.residency == Residency.RESIDENT)
    here = sa.or_(Startup.id.in_(residents), Startup.id.in_(known[Startup.noun]))
    pairs = sa.select(Match.startup_id, Match.partner_id).join(Match.partner)
    pairs = pairs.where(Match.startup_id.in_(startups.where(here)), Partner.is_demo)
    rows = [(one, other) for one, other in session.execute(pairs)]
    partners = _most_matched([other for _, other in rows], known[Partner.noun], content.partners)
    matched = [one for one, other in rows if other in partners]
    chosen = _most_matched(matched, known[Startup.noun], content.startups)
    found: list[Startup | Partner] = []
    for model, ids in ((Startup, chosen), (Partner, partners)):
        found += session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(model.id))
    return found


def _most_matched(ids: Sequence[int], first: set[int], number: int) -> list[int]:
    """So many of them: those to come first, then those that occur most."""
    counts = {each: ids.count(each) for each in set(ids)}
    return sorted(counts, key=lambda each: (each not in first, -counts[each], each))[:number]


def _with_accounts(session: DbSession) -> dict[str, set[int]]:
    of = sa.select(Membership.startup_id, Membership.partner_id).join(
        Account, Account.person_id == Membership.person_id
    )
    rows = session.execute(of).all()
    return {
        Startup.noun: {startup for startup, _ in rows if startup},
        Partner.noun: {partner for _, partner in rows if partner},
    }


def _workday(day: date) -> date:
    """This day, or the Tuesday after a weekend."""
    return day + timedelta(days=8 - day.weekday()) if day.weekday() > 4 else day


def _tell_results(day: MatchmakingDay, content: Days, random: Random) -> None:
    for meeting in sorted(day.meetings, key=lambda each: (each.slot, each.table or 0)):
        meeting.result = _result(random)
        if meeting.result == MeetingResult.HELD:
            _let_speak(day, meeting, content, random)


def _result(random: Random) -> MeetingResult:
    others = (1 - HELD - ONE_MISSING) / 2
    weights = {
        MeetingResult.HELD: HELD,
        MeetingResult.STARTUP_MISSING: ONE_MISSING,
        MeetingResult.PARTNER_MISSING: others,
        MeetingResult.BOTH_MISSING: others,
    }
    return random.choices(list(weights), list(weights.values()))[0]


def _let_speak(day: MatchmakingDay, meeting: DayMeeting, content: Days, random: Random) -> None:
    """Both sides find the same meeting about as useful, the more so the better they match."""
    worth = meeting.score + random.gauss(0.1, 0.15)
    for participant in (meeting.startup_participant, meeting.partner_participant):
        if random.random() > ANSWERED:
            continue
        rating = min(5, max(1, round(1 + 4 * worth + random.gauss(0, 0.6))))
        wants_more = rating >= 4 and random.random() < WANT_MORE
        columns: dict[str, Any] = {"person_id": participant.person_id, "wants_more": wants_more}
        comment = random.choice(content.comments) if random.random() < IN_WORDS else {}
        language = random.choice(sorted(comment)) if comment else ""
        meeting.feedback.append(
            DayFeedback(
                side=participant.organisation.noun,
                rating=rating,
                comment=comment.get(language, ""),
                at=datetime.combine(day.on, time(17), UTC),
                **columns,
            )
        )
