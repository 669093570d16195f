"""Reading a data set's file: every row of it, exactly as it stands, or what is wrong with the row.

CSV and JSON lines are read here, workbooks in ``webapp.services.imports.workbooks``. What cells mean is not known here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from webapp.errors import Invalid
from webapp.services.imports.decoding import decode
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.remarks import Remark

CELL_LIMIT = 64 * 1024 * 1024
"""Most characters of a cell. The limit of the csv module, 128 kB, is too low for texts with embedded pictures."""

RECORD_LINES = 500
"""Most lines of one CSV record: a quotation mark that is never closed must not swallow the rest of the file."""

DELIMITERS = (",", ";", "\t", "|")
CSV_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
JSON_SUFFIXES = frozenset({".jsonl", ".ndjson"})
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Row:
    """A row that could be read."""

    position: int
    line: int
    cells: dict[str, str]
    """By column, exactly as read; of JSON lines, what is not a text stands as JSON."""
    lists: dict[str, list[str]] = field(default_factory=dict)
    """Of JSON lines: the values of the cells that are lists."""
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class RowProblem:
    """A row that could not be read."""

    position: int
    line: int
    remark: Remark


@dataclass(frozen=True)
class Table:
    """A file as read. Rows in which every cell is empty are left out, as empty lines are."""

    columns: list[str]
    rows: list[Row | RowProblem]
    encoding: str


def read_csv(path: Path, options: FileOptions) -> Table:
    """Read a CSV file: encoding and delimiter are found out unless the options name them.

    Raises:
        Invalid: ``wrong-content``, ``file-empty``, ``header-twice`` or ``not-in-encoding``.
    """
    data = path.read_bytes()
    if data.startswith(_ZIP):
        raise Invalid("wrong-content", suffix=path.suffix)
    decoded = decode(data, options.encoding)
    lines = decoded.lines[options.header - 1 :]
    delimiter = options.delimiter or sniff_delimiter(lines)
    records = _records(lines, delimiter, options.header)
    first = next(records, None)
    if first is None:
        raise Invalid("file-empty")
    if isinstance(first, _Broken):
        raise Invalid("header-unreadable", line=first.line)
    columns = name_columns(first.cells)
    rows: list[Row | RowProblem] = []
    for record in records:
        if isinstance(record, _Broken):
            rows.append(RowProblem(len(rows) + 1, record.line, record.remark))
        else:
            repaired = decoded.repaired and any(line in decoded.repaired for line in range(record.line, record.end + 1))
            notes = (Remark("repaired-encoding"),) if repaired else ()
            rows.append(make_row(columns, record.cells, len(rows) + 1, record.line, notes))
    return Table(columns, rows, decoded.encoding)


@dataclass(frozen=True)
class _Record:
    line: int
    end: int
    cells: list[str]


@dataclass(frozen=True)
class _Broken:
    line: int
    remark: Remark


def _records(lines: Sequence[str], delimiter: str, first_line: int) -> Iterator[_Record | _Broken]:
    """The records of a CSV file. After one that breaks off, reading goes on with the line after the one it began in."""
    csv.field_size_limit(CELL_LIMIT)
    at = 0
    while at < len(lines):
        begin = at
        reader = csv.reader(islice(_from(lines, at), RECORD_LINES), delimiter=delimiter, strict=True)
        try:
            cells = next(reader, None)
        except csv.Error as error:
            at = begin + 1
            yield _Broken(begin + first_line, _breakage(error, lines[begin]))
            continue
        if cells is None:
            return
        at = begin + reader.line_num
        if any(cell.strip() for cell in cells):
            yield _Record(begin + first_line, at + first_line - 1, cells)


def _from(lines: Sequence[str], start: int) -> Iterator[str]:
    return (lines[at] for at in range(start, len(lines)))


def _breakage(error: csv.Error, line: str) -> Remark:
    too_large = "field limit" in str(error)
    return Remark("cell-too-large" if too_large else "quotes", {"text": line.strip()[:80]})


def sniff_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that parts the first records most evenly; a comma for a file of one column."""
    return max(DELIMITERS, key=lambda delimiter: (_evenness(lines, delimiter), -DELIMITERS.index(delimiter)))


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    records = islice(_records(lines[:2000], delimiter, 1), 40)
    widths = [len(record.cells) for record in records if isinstance(record, _Record)]
    if not widths or widths[0] == 1:
        return 0.0, 0
    # The header counts: a text cell rarely holds as many commas as there are columns.
    return widths.count(widths[0]) / len(widths), widths[0]


def name_columns(header: Sequence[str]) -> list[str]:
    """The columns' names as they stand, those without a name by their place: ``(column 3)``.

    Raises:
        Invalid: ``header-twice``: names come twice (``names``).
    """
    names = [name if name.strip() else f"(column {place})" for place, name in enumerate(header, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise Invalid("header-twice", names=twice)
    return names


def make_row(
    columns: Sequence[str], cells: Sequence[str], position: int, line: int, notes: tuple[Remark, ...] = ()
) -> Row | RowProblem:
    """A row, unless it has too many or too few cells or a cell that no database keeps."""
    if len(cells) != len(columns):
        return RowProblem(position, line, Remark("cell-count", {"expected": len(columns), "found": len(cells)}))
    unfit = next((column for column, cell in zip(columns, cells, strict=True) if not _storable(cell)), None)
    if unfit is not None:
        return RowProblem(position, line, Remark("unstorable", {"column": unfit}))
    return Row(position, line, dict(zip(columns, cells, strict=True)), notes=notes)


def _storable(text: str) -> bool:
    """Databases refuse zero characters, and halves of surrogate pairs have no UTF-8."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text if character > "\ud7ff")


def read_json_lines(path: Path, options: FileOptions) -> Table:
    """Read a file of one JSON object a line. Its columns are the keys of all objects, in the order of first use.

    Raises:
        Invalid: ``file-empty`` or ``not-in-encoding``.
    """
    decoded = decode(path.read_bytes(), options.encoding)
    rows: list[Row | RowProblem] = []
    columns: dict[str, None] = {}
    for line, text in enumerate(decoded.lines, start=1):
        if not text.strip():
            continue
        row = _json_row(text, len(rows) + 1, line)
        if isinstance(row, Row):
            columns |= dict.fromkeys(row.cells)
        rows.append(row)
    if not rows:
        raise Invalid("file-empty")
    return Table(list(columns), rows, decoded.encoding)


def _json_row(text: str, position: int, line: int) -> Row | RowProblem:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return RowProblem(position, line, Remark("not-json", {"error": str(error)}))
    if not isinstance(data, dict):
        return RowProblem(position, line, Remark("not-an-object"))
    row = make_row(list(data), [as_text(value) for value in data.values()], position, line)
    if isinstance(row, Row):
        lists = {key: [as_text(item) for item in value] for key, value in data.items() if isinstance(value, list)}
        row.lists.update(lists)
    return row


def as_text(value: Any) -> str:
    """A JSON value as the text of a cell: texts as they are, nothing for null, everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
