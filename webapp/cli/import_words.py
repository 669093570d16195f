"""What the command says of an import, in English, and its report as a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask_babel import force_locale

from webapp.services.formula_guard import neutralise
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome
from webapp.services.tables import write_csv
from webapp.web import import_words

REPORT_COLUMNS = ("line", "key", "name", "status", "slug", "reasons", "notes")


def word_stop(code: str, values: Mapping[str, Any]) -> str:
    """Why a whole file cannot be imported."""
    with force_locale("en"):
        return import_words.word_stop(code, values)


def word_remark(remark: Remark) -> str:
    """A note or reason; the bare code if nobody has put it into words yet."""
    with force_locale("en"):
        return import_words.word_remark(remark)


def write_report(path: Path, report: ImportReport) -> None:
    """Write one line for each row of the file; no cell of it is a formula to a spreadsheet program."""
    write_csv(path, REPORT_COLUMNS, (_report_cells(outcome) for outcome in report.outcomes))


def _report_cells(outcome: RowOutcome) -> dict[str, str]:
    cells = {
        "line": str(outcome.line),
        "key": outcome.key,
        "name": outcome.name,
        "status": str(outcome.status),
        "slug": outcome.slug,
        "reasons": "; ".join(map(word_remark, outcome.reasons)),
        "notes": "; ".join(map(word_remark, outcome.notes)),
    }
    return {column: neutralise(text) for column, text in cells.items()}


def summary_lines(report: ImportReport, most: int = 10) -> Iterator[str]:
    """The counts, why rows were rejected or flagged, and the values that nobody knew most often."""
    yield f"{len(report.outcomes)} rows: " + ", ".join(f"{count} {status}" for status, count in report.counts().items())
    if report.absent:
        yield f"{report.absent} startups came from this source before and are not in the file; they stay as they are."
    yield from _examples("Rejected", [(o, o.reasons) for o in report.outcomes if o.reasons], most)
    alike = [(o, tuple(note for note in o.notes if note.code == "lookalike")) for o in report.outcomes]
    yield from _examples("Flagged, please compare", [(o, notes) for o, notes in alike if notes], most)
    unknown = report.unknown().most_common()
    if unknown:
        yield "Values that nobody knows (add them as aliases to the mapping or the network pack):"
    for (fields, value), count in unknown[:most]:
        yield f"  {fields}: “{value}” in {count} {'row' if count == 1 else 'rows'}"
    if len(unknown) > most:
        yield f"  and {len(unknown) - most} more; see the report (--report)"


def _examples(title: str, found: list[tuple[RowOutcome, tuple[Remark, ...]]], most: int) -> Iterator[str]:
    if found:
        yield f"{title}:"
    for outcome, remarks in found[:most]:
        label = " ".join(filter(None, (f"line {outcome.line}", outcome.name or outcome.key)))
        yield f"  {label}: {'; '.join(map(word_remark, remarks))}"
    if len(found) > most:
        yield f"  and {len(found) - most} more; see the report (--report)"
