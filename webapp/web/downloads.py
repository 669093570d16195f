"""Tables as files to download: CSV, a workbook, JSON lines. Rows are read while they are sent: their number is free."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from flask import Response, send_file, stream_with_context

from webapp.errors import NotFound
from webapp.services.tables import as_text, safe_text, write_workbook

Rows = Iterable[Mapping[str, Any]]

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
"""Format, which is also the end of the file's name -> media type."""

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheet programs know UTF-8."""
BATCH = 200


def download(name: str, columns: Sequence[str], rows: Rows, format_: str = "csv", *, bom: bool = True) -> Response:
    """A table as a file.

    Args:
        name: of the file, without its end.
        columns: of the table, in order; a row's other keys are left out, missing ones are empty.
        rows: read while the file is sent.
        format_: one of ``FORMATS``.
        bom: whether a CSV file begins with the mark by which spreadsheet programs know its encoding.

    Raises:
        NotFound: ``format``: there is no such format.
    """
    if format_ not in FORMATS:
        raise NotFound("format", format=format_)
    if format_ == "xlsx":
        return _workbook(name, columns, rows)
    pieces = _csv(columns, rows, bom=bom) if format_ == "csv" else _json_lines(columns, rows)
    # The first piece is made at once, so that what goes wrong at the start becomes an error page.
    first = next(pieces)
    response = Response(stream_with_context(chain([first], pieces)), content_type=FORMATS[format_])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format_}"'
    return response


def _batches(rows: Rows) -> Iterator[list[Mapping[str, Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _csv(columns: Sequence[str], rows: Rows, *, bom: bool) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK if bom else "")
    writer.writerow(columns)
    for batch in _batches(rows):
        writer.writerows([safe_text(row.get(column)) for column in columns] for row in batch)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _json_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    for batch in _batches(rows):
        records = ({column: row[column] for column in columns if column in row} for row in batch)
        yield "".join(json.dumps(record, ensure_ascii=False, default=str) + "\n" for record in records)
    yield ""


def _workbook(name: str, columns: Sequence[str], rows: Rows) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(path, columns, ({column: as_text(row.get(column)) for column in columns} for row in rows))
        file = path.open("rb")  # stays readable after its name is gone
    response = send_file(file, FORMATS["xlsx"], as_attachment=True, download_name=f"{name}.xlsx")
    response.call_on_close(file.close)
    return response
