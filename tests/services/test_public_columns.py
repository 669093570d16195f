from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.i18n import LANGUAGES
from webapp.models import Base, Partner, PublicationState, Startup
from webapp.services.data_sources import note_source
from webapp.services.public_columns import NAMES, dictionary, in_all_languages, in_one_language, meaning
from webapp.services.public_profiles import BATCH, COLUMNS, TABLES, records
from webapp.services.public_tables import PUBLIC_TABLES, PublicTable
from webapp.services.vocabulary import Vocabulary, read_vocabulary

Maker = Callable[..., Any]

NEVER = {
    "state",
    "published_at",
    "created_at",
    "confirmation_asked_on",
    "text_dates",
    "monthly_introductions",
    "sort_name",
    "email",
    "phone",
    "note",
}
"""What no public page shows."""


@pytest.fixture
def vocabulary(session: Session) -> Vocabulary:
    return read_vocabulary(session, "")


def told(session: Session, row: Startup | Partner, language: str, vocabulary: Vocabulary) -> dict[str, Any]:
    noun = row.noun
    columns = in_one_language(TABLES[noun], COLUMNS[noun], language, ["fr", "ar", "en"], vocabulary)
    (found,) = records(session, noun, columns, [row.id])
    return found


@pytest.mark.parametrize("table", PUBLIC_TABLES, ids=lambda table: table.name)
def test_every_table_and_column_is_explained_in_every_language(table: PublicTable) -> None:
    for texts in (dictionary()["tables"][table.name], *(meaning(table.name, column.name) for column in table.columns)):
        assert set(texts) == set(LANGUAGES)
        assert all(text.strip() for text in texts.values())


def test_the_dictionary_explains_no_column_that_is_not_there() -> None:
    columns = {table.name: {column.name for column in table.columns} for table in PUBLIC_TABLES}
    for table, entries in dictionary().items():
        if table not in ("tables", "shared"):
            assert set(entries) <= columns[table]
    assert set(dictionary()["tables"]) == set(columns)
    assert set(dictionary()["shared"]) - set().union(*columns.values()) == {"url", NAMES}


@pytest.mark.parametrize("noun", COLUMNS)
def test_no_column_tells_what_pages_keep_to_themselves(noun: str) -> None:
    assert not {column.name for column in COLUMNS[noun]} & NEVER


def test_no_column_of_a_person_or_an_account_is_among_them() -> None:
    private = {column.name for name in ("person", "account") for column in Base.metadata.tables[name].columns}
    shared = {"id", "name", "language", "region_id", "is_demo", "created_at"}
    for table in PUBLIC_TABLES:
        assert not {column.name for column in table.columns} & (private - shared)


def test_a_file_for_readers_has_codes_and_beside_them_names(
    session: Session, make_startup: Maker, vocabulary: Vocabulary
) -> None:
    startup = make_startup("Tazrii", sectors=["agritech", "software"], site="agadir", founded=2021)
    row = told(session, startup, "fr", vocabulary)
    assert row["sectors"] == ["agritech", "software"]
    assert row["sectors_names"][0] == vocabulary.label("sectors", "agritech", "fr")
    assert (row["residency"], row["sites"], row["regions"]) == ("resident", ["agadir"], ["MA-09"])
    assert row["founded"] == 2021
    assert row["entered_on"] == "2024-01-01"


def test_a_text_that_lacks_in_a_language_is_told_in_another(
    session: Session, make_startup: Maker, vocabulary: Vocabulary
) -> None:
    startup = make_startup(pitch={"ar": "ماء", "fr": "Eau"})
    assert told(session, startup, "ar", vocabulary)["pitch"] == "ماء"
    assert told(session, startup, "en", vocabulary)["pitch"] == "Eau"


def test_a_file_for_everybody_has_a_column_a_language(session: Session, make_startup: Maker) -> None:
    startup = make_startup(pitch={"ar": "ماء", "fr": "Eau"})
    columns = in_all_languages("startups", COLUMNS["startup"], ["fr", "ar"])
    (row,) = records(session, "startup", columns, [startup.id])
    assert (row["pitch_fr"], row["pitch_ar"]) == ("Eau", "ماء")
    assert "pitch_en" not in row
    assert "sectors_names" not in row


def test_only_who_is_published_is_told(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    draft = make_startup(state=PublicationState.DRAFT)
    withdrawn = make_partner(state=PublicationState.WITHDRAWN)
    assert list(records(session, "startup", [], [draft.id])) == []
    assert list(records(session, "partner", [], [withdrawn.id])) == []


def test_the_data_sets_that_a_profile_comes_from_are_told_with_their_licences(
    session: Session, make_startup: Maker, vocabulary: Vocabulary
) -> None:
    from webapp.models import ImportedRow

    startup = make_startup()
    note_source(session, name="list", attribution="Incubator", licence="CC BY-SA 4.0", url="")
    session.add(
        ImportedRow(startup_id=startup.id, source="list", key="1", position=1, cells={"secret": "cell"}, digest="")
    )
    session.flush()
    row = told(session, startup, "en", vocabulary)
    assert row["sources"] == "Incubator (CC BY-SA 4.0)"
    assert "secret" not in str(row)


def test_a_partner_is_told_with_what_it_rules_out(
    session: Session, make_partner: Maker, vocabulary: Vocabulary
) -> None:
    partner = make_partner(
        sectors=["agritech"], excluded_sectors=("gaming",), verified_on=date(2026, 5, 1), geography=["MA-09"]
    )
    row = told(session, partner, "en", vocabulary)
    assert (row["sectors"], row["sectors_ruled_out"]) == (["agritech"], ["gaming"])
    assert (row["kind"], row["verified_on"], row["geography"]) == ("investor", "2026-05-01", ["MA-09"])


def test_where_a_mentor_is_told_to_invest_is_nowhere(
    session: Session, make_partner: Maker, vocabulary: Vocabulary
) -> None:
    assert told(session, make_partner(kind="mentor", geography=["MA"]), "en", vocabulary)["geography"] == []


def test_rows_come_in_the_order_asked_for_and_are_read_a_batch_at_a_time(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    ids = [make_startup().id for _ in range(5)][::-1]
    session.expire_all()
    columns = in_all_languages("startups", COLUMNS["startup"], ["en"])
    reading = records(session, "startup", columns, [*ids, *range(10**6, 10**6 + 3 * BATCH)])
    count_queries()
    first = next(reading)
    read_for_one = count_queries()
    assert first["slug"] == session.get_one(Startup, ids[0]).slug
    rest = list(reading)
    assert [row["slug"] for row in (first, *rest)] == [session.get_one(Startup, each).slug for each in ids]
    assert read_for_one < 8
    assert count_queries() >= 3  # the batches that follow were read only now
