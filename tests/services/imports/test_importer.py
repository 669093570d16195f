from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.services.imports.conftest import EXAMPLES, EXCERPT, SECTORS, TODAY, WEBSITE, Find, Importer, codes
from webapp.errors import Invalid, NotAllowed
from webapp.models import Change, ImportedRow, PublicationState, Startup, TermKind
from webapp.permissions import SYSTEM, VISITOR
from webapp.services.imports.files import read_table
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import Mapping, read_mapping
from webapp.services.imports.readers import Row, RowProblem, Table, make_row
from webapp.services.imports.remarks import Status


def empty_log(session: Session) -> None:
    session.flush()
    session.execute(sa.delete(Change))


def test_importing_again_touches_nothing(import_text: Importer, session: Session) -> None:
    text = "Name,Tags,Web\nTazrii,agritech,tazrii.example\nLamali,,\n"
    import_text(text, SECTORS + WEBSITE, publish=True)
    empty_log(session)
    before = session.execute(sa.select(Startup.id, Startup.updated_at)).all()
    report = import_text(text, SECTORS + WEBSITE, publish=True)
    assert [outcome.status for outcome in report.outcomes] == [Status.UNCHANGED, Status.UNCHANGED]
    assert session.execute(sa.select(Startup.id, Startup.updated_at)).all() == before
    assert session.scalar(sa.select(sa.func.count(Change.id))) == 0


def test_only_what_changed_is_written(import_text: Importer, session: Session, startup: Find) -> None:
    import_text("Name,Tags,Web\nTazrii,agritech,tazrii.example\nLamali,,\n", SECTORS + WEBSITE)
    startup("tazrii").pitch = {"en": "Written by hand."}
    empty_log(session)
    report = import_text("Name,Tags,Web\nLamali,,\nTazrii,biotech,\n", SECTORS + WEBSITE)
    assert [outcome.status for outcome in report.outcomes] == [Status.UNCHANGED, Status.UPDATED]
    row = startup("tazrii")
    assert [term.code for term in row.terms(TermKind.SECTOR)] == ["biotech"]
    assert (row.website, row.pitch) == ("https://tazrii.example", {"en": "Written by hand."})
    assert set(session.scalars(sa.select(Change.object_id))) == {row.id}
    assert row.imported_rows[0].position == 2


def test_a_mapping_that_learnt_more_brings_rows_up_to_date(import_text: Importer, startup: Find) -> None:
    import_text("Name,Tags\nTazrii,Llamas\nLamali,fintech\n", SECTORS)
    report = import_text("Name,Tags\nTazrii,Llamas\nLamali,fintech\n", SECTORS + 'aliases = { Llamas = "agritech" }')
    assert [outcome.status for outcome in report.outcomes] == [Status.UPDATED, Status.UNCHANGED]
    assert [term.code for term in startup("tazrii").terms(TermKind.SECTOR)] == ["agritech"]


def test_publishing_comes_with_a_later_import_but_never_for_what_was_withdrawn(
    import_text: Importer, startup: Find, session: Session
) -> None:
    import_text("Name\nTazrii\nLamali\n")
    startup("lamali").state = PublicationState.WITHDRAWN
    session.flush()
    report = import_text("Name\nTazrii\nLamali\n", publish=True)
    assert [outcome.status for outcome in report.outcomes] == [Status.UPDATED, Status.UNCHANGED]
    assert startup("tazrii").is_published
    assert startup("tazrii").published_at
    assert startup("lamali").state == PublicationState.WITHDRAWN


def test_a_lookalike_is_created_and_flagged(
    import_text: Importer, make_startup: Callable[..., Any], startup: Find
) -> None:
    make_startup("Sahel Water", slug="sahel-water")
    report = import_text("Name\nSahel Waters\nTazrii\nTazrii SARL\n")
    assert [outcome.status for outcome in report.outcomes] == [Status.FLAGGED, Status.CREATED, Status.FLAGGED]
    assert [note.values for outcome in report.outcomes for note in outcome.notes] == [
        {"slug": "sahel-water", "how": "close-name"},
        {"slug": "tazrii", "how": "same-name"},
    ]
    assert startup("sahel-waters").name_latin == "Sahel Waters"


def test_rows_that_cannot_become_a_startup_are_rejected(import_text: Importer) -> None:
    report = import_text(f"Name,Web\nTazrii,\nTazrii,\n,x\n{'x' * 161},\nShort\n", WEBSITE)
    assert [codes(outcome.reasons) for outcome in report.outcomes] == [
        [],
        ["key-twice"],
        ["no-key"],
        ["name-too-long"],
        ["cell-count"],
    ]
    assert report.outcomes[1].reasons[0].values == {"line": 2}
    assert report.counts() == {"created": 1, "updated": 0, "unchanged": 0, "flagged": 0, "rejected": 4}


def test_a_row_that_the_database_refuses_is_rejected_alone(import_text: Importer, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the trigger is written for SQLite")
    session.execute(
        sa.text(
            "CREATE TEMP TRIGGER refuse BEFORE INSERT ON startup WHEN new.name_latin = 'Bad' "
            "BEGIN SELECT RAISE(ABORT, 'refused by a rule'); END"
        )
    )
    try:
        report = import_text("Name\nTazrii\nBad\nLamali\n")
    finally:
        session.execute(sa.text("DROP TRIGGER refuse"))
    assert [outcome.status for outcome in report.outcomes] == [Status.CREATED, Status.REJECTED, Status.CREATED]
    assert "refused by a rule" in report.outcomes[1].reasons[0].values["error"]
    assert set(session.scalars(sa.select(Startup.slug))) == {"tazrii", "lamali"}


def test_rolling_back_leaves_nothing(import_text: Importer, session: Session) -> None:
    import_text("Name\nTazrii\nLamali\n")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Startup.id))) == 0
    assert session.scalar(sa.select(sa.func.count(Change.id))) == 0


def test_a_mapping_of_columns_that_the_file_lacks_changes_nothing(import_text: Importer, session: Session) -> None:
    with pytest.raises(Invalid) as error:
        import_text("Nom,Web\nTazrii,x\n", WEBSITE)
    assert error.value.values == {"missing": [("Name", "source.key")], "columns": ["Nom", "Web"]}
    assert session.scalar(sa.select(sa.func.count(Startup.id))) == 0


def test_visitors_cannot_import(session: Session, write_mapping: Callable[..., Any]) -> None:
    mapping = read_mapping(write_mapping())
    with pytest.raises(NotAllowed):
        import_startups(session, VISITOR, Table(["Name"], [], ""), mapping, publish=False, today=TODAY)


def test_the_excerpt_of_a_real_file_is_imported_whole(session: Session) -> None:
    mapping = read_mapping(EXAMPLES / "yc-2014.toml")
    report = import_startups(session, SYSTEM, read_table(EXCERPT), mapping, publish=False, today=TODAY)
    assert report.counts()[Status.CREATED] + report.counts()[Status.FLAGGED] == 40
    with_sector = sa.select(sa.func.count(Startup.id)).where(Startup.term_links.any())
    assert (session.scalar(with_sector) or 0) > 20


MAPPING = Mapping.model_validate(
    {
        "source": {"name": "list", "licence": "CC0", "attribution": "nobody", "key": ["k"]},
        "columns": {
            "name_latin": [{"column": "n"}],
            "website": [{"column": "w"}],
            "founded": [{"column": "f"}],
            "sectors": [{"column": "s", "split": ","}],
            "description": [{"column": "w", "language": "en"}],
        },
    }
)
COLUMNS = ["k", "n", "w", "f", "s"]
cell = st.one_of(st.text(max_size=8), st.sampled_from(["", "a", "Tazrii", "tazri", "fintech", "x.com", "2012", "\x00"]))
lines = st.lists(cell, min_size=4, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, max_size=6), st.lists(lines, max_size=3))
def test_every_row_is_accounted_for(session: Session, first: list[list[str]], second: list[list[str]]) -> None:
    made = 0
    for batch in (first, first + second):
        rows: list[Row | RowProblem] = [make_row(COLUMNS, cells, at, at + 1) for at, cells in enumerate(batch, start=1)]
        table = Table(COLUMNS, rows, "")
        report = import_startups(session, SYSTEM, table, MAPPING, publish=True, today=TODAY)
        assert [outcome.position for outcome in report.outcomes] == [row.position for row in rows]
        assert all(bool(outcome.reasons) == (outcome.status == Status.REJECTED) for outcome in report.outcomes)
        counts = report.counts()
        made += counts[Status.CREATED] + counts[Status.FLAGGED]
        assert session.scalar(sa.select(sa.func.count(Startup.id))) == made
        assert session.scalar(sa.select(sa.func.count(ImportedRow.id))) == made
    assert report.counts()[Status.UPDATED] == 0
    session.rollback()
