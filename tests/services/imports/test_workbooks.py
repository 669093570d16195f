from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from webapp.errors import Invalid
from webapp.services.imports.files import read_table
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.readers import Row, RowProblem


def write(path: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Startups"
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    book.create_sheet("Notes").append(["nothing"])
    book.save(path)
    return path


def test_cells_are_read_as_a_person_reads_them(tmp_path: Path) -> None:
    values = [
        ("Tazrii", "Tazrii"),
        (2014, "2014"),
        (2014.0, "2014"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (date(2024, 5, 1), "2024-05-01"),
        (datetime(2024, 5, 1, 10, 30), "2024-05-01 10:30"),  # noqa: DTZ001  workbooks know no time zones
        (time(10, 30), "10:30:00"),
        (None, ""),
        (152379400, "000000152379400"),
        (0.25, "25%"),
        ("شركة ناشئة", "شركة ناشئة"),
    ]
    header = [f"c{place}" for place in range(len(values))]
    formats = {"J2": "000000000000000", "K2": "0%"}
    path = write(tmp_path / "list.xlsx", [header, [value for value, _ in values]], formats)
    (row,) = read_table(path).rows
    assert isinstance(row, Row)
    expected = [text for _, text in values]
    assert list(row.cells.values()) == expected


def test_rows_are_padded_and_empty_rows_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "list.xlsx", [["a", "b", None], [1], [None, None], [None, 2], [1, 2, 3]])
    table = read_table(path)
    assert [(row.line, type(row)) for row in table.rows] == [(2, Row), (4, Row), (5, RowProblem)]
    assert table.rows[0].cells == {"a": "1", "b": ""}  # type: ignore[union-attr]


def test_formulas_without_a_result_are_noted(tmp_path: Path) -> None:
    (row,) = read_table(write(tmp_path / "list.xlsx", [["a", "b"], ["x", "=1+1"]])).rows
    assert isinstance(row, Row)
    assert row.cells == {"a": "x", "b": ""}
    assert [(note.code, note.values) for note in row.notes] == [("formula-without-value", {"columns": ["b"]})]


def test_another_sheet_and_header_row_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path / "list.xlsx", [["A list"], [], ["name"], ["One"]])
    assert read_table(path, FileOptions(header=3)).rows[0].cells == {"name": "One"}  # type: ignore[union-attr]
    assert read_table(path, FileOptions(sheet="Notes")).columns == ["nothing"]
    with pytest.raises(Invalid) as error:
        read_table(path, FileOptions(sheet="Startup"))
    assert (error.value.code, error.value.values["sheets"]) == ("no-such-sheet", ["Startups", "Notes"])


def test_an_empty_sheet_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="file-empty"):
        read_table(write(tmp_path / "list.xlsx", []))
