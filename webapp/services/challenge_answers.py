"""Answers to challenges: what startups propose, what partners decide, and how the two reach each other then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.i18n import LANGUAGES
from webapp.models import (
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeState,
    DbSession,
    Partner,
    Person,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.actors import members_of
from webapp.services.challenge_moves import (
    ANSWER_MOVES,
    KNOWN_TO_EACH_OTHER,
    UNDECIDED,
    AnswerMove,
    Party,
    answer_allowed,
    take,
    take_answer,
    written,
)
from webapp.services.introduction_lists import Contact
from webapp.services.mail import cancel_mails, order_mails

TEXT_LENGTH, NOTE_LENGTH = 3000, 1000

_UNTRUE_AFTER: Mapping[AnswerMove, frozenset[str]] = {
    AnswerMove.WITHDRAW: frozenset({"challenge-answer", "challenge-shortlisted"}),
    AnswerMove.CHOOSE: frozenset({"challenge-shortlisted"}),
    AnswerMove.DECLINE: frozenset({"challenge-shortlisted"}),
}
"""Move -> kinds of waiting mail that say what is no longer so."""


@dataclass(frozen=True)
class Answerer:
    """A startup that could answer, for somebody who acts for it."""

    startup: Startup
    answer: ChallengeAnswer | None
    """What it has sent already."""

    @property
    def has_answered(self) -> bool:
        """Whether its answer stands; one that was withdrawn may be sent anew."""
        return self.answer is not None and self.answer.state != AnswerState.WITHDRAWN


def answerers(session: DbSession, actor: Actor, challenge: Challenge) -> list[Answerer]:
    """The published startups that an actor acts for, with their answers to a challenge; two queries."""
    ids = [row_id for noun, row_id in actor.memberships if noun == Startup.noun]
    if not ids:
        return []
    own = Startup.published().where(Startup.id.in_(ids)).order_by(Startup.sort_name, Startup.id)
    startups = session.scalars(own).all()
    given = sa.select(ChallengeAnswer).where(
        ChallengeAnswer.challenge_id == challenge.id, ChallengeAnswer.startup_id.in_(ids)
    )
    answers = {answer.startup_id: answer for answer in session.scalars(given)}
    return [Answerer(startup, answers.get(startup.id)) for startup in startups]


def get_answer(session: DbSession, actor: Actor, challenge: Challenge, startup_slug: str) -> ChallengeAnswer:
    """A startup's answer, for that startup, for the challenge's partner and for staff.

    Raises:
        NotFound: ``answer``: there is none, or the actor must not learn of it. A withdrawn one is its startup's alone.
    """
    statement = (
        sa.select(ChallengeAnswer)
        .join(Startup)
        .where(ChallengeAnswer.challenge_id == challenge.id, Startup.slug == startup_slug)
    )
    found = session.scalar(statement)
    if found is None or not _reads(actor, found):
        raise NotFound("answer", startup=startup_slug)
    return found


def send_answer(
    session: DbSession,
    actor: Actor,
    challenge: Challenge,
    startup: Startup,
    text: str,
    *,
    language: str,
    today: date,
    version: int | None = None,
) -> ChallengeAnswer:
    """Answer a challenge, change what was answered, or answer anew after withdrawing. The partner is told once.

    Args:
        version: of the answer that the actor saw; nothing if there was none.

    Raises:
        NotAllowed: the actor does not act for the startup.
        Conflict: ``startup-not-published``; ``no-answers``: the challenge is closed or its deadline has passed;
            ``answer-changed``: the answer is not as the actor saw it (``state``), or was decided on.
        Invalid: ``missing`` or ``too-long`` (``field``, ``most``): the text.
    """
    require(actor, Permission.ASK, startup)
    take(session, challenge)
    if not startup.is_published:
        raise Conflict("startup-not-published")
    if challenge.state != ChallengeState.OPEN or challenge.deadline < today or not challenge.partner.is_published:
        raise Conflict("no-answers")
    cleaned = _checked(text, TEXT_LENGTH, name="text", needed=True)
    answer = _find(session, challenge, startup)
    if (answer.version if answer else None) != version:
        raise Conflict("answer-changed", state=str(answer.state) if answer else "")
    is_new = answer is None or answer.state == AnswerState.WITHDRAWN
    if answer is None:
        answer = ChallengeAnswer(startup_id=startup.id)
        challenge.answers.append(answer)
    elif not is_new and not answer_allowed(answer, AnswerMove.CHANGE):
        raise Conflict("answer-changed", state=str(answer.state))
    answer.text, answer.language = cleaned, language if language in LANGUAGES else next(iter(LANGUAGES))
    answer.person_id = actor.person_id
    if is_new:
        answer.state, answer.at, answer.decided_at, answer.note = AnswerState.SENT, utc_now(), None, ""
        answer.decided_by_id = None
    _write(session)
    if is_new:
        cancel_mails(session, "challenge-invitation", challenge_id=challenge.id, startup_id=startup.id)
        order_mails(session, "challenge-answer", members_of(session, challenge.partner), _values(answer))
    return answer


def move_answer(
    session: DbSession, actor: Actor, answer: ChallengeAnswer, move: AnswerMove, *, version: int, note: str = ""
) -> ChallengeAnswer:
    """Decide on an answer, or withdraw it.

    Args:
        version: as the actor saw it.
        note: of the partner to the startup, with its decision.

    Raises:
        NotAllowed: the actor may never make this move of this answer.
        Conflict: ``answer-changed``: it is not as they saw it, or in a state that does not allow the move (``state``).
        Invalid: ``too-long``: the note (``field``, ``most``).
    """
    line = ANSWER_MOVES[move]
    if move == AnswerMove.CHANGE:
        raise NotAllowed("answer-move", move=move.value)
    if line.party == Party.STARTUP:
        require(actor, Permission.ASK, answer.startup)
    else:
        require(actor, Permission.POST_CHALLENGE, answer.challenge.partner)
    take_answer(session, answer, version)
    if not answer_allowed(answer, move):
        raise Conflict("answer-changed", state=str(answer.state))
    if line.party == Party.PARTNER:
        answer.note = _checked(note, NOTE_LENGTH, name="note")
        answer.decided_by_id = actor.person_id if actor.role_in(answer.challenge.partner) else None
    _make(session, answer, move)
    return answer


def decline_undecided(session: DbSession, actor: Actor, challenge: Challenge) -> int:
    """Decline all answers that nobody decided on, so that nobody waits for a challenge that is over; gives how many.

    Raises:
        NotAllowed: the actor does not decide for the challenge's partner.
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    waiting = sa.select(ChallengeAnswer).where(
        ChallengeAnswer.challenge_id == challenge.id, ChallengeAnswer.state.in_(UNDECIDED)
    )
    answers = session.scalars(waiting.order_by(ChallengeAnswer.id).execution_options(populate_existing=True)).all()
    for answer in answers:
        _make(session, answer, AnswerMove.DECLINE)
    return len(answers)


def allowed_answer_moves(actor: Actor, answer: ChallengeAnswer) -> list[AnswerMove]:
    """The moves that an actor may make now, in the order of the table."""
    parties = set()
    if actor.role_in(answer.startup) is not None:
        parties.add(Party.STARTUP)
    if can(actor, Permission.POST_CHALLENGE, answer.challenge.partner):
        parties.add(Party.PARTNER)
    return [move for move, line in ANSWER_MOVES.items() if line.party in parties and answer_allowed(answer, move)]


def contact_for_partner(session: DbSession, actor: Actor, answer: ChallengeAnswer) -> Contact | None:
    """How the partner reaches the startup, once it has shortlisted the answer; nothing before, nor for anybody else."""
    if answer.state not in KNOWN_TO_EACH_OTHER or actor.role_in(answer.challenge.partner) is None:
        return None
    return _contact(session, answer.person, answer.startup)


def contact_for_startup(session: DbSession, actor: Actor, answer: ChallengeAnswer) -> Contact | None:
    """How the startup reaches the partner, under the same condition."""
    if answer.state not in KNOWN_TO_EACH_OTHER or actor.role_in(answer.startup) is None:
        return None
    return _contact(session, answer.decided_by, answer.challenge.partner)


def recipients(session: DbSession, answer: ChallengeAnswer) -> list[Person]:
    """Who is written to of the startup: whoever answered, as long as they are its member; otherwise all members."""
    members = members_of(session, answer.startup)
    return [person for person in members if person.id == answer.person_id] or members


def _make(session: DbSession, answer: ChallengeAnswer, move: AnswerMove) -> None:
    answer.state = ANSWER_MOVES[move].target
    answer.decided_at = utc_now()
    _write(session)
    for kind in sorted(_UNTRUE_AFTER.get(move, ())):
        cancel_mails(session, kind, answer_id=answer.id)
    if kind := ANSWER_MOVES[move].mail:
        order_mails(session, kind, recipients(session, answer), _values(answer))


def _values(answer: ChallengeAnswer) -> dict[str, int]:
    return {"challenge_id": answer.challenge_id, "answer_id": answer.id, "startup_id": answer.startup_id}


def _reads(actor: Actor, answer: ChallengeAnswer) -> bool:
    if actor.role_in(answer.startup) is not None:
        return True
    return answer.state != AnswerState.WITHDRAWN and can(actor, Permission.POST_CHALLENGE, answer.challenge.partner)


def _find(session: DbSession, challenge: Challenge, startup: Startup) -> ChallengeAnswer | None:
    statement = sa.select(ChallengeAnswer).filter_by(challenge_id=challenge.id, startup_id=startup.id)
    found: ChallengeAnswer | None = session.scalar(statement.execution_options(populate_existing=True))
    return found


def _write(session: DbSession) -> None:
    try:
        written(session)
    except IntegrityError:
        raise Conflict("answer-changed", state="") from None


def _checked(text: str, most: int, *, name: str, needed: bool = False) -> str:
    cleaned = text.strip()
    if needed and not cleaned:
        raise Invalid("missing", field=name)
    if len(cleaned) > most:
        raise Invalid("too-long", field=name, most=most)
    return cleaned


def _contact(session: DbSession, person: Person | None, organisation: Startup | Partner) -> Contact | None:
    """The one who took part if they still act for it, or else its first owner."""
    members = members_of(session, organisation)
    found = next((each for each in members if person is not None and each.id == person.id), None) or next(
        iter(members), None
    )
    if found is None or found.erased_at is not None:
        return None
    return Contact(found.name, found.position, found.email, found.phone, organisation)
