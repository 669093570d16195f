"""The tables of moves of challenges and of the answers to them: from which state to which, who, and whom it tells.

``webapp.services.challenges`` and ``webapp.services.challenge_answers`` change a state only as these say;
``docs/challenges.md`` shows the same tables to people, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, NotFound
from webapp.models import AnswerState, Challenge, ChallengeAnswer, ChallengeState, DbSession
from webapp.services.write_lock import lock_rows

State = ChallengeState


class Party(StrEnum):
    """Who makes a move."""

    PARTNER = "partner"
    """Members of the partner; staff may act for it."""
    STAFF = "staff"
    STARTUP = "startup"


class Move(StrEnum):
    """What can be done with a challenge."""

    SUBMIT = "submit"
    OPEN = "open"
    RETURN = "return"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class AnswerMove(StrEnum):
    """What can be done with an answer that was sent."""

    CHANGE = "change"
    SHORTLIST = "shortlist"
    CHOOSE = "choose"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Transition:
    """One line of the table of challenges."""

    sources: frozenset[ChallengeState]
    target: ChallengeState
    party: Party
    mail: str = ""
    """The kind of mail that tells the partner's members; empty if none does."""


@dataclass(frozen=True)
class AnswerTransition:
    """One line of the table of answers."""

    sources: frozenset[AnswerState]
    target: AnswerState
    party: Party
    mail: str = ""
    """The kind of mail that tells the startup; empty if none does."""


EDITABLE = frozenset({State.DRAFT, State.RETURNED})
"""With the partner, who may still write."""
PUBLIC = frozenset({State.OPEN, State.CLOSED})
"""Everybody reads these, as long as their partner is published."""
ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
"""No move leads out of these."""
UNDECIDED = frozenset({AnswerState.SENT, AnswerState.SHORTLISTED})
"""Answers whose startup waits for a last word."""
KNOWN_TO_EACH_OTHER = frozenset({AnswerState.SHORTLISTED, AnswerState.CHOSEN})
"""The startup agreed by answering, the partner by this decision: each sees the contact details of the other."""

MOVES: Mapping[Move, Transition] = {
    Move.SUBMIT: Transition(EDITABLE, State.SUBMITTED, Party.PARTNER),
    Move.OPEN: Transition(frozenset({State.SUBMITTED}), State.OPEN, Party.STAFF, "challenge-opened"),
    Move.RETURN: Transition(frozenset({State.SUBMITTED}), State.RETURNED, Party.STAFF, "challenge-returned"),
    Move.CLOSE: Transition(frozenset({State.OPEN}), State.CLOSED, Party.PARTNER),
    Move.WITHDRAW: Transition(frozenset(State) - ENDED, State.WITHDRAWN, Party.PARTNER),
}

ANSWER_MOVES: Mapping[AnswerMove, AnswerTransition] = {
    AnswerMove.CHANGE: AnswerTransition(frozenset({AnswerState.SENT}), AnswerState.SENT, Party.STARTUP),
    AnswerMove.SHORTLIST: AnswerTransition(
        frozenset({AnswerState.SENT}), AnswerState.SHORTLISTED, Party.PARTNER, "challenge-shortlisted"
    ),
    AnswerMove.CHOOSE: AnswerTransition(UNDECIDED, AnswerState.CHOSEN, Party.PARTNER, "challenge-chosen"),
    AnswerMove.DECLINE: AnswerTransition(UNDECIDED, AnswerState.DECLINED, Party.PARTNER, "challenge-declined"),
    AnswerMove.WITHDRAW: AnswerTransition(UNDECIDED, AnswerState.WITHDRAWN, Party.STARTUP),
}
"""Decisions are made while the challenge is open, also after its deadline; closing it declines what is undecided."""


def allowed(challenge: Challenge, move: Move) -> bool:
    """Whether the state of a challenge allows a move."""
    return challenge.state in MOVES[move].sources


def answer_allowed(answer: ChallengeAnswer, move: AnswerMove) -> bool:
    """Whether an answer and its challenge are in states that allow a move."""
    if move != AnswerMove.WITHDRAW and answer.challenge.state != State.OPEN:
        return False
    return answer.state in ANSWER_MOVES[move].sources


def take(session: DbSession, challenge: Challenge, version: int | None = None) -> None:
    """Read a challenge anew with nobody else at it, or at its answers, until the transaction ends.

    Args:
        version: as the actor saw it; nothing if it does not matter.

    Raises:
        NotFound: ``challenge``: it was deleted meanwhile.
        Conflict: ``challenge-changed``: it is no longer as they saw it (``state``).
    """
    written(session)
    lock_rows(session, Challenge, challenge.id)
    statement = sa.select(Challenge).where(Challenge.id == challenge.id)
    if session.scalar(statement.execution_options(populate_existing=True)) is None:
        raise NotFound("challenge")
    if version is not None and challenge.version != version:
        raise Conflict("challenge-changed", state=str(challenge.state))


def take_answer(session: DbSession, answer: ChallengeAnswer, version: int | None = None) -> None:
    """The same of an answer; its challenge is locked with it.

    Raises:
        NotFound: ``answer``: it was deleted meanwhile.
        Conflict: ``answer-changed``: it is no longer as the actor saw it (``state``).
    """
    take(session, answer.challenge)
    statement = sa.select(ChallengeAnswer).where(ChallengeAnswer.id == answer.id)
    if session.scalar(statement.execution_options(populate_existing=True)) is None:
        raise NotFound("answer")
    if version is not None and answer.version != version:
        raise Conflict("answer-changed", state=str(answer.state))


def written(session: DbSession) -> None:
    """Write what is pending.

    Raises:
        Conflict: ``challenge-changed``: somebody else wrote in the same moment.
    """
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("challenge-changed") from None
