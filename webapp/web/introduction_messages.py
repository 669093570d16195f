"""What the mails about introductions, meetings and outcomes tell of, and the calendar files that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from babel.dates import get_timezone_location
from flask import Flask
from flask_babel import format_datetime, get_locale
from markupsafe import Markup

from webapp.models import DbSession, Introduction, IntroductionState, OutgoingMail, Partner, Startup, utc_now
from webapp.services.introduction_lists import contact_for
from webapp.services.introduction_matches import alternatives_to
from webapp.services.introduction_moves import FOLLOWED, KNOWN_TO_EACH_OTHER, Party, side_for
from webapp.services.meetings import Method, event_of
from webapp.services.network import zone_of
from webapp.services.outcomes import find_outcome
from webapp.web.formats import name_of
from webapp.web.locale import current_language
from webapp.web.mail_subjects import ATTACHMENTS, SUBJECTS, Attachment
from webapp.web.site import current_network

State = IntroductionState

TRUE_IN: Mapping[str, frozenset[State]] = {
    "introduction-proposed": frozenset({State.DRAFT}),
    "introduction-returned": frozenset({State.RETURNED}),
    "introduction-refused": frozenset({State.REFUSED}),
    "introduction-request": frozenset({State.SENT}),
    "introduction-reminder": frozenset({State.SENT}),
    "introduction-sent": frozenset({State.SENT, State.NOT_NOW, *FOLLOWED}),
    "introduction-made": KNOWN_TO_EACH_OTHER,
    "introduction-declined": frozenset({State.DECLINED}),
    "introduction-postponed": frozenset({State.NOT_NOW}),
    "introduction-expired": frozenset({State.EXPIRED}),
    "introduction-withdrawn": frozenset({State.WITHDRAWN}),
    "meeting-proposed": frozenset({State.INTRODUCED, State.FOLLOWED_UP}),
    "meeting-scheduled": frozenset({State.SCHEDULED}),
    "meeting-cancelled": frozenset(State),
    "outcome-question": FOLLOWED,
}
"""Kind -> the states of the introduction in which it is still true; in any other it is not sent any more."""

WITH_ALTERNATIVES = frozenset({"introduction-declined", "introduction-expired"})
METHODS: Mapping[str, Method] = {"meeting-scheduled": "REQUEST", "meeting-cancelled": "CANCEL"}


def load_subjects(kind: str, session: DbSession, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a message about an introduction shows one side of it; nothing if it is not so any more."""
    introduction = session.get(Introduction, values["introduction_id"])
    if introduction is None or State(introduction.state) not in TRUE_IN[kind]:
        return None
    if _is_outdated(introduction, kind, values):
        return None
    party = Party(values["party"])
    asks = party == Party.ASKING
    ours, theirs = (introduction.asking, introduction.asked) if asks else (introduction.asked, introduction.asking)
    found = {
        "introduction": introduction,
        "ours": ours,
        "theirs": theirs,
        # Within a sentence names stand isolated, as their script may run against it; in a subject that is not possible.
        "ours_name": _isolated(ours),
        "theirs_name": _isolated(theirs),
        "contact": contact_for(party, introduction),
        "due_on": introduction.due_on,
        **_meeting_words(values),
    }
    if kind in WITH_ALTERNATIVES:
        found["alternatives"] = alternatives_to(session, introduction, current_language().code)
    return found


def _is_outdated(introduction: Introduction, kind: str, values: Mapping[str, Any]) -> bool:
    """Whether the meeting or the question that a mail tells of has changed meanwhile."""
    if kind == "outcome-question":
        outcome = find_outcome(introduction, side_for(Party(values["party"]), introduction), values.get("day", 0))
        return outcome is None or outcome.answered_at is not None
    meeting = introduction.meeting
    if kind == "meeting-proposed":
        return meeting is None or meeting.begins_at is not None or list(meeting.times) != values["times"]
    if kind == "meeting-scheduled":
        return meeting is None or meeting.sequence != values["sequence"]
    return kind == "meeting-cancelled" and datetime.fromisoformat(values["begins_at"]) <= utc_now()


def _isolated(organisation: Startup | Partner) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name_of(organisation))


def _meeting_words(values: Mapping[str, Any]) -> dict[str, Any]:
    if "times" not in values:
        return {}
    begins = values["begins_at"]
    return {
        "times": [time_in_words(time) for time in values["times"]],
        "begins": time_in_words(begins) if begins else "",
        "begins_on": day_of(begins) if begins else None,
        "zone": zone_in_words(),
    }


def time_in_words(moment: str | datetime) -> str:
    """A moment in the network's time zone: Friday, 4 December 2026, 10:00."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{format_datetime(parsed, 'EEEE d MMMM y')}, {format_datetime(parsed, 'HH:mm')}"


def day_of(moment: str) -> date:
    """The day of a moment in the network's time zone."""
    return datetime.fromisoformat(moment).astimezone(zone_of(current_network())).date()


def zone_in_words() -> str:
    """The city whose time counts: Casablanca."""
    return str(get_timezone_location(zone_of(current_network()), locale=get_locale(), return_city=True))


def attach_event(session: DbSession, mail: OutgoingMail) -> Attachment | None:
    """The calendar file of a meeting, in the version that the mail tells of."""
    introduction = session.get(Introduction, mail.values["introduction_id"])
    if introduction is None or introduction.introduced_at is None:
        return None
    method = METHODS[mail.kind]
    content = event_of(introduction, mail.language, method, at=mail.values)
    return Attachment(content, f"text/calendar; method={method}; charset=utf-8", "meeting.ics")


def init_app(app: Flask) -> None:
    """Let mails about introductions be put into words."""
    SUBJECTS.update({kind: partial(load_subjects, kind) for kind in TRUE_IN})
    ATTACHMENTS.update(dict.fromkeys(METHODS, attach_event))
    app.add_template_global(time_in_words)
    app.add_template_global(zone_in_words)
