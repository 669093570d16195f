"""Reading XLSX workbooks: the cells of one sheet as the texts that a person reads in them."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from webapp.errors import Invalid
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.readers import Row, RowProblem, Table, make_row, name_columns
from webapp.services.imports.remarks import Remark

_UNREADABLE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError, EOFError)
_PADDED = re.compile("0+")

_UNWORKED = "\x00"
"""Stands for a formula whose result the workbook does not hold; no cell of a workbook can hold a zero character."""


def read_workbook(path: Path, options: FileOptions) -> Table:
    """Read a sheet: the one that the options name, or else the first.

    Raises:
        Invalid: ``wrong-content``, ``no-such-sheet``, ``file-empty`` or ``header-twice``.
    """
    with warnings.catch_warnings():
        # openpyxl warns of what it leaves out (styles, validations, pictures); none of it is data.
        warnings.simplefilter("ignore")
        try:
            grid = list(_grid(path, options))
        except _UNREADABLE as error:
            raise Invalid("wrong-content", suffix=path.suffix) from error
    grid = grid[options.header - 1 :]
    header = _trimmed(grid[0]) if grid else []
    if not header:
        raise Invalid("file-empty")
    columns = name_columns(header)
    rows: list[Row | RowProblem] = []
    for line, cells in enumerate(grid[1:], start=options.header + 1):
        cells = _trimmed(cells)
        if cells:
            rows.append(_row(columns, cells, len(rows) + 1, line))
    return Table(columns, rows, "xlsx")


def _row(columns: list[str], cells: list[str], position: int, line: int) -> Row | RowProblem:
    """Sheets leave out empty cells at the end of a row, so only too many cells are a problem."""
    cells = cells + [""] * (len(columns) - len(cells))
    unworked = [column for column, cell in zip(columns, cells, strict=False) if cell == _UNWORKED]
    notes = (Remark("formula-without-value", {"columns": unworked}),) if unworked else ()
    return make_row(columns, [cell.removeprefix(_UNWORKED) for cell in cells], position, line, notes)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _grid(path: Path, options: FileOptions) -> Iterator[list[str]]:
    """All rows of the sheet as texts."""
    values = load_workbook(path, read_only=True, data_only=True)
    formulas = load_workbook(path, read_only=True) if _has_formulas(path) else None
    try:
        name = options.sheet or values.sheetnames[0]
        if name not in values.sheetnames:
            raise Invalid("no-such-sheet", sheet=name, sheets=values.sheetnames)
        written = _rows(formulas, name) if formulas else iter(())
        for cells, sources in zip_longest(_rows(values, name), written, fillvalue=()):
            yield [_text(cell, source) for cell, source in zip_longest(cells, sources)]
    finally:
        values.close()
        if formulas:
            formulas.close()


def _rows(workbook: Any, name: str) -> Iterator[Any]:
    sheet = workbook[name]
    # Some programs write a wrong size into the file, and openpyxl would believe it.
    sheet.reset_dimensions()
    rows: Iterator[Any] = sheet.iter_rows()
    return rows


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(b"<f>" in data or b"<f " in data for data in map(archive.read, sheets))


def _text(cell: Any, source: Any) -> str:
    value = None if cell is None else cell.value
    if value is None:
        return _UNWORKED if source is not None and source.data_type == "f" else ""
    return value_text(value, cell.number_format or "")


def value_text(value: Any, number_format: str = "") -> str:
    """A cell's value as a person reads it; dates in the order year, month, day."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{value * 100:.10g}%"
    text = str(int(value)) if float(value).is_integer() else repr(value)
    # A format of zeros only is how sheets keep the leading zeros of a number that names something.
    return text.zfill(len(number_format)) if _PADDED.fullmatch(number_format) else text
