"""Challenges in words: states, deadlines, what speaks for a startup, and why something cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.models import AnswerState, Challenge, ChallengeState
from webapp.services.challenge_matching import Fit
from webapp.services.challenges import takes_answers
from webapp.web.formats import day, localized, number
from webapp.web.forms import unknown_rule
from webapp.web.locale import current_language
from webapp.web.marks import Mark, today
from webapp.web.site import current_search


class Standing(NamedTuple):
    """What somebody reads of how something stands."""

    name: LazyString
    explanation: LazyString
    tone: str
    """Of the mark: ``good``, ``warm``, ``alert`` or ``quiet``."""


CHALLENGE_STANDINGS: Mapping[ChallengeState, Standing] = {
    ChallengeState.DRAFT: Standing(
        lazy_gettext("Draft"), lazy_gettext("Only your side sees it. Send it to the park when it is ready."), "quiet"
    ),
    ChallengeState.SUBMITTED: Standing(
        lazy_gettext("With the park"),
        lazy_gettext("The park reads it and publishes it, or asks you a question."),
        "warm",
    ),
    ChallengeState.RETURNED: Standing(
        lazy_gettext("Returned to you"),
        lazy_gettext("The park asks you to change something. Then send it again."),
        "alert",
    ),
    ChallengeState.OPEN: Standing(
        lazy_gettext("Open"), lazy_gettext("Everybody reads it; startups can answer."), "good"
    ),
    ChallengeState.CLOSED: Standing(
        lazy_gettext("Closed"), lazy_gettext("It is over and takes no more answers."), "quiet"
    ),
    ChallengeState.WITHDRAWN: Standing(
        lazy_gettext("Withdrawn"), lazy_gettext("Nobody but you sees it any more."), "quiet"
    ),
}

_EXPIRED = Standing(
    lazy_gettext("Deadline passed"),
    lazy_gettext("It takes no more answers. Decide on those that came, then close it."),
    "alert",
)

ANSWER_STANDINGS: Mapping[AnswerState, Standing] = {
    AnswerState.SENT: Standing(
        lazy_gettext("Sent"),
        lazy_gettext("The company reads it. Contact details stay hidden until it shortlists you."),
        "warm",
    ),
    AnswerState.SHORTLISTED: Standing(
        lazy_gettext("Shortlisted"), lazy_gettext("You see each other’s contact details. Talk to each other."), "good"
    ),
    AnswerState.CHOSEN: Standing(
        lazy_gettext("Chosen"), lazy_gettext("The company wants to work on it with you. Congratulations!"), "good"
    ),
    AnswerState.DECLINED: Standing(
        lazy_gettext("Not this time"),
        lazy_gettext("The company went another way. This says nothing of your work."),
        "quiet",
    ),
    AnswerState.WITHDRAWN: Standing(
        lazy_gettext("Withdrawn"), lazy_gettext("You took it back. The company does not see it."), "quiet"
    ),
}

_ANSWER_NAMES: Mapping[AnswerState, LazyString] = {
    AnswerState.SENT: lazy_gettext("To decide"),
    AnswerState.DECLINED: lazy_gettext("Declined"),
}
"""What the partner reads where it reads something else than the startup."""


def challenge_standing(challenge: Challenge) -> Standing:
    """How a challenge stands, for its partner and for staff."""
    if challenge.state == ChallengeState.OPEN and challenge.deadline < today():
        return _EXPIRED
    return CHALLENGE_STANDINGS[ChallengeState(challenge.state)]


def answer_standing(state: str) -> Standing:
    """How an answer stands, for its startup."""
    return ANSWER_STANDINGS[AnswerState(state)]


def answer_mark(state: str) -> Mark:
    """The same, for the partner."""
    standing = ANSWER_STANDINGS[AnswerState(state)]
    return Mark(str(_ANSWER_NAMES.get(AnswerState(state), standing.name)), standing.tone)


def deadline_mark(challenge: Challenge) -> Mark:
    """Until when everybody can answer, or since when nobody can."""
    if not takes_answers(challenge, today()):
        last = challenge.closed_at.date() if challenge.closed_at else challenge.deadline
        return Mark(gettext("Closed on %(day)s", day=day(min(last, challenge.deadline))), "quiet")
    left = (challenge.deadline - today()).days
    return Mark(gettext("Open until %(day)s", day=day(challenge.deadline)), "alert" if left < 7 else "warm")


def days_left(challenge: Challenge) -> str:
    """How long one can still answer."""
    left = (challenge.deadline - today()).days
    if left == 0:
        return gettext("today is the last day")
    return ngettext("%(count)s day left", "%(count)s days left", left, count=number(left))


def fit_reasons(fit: Fit) -> list[str]:
    """Why a startup fits a challenge, in sentences."""
    found = []
    if fit.subjects:
        names = gettext(", ").join(f"\u2068{localized(term.names).text}\u2069" for term in fit.subjects)
        found.append(gettext("Works in what the challenge is about: %(names)s.", names=names))
    concepts, language = current_search().startups.vocabulary, current_language().code
    if shared := [f"\u2068{concepts.name(code, language)}\u2069" for code in fit.concepts if code in concepts]:
        found.append(gettext("Speaks of the same things: %(names)s.", names=gettext(", ").join(shared)))
    if fit.reads_alike:
        found.append(gettext("Its profile is among those that share most words with the challenge."))
    return found


def challenge_rule(error: DomainError) -> str:
    """A broken rule in words."""
    texts = {
        "challenge-changed": gettext("It was changed meanwhile. What you see is how it stands now; please look again."),
        "answer-changed": gettext("It was changed meanwhile. What you see is how it stands now; please look again."),
        "no-answers": gettext("This challenge takes no more answers."),
        "startup-not-published": gettext("Only startups with a published profile can answer."),
        "partner-not-published": gettext("Its partner’s profile is not published, so nobody would see it."),
        "deadline-passed": gettext("The deadline has passed. Please choose a later day."),
        "not-corporate": gettext("Only corporate partners post challenges."),
        "budget-reversed": gettext("The second amount must not be smaller than the first."),
        "missing": gettext("Please fill this in."),
    }
    if error.code == "deadline-far":
        return gettext("Please choose a day within the next %(count)s days.", count=number(error.values["most"]))
    if error.code == "too-many-subjects":
        return gettext("Please choose at most %(most)s.", most=number(error.values["most"]))
    if error.code == "too-long":
        return gettext("Please use at most %(count)s characters.", count=number(error.values["most"]))
    if error.code == "too-many-invited":
        most, left = number(error.values["most"]), number(error.values["left"])
        return gettext(
            "At most %(most)s startups can be invited to a challenge; %(left)s more are possible.", most=most, left=left
        )
    return texts.get(error.code) or unknown_rule(error)


def init_app(app: Flask) -> None:
    """Give templates the words."""
    for function in (
        challenge_standing,
        answer_standing,
        answer_mark,
        deadline_mark,
        days_left,
        fit_reasons,
        takes_answers,
    ):
        app.add_template_global(function)
