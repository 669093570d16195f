"""Reading introductions: one, many, and what waits for somebody. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from webapp.errors import NotFound
from webapp.models import (
    DbSession,
    Introduction,
    IntroductionMove,
    IntroductionState,
    Meeting,
    Partner,
    Person,
    Side,
    Startup,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.introduction_moves import (
    BEFORE_SENT,
    KNOWN_TO_EACH_OTHER,
    TO_CHECK,
    UNANSWERED,
    Party,
    parties_of,
    party_for,
    shown_state,
)

State = IntroductionState
Box = Literal["in", "out", "staff"]


@dataclass(frozen=True)
class Contact:
    """How to reach somebody on the other side."""

    name: str
    position: str
    email: str
    phone: str | None
    organisation: Startup | Partner


@dataclass(frozen=True)
class Answer:
    """What a side is told of how an introduction stands."""

    code: str
    """See ``introduction_moves.SHOWN``; for staff the state itself."""
    note: str = ""
    """Words that this side may read: staff's to the asking side; to those who declined and to staff, the reason."""
    decline_code: str | None = None
    until: date | None = None
    """Put off until this day."""


def get_introduction(session: DbSession, actor: Actor, reference: str) -> Introduction:
    """An introduction with all that its page shows.

    Raises:
        NotFound: ``introduction``: there is none, or the actor may not know of it: the asked side only once asked.
    """
    statement = _with_all(sa.select(Introduction).where(Introduction.reference == reference))
    found: Introduction | None = session.scalar(statement)
    if found is None or not can(actor, Permission.READ_INTRODUCTION, found):
        raise NotFound("introduction", reference=reference)
    return found


def _with_all(statement: sa.Select[Any]) -> sa.Select[Any]:
    return _with_sides(statement).options(
        joinedload(Introduction.requester),
        joinedload(Introduction.answerer),
        selectinload(Introduction.moves).joinedload(IntroductionMove.person),
        selectinload(Introduction.outcomes),
    )


def _with_sides(statement: sa.Select[Any]) -> sa.Select[Any]:
    return statement.options(
        joinedload(Introduction.startup), joinedload(Introduction.partner), selectinload(Introduction.meeting)
    )


def list_introductions(
    session: DbSession,
    actor: Actor,
    *,
    organisation: Startup | Partner | None = None,
    box: Box | None = None,
    state: State | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Introduction]:
    """Introductions that an actor takes part in, the latest change first, in a fixed number of queries.

    Args:
        organisation: only those of this one; of all that the actor acts for if absent.
        box: ``in``: those in which it is asked; ``out``: those in which it asks; ``staff``: all that were ever
            submitted, of this organisation or of all.
        state: only those in this state.

    Raises:
        NotAllowed: the actor does not act for the organisation, or is no staff.
    """
    statement = _with_sides(_selection(actor, organisation, box, state))
    statement = statement.order_by(Introduction.updated_at.desc(), Introduction.id.desc())
    return list(session.scalars(statement.limit(limit).offset(offset)))


def count_introductions(
    session: DbSession,
    actor: Actor,
    *,
    organisation: Startup | Partner | None = None,
    box: Box | None = None,
    state: State | None = None,
) -> int:
    """How many ``list_introductions`` would give without a limit."""
    selection = _selection(actor, organisation, box, state).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(selection)) or 0


def _selection(
    actor: Actor, organisation: Startup | Partner | None, box: Box | None, state: State | None
) -> sa.Select[Any]:
    statement = sa.select(Introduction)
    if state is not None:
        statement = statement.where(Introduction.state == state)
    if box == "staff":
        require(actor, Permission.STAFF)
        statement = statement.where(Introduction.submitted_at.is_not(None))
        return statement.where(_of(organisation)) if organisation is not None else statement
    if organisation is not None:
        require(actor, Permission.ASK, organisation)
    keys = [(organisation.noun, organisation.id)] if organisation is not None else list(actor.memberships)
    boxes = [box] if box else ["in", "out"]
    return statement.where(sa.or_(sa.false(), *(_in_box(keys, one) for one in boxes)))


def _of(organisation: Startup | Partner) -> sa.ColumnElement[bool]:
    column = Introduction.startup_id if isinstance(organisation, Startup) else Introduction.partner_id
    return column == organisation.id


def _in_box(keys: Iterable[tuple[str, int]], box: str) -> sa.ColumnElement[bool]:
    """Introductions in which one of these organisations asks, or is asked and knows it."""
    found: list[sa.ColumnElement[bool]] = []
    own = list(keys)
    for side, column in ((Side.STARTUP, Introduction.startup_id), (Side.PARTNER, Introduction.partner_id)):
        ids = [row_id for noun, row_id in own if noun == side]
        asks = Introduction.asked_by == side
        belongs = column.in_(ids)
        found.append(belongs & asks if box == "out" else belongs & ~asks & Introduction.sent_at.is_not(None))
    return sa.or_(*found)


def queue(session: DbSession) -> list[Introduction]:
    """What staff have to check, oldest first."""
    statement = _with_sides(sa.select(Introduction).where(Introduction.state.in_(TO_CHECK)))
    statement = statement.options(joinedload(Introduction.requester))
    return list(session.scalars(statement.order_by(Introduction.submitted_at, Introduction.id)))


def other_open_requests(session: DbSession, introduction: Introduction) -> list[Introduction]:
    """What else the asking side asked for and has no answer to, the latest first. For staff."""
    asking = introduction.asking
    statement = _with_sides(sa.select(Introduction).where(_of(asking), Introduction.asked_by == introduction.asked_by))
    statement = statement.where(Introduction.state.in_(UNANSWERED), Introduction.id != introduction.id)
    return list(session.scalars(statement.order_by(Introduction.submitted_at.desc(), Introduction.id.desc())))


def count_to_check(session: DbSession) -> int:
    """How many requests wait for staff."""
    statement = sa.select(sa.func.count()).select_from(Introduction).where(Introduction.state.in_(TO_CHECK))
    return session.scalar(statement) or 0


def waits_for(actor: Actor, introduction: Introduction) -> bool:
    """Whether an introduction does not go on before one of the actor's organisations does something."""
    parties = parties_of(actor, introduction)
    state = State(introduction.state)
    if state == State.RETURNED or (state == State.DRAFT and introduction.is_proposal):
        return Party.ASKING in parties
    if state == State.SENT:
        return Party.ASKED in parties
    meeting = introduction.meeting
    if state not in (State.INTRODUCED, State.FOLLOWED_UP) or meeting is None or meeting.begins_at or not meeting.times:
        return False
    return bool(parties & {Party.ASKING, Party.ASKED} - {party_for(Side(meeting.proposed_by), introduction)})


def count_waiting_for(session: DbSession, actor: Actor) -> int:
    """How many introductions wait for the actor's organisations."""
    if not actor.memberships:
        return 0
    waiting = (State.DRAFT, State.RETURNED, State.SENT, State.INTRODUCED, State.FOLLOWED_UP)
    statement = _selection(actor, None, None, None).where(Introduction.state.in_(waiting))
    statement = statement.outerjoin(Meeting).options(contains_eager(Introduction.meeting))
    statement = statement.options(joinedload(Introduction.startup), joinedload(Introduction.partner))
    return sum(waits_for(actor, introduction) for introduction in session.scalars(statement))


def contacts_for(actor: Actor, introduction: Introduction) -> Contact | None:
    """How the actor's side reaches the other, once both have agreed; nothing before that, and nothing for outsiders."""
    parties = parties_of(actor, introduction) & {Party.ASKING, Party.ASKED}
    party = min(parties, key=list(Party).index, default=None)
    return contact_for(party, introduction) if party else None


def contact_for(party: Party, introduction: Introduction) -> Contact | None:
    """The same for all members of a side."""
    if State(introduction.state) not in KNOWN_TO_EACH_OTHER or introduction.introduced_at is None:
        return None
    if party == Party.ASKING:
        return _contact(introduction.answerer, introduction.asked)
    return _contact(introduction.requester, introduction.asking) if party == Party.ASKED else None


def _contact(person: Person | None, organisation: Startup | Partner) -> Contact | None:
    if person is None or person.erased_at is not None:
        return None
    return Contact(person.name, person.position, person.email, person.phone, organisation)


def answer_shown(introduction: Introduction, side: Side) -> Answer:
    """What a side may read of how an introduction stands.

    The asking side reads of every decline the same courteous words: neither the reason nor whether there was one.

    Raises:
        NotFound: ``introduction``: the side does not know of it yet.
    """
    state = State(introduction.state)
    code = shown_state(introduction, side)
    if code is None:
        raise NotFound("introduction", reference=introduction.reference)
    until = introduction.due_on if state == State.NOT_NOW else None
    party = party_for(side, introduction)
    if state == State.DECLINED and party != Party.ASKING:
        return Answer(code, introduction.decline_note, introduction.decline_code)
    if state in (State.RETURNED, State.REFUSED) and party != Party.ASKED:
        return Answer(code, introduction.return_note)
    return Answer(code, until=until)


def timeline(introduction: Introduction, side: Side) -> list[IntroductionMove]:
    """The moves that a side may read of, oldest first: the asked side, nothing of the time before it was asked."""
    moves = [move for move in introduction.moves if move.move != "remind"]
    if party_for(side, introduction) != Party.ASKED:
        return moves
    return [move for move in moves if not {State(move.from_state), State(move.to_state)} <= BEFORE_SENT]
