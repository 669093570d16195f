"""Several people in the same second: threads with sessions of their own on one real database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from webapp.errors import DomainError
from webapp.extensions import db

Job = Callable[[Session], Any]


def race(session: Session, *jobs: Job) -> list[str]:
    """Do jobs at the same time, each in a transaction of its own.

    Gives ``done`` or, where a service refused, the code of its error. Anything else that a job raises, such as an error
    of the database, is raised here: a page would have answered 500.
    """
    session.commit()
    engine, start = db.engine, threading.Barrier(len(jobs))
    results = [""] * len(jobs)
    failures: list[Exception] = []

    def run(number: int, job: Job) -> None:
        with Session(engine) as own:
            try:
                start.wait(30)
                job(own)
                own.commit()
                results[number] = "done"
            except DomainError as error:
                own.rollback()
                results[number] = error.code
            except Exception as error:
                own.rollback()
                failures.append(error)

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    session.expire_all()
    if failures:
        raise failures[0]
    return results


def together(session: Session, read: Callable[[Session], Any], *acts: Callable[[Session, Any], Any]) -> list[str]:
    """Let everybody read, and act only when all have read; gives what ``race`` gives."""
    seen = threading.Barrier(len(acts))

    def of(act: Callable[[Session, Any], Any]) -> Job:
        def job(own: Session) -> None:
            found = read(own)
            seen.wait(30)
            act(own, found)

        return job

    return race(session, *(of(act) for act in acts))
