"""The end of what applications say: drafts that nobody goes on with, applications that are over, erased applicants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.models import Application, ApplicationState, DbSession, Evaluation, utc_now
from webapp.services.application_moves import ENDED
from webapp.services.evidence_forgetting import delete_evidence_of

_BLANK: dict[str, Any] = {
    "contact_name": "",
    "email": "",
    "phone": None,
    "values": {},
    "note": "",
    "early_reason": "",
    "confirmed_at": None,
    "updated_at": Application.updated_at,
}
"""What is left says which park, when, and how it was decided: the network counts these."""


def delete_old_drafts(session: DbSession, before: datetime) -> int:
    """Delete the drafts that nobody changed since; those of the demonstration stay."""
    old = Application.state == ApplicationState.DRAFT, Application.updated_at < before, sa.not_(Application.is_demo)
    return _count(session, sa.delete(Application).where(*old))


def forget_old_applications(session: DbSession, before: datetime) -> int:
    """Take away what people wrote in applications that ended, or that were given back and never sent again, since."""
    quiet = sa.func.coalesce(Application.decided_at, Application.updated_at) < before
    over = Application.state.in_([*ENDED, ApplicationState.RETURNED])
    return _forget(session, quiet, over, sa.not_(Application.is_demo))


def forget_applications_of(session: DbSession, addresses: Collection[str]) -> int:
    """The same of all applications of somebody who is erased; drafts are deleted, what is under way is withdrawn."""
    theirs = Application.email.in_(addresses), Application.email != ""
    drafts = sa.delete(Application).where(*theirs, Application.state == ApplicationState.DRAFT)
    return _count(session, drafts) + _forget(session, *theirs)


def _forget(session: DbSession, *conditions: ColumnElement[bool]) -> int:
    told = Application.email != ""
    chosen = session.scalars(sa.select(Application.id).where(told, *conditions)).all()
    if not chosen:
        return 0
    comments = sa.update(Evaluation).where(Evaluation.application_id.in_(chosen))
    session.execute(comments.values({"comment": "", "at": Evaluation.at}).execution_options(synchronize_session=False))
    delete_evidence_of(session, chosen)
    open_ones = Application.id.in_(chosen), Application.state.not_in(ENDED)
    ended = {"state": ApplicationState.WITHDRAWN, "decided_at": utc_now(), "updated_at": Application.updated_at}
    session.execute(sa.update(Application).where(*open_ones).values(ended).execution_options(synchronize_session=False))
    count = _count(session, sa.update(Application).where(Application.id.in_(chosen)).values(_BLANK))
    session.expire_all()
    return count


def _count(session: DbSession, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session="fetch"))
    return int(done.rowcount)  # type: ignore[attr-defined]
