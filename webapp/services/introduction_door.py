"""The one door through which an introduction moves on.

``move`` asks the table of ``introduction_moves`` and locks both organisations first, so that of two who decide in the
same second one succeeds and the other is told. What each move changes is in ``introduction_effects``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from webapp.errors import Conflict, DomainError, NotAllowed, NotFound
from webapp.models import DbSession, Introduction, IntroductionMove, IntroductionState, touch
from webapp.permissions import Actor
from webapp.services.introduction_effects import Step, apply_effect
from webapp.services.introduction_limits import lock_organisations, moment_of
from webapp.services.introduction_mails import order_move_mails
from webapp.services.introduction_moves import TRANSITIONS, Move, Party, acting_party, parties_of, side_for
from webapp.services.network import get_network, zone_of

State = IntroductionState


def move(
    session: DbSession,
    actor: Actor,
    introduction: Introduction,
    move: Move,
    *,
    version: int | None = None,
    today: date,
    **values: Any,
) -> Introduction:
    """Make a move, with all that follows from it: the record, mails, and moves that come with it.

    Args:
        version: the version that the actor saw; a later one is refused.
        today: in the network's time zone.
        values: what the table's line names: ``return_note``, ``staff_note``, ``decline_code``, ``decline_note``,
            ``until`` (a date), ``days`` (until a request expires), ``times``, ``minutes``, ``place``, ``index``.

    Raises:
        NotAllowed: the actor may never make this move of this introduction.
        Conflict: ``introduction-moved``: somebody was faster; ``illegal-move`` (``move``, ``state``): not in this
            state; otherwise a limit that the move reaches, see ``introduction_effects``.
        Invalid: a value is missing or wrong.
        TypeError: a value that the move does not know.
    """
    transition = TRANSITIONS[move]
    if unknown := values.keys() - transition.values:
        raise TypeError(f"{move} takes no {', '.join(sorted(unknown))}")
    lock_introduction(session, introduction, version)
    party = acting_party(actor, introduction, move)
    if party is None:
        if not parties_of(actor, introduction) & transition.parties:
            raise NotAllowed("introduction-move", move=move.value)
        raise Conflict("illegal-move", move=move.value, state=str(introduction.state))
    at = moment_of(today, zone_of(get_network(session)))
    step = Step(move, party, actor.person_id, today, at, values)
    _make(session, introduction, step)
    _follow(session, introduction, step)
    return introduction


def _make(session: DbSession, introduction: Introduction, step: Step) -> None:
    """Change, record and tell; everything was checked but the values."""
    transition = TRANSITIONS[step.move]
    before = State(introduction.state)
    try:
        with session.no_autoflush:
            apply_effect(session, introduction, step)
    except DomainError:
        session.expire(introduction)  # Nothing half done stays behind, whatever the caller does next.
        raise
    introduction.state = transition.paths[before]
    introduction.updated_at = step.at
    # Also a move that leads back to the same state counts the version up, whatever else it changes.
    flag_modified(introduction, "updated_at")
    introduction.moves.append(
        IntroductionMove(
            move=step.move.value,
            from_state=before,
            to_state=introduction.state,
            side=side_for(step.party, introduction),
            person_id=step.person_id,
            at=step.at,
        )
    )
    flush_version(session)
    order_move_mails(session, introduction, step.move, step.party)
    if transition.rescores:
        touch(introduction.startup)
        touch(introduction.partner)
        flush_version(session)


def _follow(session: DbSession, introduction: Introduction, step: Step) -> None:
    """Make the moves that come with one: an acceptance introduces; a proposal that is submitted was checked already."""
    if step.move == Move.ACCEPT:
        _make(session, introduction, Step(Move.INTRODUCE, Party.SYSTEM, None, step.today, step.at, {}))
    elif step.move == Move.SUBMIT and introduction.is_proposal:
        sent = Step(Move.SEND, Party.SYSTEM, None, step.today, step.at, {})
        try:
            _make(session, introduction, sent)
        except Conflict:
            return  # The receiver has no place or no member now: it waits with staff, who see why.


def lock_introduction(session: DbSession, introduction: Introduction, version: int | None) -> None:
    """Read an introduction anew with nobody else at it.

    Raises:
        Conflict: ``introduction-moved``: it is not any more what the actor, or this session, has seen.
        NotFound: ``introduction``: it was deleted meanwhile.
    """
    flush_version(session)
    seen, reference = introduction.version, introduction.reference
    lock_organisations(session, introduction.startup_id, introduction.partner_id)
    session.expire(introduction)
    try:
        now = introduction.version
    except ObjectDeletedError:
        raise NotFound("introduction", reference=reference) from None
    if now != seen or (version is not None and version != now):
        raise Conflict("introduction-moved", reference=reference, state=str(introduction.state))


def flush_version(session: DbSession) -> None:
    """Write what is pending.

    Raises:
        Conflict: ``introduction-moved``: somebody else wrote in the same moment.
    """
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("introduction-moved") from None
