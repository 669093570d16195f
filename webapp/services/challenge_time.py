"""What time does to challenges: a deadline that passes ends no challenge, but its partner is reminded of it, once."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from webapp.models import Challenge, ChallengeState, DbSession
from webapp.services.actors import members_of
from webapp.services.mail import order_mails

REMINDER = "challenge-deadline"


def remind_of_deadlines(session: DbSession, today: date) -> int:
    """Remind the partners of open challenges whose deadline has passed to decide and to close them; gives how many.

    Args:
        today: the day it is where the network is.
    """
    due = sa.select(Challenge).where(
        Challenge.state == ChallengeState.OPEN, Challenge.deadline < today, Challenge.reminded_on.is_(None)
    )
    challenges = session.scalars(due.order_by(Challenge.id)).all()
    for challenge in challenges:
        order_mails(session, REMINDER, members_of(session, challenge.partner), {"challenge_id": challenge.id})
        challenge.reminded_on = today
    session.flush()
    return len(challenges)
