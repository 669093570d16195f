"""Two of the staff at one import, or at one row of it, in the same second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.races import together
from tests.services.test_import_runs import SOURCE, TODAY, made, prepared
from webapp.models import ImportedRow, ImportRun, ImportRunRow, ImportRunState, NetworkRole, NotDuplicate, Startup
from webapp.permissions import Actor
from webapp.services import import_rows, import_running
from webapp.services.actors import actor_of

Maker = Callable[..., Any]


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def reading_row(run: ImportRun) -> Any:
    """Reads the only open row of a run, as its page does."""
    (row,) = run.rows
    row_id = row.id

    def read(own: Session) -> ImportRunRow:
        found = own.get_one(ImportRunRow, row_id)
        assert found.run.version
        return found

    return read


def test_a_rejected_row_is_settled_once(session: Session, staff: Actor) -> None:
    run = made(session, staff, prepared(session, staff, "Nom,Secteur\nNabd,fintech\n,fintech\n"))
    version = run.version

    def mending(own: Session, row: ImportRunRow) -> None:
        import_rows.import_again(own, staff, row, {"Nom": "Sahel Pay"}, version=version, today=TODAY)

    def dropping(own: Session, row: ImportRunRow) -> None:
        import_rows.drop_row(own, staff, row, "An empty line", version=version)

    results = together(session, reading_row(run), mending, mending, dropping)
    assert sorted(results) == ["done", "row-settled", "row-settled"]
    names = list(session.scalars(sa.select(Startup.name_latin)))
    assert names.count("Sahel Pay") == (results[2] != "done")
    assert session.scalars(sa.select(ImportRun)).one().report["settled"] == 1


def test_a_row_that_looks_like_another_is_merged_or_kept_apart(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    make_startup("Sahel Pay")
    run = made(session, staff, prepared(session, staff, "Nom,Secteur\nSahel Pay,fintech\n"))
    version = run.version

    def joining(own: Session, row: ImportRunRow) -> None:
        import_rows.merge_row(own, staff, row, version=version, today=TODAY)

    def parting(own: Session, row: ImportRunRow) -> None:
        import_rows.keep_apart(own, staff, row, version=version)

    results = together(session, reading_row(run), joining, parting, joining)
    assert sorted(results) == ["done", "row-settled", "row-settled"]
    apart = results[1] == "done"
    assert len(session.scalars(sa.select(Startup)).all()) == (2 if apart else 1)
    assert len(session.scalars(sa.select(NotDuplicate)).all()) == apart


def test_a_list_is_imported_once(session: Session, staff: Actor) -> None:
    run = prepared(session, staff, "Nom,Secteur\nNabd,fintech\nTazrii,edtech\n")
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    run_id, version = run.id, run.version

    def importing(own: Session, found: ImportRun) -> None:
        import_running.import_run(own, staff, found, publish=False, version=version, today=TODAY)

    results = together(session, lambda own: own.get_one(ImportRun, run_id), importing, importing)
    assert sorted(results) == ["done", "run-changed"]
    assert session.get_one(ImportRun, run_id).state == ImportRunState.DONE
    assert len(session.scalars(sa.select(ImportedRow).filter_by(source=SOURCE["name"])).all()) == 2
