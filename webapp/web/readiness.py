"""Whether the process can serve: database there, migrations applied, index usable."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from webapp.config import ROOT
from webapp.extensions import db
from webapp.search import IndexUnavailable, SearchIndex
from webapp.web.site import current_search


@lru_cache(maxsize=1)
def _newest_migration(folder: Path) -> str | None:
    return ScriptDirectory(str(folder)).get_current_head()


def migrations_are_current() -> bool:
    """Whether the database has the newest migration.

    Raises:
        SQLAlchemyError: the database cannot be reached.
    """
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest_migration(ROOT / "migrations")


def _is_usable(index: SearchIndex) -> bool:
    """Whether this process can read the index, and one that starts now could: what is open hides damage on disk."""
    try:
        index.verify()
    except IndexUnavailable:
        return False
    return True


def readiness() -> dict[str, bool]:
    """Each thing that serving needs, and whether it is there."""
    ready = {"database": True, "migrations": False, "index": False}
    try:
        ready["migrations"] = migrations_are_current()
        search = current_search()
        ready["index"] = _is_usable(search.startups) and _is_usable(search.partners)
    except SQLAlchemyError:
        ready["database"] = False
    return ready
