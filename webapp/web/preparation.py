"""What a start of the site needs, and whether it is there.

``flask site prepare`` makes what is missing. With ``MULTAQA_PREPARE=1``, as ``make run`` has it, web server and worker
look for themselves before they begin and run that command only if they miss something: looking takes some hundredths
of a second in a process that has loaded the application anyway, while one more process would take most of a second.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp.config import ROOT
from webapp.extensions import db
from webapp.models import ClusterRelease, MatchingRun, Startup
from webapp.search import SearchIndex
from webapp.services.demonstration_accounts import lacks_demonstration_accounts
from webapp.services.demonstration_days import lacks_demonstration_days
from webapp.services.network import get_network
from webapp.services.network_pack import pack_digest
from webapp.web.readiness import migrations_are_current
from webapp.web.site import current_search, current_settings
from webapp.web.translations import outdated_catalogues

VARIABLE = "MULTAQA_PREPARE"
LOCK_FILE = "prepare.lock"


def pack_is_loaded() -> bool:
    """Whether the database holds the network pack of the settings as its files are now."""
    network = get_network(db.session)  # not that of the request or command, which may be from before a load
    return network is not None and network.digest == pack_digest(current_settings().network)


def lacks_demonstration(wanted: bool | None = None) -> bool:
    """Whether the directory is empty and to be filled: if that is wanted, which is the default outside production."""
    settings = current_settings()
    if wanted is None:
        wanted = settings.environment != "production"
    has_content = (settings.network / "demo").is_dir()
    return wanted and has_content and db.session.scalar(select(Startup.id).limit(1)) is None


def lacks_accounts(wanted: bool | None = None) -> bool:
    """Whether there is demonstration data without its accounts; in production they are never wanted."""
    wanted = True if wanted is None else wanted
    return wanted and current_settings().environment != "production" and lacks_demonstration_accounts(db.session)


def lacks_days(wanted: bool | None = None) -> bool:
    """Whether there is demonstration data with matches but without the matchmaking days planned from them."""
    settings = current_settings()
    wanted = True if wanted is None else wanted
    is_here = wanted and settings.environment != "production"
    return is_here and lacks_demonstration_days(db.session, settings.network / "demo")


def missing_indexes() -> list[SearchIndex]:
    """The indexes that are not there, not whole, or of another version or pack."""
    search = current_search()
    return [index for index in (search.startups, search.partners) if not index.is_built()]


def has_matches() -> bool:
    """Whether matches were ever prepared. Whether they are out of date is the worker's business."""
    return db.session.scalar(select(MatchingRun.id).limit(1)) is not None


def has_figures() -> bool:
    """Whether figures of regions and sectors were ever released. Whether they still hold is the worker's business."""
    return db.session.scalar(select(ClusterRelease.as_of).limit(1)) is not None


def is_prepared() -> bool:
    """Whether nothing is missing. The cheapest is asked first; what needs tables, after the migrations."""
    try:
        return (
            not outdated_catalogues()
            and migrations_are_current()
            and pack_is_loaded()
            and not lacks_demonstration()
            and not lacks_accounts()
            and not missing_indexes()
            and has_matches()
            and not lacks_days()
            and has_figures()
        )
    except SQLAlchemyError:
        return False


def prepare_if_asked(app: Flask) -> None:
    """Make what is missing if the environment asks for it. Of processes that start together, one does, the others wait.

    Raises:
        SystemExit: something is missing and could not be made; the command has said why.
    """
    if os.environ.get(VARIABLE) != "1":
        return
    # A context of its own, because what is found now must not be remembered once it has changed.
    with app.app_context(), _alone():
        prepared = is_prepared()
        db.session.remove()
        # A connection may neither hinder a migration nor be shared with processes that part from this one.
        db.engine.dispose()
        if prepared:
            return
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "site", "prepare"]
        finished = subprocess.run(command, cwd=ROOT, check=False)
    if finished.returncode:
        raise SystemExit(finished.returncode)


@contextmanager
def _alone() -> Iterator[None]:
    with (current_settings().data_dir / LOCK_FILE).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
