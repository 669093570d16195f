"""Imports in the browser: tried without a trace, made once, and every row settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.models import (
    Change,
    ImportedRow,
    ImportRun,
    ImportRunRow,
    ImportRunState,
    NetworkRole,
    NotDuplicate,
    Startup,
    UnknownTerm,
)
from webapp.permissions import VISITOR, Actor
from webapp.services import import_rows, import_running, import_runs
from webapp.services.actors import actor_of
from webapp.services.imports.fields import FIELDS
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.proposing import columns_of, propose_targets, targets
from webapp.services.imports.remarks import Status

Maker = Callable[..., Any]
TODAY = date(2026, 11, 24)
SOURCE = {"name": "list", "attribution": "An incubator", "licence": "CC0", "key": ["Nom"]}
LIST = (
    "Nom,Secteur,ICE,Site web\n"
    "Tazrii,fintech,,https://tazrii.example\n"
    ",fintech,,\n"
    "Nabd,plumbing,,\n"
    "Sahel Pay,fintech;edtech,,\n"
)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def run(session: Session, staff: Actor) -> ImportRun:
    """A list whose columns were read as proposed; nothing was tried yet."""
    return prepared(session, staff, LIST)


def prepared(session: Session, staff: Actor, text: str, filename: str = "list.csv") -> ImportRun:
    found = import_runs.upload(session, staff, filename, text.encode())
    columns = import_runs.read_run(found).columns
    chosen = columns_of(propose_targets(columns, ["ar", "fr", "en"], "fr"))
    mapping = import_runs.make_mapping(SOURCE, chosen, FileOptions())
    import_runs.choose_mapping(session, staff, found, mapping, version=found.version)
    return found


def made(session: Session, staff: Actor, found: ImportRun) -> ImportRun:
    import_running.check_run(session, staff, found, version=found.version, today=TODAY)
    import_running.import_run(session, staff, found, publish=False, version=found.version, today=TODAY)
    return found


def names(session: Session) -> list[str | None]:
    return list(session.scalars(sa.select(Startup.name_latin).order_by(Startup.id)))


def only_row(found: ImportRun) -> ImportRunRow:
    (row,) = found.rows
    return row


def test_trying_an_import_tells_of_every_row_and_keeps_nothing(
    session: Session, staff: Actor, run: ImportRun, make_startup: Maker
) -> None:
    make_startup("Sahel Pay")
    session.execute(sa.delete(Change))
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    assert run.state == ImportRunState.CHECKED
    assert [(each.line, each.status) for each in import_running.unpack_outcomes(run)] == [
        (2, Status.CREATED),
        (3, Status.REJECTED),
        (4, Status.CREATED),
        (5, Status.FLAGGED),
    ]
    assert run.report == {
        "rows": 4,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "flagged": 1,
        "rejected": 1,
        "absent": 0,
    }
    session.commit()
    assert names(session) == ["Sahel Pay"]
    assert session.scalars(sa.select(Change)).all() == []
    assert session.scalars(sa.select(UnknownTerm)).all() == []


def test_an_import_does_what_its_trial_said(session: Session, staff: Actor, run: ImportRun) -> None:
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    promised = list(import_running.unpack_outcomes(run))
    import_running.import_run(session, staff, run, publish=True, version=run.version, today=TODAY)
    assert list(import_running.unpack_outcomes(run)) == promised
    assert names(session) == ["Tazrii", "Nabd", "Sahel Pay"]
    assert run.state == ImportRunState.DONE
    row = only_row(run)
    assert (row.line, row.position, row.cells["Secteur"]) == (3, 2, "fintech")
    assert [problem["code"] for problem in row.problems] == ["no-key"]
    word = session.scalars(sa.select(UnknownTerm)).one()
    assert (word.kind, word.text, word.source, word.times) == ("sectors", "plumbing", "list", 1)


def test_of_two_who_import_the_same_file_the_second_is_told(session: Session, staff: Actor, run: ImportRun) -> None:
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    seen = run.version
    import_running.import_run(session, staff, run, publish=False, version=seen, today=TODAY)
    with pytest.raises(Conflict, match="run-changed"):
        import_running.import_run(session, staff, run, publish=False, version=seen, today=TODAY)
    assert len(names(session)) == 3


def test_nothing_is_imported_that_was_not_tried(session: Session, staff: Actor, run: ImportRun) -> None:
    with pytest.raises(Conflict, match="run-changed"):
        import_running.import_run(session, staff, run, publish=False, version=run.version, today=TODAY)


def test_a_long_list_is_left_to_the_worker(
    session: Session, staff: Actor, run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_running, "SHORT", 3)
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    assert (run.state, import_running.waiting_run(session)) == (ImportRunState.CHECKING, run)
    import_running.carry_out(session, run, today=TODAY)
    assert (run.state, names(session)) == (ImportRunState.CHECKED, [])
    import_running.import_run(session, staff, run, publish=False, version=run.version, today=TODAY)
    assert names(session) == []
    import_running.carry_out(session, run, today=TODAY)
    assert (run.state, len(names(session))) == (ImportRunState.DONE, 3)
    assert import_running.waiting_run(session) is None


def test_what_the_worker_cannot_import_has_failed_and_says_why(
    session: Session, staff: Actor, run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_running, "SHORT", 3)
    import_running.check_run(session, staff, run, version=run.version, today=TODAY)
    run.mapping = run.mapping | {"columns": {"name_latin": [{"column": "Company"}]}}
    import_running.carry_out(session, run, today=TODAY)
    assert (run.state, run.report["stop"]["code"]) == (ImportRunState.FAILED, "columns-missing")
    assert names(session) == []


def test_a_row_that_was_put_right_is_imported_and_the_file_forgotten(
    session: Session, staff: Actor, run: ImportRun
) -> None:
    row = only_row(made(session, staff, run))
    outcome = import_rows.import_again(session, staff, row, {"Nom": ""}, version=run.version, today=TODAY)
    assert (outcome.status, row.settled_at) == (Status.REJECTED, None)
    assert run.content is not None
    version = run.version
    import_rows.import_again(session, staff, row, {"Nom": "Mersa"}, version=version, today=TODAY)
    assert names(session)[-1] == "Mersa"
    assert (row.settled_as, row.cells, run.content) == ("imported", {}, None)
    with pytest.raises(Conflict, match="row-settled"):
        import_rows.drop_row(session, staff, row, "late", version=run.version)


def test_a_row_is_left_out_with_a_reason_only(session: Session, staff: Actor, run: ImportRun) -> None:
    row = only_row(made(session, staff, run))
    with pytest.raises(Invalid, match="no-reason"):
        import_rows.drop_row(session, staff, row, "", version=run.version)
    import_rows.drop_row(session, staff, row, "an empty line", version=run.version)
    assert row.settled_as == "dropped"
    assert row.problems[-1] == {"code": "dropped", "values": {"reason": "an empty line"}}


def test_of_two_who_settle_rows_the_second_is_told(session: Session, staff: Actor) -> None:
    found = made(session, staff, prepared(session, staff, "Nom,Secteur\n,fintech\n,edtech\n"))
    first, second = found.rows
    seen = found.version
    import_rows.drop_row(session, staff, first, "empty", version=seen)
    with pytest.raises(Conflict, match="run-changed"):
        import_rows.drop_row(session, staff, second, "empty", version=seen)
    assert import_rows.open_neighbours(session, second) == (None, 1)


def test_a_near_duplicate_is_merged_into_the_profile_that_was_there(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    there = make_startup("Tazrii", website=None)
    found = made(session, staff, prepared(session, staff, "Nom,Site web\nTazrii SARL,https://tazrii.example\n"))
    row = only_row(found)
    assert import_rows.is_flagged(row)
    import_rows.merge_row(session, staff, row, version=found.version, today=TODAY)
    assert names(session) == ["Tazrii"]
    assert there.website == "https://tazrii.example"
    assert session.scalars(sa.select(ImportedRow.startup_id)).all() == [there.id]
    assert row.settled_as == "merged"


def test_two_startups_that_look_alike_may_be_two(session: Session, staff: Actor, make_startup: Maker) -> None:
    make_startup("Tazrii")
    found = made(session, staff, prepared(session, staff, "Nom\nTazrii SARL\n"))
    import_rows.keep_apart(session, staff, only_row(found), version=found.version)
    assert len(names(session)) == 2
    assert session.scalar(sa.select(sa.func.count(NotDuplicate.id))) == 1
    assert only_row(found).settled_as == "imported"


def test_a_row_whose_number_another_startup_has_is_put_into_that_one(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    there = make_startup("Tazrii", company_number="001525713000000")
    found = made(
        session,
        staff,
        prepared(session, staff, "Nom,ICE,Site web\nTazrii Group,001525713000000,https://tazrii.example\n"),
    )
    row = only_row(found)
    assert [problem["code"] for problem in row.problems] == ["company-number-taken"]
    assert import_rows.likeness_of(session, row) == (None, there)
    import_rows.put_into(session, staff, row, there, version=found.version, today=TODAY)
    assert (there.name_latin, there.website, row.settled_as) == ("Tazrii Group", "https://tazrii.example", "merged")
    again = made(session, staff, prepared(session, staff, "Nom,ICE\nTazrii Group,001525713000000\n"))
    assert (again.report["rejected"], again.report["updated"] + again.report["unchanged"]) == (0, 1)


def test_a_row_that_could_not_be_read_can_be_typed(session: Session, staff: Actor) -> None:
    found = made(session, staff, prepared(session, staff, "Nom,Secteur\nTazrii\n"))
    row = only_row(found)
    assert (row.cells, import_rows.columns_to_fill(row)) == ({}, ["Nom", "Secteur"])
    cells = {"Nom": "Tazrii", "Secteur": "fintech"}
    import_rows.import_again(session, staff, row, cells, version=found.version, today=TODAY)
    assert names(session) == ["Tazrii"]


def test_an_import_that_is_given_up_forgets_its_file(session: Session, staff: Actor, run: ImportRun) -> None:
    import_runs.drop_run(session, staff, run, version=run.version)
    assert (run.state, run.content) == (ImportRunState.DROPPED, None)
    assert import_runs.list_runs(session, staff, 10, 0) == []


def test_a_list_that_comes_again_is_known(session: Session, staff: Actor, run: ImportRun, tmp_path: Any) -> None:
    made(session, staff, run)
    fitting = import_runs.known_mappings(session, tmp_path, ["Nom", "Secteur", "ICE", "Site web", "More"])
    assert [each.source.name for each in fitting] == ["list"]
    assert import_runs.known_mappings(session, tmp_path, ["Nom"]) == []


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("list.pdf", b"%PDF", "file-type"),
        ("list.csv", b"", "file-empty"),
        ("list.csv", b"Nom,Secteur\n", "no-rows"),
        ("list.xlsx", b"no workbook", "wrong-content"),
    ],
)
def test_a_file_that_holds_no_list_is_refused(
    session: Session, staff: Actor, filename: str, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        import_runs.upload(session, staff, filename, content)


def test_a_list_that_is_too_long_for_a_page_is_refused(
    session: Session, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "MOST_ROWS", 1)
    with pytest.raises(Invalid, match="too-many-rows"):
        import_runs.upload(session, staff, "list.csv", LIST.encode())


def test_several_columns_for_one_value_are_refused() -> None:
    with pytest.raises(Invalid, match="one-column") as refused:
        import_runs.make_mapping(SOURCE, columns_of({"A": "name_latin", "B": "website", "C": "website"}), FileOptions())
    assert refused.value.values["field"] == "website"
    with pytest.raises(Invalid, match="no-name-column"):
        import_runs.make_mapping(SOURCE, columns_of({"B": "website"}), FileOptions())


def test_visitors_import_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        import_runs.upload(session, VISITOR, "list.csv", LIST.encode())


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("Nom de la startup", "name_latin"),
        ("Raison sociale", "name_latin"),
        ("الاسم", "name_arabic"),
        ("Présentation (FR)", "description:fr"),
        ("Description EN", "description:en"),
        ("الوصف", "description:ar"),
        ("Secteur d'activité", "sectors"),
        ("Secteurs", "sectors"),
        ("Sector", "sectors"),
        ("Efectif", "headcounts"),
        ("Site web", "website"),
        ("Site", "site"),
        ("Date d’entrée", "entered_on"),
        ("Téléphone", ""),
        ("E-mail du contact", ""),
    ],
)
def test_columns_are_known_by_what_lists_call_them(column: str, target: str) -> None:
    assert propose_targets([column], ["ar", "fr", "en"], "fr") == {column: target}


def test_one_value_is_proposed_for_one_column_only() -> None:
    proposed = propose_targets(["Nom", "Raison sociale", "Besoins", "Need"], ["fr", "en"], "fr")
    assert list(proposed.values()) == ["name_latin", "", "needs", "needs"]


def test_every_field_can_be_filled_in_the_browser() -> None:
    assert {each.partition(":")[0] for each in targets(["fr"])} == FIELDS.keys() - {"is_demo"}
