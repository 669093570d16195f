"""What an import has to say, in English, and the report as a CSV file. Codes come from ``webapp.services.imports``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from webapp.services.formula_guard import neutralise
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome
from webapp.services.tables import write_csv

REPORT_COLUMNS = ("line", "key", "name", "status", "slug", "reasons", "notes")
Words = Callable[[Mapping[str, Any]], str]


def _plain(text: str) -> Words:
    return lambda values: text.format(**values)


def _listed(values: list[str]) -> str:
    return ", ".join(f"“{value}”" for value in values)


_STOPS: Mapping[str, Words] = {
    "file-type": _plain("Files of this kind cannot be read ({suffix}). Give a .csv, .xlsx or .jsonl file."),
    "wrong-content": _plain("The file is damaged, or it is not what its name says ({suffix})."),
    "file-empty": _plain("The file holds nothing."),
    "header-twice": lambda values: f"Columns with the same name: {_listed(values['names'])}. Rename all but one.",
    "header-unreadable": _plain("The column names in line {line} cannot be read: a quotation mark is not closed."),
    "not-in-encoding": _plain("The file is not in the encoding {encoding}. Leave file.encoding out, or correct it."),
    "no-such-sheet": lambda values: f"There is no sheet {values['sheet']}. There are: {_listed(values['sheets'])}.",
    "no-network": _plain("No network pack is loaded yet. Run “flask network load” first."),
    "alias-unknown": _plain("columns.{field}.aliases: the network has no “{code}” among its {field}."),
    "columns-missing": lambda values: (
        "The file lacks columns that the mapping names: "
        + ", ".join(f"“{name}” ({key})" for name, key in values["missing"])
        + f". It has: {_listed(values['columns'])}."
    ),
}
"""Why a whole file cannot be imported."""

_LIKENESS = {"same-name": "same name", "close-name": "almost the same name", "same-website": "same website"}

_REMARKS: Mapping[str, Words] = {
    # Reasons: the row was rejected.
    "cell-count": _plain("{found} cells instead of {expected}"),
    "quotes": _plain("a quotation mark is not closed, or text follows it: {text}"),
    "cell-too-large": _plain("a cell is larger than 64 MB"),
    "unstorable": _plain("the cell in “{column}” holds characters that no database keeps"),
    "not-json": _plain("not JSON: {error}"),
    "not-an-object": _plain("not a JSON object"),
    "no-key": lambda values: f"nothing in the key columns ({_listed(values['columns'])})",
    "key-twice": _plain("the same key as line {line}"),
    "no-name": _plain("no name"),
    "name-too-long": _plain("{field} is longer than {limit} characters"),
    "company-number-taken": _plain("{slug} has the company number {number} already"),
    "already-there": _plain("residency contradicts itself or what is recorded: enters a park where it sits ({on})"),
    "not-there": _plain("residency contradicts itself or what is recorded: leaves a park where it does not sit ({on})"),
    "not-a-leaving-reason": _plain("{code} is not a reason for leaving"),
    "database-refused": _plain("the database refused it: {error}"),
    # Notes: the row was imported all the same.
    "unknown": lambda values: f"unknown {' or '.join(values['fields'])}: {_listed(values['values'])}",
    "unreadable": _plain("{field} cannot be read: “{value}”"),
    "too-many": lambda values: f"too many {values['field']}; left out: {_listed(values['left_out'])}",
    "too-long": _plain("{field} is longer than {limit} characters and was left empty"),
    "cut": _plain("{field} was cut to {limit} characters"),
    "pitch-from-description": _plain("the pitch is the beginning of the description ({language})"),
    "date-rounded": _plain("{field}: “{value}” is not a full date; taken as {date}"),
    "range-reversed": _plain("raising_min was larger than raising_max; exchanged"),
    "stay-incomplete": _plain("a stay needs a site and a day of entry; not recorded"),
    "no-sector": _plain("no known sector"),
    "slug-taken": _plain("the address {slug} is taken or not written as addresses are; another was made"),
    "source-says": _plain("{column}: {value}"),
    "repaired-encoding": _plain("written in another encoding than the rest of the file; repaired"),
    "formula-without-value": lambda values: f"formulas without a result, read as empty: {_listed(values['columns'])}",
    "lookalike": lambda values: f"looks like {values['slug']} ({_LIKENESS[values['how']]})",
}


def word_stop(code: str, values: Mapping[str, Any]) -> str:
    """Why a whole file cannot be imported."""
    words = _STOPS.get(code)
    return words(values) if words else code


def word_remark(remark: Remark) -> str:
    """A note or reason; the bare code if nobody has put it into words yet."""
    words = _REMARKS.get(remark.code)
    return words(remark.values) if words else remark.code


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
