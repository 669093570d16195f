"""Every state, move and actor: what the table in the documentation says is possible, and nothing else is."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.introductions import TODAY, Pair, make_pair, times
from webapp.config import ROOT
from webapp.errors import Conflict, NotAllowed
from webapp.models import Introduction, IntroductionState, Partner, Side, Startup
from webapp.services.introduction_moves import (
    BEFORE_MEETING,
    ENDED,
    SHOWN,
    TRANSITIONS,
    UNDER_WAY,
    UNSUBMITTED,
    Move,
    allowed_moves,
)

State = IntroductionState
ACTORS = ("founder", "investor", "staff", "stranger", "system")
VALUES: dict[Move, dict[str, Any]] = {
    Move.RETURN: {"return_note": "Say more."},
    Move.REFUSE: {"return_note": "Not for this network."},
    Move.NOT_NOW: {"until": TODAY + timedelta(days=20)},
    Move.PROPOSE_TIMES: {"times": times(), "minutes": 30, "place": ""},
    Move.CHOOSE_TIME: {"index": 0},
    Move.FOLLOW_UP: {"day": 14, "next_on": TODAY + timedelta(days=76)},
}


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner)


def table_rows(head: str) -> list[list[str]]:
    text = (ROOT / "docs" / "introductions.md").read_text(encoding="utf-8")
    lines = text[text.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([a-z-]+)`", cell)


@functools.cache
def documented() -> dict[Move, tuple[set[State], State, set[str]]]:
    """The table of the documentation: move -> states it leads from, state it leads to, parties."""
    return {
        Move(codes(move)[0]): ({State(one) for one in codes(before)}, State(codes(after)[0]), set(who.split(", ")))
        for move, before, after, who, _ in table_rows("| move |")
    }


def test_the_documentation_has_the_table_of_the_program() -> None:
    rows = table_rows("| move |")
    assert [codes(row[0])[0] for row in rows] == [move.value for move in TRANSITIONS] == [move.value for move in Move]
    for row, transition in zip(rows, TRANSITIONS.values(), strict=True):
        assert codes(row[1]) == [state.value for state in transition.paths]
        assert set(codes(row[2])) == {state.value for state in transition.paths.values()}
        assert set(row[3].split(", ")) == {party.value for party in transition.parties}
        mails = {
            codes(mail)[0]: set(mail.split(" to ")[1].split(" and ")) for mail in row[4].split("; ") if mail != "–"
        }
        assert mails == {kind: {party.value for party in parties} for kind, parties in transition.mails.items()}


def test_the_documentation_says_what_each_side_reads() -> None:
    rows = {State(codes(row[0])[0]): (row[1], row[2]) for row in table_rows("| state |")}
    assert rows == {state: (asking, asked or "nothing") for state, (asking, asked) in SHOWN.items()}
    assert set(rows) == set(State)


def test_nothing_leads_out_of_an_end_and_something_out_of_all_else() -> None:
    leading = {state for transition in TRANSITIONS.values() for state in transition.paths}
    assert leading == set(State) - ENDED


def test_every_state_is_reached_and_every_open_one_can_be_withdrawn() -> None:
    reached = {state for transition in TRANSITIONS.values() for state in transition.paths.values()}
    assert reached == set(State)
    assert set(TRANSITIONS[Move.WITHDRAW].paths) == BEFORE_MEETING
    assert not UNDER_WAY & (ENDED | UNSUBMITTED)
    assert set(State) == UNDER_WAY | ENDED | UNSUBMITTED


def expected(move: Move, who: str, state: State, asked_by: Side, *, asked_knows: bool) -> bool:
    if move == Move.PROPOSE:
        return False  # only at the beginning, by ``propose_introduction``
    if move == Move.CHOOSE_TIME and who == ("founder" if asked_by == Side.STARTUP else "investor"):
        return False  # the asking side proposed the times
    before, _, parties = documented()[move]
    own = {"staff": "staff", "system": "system", "stranger": "nobody"}.get(who)
    if own is None:
        asks = (who == "founder") == (asked_by == Side.STARTUP)
        own = "asking" if asks else "asked" if asked_knows else "nobody"
    return state in before and own in parties


@pytest.mark.parametrize("asked_by", [Side.STARTUP, Side.PARTNER])
@pytest.mark.parametrize("state", list(State))
def test_each_actor_can_make_exactly_the_moves_of_the_table(
    pair: Pair, session: Session, state: State, asked_by: Side
) -> None:
    introduction = pair.at(state, asked_by=asked_by)
    asking = "founder" if asked_by == Side.STARTUP else "investor"
    if state in (State.INTRODUCED, State.FOLLOWED_UP):
        pair.make(introduction, asking, Move.PROPOSE_TIMES, **VALUES[Move.PROPOSE_TIMES])
        introduction.state = state
    if state == State.SCHEDULED:
        pair.let_meeting_pass(introduction)
    session.flush()
    knows = introduction.sent_at is not None
    for who in ACTORS:
        wanted = [one for one in Move if expected(one, who, state, asked_by, asked_knows=knows)]
        assert allowed_moves(pair.actor(who), introduction) == wanted
        for one in Move:
            check(pair, session, introduction, who, one, one in wanted)


def check(pair: Pair, session: Session, introduction: Introduction, who: str, one: Move, is_legal: bool) -> None:
    state, number = State(introduction.state), len(introduction.moves)
    savepoint = session.begin_nested()
    if is_legal:
        pair.make(introduction, who, one, **VALUES.get(one, {}))
        made = introduction.moves[number]
        assert (made.move, made.from_state) == (one, state)
        assert made.to_state == documented()[one][1]
    else:
        with pytest.raises((NotAllowed, Conflict)) as refused:
            pair.make(introduction, who, one, **VALUES.get(one, {}))
        assert refused.value.code in ("introduction-move", "illegal-move")
        assert len(introduction.moves) == number
    savepoint.rollback()
    session.expire_all()
    assert introduction.state == state
