"""The locks under which a service reads what it then decides on, in both databases.

Whoever decides by what is there locks first, reads anew, and only then decides; of two who do so at once the second
reads what the first has written.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from webapp.models import DbSession, Network

_AT_A_TIME = 500
"""Ids of a statement: databases bound how many values one takes."""


def begin_writing(session: DbSession) -> None:
    """Begin a transaction that writes, so that savepoints lie within it and, on SQLite, nobody else writes."""
    nothing = sa.update(Network).where(sa.false()).values(code=Network.code)
    session.execute(nothing.execution_options(synchronize_session=False))


def lock_rows(session: DbSession, model: Any, *row_ids: int) -> None:
    """Let nobody else who locks these rows of a model go on until the transaction ends.

    PostgreSQL locks the rows, always the smaller id first, so that nobody waits in a circle. SQLite knows one writer at
    a time: a statement that writes nothing makes this transaction the one.
    """
    if session.get_bind().dialect.name != "postgresql":
        begin_writing(session)
        return
    ordered = sorted(row_ids)
    for start in range(0, len(ordered), _AT_A_TIME):
        part = sa.select(model.id).where(model.id.in_(ordered[start : start + _AT_A_TIME]))
        session.execute(part.order_by(model.id).with_for_update(key_share=True)).all()
