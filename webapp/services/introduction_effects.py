"""What each move of an introduction needs and changes, besides its state. Called by the one door only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from webapp.errors import Conflict, Invalid
from webapp.models import DbSession, Introduction, IntroductionState, Outcome, Partner, Side
from webapp.services.actors import members_of
from webapp.services.introduction_limits import check_limits, monthly_incoming
from webapp.services.introduction_mails import order_cancellation
from webapp.services.introduction_moves import Move, Party, side_for
from webapp.services.meeting_times import USUAL_MINUTES, checked_offer, is_to_come, pick_time, put_times, undo

State = IntroductionState

USUAL_DAYS = 14
"""How long a request waits for its answer, unless the caller's settings say otherwise."""
OUTCOME_DAYS = (14, 90, 365)
"""So many days after an introduction both sides are asked what came of it."""
CLOSED_AFTER = 30
"""So many days after the last question an introduction is closed."""
LONGEST_DELAY = timedelta(days=365)
DECLINE_CODES = ("not-our-field", "wrong-stage", "no-time", "not-convinced", "in-touch-already", "other")
"""Reasons to choose from. Staff read them, the asking side never."""
REASON_LENGTH, MESSAGE_LENGTH, NOTE_LENGTH = 1000, 1500, 1000
"""Most characters of what is written."""

_ADDRESS = re.compile(r"[^\s@]+\s?@\s?[^\s@]+\.[^\W\d_]{2,}")
_NUMBER = re.compile(r"(?<![\w.,])(?:\+\s?\d|[0٠])(?:[\s.\-/()]{0,2}\d){7,13}(?![\w])")


@dataclass(frozen=True)
class Step:
    """A move that is being made."""

    move: Move
    party: Party
    person_id: int | None
    today: date
    at: datetime
    values: Mapping[str, Any]


Effect = Callable[[DbSession, Introduction, Step], None]


def checked_text(text: str, most: int, *, name: str, needed: bool = False) -> str:
    """A text without blanks around it.

    Raises:
        Invalid: ``too-long`` (``field``, ``most``) or ``missing`` (``field``).
    """
    text = (text or "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Invalid("too-long", field=name, most=most)
    if needed and not text:
        raise Invalid("missing", field=name)
    return text


def check_no_contact_details(text: str, name: str) -> None:
    """Stop a text that would go round the consent of both sides.

    Raises:
        Invalid: ``contact-details`` (``field``): it holds a mail address or a telephone number.
    """
    if _ADDRESS.search(text) or _NUMBER.search(text):
        raise Invalid("contact-details", field=name)


def apply_effect(session: DbSession, introduction: Introduction, step: Step) -> None:
    """Check the values of a move and change what it changes.

    Raises:
        Invalid: a value is missing or wrong.
        Conflict: a limit is reached, or a side cannot take part any more.
    """
    if "staff_note" in step.values:
        introduction.staff_note = checked_text(step.values["staff_note"], NOTE_LENGTH, name="staff_note")
    _EFFECTS.get(step.move, _nothing)(session, introduction, step)


def _nothing(session: DbSession, introduction: Introduction, step: Step) -> None:
    pass


def _check_published(introduction: Introduction) -> None:
    if not introduction.asking.is_published:
        raise Conflict("asking-not-published")
    if not introduction.asked.is_published:
        raise Conflict("asked-not-published")


def _submit(session: DbSession, introduction: Introduction, step: Step) -> None:
    for name, most in (("reason", REASON_LENGTH), ("message", MESSAGE_LENGTH)):
        text = checked_text(getattr(introduction, name), most, name=name, needed=True)
        check_no_contact_details(text, name)
    _check_published(introduction)
    check_limits(session, introduction, step.today)
    introduction.requester_id = step.person_id or introduction.requester_id
    introduction.submitted_at = introduction.submitted_at or step.at


def _give_back(session: DbSession, introduction: Introduction, step: Step) -> None:
    note = step.values.get("return_note", "")
    introduction.return_note = checked_text(note, NOTE_LENGTH, name="return_note", needed=True)


def _send(session: DbSession, introduction: Introduction, step: Step) -> None:
    _check_published(introduction)
    check_can_be_sent(session, introduction, step.today)
    introduction.sent_at = step.at
    _ask(session, introduction, step)


def check_can_be_sent(session: DbSession, introduction: Introduction, today: date) -> None:
    """Stop a request that nobody would read, or that its receiver has no place for.

    Raises:
        Conflict: ``nobody-to-ask``: the asked side has no member yet; ``partner-full`` (``used``, ``most``): it has as
            many this month as it wants.
    """
    if not members_of(session, introduction.asked):
        raise Conflict("nobody-to-ask")
    load = monthly_incoming(session, introduction.asked, today)
    if load.is_full and isinstance(introduction.asked, Partner):
        raise Conflict("partner-full", used=load.used, most=load.most)


def _ask(session: DbSession, introduction: Introduction, step: Step) -> None:
    introduction.due_on = step.today + timedelta(days=step.values.get("days", USUAL_DAYS))
    introduction.reminders = 0


def _accept(session: DbSession, introduction: Introduction, step: Step) -> None:
    introduction.answerer_id = step.person_id
    introduction.answered_at = step.at
    introduction.due_on = None


def _introduce(session: DbSession, introduction: Introduction, step: Step) -> None:
    asking = members_of(session, introduction.asking)
    if asking and all(person.id != introduction.requester_id for person in asking):
        introduction.requester_id = asking[0].id  # Who asked has left; the other side must reach somebody.
    introduction.introduced_at = step.at
    introduction.due_on = step.today + timedelta(days=OUTCOME_DAYS[0])


def _decline(session: DbSession, introduction: Introduction, step: Step) -> None:
    code = step.values.get("decline_code") or None
    if code is not None and code not in DECLINE_CODES:
        raise Invalid("no-such-reason", field="decline_code")
    introduction.decline_code = code
    note = step.values.get("decline_note", "")
    introduction.decline_note = checked_text(note, NOTE_LENGTH, name="decline_note")
    introduction.answered_at = step.at
    introduction.due_on = None


def _not_now(session: DbSession, introduction: Introduction, step: Step) -> None:
    until = step.values.get("until")
    if until is None:
        raise Invalid("missing", field="until")
    if not step.today < until <= step.today + LONGEST_DELAY:
        raise Invalid("until-out-of-range", field="until", most=step.today + LONGEST_DELAY)
    introduction.due_on = until
    introduction.answered_at = step.at


def _remind(session: DbSession, introduction: Introduction, step: Step) -> None:
    introduction.reminders += 1


def _end(session: DbSession, introduction: Introduction, step: Step) -> None:
    introduction.due_on = None
    _cancel_meeting(session, introduction, step)


def _cancel_meeting(session: DbSession, introduction: Introduction, step: Step) -> None:
    if introduction.meeting is not None and is_to_come(introduction, step.at):
        introduction.meeting.sequence += 1
        order_cancellation(session, introduction)
        undo(introduction)


def _propose_times(session: DbSession, introduction: Introduction, step: Step) -> None:
    minutes, place = step.values.get("minutes") or USUAL_MINUTES, step.values.get("place") or ""
    offer = checked_offer(step.values.get("times") or (), minutes, place)
    _cancel_meeting(session, introduction, step)
    put_times(introduction, side_for(step.party, introduction), offer)


def _choose_time(session: DbSession, introduction: Introduction, step: Step) -> None:
    pick_time(introduction, step.values.get("index", -1))


def _report(session: DbSession, introduction: Introduction, step: Step) -> None:
    if is_to_come(introduction, step.at):
        raise Conflict("meeting-to-come")


def _follow_up(session: DbSession, introduction: Introduction, step: Step) -> None:
    day = step.values["day"]
    for side in (Side.STARTUP, Side.PARTNER):
        if all((outcome.side, outcome.day) != (side, day) for outcome in introduction.outcomes):
            introduction.outcomes.append(Outcome(side=side, day=day, asked_at=step.at))
    introduction.due_on = step.values["next_on"]


_EFFECTS: Mapping[Move, Effect] = {
    Move.SUBMIT: _submit,
    Move.RETURN: _give_back,
    Move.REFUSE: _give_back,
    Move.SEND: _send,
    Move.ACCEPT: _accept,
    Move.INTRODUCE: _introduce,
    Move.DECLINE: _decline,
    Move.NOT_NOW: _not_now,
    Move.RESUME: _ask,
    Move.REMIND: _remind,
    Move.EXPIRE: _end,
    Move.PROPOSE_TIMES: _propose_times,
    Move.CHOOSE_TIME: _choose_time,
    Move.REPORT_MET: _report,
    Move.REPORT_NO_SHOW: _report,
    Move.FOLLOW_UP: _follow_up,
    Move.CLOSE: _end,
    Move.WITHDRAW: _end,
}
