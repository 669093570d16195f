"""Introductions in words: what each side reads of each state, what moves are called, why something cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Flask
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.models import Introduction, IntroductionMove
from webapp.services.introduction_moves import Move
from webapp.web.formats import day, number
from webapp.web.forms import unknown_rule


class Standing(NamedTuple):
    """What a side reads of how an introduction stands."""

    name: LazyString
    explanation: LazyString
    tone: str
    """Of the mark: ``good``, ``warm``, ``alert`` or ``quiet``."""


STANDINGS: Mapping[str, Standing] = {
    "draft": Standing(
        lazy_gettext("Draft"), lazy_gettext("Only your side sees it. Send it when it is ready."), "quiet"
    ),
    "being-checked": Standing(
        lazy_gettext("With the park"),
        lazy_gettext("The park checks each request before it passes it on. You need not do anything."),
        "warm",
    ),
    "returned": Standing(
        lazy_gettext("Returned to you"),
        lazy_gettext("The park asks you to change something. Then send it again."),
        "alert",
    ),
    "with-sender": Standing(lazy_gettext("Returned to its sender"), "", "quiet"),
    "refused": Standing(
        lazy_gettext("Not passed on"), lazy_gettext("The park did not pass this request on and says why."), "quiet"
    ),
    "waiting-for-answer": Standing(
        lazy_gettext("Waiting for an answer"),
        lazy_gettext("The request was passed on. You hear from us as soon as there is an answer."),
        "warm",
    ),
    "to-answer": Standing(
        lazy_gettext("Waiting for your answer"),
        lazy_gettext("Contact details stay hidden until you accept."),
        "alert",
    ),
    "not-this-time": Standing(
        lazy_gettext("Not this time"),
        lazy_gettext(
            "They thank you for your interest and cannot meet you at present. This says nothing of your work."
        ),
        "quiet",
    ),
    "declined": Standing(
        lazy_gettext("Declined"), lazy_gettext("The other side got a courteous answer without a reason."), "quiet"
    ),
    "later": Standing(lazy_gettext("Later"), lazy_gettext("The question is asked again on the day below."), "warm"),
    "unanswered": Standing(
        lazy_gettext("No answer"),
        lazy_gettext("No answer came in time. The request is closed, and your place for another one is free again."),
        "quiet",
    ),
    "expired": Standing(lazy_gettext("Expired"), lazy_gettext("It was not answered in time."), "quiet"),
    "introduced": Standing(
        lazy_gettext("Introduced"),
        lazy_gettext("Both sides have agreed and see each other’s contact details. Now agree on a time to meet."),
        "good",
    ),
    "scheduled": Standing(
        lazy_gettext("Meeting agreed"), lazy_gettext("Both sides have the time in their mail."), "good"
    ),
    "met": Standing(lazy_gettext("Met"), lazy_gettext("After some time we ask both sides what came of it."), "good"),
    "no-show": Standing(
        lazy_gettext("Did not take place"),
        lazy_gettext("The meeting did not take place. You can propose other times."),
        "warm",
    ),
    "followed-up": Standing(
        lazy_gettext("Followed up"), lazy_gettext("Tell in three short answers what came of it."), "good"
    ),
    "closed": Standing(lazy_gettext("Closed"), lazy_gettext("This introduction is closed."), "quiet"),
    "withdrawn": Standing(lazy_gettext("Withdrawn"), lazy_gettext("The request was withdrawn."), "quiet"),
}
"""Code of ``introduction_moves.SHOWN`` -> its words."""

HAPPENED: Mapping[str, LazyString] = {
    Move.PROPOSE: lazy_gettext("The park proposed it"),
    Move.SUBMIT: lazy_gettext("Sent to the park"),
    Move.TAKE_UP: lazy_gettext("The park began to check it"),
    Move.RETURN: lazy_gettext("The park returned it"),
    Move.REFUSE: lazy_gettext("The park did not pass it on"),
    Move.SEND: lazy_gettext("Passed on"),
    Move.ACCEPT: lazy_gettext("Accepted"),
    Move.INTRODUCE: lazy_gettext("Contact details shared with both sides"),
    Move.DECLINE: lazy_gettext("Answered: not this time"),
    Move.NOT_NOW: lazy_gettext("Put off"),
    Move.RESUME: lazy_gettext("Asked again"),
    Move.EXPIRE: lazy_gettext("Expired without an answer"),
    Move.PROPOSE_TIMES: lazy_gettext("Times proposed"),
    Move.CHOOSE_TIME: lazy_gettext("Time agreed"),
    Move.REPORT_MET: lazy_gettext("Met"),
    Move.REPORT_NO_SHOW: lazy_gettext("The meeting did not take place"),
    Move.FOLLOW_UP: lazy_gettext("Asked what came of it"),
    Move.CLOSE: lazy_gettext("Closed"),
    Move.WITHDRAW: lazy_gettext("Withdrawn"),
}
"""Move -> what the timeline says of it."""

DONE: Mapping[Move, LazyString] = {
    Move.SUBMIT: lazy_gettext("Your request is with the park."),
    Move.ACCEPT: lazy_gettext("You are introduced. Both sides see the contact details now."),
    Move.DECLINE: lazy_gettext("Thank you for your answer."),
    Move.NOT_NOW: lazy_gettext("You will be asked again."),
    Move.PROPOSE_TIMES: lazy_gettext("The times are on their way to the other side."),
    Move.CHOOSE_TIME: lazy_gettext("The time is agreed; both sides get it for their calendars."),
    Move.REPORT_MET: lazy_gettext("Thank you. We are glad that you met."),
    Move.REPORT_NO_SHOW: lazy_gettext("Thank you for telling. You can propose other times."),
    Move.CLOSE: lazy_gettext("The introduction is closed."),
    Move.WITHDRAW: lazy_gettext("The request is withdrawn."),
}
"""Move -> what the next page says once one's side has made it."""

_RULES: Mapping[str, Callable[[DomainError], str]] = {
    "missing": lambda error: gettext("Please fill this in."),
    "too-long": lambda error: gettext("Please use at most %(count)s characters.", count=number(error.values["most"])),
    "contact-details": lambda error: gettext(
        "Please leave out mail addresses and telephone numbers: both sides get them once both have agreed."
    ),
    "not-a-pair": lambda error: gettext("An introduction is between a startup and a partner."),
    "may-not-ask": lambda error: gettext("In this network they are not asked directly. Write to the park."),
    "own-organisation": lambda error: gettext("You act for both sides."),
    "asking-not-published": lambda error: gettext("Your profile must be published first."),
    "asked-not-published": lambda error: gettext("Their profile is not published any more."),
    "introduction-open": lambda error: gettext("There is an introduction under way between the two already."),
    "asked-recently": lambda error: gettext("They were asked not long ago. Please wait before you ask again."),
    "too-many-open": lambda error: ngettext(
        "You have %(count)s request without an answer, the most at a time. Wait for it, or withdraw it.",
        "You have %(count)s requests without an answer, the most at a time. Wait for one, or withdraw one.",
        error.values["most"],
        count=number(error.values["most"]),
    ),
    "too-many-this-month": lambda error: ngettext(
        "You have sent %(count)s request this month, the most there may be. Your draft is kept.",
        "You have sent %(count)s requests this month, the most there may be. Your draft is kept.",
        error.values["most"],
        count=number(error.values["most"]),
    ),
    "until-out-of-range": lambda error: gettext(
        "Please choose a day after today and before %(day)s.", day=day(error.values["most"])
    ),
    "times-number": lambda error: gettext("Please propose three times."),
    "times-same": lambda error: gettext("Please propose three different times."),
    "time-past": lambda error: gettext("This time has gone by. Please choose one to come."),
    "minutes-out-of-range": lambda error: gettext(
        "Please give %(least)s to %(most)s minutes.",
        least=number(error.values["least"]),
        most=number(error.values["most"]),
    ),
    "place-too-long": lambda error: gettext(
        "Please use at most %(count)s characters.", count=number(error.values["most"])
    ),
    "nobody-to-ask": lambda error: gettext("Nobody acts for them on the site yet. Find out whom to write to first."),
    "partner-full": lambda error: gettext(
        "They have as many requests this month as they want (%(most)s). Pass it on next month, or give it back.",
        most=number(error.values["most"]),
    ),
    "draft-exists": lambda error: gettext("They are writing a request themselves already."),
    "no-such-time": lambda error: gettext("Please choose one of the times."),
    "meeting-to-come": lambda error: gettext("The meeting is still to come."),
    "not-met": lambda error: gettext("What came of a meeting can be told only if you met."),
    "no-such-step": lambda error: gettext("Please choose one of the answers."),
    "no-such-reason": lambda error: gettext("Please choose one of the reasons."),
}


_STAFF_STANDINGS: Mapping[str, str] = {
    "submitted": "being-checked",
    "in-review": "being-checked",
    "returned": "with-sender",
    "sent": "waiting-for-answer",
    "accepted": "introduced",
    "not-now": "later",
}
"""States whose words for staff are those of another code of ``STANDINGS``; all others have words of their own."""

_STATE_NAMES: Mapping[str, LazyString] = {
    "submitted": lazy_gettext("Submitted"),
    "in-review": lazy_gettext("Being checked"),
    "accepted": lazy_gettext("Accepted"),
}
"""States that share their words with another one, told apart."""


def staff_standing(introduction: Introduction) -> str:
    """The code of ``STANDINGS`` whose words tell staff how an introduction stands."""
    state = str(introduction.state)
    return _STAFF_STANDINGS.get(state, state)


def state_name(state: str) -> LazyString:
    """A state to choose in a list for staff, where each needs words of its own."""
    return _STATE_NAMES.get(state) or STANDINGS[_STAFF_STANDINGS.get(state, state)].name


def rule_text(error: DomainError) -> str:
    """Why something cannot be done, and what to do, in the reader's words."""
    return _RULES.get(error.code, unknown_rule)(error)


def happened(move: IntroductionMove) -> LazyString | str:
    """What the timeline says of a move."""
    return HAPPENED.get(Move(move.move), "")


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.add_template_global(rule_text)
    app.add_template_global(happened)
    app.add_template_global(staff_standing)
    app.add_template_global(state_name)
    app.jinja_env.globals["introduction_standings"] = STANDINGS
