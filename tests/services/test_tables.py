from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from webapp.services.formula_guard import neutralise
from webapp.services.tables import WRITERS, write_csv, write_json_lines, write_workbook

COLUMNS = ["name", "=sum"]
ROWS = [{"name": "=1+1", "=sum": "شركة"}, {"name": 'a "b"\nc'}, {"=sum": "-5"}]
FULL = [["=1+1", "شركة"], ['a "b"\nc', ""], ["", "-5"]]


def test_csv_holds_the_cells_as_they_are(tmp_path: Path) -> None:
    assert write_csv(tmp_path / "out.csv", COLUMNS, ROWS) == 3
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [COLUMNS, *FULL]
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    assert write_workbook(tmp_path / "out.xlsx", COLUMNS, ROWS) == 3
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [COLUMNS, *FULL]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_workbook_leaves_out_what_it_cannot_hold(tmp_path: Path) -> None:
    write_workbook(tmp_path / "out.xlsx", ["a"], [{"a": "b\x01c" + "x" * 40_000}])
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    value = sheet["A2"].value
    assert isinstance(value, str)
    assert value.startswith("bcx")
    assert len(value) == 32_767


def test_json_lines_hold_the_columns_of_each_row_and_give_lists_back(tmp_path: Path) -> None:
    rows = [{"a": '["1", "2"]', "b": "x"}, {"b": "[not json]"}, {"a": "[ 1 ]"}]
    assert write_json_lines(tmp_path / "out.jsonl", ["a", "b"], rows) == 3
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"a": ["1", "2"], "b": "x"}, {"b": "[not json]"}, {"a": "[ 1 ]"}]


@pytest.mark.parametrize("file_format", WRITERS)
def test_a_file_that_breaks_off_does_not_appear(tmp_path: Path, file_format: str) -> None:
    def broken():  # type: ignore[no-untyped-def]
        yield {"a": "1"}
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        WRITERS[file_format](tmp_path / "out", ["a"], broken())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["=1", "+212 5", "-5", "@x", "\tx", "\rx"])
def test_formulas_are_disarmed(text: str) -> None:
    assert neutralise(text) == "'" + text


def test_other_texts_stay_as_they_are() -> None:
    assert neutralise("a=1") == "a=1"
    assert neutralise("") == ""
