"""A comparison in words: tables for people, one object for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webapp.search.evaluation.comparison import MEASURES, Comparison
from webapp.search.evaluation.engines import OURS

_NAME_WIDTH = 34


def table(comparison: Comparison, worst: int = 0) -> Iterator[str]:
    """The lines of a report on one set: engines, our difference to the best of them, kinds and languages of query.

    Args:
        worst: how many of the queries that we answer worst are listed at the end.
    """
    yield f"{comparison.name}: {comparison.documents} documents, {len(comparison.queries)} queries"
    yield _row("", MEASURES)
    for engine in comparison.scores:
        yield _row(engine, [f"{comparison.mean(engine, measure):.3f}" for measure in MEASURES])
    for engine, reason in comparison.skipped.items():
        yield f"{engine}: left out, {reason}"
    for measure in MEASURES:
        mean, low, high = comparison.difference(measure)
        best = comparison.best_peer(measure)
        yield f"{measure}: {OURS} − {best} = {mean:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}"
    for label in ("kind", "language"):
        yield from _groups(comparison.groups(label), label)
    if worst:
        yield from _worst(comparison, worst)
    yield ""


def _row(name: str, cells: Sequence[str] | Mapping[str, Any]) -> str:
    return f"{name:{_NAME_WIDTH}}" + "".join(f"{cell:>11}" for cell in cells)


def _groups(groups: Mapping[str, Comparison], label: str) -> Iterator[str]:
    if not groups:
        return
    yield ""
    yield _row(f"by {label}: {OURS} / best peer", ["queries", *MEASURES])
    for name, part in groups.items():
        cells = [
            f"{part.mean(OURS, measure):.2f}/{part.mean(part.best_peer(measure), measure):.2f}" for measure in MEASURES
        ]
        yield _row(name, [str(len(part.queries)), *cells])


def _worst(comparison: Comparison, count: int) -> Iterator[str]:
    measure = list(MEASURES)[-1]
    place = {query.id: number for number, query in enumerate(comparison.queries)}
    best = comparison.best_peer(measure)
    yield ""
    yield f"Answered worst ({measure}: {OURS} / {best})"
    for query in comparison.worst(count):
        ours, theirs = (comparison.scores[engine][measure][place[query.id]] for engine in (OURS, best))
        yield f"{ours:.2f} / {theirs:.2f}  {query.id}  {query.text}"


def as_object(comparison: Comparison, worst: int = 0) -> dict[str, Any]:
    """The same as a JSON object."""
    found = _figures(comparison) | {
        "documents": comparison.documents,
        "skipped": dict(comparison.skipped),
        "kinds": {name: _figures(part) for name, part in comparison.groups("kind").items()},
        "languages": {name: _figures(part) for name, part in comparison.groups("language").items()},
    }
    if worst:
        found["worst"] = [{"id": query.id, "query": query.text} for query in comparison.worst(worst)]
    return found


def _figures(comparison: Comparison) -> dict[str, Any]:
    engines = {
        engine: {measure: round(comparison.mean(engine, measure), 4) for measure in MEASURES}
        for engine in comparison.scores
    }
    differences = {}
    for measure in MEASURES:
        mean, low, high = (round(value, 4) for value in comparison.difference(measure))
        peer = comparison.best_peer(measure)
        differences[measure] = {"best_peer": peer, "difference": mean, "low": low, "high": high}
    return {"queries": len(comparison.queries), "engines": engines, "differences": differences}
