"""One-click answers from mails: to a request, and to the question what came of an introduction.

A link acts for its person, who must still be a member of the side that was asked. Its page says what will happen; only
its button does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.errors import Conflict, NotFound
from webapp.models import DbSession, Introduction, OneTimeLink, Outcome, Side
from webapp.permissions import Actor
from webapp.services.introduction_effects import DECLINE_CODES, NOTE_LENGTH
from webapp.services.introduction_limits import add_months
from webapp.services.introduction_moves import ENDED, Move, acting_party
from webapp.services.introductions import get_introduction, move
from webapp.services.one_time_links import actor_of_link
from webapp.services.outcomes import NEXT_STEPS, answer_outcome
from webapp.web.formats import day, name_of
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkField, LinkPage, LinkPurpose
from webapp.web.marks import today

DECLINE_WORDS: Mapping[str, LazyString] = {
    "not-our-field": lazy_gettext("It is not our field"),
    "wrong-stage": lazy_gettext("It is too early or too late for us"),
    "no-time": lazy_gettext("We have no time at present"),
    "not-convinced": lazy_gettext("The request did not convince us"),
    "in-touch-already": lazy_gettext("We know each other already"),
    "other": lazy_gettext("Another reason"),
}
"""Code of a reason to decline -> its words."""

NEXT_STEP_WORDS: Mapping[str, LazyString] = {
    "pilot": lazy_gettext("A pilot or a first order"),
    "investment": lazy_gettext("An investment, or talks about one"),
    "mentoring": lazy_gettext("Mentoring"),
    "hire": lazy_gettext("Somebody was hired"),
    "none": lazy_gettext("Nothing so far"),
}
"""Code of what came of an introduction -> its words."""

DELAYS = (1, 2, 3, 6)
"""After how many months one may want to be asked again."""


def _introduction(session: DbSession, link: OneTimeLink) -> Introduction:
    found = session.get(Introduction, link.subject_id)
    if found is None:
        raise NotFound("introduction")
    return found


def _answerable(session: DbSession, link: OneTimeLink, one: Move) -> Introduction:
    """The introduction of a link, if its person may still make the move."""
    introduction = _introduction(session, link)
    actor = actor_of_link(session, link)
    get_introduction(session, actor, introduction.reference)
    if acting_party(actor, introduction, one) is None:
        raise Conflict("introduction-moved", reference=introduction.reference)
    return introduction


def _done(introduction: Introduction, title: str, *paragraphs: str) -> LinkDone:
    url = url_for("introductions.introduction", reference=introduction.reference)
    return LinkDone(title, paragraphs, url, gettext("See the request"))


def _describe_accept(session: DbSession, link: OneTimeLink) -> LinkPage:
    introduction = _answerable(session, link, Move.ACCEPT)
    return LinkPage(
        gettext("Accept the request of %(name)s", name=name_of(introduction.asking)),
        (
            gettext("Each side then sees the name, mail address and telephone number of the other’s contact."),
            gettext("Both of you get a mail with them."),
        ),
        gettext("Accept and share contact details"),
    )


def _accept(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    introduction = move(session, actor, _introduction(session, link), Move.ACCEPT, today=today())
    return _done(
        introduction,
        gettext("You are introduced"),
        gettext("A mail with the contact details is on its way to both of you."),
    )


def _describe_decline(session: DbSession, link: OneTimeLink) -> LinkPage:
    introduction = _answerable(session, link, Move.DECLINE)
    reasons = tuple((code, str(DECLINE_WORDS[code])) for code in DECLINE_CODES)
    return LinkPage(
        gettext("Decline the request of %(name)s", name=name_of(introduction.asking)),
        (
            gettext("The other side gets a courteous answer without a reason, and no contact details."),
            gettext("A reason is read by the park only. It helps to pass on requests that suit you better."),
        ),
        gettext("Decline"),
        (
            LinkField("decline_code", gettext("Reason"), reasons),
            LinkField("decline_note", gettext("In your own words, for the park")),
        ),
    )


def _decline(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    code = form.get("decline_code", "")
    values: dict[str, Any] = {
        "decline_code": code if code in DECLINE_CODES else None,
        "decline_note": form.get("decline_note", "").strip()[:NOTE_LENGTH],
    }
    introduction = move(session, actor, _introduction(session, link), Move.DECLINE, today=today(), **values)
    return _done(introduction, gettext("You have declined"), gettext("Thank you for your answer."))


def _describe_not_now(session: DbSession, link: OneTimeLink) -> LinkPage:
    introduction = _answerable(session, link, Move.NOT_NOW)
    days = [add_months(today(), months) for months in DELAYS]
    return LinkPage(
        gettext("Answer %(name)s later", name=name_of(introduction.asking)),
        (
            gettext(
                "The other side learns that you would like to come back to it, and when. You are asked again that day."
            ),
        ),
        gettext("Ask me again"),
        (
            LinkField(
                "until", gettext("On which day?"), tuple((one.isoformat(), day(one)) for one in days), is_required=True
            ),
        ),
    )


def _not_now(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    try:
        until = date.fromisoformat(form.get("until", ""))
    except ValueError:
        until = add_months(today(), DELAYS[0])
    introduction = move(session, actor, _introduction(session, link), Move.NOT_NOW, today=today(), until=until)
    return _done(
        introduction, gettext("You will be asked again"), gettext("We will write to you on %(day)s.", day=day(until))
    )


def _outcome(session: DbSession, link: OneTimeLink) -> Outcome:
    """The question of a link, if it can still be answered and its person is still of that side."""
    outcome = session.get(Outcome, link.subject_id)
    if outcome is None:
        raise NotFound("outcome")
    introduction = outcome.introduction
    organisation = introduction.startup if outcome.side == Side.STARTUP else introduction.partner
    if actor_of_link(session, link).role_in(organisation) is None or introduction.state in ENDED:
        raise Conflict("outcome-closed")
    return outcome


def _describe_outcome(session: DbSession, link: OneTimeLink) -> LinkPage:
    outcome = _outcome(session, link)
    introduction = outcome.introduction
    theirs = introduction.partner if outcome.side == Side.STARTUP else introduction.startup
    yes_no = (("yes", gettext("Yes")), ("no", gettext("No")))
    steps = tuple((code, str(NEXT_STEP_WORDS[code])) for code in NEXT_STEPS)
    return LinkPage(
        gettext("What came of your introduction to %(name)s?", name=name_of(theirs)),
        (gettext("The other side does not see your answers; the park does."),),
        gettext("Send the answers"),
        (
            LinkField("met", gettext("Did you meet?"), yes_no, is_required=True),
            LinkField("useful", gettext("Was it useful?"), yes_no),
            LinkField("next_step", gettext("What came of it?"), steps),
        ),
    )


def _answer_outcome(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    outcome = _outcome(session, link)
    met = form.get("met") == "yes"
    # Who did not meet cannot have found it useful: whatever else was marked then is a slip.
    useful = {"yes": True, "no": False}.get(form.get("useful", "")) if met else None
    step = form.get("next_step") if met and form.get("next_step") in NEXT_STEPS else None
    introduction = outcome.introduction
    answer_outcome(session, actor, introduction, Side(outcome.side), outcome.day, met, useful, step, today=today())
    return _done(
        introduction, gettext("Thank you"), gettext("Your answers were saved. They help the park to propose better.")
    )


def init_app(app: Flask) -> None:
    """Let the links in mails about introductions act."""
    LINK_PURPOSES["introduction-accept"] = LinkPurpose(_describe_accept, _accept)
    LINK_PURPOSES["introduction-decline"] = LinkPurpose(_describe_decline, _decline)
    LINK_PURPOSES["introduction-not-now"] = LinkPurpose(_describe_not_now, _not_now)
    LINK_PURPOSES["outcome-answer"] = LinkPurpose(_describe_outcome, _answer_outcome)
