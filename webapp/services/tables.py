"""Writing tables to files: CSV, XLSX and JSON lines. A file appears under its name only when it is complete."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from webapp.services.formula_guard import neutralise

Cells = Mapping[str, str]

WORKBOOK_CELL = 32_767
"""Most characters that a cell of a workbook holds."""


def as_text(value: Any) -> str:
    """A value as a cell: lists joined by semicolons, yes and no as true and false, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(map(as_text, value))
    return str(value)


def safe_text(value: Any) -> str:
    """The same as a cell that no spreadsheet program takes for a formula; a negative number is none."""
    return as_text(value) if isinstance(value, (int, float)) else neutralise(as_text(value))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Cells]) -> int:
    """Write cells as they are, in UTF-8 with the mark by which spreadsheets know it; gives the number of rows."""
    count = 0
    with complete_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for cells in rows:
            writer.writerow([cells.get(column, "") for column in columns])
            count += 1
    return count


def write_json_lines(path: Path, columns: Sequence[str], rows: Iterable[Cells]) -> int:
    """Write one object a line, with the columns that its row has; gives the number of rows.

    A cell that holds a list as JSON becomes that list, which is how lists were read.
    """
    count = 0
    with complete_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        for cells in rows:
            record = {column: _json_value(cells[column]) for column in columns if column in cells}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    return count


def _json_value(text: str) -> object:
    if text.startswith("[") and text.endswith("]"):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        if json.dumps(value, ensure_ascii=False) == text:
            return value
    return text


def write_workbook(path: Path, columns: Sequence[str], rows: Iterable[Cells]) -> int:
    """Write every cell as text, so that none is a formula; gives the number of rows, which are never all in memory.

    Control characters, which a workbook cannot hold, are left out, and cells end after 32,767 characters.
    """
    count = -1
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    try:
        for texts in _lists(columns, rows):
            sheet.append([_text_cell(sheet, text) for text in texts])
            count += 1
    except BaseException:
        # The sheet is half a file beside the workbook, which nobody else would close and delete.
        sheet.close()
        sheet._writer.cleanup()
        raise
    with complete_file(path) as part:
        book.save(part)
    return count


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:WORKBOOK_CELL])
    cell.data_type = "s"
    return cell


def _lists(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[list[str]]:
    yield list(columns)
    for cells in rows:
        yield [cells.get(column, "") for column in columns]


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """The path to write to; it takes its real name in the end, or vanishes if something goes wrong."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


WRITERS: Mapping[str, Callable[[Path, Sequence[str], Iterable[Cells]], int]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
    "xlsx": write_workbook,
}
"""By format; the formats are also the ends of file names."""
