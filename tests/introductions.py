"""An introduction between a startup and an investor, with people on both sides, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.models import Account, Introduction, IntroductionState, NetworkRole, Partner, Side, Startup
from webapp.permissions import SYSTEM, Actor
from webapp.services.actors import actor_of
from webapp.services.introductions import Move, draft_introduction, move, save_draft

State = IntroductionState
TODAY = date(2026, 11, 28)

PLANTED = {
    "founder": ("zz-founder@planted.example", "+212 600 111 222"),
    "investor": ("zz-investor@planted.example", "+212 600 333 444"),
}
"""Contact details that nothing may show before both sides agreed."""


@dataclass
class Pair:
    """A startup with a founder, a partner with somebody who answers, staff, and somebody else."""

    session: Session
    startup: Startup
    partner: Partner
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        """``founder``, ``investor``, ``staff``, ``stranger`` or ``system``."""
        return SYSTEM if who == "system" else actor_of(self.session, self.accounts[who])

    def draft(self, *, asked_by: Side = Side.STARTUP, today: date = TODAY) -> Introduction:
        """A request that says all it must."""
        who, asking, asked = ("founder", self.startup, self.partner)
        if asked_by == Side.PARTNER:
            who, asking, asked = ("investor", self.partner, self.startup)
        actor = self.actor(who)
        introduction = draft_introduction(self.session, actor, asking, asked, language="en", today=today)
        save_draft(self.session, actor, introduction, reason="You look for farms.", message="We water olives.")
        return introduction

    def make(self, introduction: Introduction, who: str, one: Move, today: date = TODAY, **values: Any) -> Introduction:
        """Make a move."""
        return move(self.session, self.actor(who), introduction, one, today=today, **values)

    def at(self, state: State, *, asked_by: Side = Side.STARTUP, today: date = TODAY) -> Introduction:
        """An introduction in a state, brought there by moves."""
        introduction = self.draft(asked_by=asked_by, today=today)
        asking, asked = ("founder", "investor") if asked_by == Side.STARTUP else ("investor", "founder")
        names = {"asking": asking, "asked": asked}
        for who, one, values in PATHS[state]:
            self.make(introduction, names.get(who, who), one, today, **values)
        if state == State.ACCEPTED:  # Left at once by every acceptance, so only reached by hand.
            introduction.state, introduction.introduced_at = State.ACCEPTED, None
            self.session.flush()
        if state == State.NO_SHOW:
            self.let_meeting_pass(introduction)
            self.make(introduction, asking, Move.REPORT_NO_SHOW)
        assert introduction.state == state
        return introduction

    def let_meeting_pass(self, introduction: Introduction) -> None:
        """As if the agreed time was yesterday."""
        assert introduction.meeting is not None
        introduction.meeting.begins_at = datetime.now(UTC) - timedelta(days=1)
        self.session.flush()


def times(days: int = 5) -> list[datetime]:
    """Three times to come."""
    first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return [first, first + timedelta(days=1), first + timedelta(days=2)]


Steps = list[tuple[str, Move, dict[str, Any]]]
_SUBMITTED: Steps = [("asking", Move.SUBMIT, {})]
_SENT: Steps = [*_SUBMITTED, ("staff", Move.SEND, {})]
_INTRODUCED: Steps = [*_SENT, ("asked", Move.ACCEPT, {})]
_SCHEDULED: Steps = [
    *_INTRODUCED,
    ("asking", Move.PROPOSE_TIMES, {"times": times(), "minutes": 45, "place": "Casablanca"}),
    ("asked", Move.CHOOSE_TIME, {"index": 1}),
]
_NEXT = {"day": 14, "next_on": TODAY + timedelta(days=76)}
PATHS: dict[State, Steps] = {
    State.DRAFT: [],
    State.SUBMITTED: _SUBMITTED,
    State.IN_REVIEW: [*_SUBMITTED, ("staff", Move.TAKE_UP, {})],
    State.RETURNED: [*_SUBMITTED, ("staff", Move.RETURN, {"return_note": "Say more."})],
    State.REFUSED: [*_SUBMITTED, ("staff", Move.REFUSE, {"return_note": "Not ours."})],
    State.SENT: _SENT,
    State.ACCEPTED: _INTRODUCED,
    State.DECLINED: [*_SENT, ("asked", Move.DECLINE, {"decline_code": "no-time", "decline_note": "Secret reason"})],
    State.NOT_NOW: [*_SENT, ("asked", Move.NOT_NOW, {"until": TODAY + timedelta(days=30)})],
    State.EXPIRED: [*_SENT, ("system", Move.EXPIRE, {})],
    State.INTRODUCED: _INTRODUCED,
    State.SCHEDULED: _SCHEDULED,
    State.MET: [*_INTRODUCED, ("asking", Move.REPORT_MET, {})],
    State.NO_SHOW: _SCHEDULED,
    State.FOLLOWED_UP: [*_INTRODUCED, ("system", Move.FOLLOW_UP, _NEXT)],
    State.CLOSED: [*_INTRODUCED, ("asking", Move.CLOSE, {})],
    State.WITHDRAWN: [*_SENT, ("asking", Move.WITHDRAW, {})],
}
"""How each state is reached; a meeting must have gone by before it can be reported missed."""


def make_pair(
    session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner], **partner: Any
) -> Pair:
    """A published startup and a published partner with their people."""
    pair = Pair(session, make_startup("Tazrii"), make_partner("Sahel Fund", **partner))
    pair.accounts = {
        "founder": make_account(),
        "investor": make_account(),
        "staff": make_account(NetworkRole.STAFF),
        "stranger": make_account(),
    }
    for who, (email, phone) in PLANTED.items():
        pair.accounts[who].person.email, pair.accounts[who].person.phone = email, phone
    join(pair.accounts["founder"], pair.startup)
    join(pair.accounts["investor"], pair.partner)
    join(pair.accounts["stranger"], make_startup("Elsewhere"))
    session.flush()
    return pair
