"""A comparison in words: tables for a terminal, and plain objects for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from webapp.matching.evaluation.comparison import MAIN, Cell, Comparison
from webapp.matching.evaluation.metrics import MEASURES, Interval
from webapp.matching.evaluation.roster import OURS

WIDTH = 22


def as_text(comparison: Comparison) -> str:
    """The tables: every task and direction, the macro average, languages, and who is missing."""
    lines: list[str] = []
    for cell in comparison.cells:
        queries = len(next(iter(comparison.outcomes.values()))[cell].values[MAIN])
        lines += [f"{cell[0]}, {cell[1]} ({queries} queries)", *_table(comparison, [cell]), ""]
    if len(comparison.cells) > 1:
        lines += [f"macro average of {len(comparison.cells)}", *_table(comparison, None), ""]
    lines += _languages(comparison)
    lines += [f"{family}: {reason}." for family, reason in comparison.skipped.items()]
    return "\n".join(lines).rstrip()


def _table(comparison: Comparison, cells: Sequence[Cell] | None) -> Iterator[str]:
    yield "  " + " " * WIDTH + "".join(f"{measure:<20}" for measure in MEASURES).rstrip()
    for family, outcomes in comparison.outcomes.items():
        figures = "".join(f"{_figure(comparison.figure(family, measure, cells)):<20}" for measure in MEASURES)
        variant = outcomes[cells[0]].variant if cells else ""
        yield f"  {family:<{WIDTH}}{figures}{variant}".rstrip()
    for family in (family for family in OURS if family in comparison.outcomes):
        for measure in (MAIN, "MRR"):
            baseline = comparison.best_baseline(measure, OURS, cells)
            if baseline is not None:
                gain = comparison.gain(family, baseline, measure, cells)
                yield f"  {family} − {baseline}, {measure}: {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def _figure(found: Interval) -> str:
    return f"{found.mean:.3f} ({found.low:.2f}–{found.high:.2f})"


def _languages(comparison: Comparison) -> Iterator[str]:
    """MRR by pair of languages, company's first, where a task has several parts with names of their own."""
    for cell in comparison.cells:
        parts = list(next(iter(comparison.outcomes.values()))[cell].parts)
        if len(parts) > 1 and not any(part.startswith("all") for part in parts):
            yield f"{cell[0]}, {cell[1]}: MRR by languages (company-partner)"
            yield "  " + " " * WIDTH + "".join(f"{part:<8}" for part in parts).rstrip()
            for family, outcomes in comparison.outcomes.items():
                means = "".join(f"{outcomes[cell].parts[part]['MRR']:<8.3f}" for part in parts)
                yield f"  {family:<{WIDTH}}{means}".rstrip()
            yield ""


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything as objects, lists and numbers; an interval is ``[mean, low, high]``."""
    cells = [{"task": cell[0], "direction": cell[1], **_numbers(comparison, [cell])} for cell in comparison.cells]
    macro = _numbers(comparison, None) if comparison.cells else {}
    return {"cells": cells, "macro": macro, "skipped": dict(comparison.skipped)}


def _numbers(comparison: Comparison, cells: Sequence[Cell] | None) -> dict[str, Any]:
    families: dict[str, Any] = {}
    for family, outcomes in comparison.outcomes.items():
        found: dict[str, Any] = {measure: _rounded(comparison.figure(family, measure, cells)) for measure in MEASURES}
        if cells:
            outcome = outcomes[cells[0]]
            found |= {"queries": len(outcome.values[MAIN]), "variant": outcome.variant}
            found["parts"] = {
                part: {measure: round(mean, 4) for measure, mean in means.items()}
                for part, means in outcome.parts.items()
            }
        families[family] = found
    return {"families": families, "differences": list(_differences(comparison, cells))}


def _differences(comparison: Comparison, cells: Sequence[Cell] | None) -> Iterator[dict[str, Any]]:
    for family in (family for family in OURS if family in comparison.outcomes):
        for measure in MEASURES:
            baseline = comparison.best_baseline(measure, OURS, cells)
            if baseline is not None:
                gain = _rounded(comparison.gain(family, baseline, measure, cells))
                yield {"of": family, "to": baseline, "measure": measure, "difference": gain}


def _rounded(found: Interval) -> list[float]:
    return [round(number, 4) for number in found]
