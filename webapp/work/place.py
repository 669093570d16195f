"""What background work is done on, and the lock under which it is done."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.matching import Matcher
from webapp.search import Search
from webapp.services.introduction_effects import USUAL_DAYS

LOCK_FILE = "work.lock"
LOCK_KEY = 0x6D756C74
"""Of the advisory lock on PostgreSQL: a number of our own, within one database."""

SessionFactory = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Workplace:
    """What the work is done on."""

    sessions: SessionFactory
    """Makes sessions that belong to nobody else."""
    search: Search
    matcher: Matcher
    """Only ever used under the lock."""
    data_dir: Path
    """Where the lock file lies."""
    introduction_days: int = USUAL_DAYS
    """After how many days without an answer a request for an introduction expires."""
    retention_months: int = 36
    """After how many months without signing in an account is erased."""


@contextmanager
def at_work(place: Workplace) -> Iterator[Session]:
    """A session under the lock. After an error nothing is kept: neither in the database nor in the matcher."""
    with place.sessions() as session, alone(session, place.data_dir):
        try:
            yield session
        except BaseException:
            session.rollback()
            place.matcher.forget()
            raise


@contextmanager
def alone(session: Session, data_dir: Path) -> Iterator[None]:
    """Be the only one at work: on the database's machine alone with SQLite, on all machines with PostgreSQL.

    Both locks are free at once when their holder dies. On PostgreSQL the lock ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / LOCK_FILE).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
