from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.errors import Invalid
from webapp.services.imports.files import read_table
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.readers import Row, RowProblem, Table


def read(tmp_path: Path, content: str | bytes, name: str = "list.csv", **options: object) -> Table:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, FileOptions.model_validate(options))


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells.values()) for row in table.rows if isinstance(row, Row)]


def problems(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.remark.code) for row in table.rows if isinstance(row, RowProblem)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [f"name{delimiter}city", f'"A{delimiter} B"{delimiter}Fès', f'C{delimiter}"one, two; three | four"']
    table = read(tmp_path, end.join(lines))
    assert table.columns == ["name", "city"]
    assert cells(table) == [[f"A{delimiter} B", "Fès"], ["C", "one, two; three | four"]]


def test_a_file_of_one_column_is_read(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "name\nOne\nTwo\n")) == [["One"], ["Two"]]


def test_lines_before_the_header_are_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, "A list, of 2024\n\nname,city\nOne,Fes\n", header=3)
    assert cells(table) == [["One", "Fes"]]
    assert table.rows[0].line == 4


def test_rows_with_too_many_or_too_few_cells_are_reported(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2\n1\n1,2,3\n\n,\n3,4\n")
    assert cells(table) == [["1", "2"], ["3", "4"]]
    assert problems(table) == [(3, "cell-count"), (4, "cell-count")]


def test_an_open_quotation_mark_costs_one_row_only(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n1,"2\n3,4\n5,"six ""6"" and\nseven"\n8,9\n')
    assert cells(table) == [["3", "4"], ["5", 'six "6" and\nseven'], ["8", "9"]]
    assert problems(table) == [(2, "quotes")]


def test_an_open_quotation_mark_in_the_last_row_is_reported(tmp_path: Path) -> None:
    assert problems(read(tmp_path, 'a,b\n1,2\n3,"4\n')) == [(3, "quotes")]


def test_zero_characters_are_reported(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2\n1,\x002\n")
    assert cells(table) == [["1", "2"]]
    assert problems(table) == [(3, "unstorable")]


def test_rows_repaired_from_another_encoding_say_so(tmp_path: Path) -> None:
    table = read(tmp_path, "nom,ville\nÉlan,Fez\n".encode() + "Zélé,Fès\n".encode("cp1252") + b"A,B\n")
    assert cells(table) == [["Élan", "Fez"], ["Zélé", "Fès"], ["A", "B"]]
    notes = [[note.code for note in row.notes] for row in table.rows if isinstance(row, Row)]
    assert notes == [[], ["repaired-encoding"], []]


def test_a_cell_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    large = "mots " * 2_000_000
    assert cells(read(tmp_path, f'a,b\n1,"{large}"\n')) == [["1", large]]


def test_columns_without_a_name_are_named_by_their_place(tmp_path: Path) -> None:
    assert read(tmp_path, "a,,c, \n1,2,3,4\n").columns == ["a", "(column 2)", "c", "(column 4)"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.ods", b"x", "file-type"),
        ("list", b"x", "file-type"),
        ("list.csv", b"", "file-empty"),
        ("list.csv", b"\n\n  \n", "file-empty"),
        ("list.csv", b"PK\x03\x04", "wrong-content"),
        ("list.csv", b"a,b,a\n1,2,3\n", "header-twice"),
        ("list.csv", b'"a,b\n1,2\n', "header-unreadable"),
        ("list.xlsx", b"a,b\n1,2\n", "wrong-content"),
        ("list.xlsx", b"", "wrong-content"),
        ("list.jsonl", b"\n", "file-empty"),
    ],
)
def test_files_that_hold_no_rows_are_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as error:
        read(tmp_path, content, name)
    assert error.value.code == code


def test_a_header_alone_is_a_file_of_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n").rows == []


def test_json_lines_keep_lists_and_show_other_values_as_json(tmp_path: Path) -> None:
    lines = [{"a": "x", "b": ["1", "2, 3"]}, {"b": None, "c": {"d": 1.5}}, {"a": "ﻣﻠﺘﻘﻰ", "b": True}]
    table = read(tmp_path, "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "list.jsonl")
    assert table.columns == ["a", "b", "c"]
    first, second, third = (row for row in table.rows if isinstance(row, Row))
    assert first.cells == {"a": "x", "b": '["1", "2, 3"]'}
    assert first.lists == {"b": ["1", "2, 3"]}
    assert second.cells == {"b": "", "c": '{"d": 1.5}'}
    assert third.cells == {"a": "ﻣﻠﺘﻘﻰ", "b": "true"}


def test_bad_lines_among_json_lines_are_reported(tmp_path: Path) -> None:
    deep = "[" * 100_000
    table = read(tmp_path, f'{{"a": 1}}\n{{"a": \n[1]\n\n{{"a": "\\ud800"}}\n{deep}\n', "list.jsonl")
    assert problems(table) == [(2, "not-json"), (3, "not-an-object"), (5, "unstorable"), (6, "not-json")]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), max_size=8))
def test_whatever_was_written_is_read(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b", "c"), *rows])
    table = read_table(tmp_path / "list.csv", FileOptions(encoding="utf-8", delimiter=","))
    assert cells(table) == [list(row) for row in rows if any(cell.strip() for cell in row)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    for name in ("list.csv", "list.jsonl"):
        try:
            table = read(tmp_path, data, name)
        except Invalid:
            continue
        assert [row.position for row in table.rows] == list(range(1, len(table.rows) + 1))
