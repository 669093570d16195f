"""The table of moves of an application: from which state to which, and who may make them.

``webapp.services.applications`` and ``webapp.services.admissions`` change a state only as it says;
``docs/applications.md`` shows the same table to people, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, NotFound
from webapp.models import Application, ApplicationState, DbSession
from webapp.services.write_lock import lock_rows

State = ApplicationState


class Move(StrEnum):
    """What can be done with an application that is written."""

    SUBMIT = "submit"
    EVALUATE = "evaluate"
    RETURN = "return"
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Party(StrEnum):
    """Who makes a move."""

    APPLICANT = "applicant"
    STAFF = "staff"


@dataclass(frozen=True)
class Transition:
    """One line of the table."""

    sources: frozenset[State]
    target: State
    party: Party
    mail: str = ""
    """The kind of mail that tells the applicant; empty if none does."""


EDITABLE = frozenset({State.DRAFT, State.RETURNED})
"""With the applicant, who may still write."""
WAITING = frozenset({State.SUBMITTED, State.EVALUATED})
"""With staff."""
DECIDED = frozenset({State.ACCEPTED, State.REFUSED})
ENDED = DECIDED | {State.WITHDRAWN}
"""No move leads out of these."""

MOVES: Mapping[Move, Transition] = {
    Move.SUBMIT: Transition(EDITABLE, State.SUBMITTED, Party.APPLICANT, "application-received"),
    Move.EVALUATE: Transition(WAITING, State.EVALUATED, Party.STAFF),
    Move.RETURN: Transition(WAITING, State.RETURNED, Party.STAFF, "application-returned"),
    Move.ACCEPT: Transition(WAITING, State.ACCEPTED, Party.STAFF, "application-accepted"),
    Move.REFUSE: Transition(WAITING, State.REFUSED, Party.STAFF, "application-refused"),
    Move.WITHDRAW: Transition(WAITING | {State.RETURNED}, State.WITHDRAWN, Party.APPLICANT),
}


def take(session: DbSession, application: Application, version: int | None = None) -> None:
    """Read an application anew with nobody else at it until the transaction ends.

    Args:
        version: as the actor saw it; nothing if it does not matter.

    Raises:
        NotFound: ``application``: it was deleted meanwhile.
        Conflict: ``application-changed``: it is no longer as they saw it (``state``).
    """
    lock_rows(session, Application, application.id)
    statement = sa.select(Application).where(Application.id == application.id)
    if session.scalar(statement.execution_options(populate_existing=True)) is None:
        raise NotFound("application")
    if version is not None and application.version != version:
        raise Conflict("application-changed", state=str(application.state))


def allowed(application: Application, move: Move) -> bool:
    """Whether its state allows a move."""
    return application.state in MOVES[move].sources


def check_move(application: Application, move: Move) -> Transition:
    """The line of the table for a move.

    Raises:
        Conflict: ``application-changed``: its state does not allow it (any more).
    """
    line = MOVES[move]
    if not allowed(application, move):
        raise Conflict("application-changed", state=str(application.state))
    return line


def written(session: DbSession) -> None:
    """Write what is pending.

    Raises:
        Conflict: ``application-changed``: somebody else wrote in the same moment.
    """
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("application-changed") from None
