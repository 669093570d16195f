"""The table of moves: which lead an introduction from which state to which, who may make them, whom they tell.

``webapp.services.introductions.move`` is the only door through which an introduction changes its state, and asks here.
``docs/introductions.md`` shows the same table to people; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.models import Introduction, IntroductionState, Side
from webapp.permissions import SYSTEM, Actor

State = IntroductionState


class Move(StrEnum):
    """What can be done with an introduction."""

    PROPOSE = "propose"
    """Staff write a request for the asking side, which may submit it."""
    SUBMIT = "submit"
    TAKE_UP = "take-up"
    RETURN = "return"
    REFUSE = "refuse"
    SEND = "send"
    ACCEPT = "accept"
    INTRODUCE = "introduce"
    """Follows an acceptance at once: both sides have agreed."""
    DECLINE = "decline"
    NOT_NOW = "not-now"
    RESUME = "resume"
    REMIND = "remind"
    EXPIRE = "expire"
    PROPOSE_TIMES = "propose-times"
    CHOOSE_TIME = "choose-time"
    REPORT_MET = "report-met"
    REPORT_NO_SHOW = "report-no-show"
    FOLLOW_UP = "follow-up"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Party(StrEnum):
    """What somebody is to an introduction."""

    ASKING = "asking"
    ASKED = "asked"
    STAFF = "staff"
    SYSTEM = "system"


BEFORE_SENT = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
"""The asked side knows nothing yet."""
UNSUBMITTED = frozenset({State.DRAFT, State.RETURNED})
"""With the asking side, which may still write."""
TO_CHECK = frozenset({State.SUBMITTED, State.IN_REVIEW})
"""With staff."""
UNANSWERED = frozenset({*TO_CHECK, State.SENT})
"""Take one of the places for open requests that the asking side has."""
KNOWN_TO_EACH_OTHER = frozenset(
    {State.INTRODUCED, State.SCHEDULED, State.MET, State.NO_SHOW, State.FOLLOWED_UP, State.CLOSED}
)
"""Each side sees the contact details of the other."""
ENDED = frozenset({State.REFUSED, State.DECLINED, State.EXPIRED, State.CLOSED, State.WITHDRAWN})
"""No move leads out of these."""
BEFORE_MEETING = frozenset({*BEFORE_SENT, State.SENT, State.NOT_NOW, State.ACCEPTED, State.INTRODUCED, State.SCHEDULED})
"""The open states, from each of which the asking side may withdraw; after a meeting one closes instead."""
UNDER_WAY = frozenset(State) - ENDED - UNSUBMITTED
"""Of these one pair has at most one; a unique index sees to it."""
FOLLOWED = frozenset({State.INTRODUCED, State.SCHEDULED, State.MET, State.NO_SHOW, State.FOLLOWED_UP})
"""Time asks what came of these."""


@dataclass(frozen=True)
class Transition:
    """One line of the table."""

    paths: Mapping[State, State]
    """From which state to which."""
    parties: frozenset[Party]
    mails: Mapping[str, frozenset[Party]] = field(default_factory=dict)
    """Kind of mail -> whom it goes to."""
    values: frozenset[str] = frozenset()
    """Names of the values that a caller may give with it."""
    rescores: bool = False
    """Whether the matcher learns something of it."""


def _all(states: Iterable[State], to: State) -> dict[State, State]:
    return dict.fromkeys(sorted(states, key=list(State).index), to)


_ASKING, _ASKED = frozenset({Party.ASKING}), frozenset({Party.ASKED})
_BOTH, _STAFF, _TIME = _ASKING | _ASKED, frozenset({Party.STAFF}), frozenset({Party.SYSTEM})

TRANSITIONS: Mapping[Move, Transition] = {
    Move.PROPOSE: Transition({State.DRAFT: State.DRAFT}, _STAFF, {"introduction-proposed": _ASKING}),
    Move.SUBMIT: Transition(_all(UNSUBMITTED, State.SUBMITTED), _ASKING),
    Move.TAKE_UP: Transition({State.SUBMITTED: State.IN_REVIEW}, _STAFF, values=frozenset({"staff_note"})),
    Move.RETURN: Transition(
        _all(TO_CHECK, State.RETURNED),
        _STAFF,
        {"introduction-returned": _ASKING},
        frozenset({"return_note", "staff_note"}),
    ),
    Move.REFUSE: Transition(
        _all(TO_CHECK, State.REFUSED),
        _STAFF,
        {"introduction-refused": _ASKING},
        frozenset({"return_note", "staff_note"}),
    ),
    Move.SEND: Transition(
        _all(TO_CHECK, State.SENT),
        _STAFF | _TIME,
        {"introduction-request": _ASKED, "introduction-sent": _ASKING},
        frozenset({"staff_note", "days"}),
    ),
    Move.ACCEPT: Transition(_all({State.SENT, State.NOT_NOW}, State.ACCEPTED), _ASKED),
    Move.INTRODUCE: Transition({State.ACCEPTED: State.INTRODUCED}, _TIME, {"introduction-made": _BOTH}, rescores=True),
    Move.DECLINE: Transition(
        _all({State.SENT, State.NOT_NOW}, State.DECLINED),
        _ASKED,
        {"introduction-declined": _ASKING},
        frozenset({"decline_code", "decline_note"}),
        rescores=True,
    ),
    Move.NOT_NOW: Transition(
        {State.SENT: State.NOT_NOW}, _ASKED, {"introduction-postponed": _ASKING}, frozenset({"until"})
    ),
    Move.RESUME: Transition({State.NOT_NOW: State.SENT}, _TIME, {"introduction-request": _ASKED}, frozenset({"days"})),
    Move.REMIND: Transition({State.SENT: State.SENT}, _TIME, {"introduction-reminder": _ASKED}),
    Move.EXPIRE: Transition({State.SENT: State.EXPIRED}, _TIME, {"introduction-expired": _ASKING}),
    Move.PROPOSE_TIMES: Transition(
        _all({State.INTRODUCED, State.SCHEDULED, State.NO_SHOW, State.FOLLOWED_UP}, State.INTRODUCED),
        _BOTH,
        {"meeting-proposed": _BOTH},
        frozenset({"times", "minutes", "place"}),
    ),
    Move.CHOOSE_TIME: Transition(
        _all({State.INTRODUCED, State.FOLLOWED_UP}, State.SCHEDULED),
        _BOTH,
        {"meeting-scheduled": _BOTH},
        frozenset({"index"}),
    ),
    Move.REPORT_MET: Transition(
        _all({State.INTRODUCED, State.SCHEDULED, State.NO_SHOW}, State.MET), _BOTH, rescores=True
    ),
    Move.REPORT_NO_SHOW: Transition({State.SCHEDULED: State.NO_SHOW}, _BOTH),
    Move.FOLLOW_UP: Transition(
        _all(FOLLOWED, State.FOLLOWED_UP),
        _TIME,
        {"outcome-question": _BOTH},
        frozenset({"day", "next_on"}),
        rescores=True,
    ),
    Move.CLOSE: Transition(_all(FOLLOWED, State.CLOSED), _BOTH | _STAFF | _TIME, rescores=True),
    Move.WITHDRAW: Transition(
        _all(BEFORE_MEETING, State.WITHDRAWN), _ASKING, {"introduction-withdrawn": _ASKED}, rescores=True
    ),
}
"""The table. Of a mail to both sides about a meeting's times, whoever proposed them gets none."""

SHOWN: Mapping[State, tuple[str, str | None]] = {
    State.DRAFT: ("draft", None),
    State.SUBMITTED: ("being-checked", None),
    State.IN_REVIEW: ("being-checked", None),
    State.RETURNED: ("returned", None),
    State.REFUSED: ("refused", None),
    State.SENT: ("waiting-for-answer", "to-answer"),
    State.ACCEPTED: ("introduced", "introduced"),
    State.DECLINED: ("not-this-time", "declined"),
    State.NOT_NOW: ("later", "later"),
    State.EXPIRED: ("unanswered", "expired"),
    State.INTRODUCED: ("introduced", "introduced"),
    State.SCHEDULED: ("scheduled", "scheduled"),
    State.MET: ("met", "met"),
    State.NO_SHOW: ("no-show", "no-show"),
    State.FOLLOWED_UP: ("followed-up", "followed-up"),
    State.CLOSED: ("closed", "closed"),
    State.WITHDRAWN: ("withdrawn", "withdrawn"),
}
"""What each side reads of a state: the asking side, and the asked side, which sees nothing before it was asked."""


def parties_of(actor: Actor, introduction: Introduction) -> frozenset[Party]:
    """All that an actor is to an introduction; the asked side only once it has been asked."""
    if actor == SYSTEM:
        return _TIME
    found = set()
    if actor.role_in(introduction.asking) is not None:
        found.add(Party.ASKING)
    if introduction.sent_at is not None and actor.role_in(introduction.asked) is not None:
        found.add(Party.ASKED)
    if actor.is_staff:
        found.add(Party.STAFF)
    return frozenset(found)


def side_for(party: Party, introduction: Introduction) -> Side:
    """The side that a party stands on."""
    if party in (Party.STAFF, Party.SYSTEM):
        return Side(party.value)
    asks = introduction.asked_by
    return asks if party == Party.ASKING else Side.PARTNER if asks == Side.STARTUP else Side.STARTUP


def party_for(side: Side, introduction: Introduction) -> Party:
    """The party that stands on a side."""
    if side in (Side.STAFF, Side.SYSTEM):
        return Party(side.value)
    return Party.ASKING if side == introduction.asked_by else Party.ASKED


def acting_party(actor: Actor, introduction: Introduction, move: Move) -> Party | None:
    """As what an actor would make a move in the present state; nothing if they may not, or it is not to be made."""
    transition = TRANSITIONS[move]
    if State(introduction.state) not in transition.paths:
        return None
    if move == Move.PROPOSE and (introduction.moves or not introduction.is_proposal):
        return None
    able = parties_of(actor, introduction) & transition.parties
    if move == Move.CHOOSE_TIME:
        meeting = introduction.meeting
        if meeting is None or not meeting.times or meeting.begins_at is not None:
            return None
        able -= {party_for(Side(meeting.proposed_by), introduction)}
    return min(able, key=list(Party).index, default=None)


def allowed_moves(actor: Actor, introduction: Introduction) -> list[Move]:
    """The moves that an actor may make now, in the order of the table."""
    return [move for move in TRANSITIONS if acting_party(actor, introduction, move) is not None]


def shown_state(introduction: Introduction, side: Side) -> str | None:
    """What a side reads of the state; staff read the state itself."""
    state = State(introduction.state)
    if side in (Side.STAFF, Side.SYSTEM):
        return state.value
    asking, asked = SHOWN[state]
    if side == introduction.asked_by:
        return asking
    return asked if introduction.sent_at is not None else None
