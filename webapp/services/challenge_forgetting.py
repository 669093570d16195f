"""Taking away what people wrote in answers to challenges: when they go, and when it was kept long enough."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.models import AnswerState, Challenge, ChallengeAnswer, DbSession, Membership, Person, utc_now
from webapp.services.challenge_moves import ENDED, UNDECIDED


def leave_answers(session: DbSession, person: Person) -> None:
    """Withdraw what nobody would be left to answer for, and blank what a person wrote in answers that are over.

    Running answers stay those of the startup, whose other members go on.
    """
    others = sa.exists().where(Membership.startup_id == ChallengeAnswer.startup_id, Membership.person_id != person.id)
    written = sa.select(ChallengeAnswer).where(ChallengeAnswer.person_id == person.id)
    running = ChallengeAnswer.state.in_(UNDECIDED)
    for answer in session.scalars(written.where(running, ~others)).all():
        answer.state, answer.decided_at = AnswerState.WITHDRAWN, utc_now()
    session.flush()
    for answer in session.scalars(written.where(~running)).all():
        answer.text = ""
    session.flush()


def forget_old_answers(session: DbSession, before: datetime) -> int:
    """Blank what was written in answers to challenges that ended before a moment; gives how many."""
    over = sa.select(Challenge.id).where(Challenge.state.in_(ENDED), Challenge.closed_at < before)
    told = sa.or_(ChallengeAnswer.text != "", ChallengeAnswer.note != "")
    statement = sa.update(ChallengeAnswer).where(ChallengeAnswer.challenge_id.in_(over), told)
    blanked = session.execute(statement.values(text="", note="").execution_options(synchronize_session="fetch"))
    return int(blanked.rowcount)  # type: ignore[attr-defined]
