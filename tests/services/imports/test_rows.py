from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.services.imports.conftest import SECTORS, STAY, TECHNOLOGIES, TODAY, WEBSITE, Find, Importer, codes
from webapp.errors import Invalid
from webapp.models import PublicationState, Residency, Startup, TermKind
from webapp.permissions import SYSTEM
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import read_mapping
from webapp.services.imports.readers import Row, RowProblem, Table
from webapp.services.imports.remarks import Status
from webapp.services.residency import list_events


def test_a_row_becomes_a_startup(import_text: Importer, startup: Find) -> None:
    columns = SECTORS + TECHNOLOGIES + WEBSITE + '\n[columns.pitch]\ncolumn = "Pitch"\nlanguage = "en"\n'
    report = import_text('Name,Tags,Web,Pitch,Other\nTazrii,"Agritech, IoT",tazrii.example,Water.,kept\n', columns)
    (outcome,) = report.outcomes
    assert (outcome.status, outcome.slug, outcome.key, outcome.line) == (Status.CREATED, "tazrii", "Tazrii", 2)
    assert outcome.notes == ()
    row = startup("tazrii")
    assert (row.name_latin, row.website, row.pitch, row.state) == (
        "Tazrii",
        "https://tazrii.example",
        {"en": "Water."},
        PublicationState.DRAFT,
    )
    assert [term.code for term in row.terms(TermKind.SECTOR)] == ["agritech"]
    assert [term.code for term in row.terms(TermKind.TECHNOLOGY)] == ["iot"]
    (imported,) = row.imported_rows
    assert list(imported.cells.items()) == [
        ("Name", "Tazrii"),
        ("Tags", "Agritech, IoT"),
        ("Web", "tazrii.example"),
        ("Pitch", "Water."),
        ("Other", "kept"),
    ]


def test_values_that_no_field_of_the_column_knows_are_noted(import_text: Importer, startup: Find) -> None:
    report = import_text('Name,Tags\nTazrii,"Agritech, IoT, Llamas"\nLamali,Llamas\n', SECTORS + TECHNOLOGIES)
    first, second = report.outcomes
    assert [note.values for note in first.notes] == [{"fields": ["sectors", "technologies"], "values": ["Llamas"]}]
    assert codes(second.notes) == ["unknown", "no-sector"]
    assert startup("lamali").term_links == []
    assert report.unknown() == {("sectors or technologies", "Llamas"): 2}


def test_aliases_of_the_mapping_come_first(import_text: Importer, startup: Find) -> None:
    aliases = 'aliases = { "llamas" = ["agritech", "biotech"], "IoT" = "robotics", "Nothing" = "" }\n'
    report = import_text('Name,Tags\nTazrii,"Llamas, IoT, nothing"\n', SECTORS + aliases)
    assert report.outcomes[0].notes == ()
    assert [term.code for term in startup("tazrii").terms(TermKind.SECTOR)] == ["agritech", "biotech", "robotics"]
    with pytest.raises(Invalid, match="alias-unknown"):
        import_text("Name,Tags\n", SECTORS + 'aliases = { "llamas" = "llama" }\n')


def test_more_terms_than_a_startup_may_have_are_left_out(import_text: Importer, startup: Find) -> None:
    report = import_text('Name,Tags\nTazrii,"agritech,biotech,gaming,fintech,edtech"\n', SECTORS)
    assert [(note.code, note.values["left_out"]) for note in report.outcomes[0].notes] == [("too-many", ["edtech"])]
    assert len(startup("tazrii").terms(TermKind.SECTOR)) == 4


def test_a_description_also_gives_the_pitch(import_text: Importer, startup: Find) -> None:
    columns = '\n[columns.description]\ncolumn = "Text"\nlanguage = "fr"\n'
    long = "mot " * 60
    report = import_text(f"Name,Text\nTazrii,Pompe solaire. Elle marche.\nLamali,{long}\n", columns)
    assert codes(report.outcomes[0].notes) == ["pitch-from-description"]
    assert startup("tazrii").pitch == {"fr": "Pompe solaire."}
    assert startup("tazrii").description == {"fr": "Pompe solaire. Elle marche."}
    assert startup("lamali").pitch["fr"].endswith("mot…")


def test_a_stay_in_a_park_becomes_events(import_text: Importer, startup: Find, session: Session) -> None:
    head = "Name,site,entered_on,left_on,leaving_reason\n"
    report = import_text(
        head + "A,Casa,2020-01-01,,\nB,rabat,2019-01-01,2022-06-30,graduation\nC,,2019-01-01,,\nD,Mars,2019-01-01,,\n",
        STAY,
    )
    assert [codes(outcome.notes) for outcome in report.outcomes] == [
        [],
        [],
        ["stay-incomplete"],
        ["unknown", "stay-incomplete"],
    ]
    assert (startup("a").residency, [site.code for site in startup("a").sites]) == (Residency.RESIDENT, ["casablanca"])
    gone = startup("b")
    assert (gone.residency, gone.entered_on) == (Residency.ALUMNI, date(2019, 1, 1))
    assert [event.reason.code for event in list_events(session, gone) if event.reason] == ["graduated"]
    later = import_text(head + "A,Casa,2020-01-01,2024-01-01,\n", STAY)
    assert later.outcomes[0].status == Status.UPDATED
    assert startup("a").residency == Residency.ALUMNI
    assert later.absent == 3


def test_a_stay_that_contradicts_itself_rejects_the_row(import_text: Importer, session: Session) -> None:
    report = import_text("Name,site,entered_on,left_on,leaving_reason\nA,rabat,2020-01-01,2019-01-01,\nB,,,,\n", STAY)
    assert [outcome.status for outcome in report.outcomes] == [Status.REJECTED, Status.CREATED]
    assert codes(report.outcomes[0].reasons) == ["not-there"]
    assert session.scalar(sa.select(sa.func.count(Startup.id))) == 1


def test_numbers_dates_and_amounts_are_read_or_noted(import_text: Importer, startup: Find) -> None:
    fields = ("founded", "closed_on", "raising_min", "raising_max", "women_founders", "country", "sdgs", "headcounts")
    columns = "".join(f'\n[columns.{name}]\ncolumn = "{name}"\n' for name in fields) + "\n"
    columns += '[[columns.export_markets]]\ncolumn = "markets"\nsplit = "/"\n'
    head = "Name," + ",".join(fields) + ",markets\n"
    report = import_text(
        head
        + "A,2012,2020-05-01,2M,1M,oui,Maroc,7,35,France/Sénégal/Mars\nB,soon,later,much,more,maybe,Mars,99,many,\n",
        columns,
    )
    row = startup("a")
    assert (row.founded, row.closed_on, row.raising_min, row.raising_max) == (2012, date(2020, 5, 1), 10**6, 2 * 10**6)
    assert (row.women_founders, row.country, row.sdgs, row.currency) == (True, "MA", [7], "MAD")
    assert [term.code for term in row.terms(TermKind.HEADCOUNT)] == ["11-50"]
    assert row.export_markets == ["FR", "SN"]
    assert codes(report.outcomes[0].notes) == ["range-reversed", "unknown"]
    assert sorted(note.values.get("field", "") for note in report.outcomes[1].notes) == [
        "",
        "",
        "closed_on",
        "founded",
        "raising_max",
        "raising_min",
        "sdgs",
        "women_founders",
    ]
    assert report.outcomes[1].status == Status.CREATED


def test_company_numbers_are_checked_and_belong_to_one_startup(import_text: Importer, startup: Find) -> None:
    columns = '\n[columns.company_number]\ncolumn = "ICE"\n'
    report = import_text("Name,ICE\nA,001561191000066\nB,1561191000066\nC,123\n", columns)
    first, second, third = report.outcomes
    assert startup("a").company_number == "001561191000066"
    assert [(reason.code, reason.values["slug"]) for reason in second.reasons] == [("company-number-taken", "a")]
    assert (third.status, codes(third.notes)) == (Status.CREATED, ["unreadable"])
    assert import_text("Name,ICE\nA,001561191000066\n", columns).outcomes[0].status == Status.UNCHANGED
    assert first.status == Status.CREATED


def test_right_to_left_names_formulas_and_long_keys_are_only_text(import_text: Importer, startup: Find) -> None:
    columns = '\n[columns.name_arabic]\ncolumn = "الاسم"\n'
    report = import_text(f"Name,الاسم\n=cmd(),\u200fواحة\u200f\n{'k' * 150} {'l' * 8},\n", columns)
    assert [outcome.status for outcome in report.outcomes] == [Status.CREATED, Status.CREATED]
    assert startup("cmd").name_latin == "=cmd()"
    assert startup("cmd").name_arabic == "\u200fواحة\u200f"


def test_lists_in_json_lines_are_several_values(import_text: Importer, startup: Find) -> None:
    text = '{"Name": "Tazrii", "Tags": ["Agritech", "IoT, drones"]}\n{"Name": ["A", "B"], "Tags": "fintech, edtech"}\n'
    report = import_text(text, SECTORS, name="list.jsonl")
    assert [outcome.slug for outcome in report.outcomes] == ["tazrii", "a-b"]
    assert [note.values["values"] for note in report.outcomes[0].notes] == [["IoT, drones"]]
    assert [term.code for term in startup("a-b").terms(TermKind.SECTOR)] == ["fintech", "edtech"]


def test_rows_repaired_from_another_encoding_are_imported_with_a_note(import_text: Importer, startup: Find) -> None:
    report = import_text("Name\nÉlan\n".encode() + "Zélé\n".encode("cp1252"))
    assert [codes(outcome.notes) for outcome in report.outcomes] == [[], ["repaired-encoding"]]
    assert startup("zele").name_latin == "Zélé"


def test_several_columns_make_one_field_and_one_key(session: Session, write_mapping: Callable[..., Any]) -> None:
    mapping = read_mapping(
        write_mapping(
            whole='[source]\nname = "a"\nlicence = "b"\nattribution = "c"\nkey = ["A", "B"]\n'
            '[columns.name_latin]\ncolumns = ["A", "B"]\njoin = " & "\n'
            '[columns.country]\ndefault = "Maroc"\n'
        )
    )
    rows: list[Row | RowProblem] = [
        Row(1, 2, {"A": "x|", "B": "y"}),
        Row(2, 3, {"A": "x", "B": "|y"}),
        Row(3, 4, {"A": " ", "B": ""}),
    ]
    report = import_startups(session, SYSTEM, Table(["A", "B"], rows, ""), mapping, publish=False, today=TODAY)
    assert [outcome.name for outcome in report.outcomes] == ["x| & y", "x & |y", ""]
    assert [outcome.key for outcome in report.outcomes] == ["x|| | y", "x | ||y", ""]
    assert set(session.scalars(sa.select(Startup.country))) == {"MA"}


def test_columns_are_found_whatever_spaces_surround_their_names(import_text: Importer, startup: Find) -> None:
    import_text(" Name , Web\nTazrii,tazrii.example\n", WEBSITE)
    assert list(startup("tazrii").imported_rows[0].cells) == [" Name ", " Web"]
