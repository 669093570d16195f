"""Matchmaking days in words: how they stand, what stops a change, when slots are, what became of meetings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.models import Challenge, DayState, MatchmakingDay, MeetingResult
from webapp.services.day_calendars import Words
from webapp.services.matchmaking_days import slot_end
from webapp.web.formats import localized, name_of, number
from webapp.web.forms import unknown_rule
from webapp.web.marks import Mark
from webapp.web.site import site_url
from webapp.web.workspace import has_page

STATES: Mapping[str, tuple[LazyString, str]] = {
    DayState.DRAFT: (lazy_gettext("Being prepared"), "quiet"),
    DayState.PUBLISHED: (lazy_gettext("Published"), "good"),
    DayState.HELD: (lazy_gettext("Took place"), "quiet"),
    DayState.CANCELLED: (lazy_gettext("Called off"), "alert"),
}
"""State -> its name and the tone of its mark."""

RESULTS: Mapping[str, LazyString] = {
    MeetingResult.HELD: lazy_gettext("They met"),
    MeetingResult.STARTUP_MISSING: lazy_gettext("The startup was missing"),
    MeetingResult.PARTNER_MISSING: lazy_gettext("The partner was missing"),
    MeetingResult.BOTH_MISSING: lazy_gettext("Both were missing"),
}

REASONS: Mapping[str, LazyString] = {
    "not-planned": lazy_gettext("The day is not planned yet."),
    "not-published": lazy_gettext("Its profile is not published."),
    "away": lazy_gettext("It is away all day."),
    "no-wish": lazy_gettext("It wants no meeting."),
    "no-match": lazy_gettext("It matches nobody who comes."),
    "full": lazy_gettext("Whoever it matches has as many meetings as they may."),
    "no-slot": lazy_gettext("No slot is left in which it and somebody it matches are free."),
}
"""Why somebody has no meeting (``services.day_timetables.left_out``)."""

RATINGS: Mapping[int, LazyString] = {
    5: lazy_gettext("5 – very useful"),
    4: lazy_gettext("4 – useful"),
    3: lazy_gettext("3 – partly"),
    2: lazy_gettext("2 – hardly"),
    1: lazy_gettext("1 – not useful"),
}


def _most(values: Mapping[str, object]) -> str:
    return number(int(str(values["most"])))


def _who(values: Mapping[str, object]) -> str:
    return f"\u2068{name_of(values['who'])}\u2069"  # type: ignore[arg-type]


_RULES: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "day-changed": lambda _: gettext(
        "Somebody else changed this day meanwhile. Please look at it as it is now, then try again."
    ),
    "day-state": lambda _: gettext("As the day stands now, this is not possible any more."),
    "day-name": lambda _: gettext("Please write a name in one of the languages."),
    "day-begins": lambda values: gettext(
        "Please write 1 to %(most)s times of day such as 09:30, with spaces between them.", most=_most(values)
    ),
    "day-overlap": lambda _: gettext("A meeting must not begin before the one before it ends, or end after midnight."),
    "day-minutes": lambda values: gettext(
        "Please write a number of minutes from %(least)s to %(most)s.", least=values["least"], most=values["most"]
    ),
    "day-tables": lambda values: gettext(
        "Please write a number of tables from %(least)s to %(most)s.", least=values["least"], most=values["most"]
    ),
    "day-meetings": lambda values: gettext(
        "Please write a number of meetings from %(least)s to %(most)s.", least=values["least"], most=values["most"]
    ),
    "day-slots-used": lambda _: gettext("There are meetings in slots that would no longer exist. Move them first."),
    "day-slot": lambda _: gettext("The day has no such slot."),
    "day-person": lambda _: gettext("This person does not act for the organisation."),
    "day-locked": lambda _: gettext("Their meeting is locked. Unlock it or take it away first."),
    "day-locks": lambda _: gettext(
        "Locked meetings stand in one another’s way: the same person would have two at a time, "
        "or there are too few tables. Unlock or move one of them."
    ),
    "day-pair": lambda _: gettext("These two meet already."),
    "day-excluded": lambda _: gettext("These two are to be kept apart on this day."),
    "day-same-person": lambda _: gettext("The same person comes for both."),
    "day-away": lambda values: gettext("%(name)s is away then.", name=_who(values)),
    "day-busy": lambda values: gettext("%(name)s has another meeting then.", name=_who(values)),
    "day-enough": lambda values: gettext(
        "%(name)s has as many meetings as it may. Raise its number first.", name=_who(values)
    ),
    "day-full": lambda _: gettext("All tables are taken then."),
    "day-past": lambda _: gettext("The day is over."),
    "day-empty": lambda _: gettext("No meeting is planned yet."),
    "day-to-come": lambda _: gettext("That is still to come."),
    "day-rating": lambda _: gettext("Please choose how useful it was."),
    "too-long": lambda values: gettext("Please use at most %(count)s characters.", count=_most(values)),
}


def day_rule(error: DomainError) -> str:
    """Why something cannot be done."""
    words = _RULES.get(error.code)
    return words(error.values) if words else unknown_rule(error)


def day_state(day: MatchmakingDay) -> Mark:
    """How a day stands."""
    name, tone = STATES[day.state]
    return Mark(str(name), tone)


def slot_span(day: MatchmakingDay, slot: int) -> str:
    """When a slot is: 09:30–09:50. It is isolated, so that it stands from left to right in every script."""
    return f"\u2066{day.begins[slot]}–{slot_end(day, slot)}\u2069"


def table_name(table: int) -> str:
    """What a table is called."""
    return gettext("Table %(number)s", number=number(table))


def day_place(day: MatchmakingDay) -> str:
    """Site and room."""
    site = localized(day.site.names).text
    if not day.place:
        return site
    # Staff wrote the room in one language; it stands isolated, as its script may run against the reader's.
    return gettext("%(site)s, %(place)s", site=f"\u2068{site}\u2069", place=f"\u2068{day.place}\u2069")


def meetings_count(count: int) -> str:
    """How many meetings."""
    return ngettext("%(count)s meeting", "%(count)s meetings", count, count=number(count))


def calendar_words(name: str, url: Callable[[MatchmakingDay | Challenge], str] = lambda _: "") -> Words:
    """What calendar files say in the reader's language."""
    return Words(
        name=name,
        table=table_name,
        deadline=lambda title: gettext("Deadline: %(title)s", title=title),
        url=url,
    )


def public_address(of: MatchmakingDay | Challenge) -> str:
    """Where the public reads of a day or a challenge."""
    if isinstance(of, MatchmakingDay):
        return site_url() + url_for("matchmaking_days.days", _anchor=of.code)
    return site_url() + url_for("challenges.challenge", slug=of.slug) if has_page("challenges.challenge") else ""


def init_app(app: Flask) -> None:
    """Give templates the words."""
    for function in (day_state, slot_span, table_name, day_place, meetings_count):
        app.add_template_global(function)
    app.jinja_env.globals.update(meeting_results=RESULTS, left_out_reasons=REASONS, meeting_ratings=RATINGS)
