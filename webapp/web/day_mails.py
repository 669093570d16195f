"""Mails about matchmaking days: what they tell of, and the calendar files that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext

from webapp.models import DayState, DbSession, MatchmakingDay, OutgoingMail
from webapp.services.day_calendars import timetable_calendar
from webapp.services.day_publishing import CANCELLED, TIMETABLE
from webapp.services.day_timetables import Timetable, timetables_of
from webapp.services.matchmaking_days import whole
from webapp.web.day_words import calendar_words
from webapp.web.formats import localized
from webapp.web.mail_subjects import ATTACHMENTS, SUBJECTS, Attachment


def timetable_subjects(session: DbSession, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """A published day and the timetables of those for whom the reader acts."""
    return _subjects(session, values, DayState.PUBLISHED)


def cancelled_subjects(session: DbSession, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """A day that does not take place."""
    return _subjects(session, values, DayState.CANCELLED)


def attach_calendar(session: DbSession, mail: OutgoingMail) -> Attachment | None:
    """The meetings of the day for a calendar."""
    subjects = timetable_subjects(session, mail.values)
    if subjects is None or not any(each.meetings for each in subjects["timetables"]):
        return None
    day = subjects["event"]
    words = calendar_words(
        gettext("Meetings"), lambda of: url_for("timetables.timetable", code=day.code, _external=True)
    )
    content = timetable_calendar(session, day, subjects["timetables"], mail.language, words)
    return Attachment(content, "text/calendar; method=PUBLISH; charset=utf-8", "meetings.ics")


def _subjects(session: DbSession, values: Mapping[str, Any], state: DayState) -> dict[str, Any] | None:
    statement = whole(sa.select(MatchmakingDay).where(MatchmakingDay.id == values["day_id"]))
    day = session.scalar(statement)
    if day is None or day.state != state:
        return None
    timetables: list[Timetable] = [each for each in timetables_of(day) if each.participant.id in values["participants"]]
    # Named "event": templates of mails have a function "day".
    return {"event": day, "event_name": localized(day.names).text, "timetables": timetables} if timetables else None


def init_app(app: Flask) -> None:
    """Say what these mails are about."""
    SUBJECTS[TIMETABLE] = timetable_subjects
    SUBJECTS[CANCELLED] = cancelled_subjects
    ATTACHMENTS[TIMETABLE] = attach_calendar
