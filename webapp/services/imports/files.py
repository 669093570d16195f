"""Which reader reads which file."""

from __future__ import annotations

from pathlib import Path

from webapp.errors import Invalid
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.readers import (
    CSV_SUFFIXES,
    JSON_SUFFIXES,
    WORKBOOK_SUFFIXES,
    Table,
    read_csv,
    read_json_lines,
)
from webapp.services.imports.workbooks import read_workbook


def read_table(path: Path, options: FileOptions | None = None) -> Table:
    """Read a file of rows: CSV, XLSX or JSON lines, told by the end of its name.

    Raises:
        Invalid: ``file-type`` (``suffix``), or what the readers raise for files that hold no rows at all.
        OSError: the file cannot be read.
    """
    options = options or FileOptions()
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        return read_csv(path, options)
    if suffix in WORKBOOK_SUFFIXES:
        return read_workbook(path, options)
    if suffix in JSON_SUFFIXES:
        return read_json_lines(path, options)
    raise Invalid("file-type", suffix=path.suffix)
