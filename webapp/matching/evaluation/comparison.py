"""Running the scorers on the tasks, and what comes out: means with intervals, differences, a macro average."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from webapp.matching.evaluation.metrics import (
    MEASURES,
    Interval,
    K,
    Values,
    difference,
    interval,
    mean_of,
    measure_all,
)
from webapp.matching.evaluation.scorers import DIRECTIONS, Direction, Scorer, Scores, Unavailable
from webapp.matching.evaluation.tasks import Part, Task

Cell = tuple[str, Direction]
"""A task and a direction of it."""
Progress = Callable[[str], None]
"""Is told, in a few words, what begins now."""

MAIN = f"nDCG@{K}"
"""The measure by which variants and the best baseline are chosen."""

NEURAL = ("MiniLM",)
"""Families that the best non-neural baseline is not chosen from."""


@dataclass(frozen=True)
class Outcome:
    """What one scorer reached in one task and direction."""

    variant: str
    values: Mapping[str, Values]
    """Measure -> one value a query, ordered by the query's id."""
    parts: Mapping[str, Mapping[str, float]]
    """Part (such as a pair of languages) -> measure -> mean."""


def evaluate(scorer: Scorer, task: Task) -> dict[Direction, Outcome]:
    """Fit and ask a scorer for every part of a task.

    Raises:
        Unavailable: the scorer cannot take part.
    """
    gathered: dict[Direction, dict[str, dict[str, list[float]]]] = {
        direction: {measure: defaultdict(list) for measure in MEASURES} for direction in DIRECTIONS
    }
    parts: dict[Direction, dict[str, Mapping[str, float]]] = {direction: {} for direction in DIRECTIONS}
    for number, part in enumerate(task.parts):
        scorer.fit(part.training)
        for direction in DIRECTIONS:
            found = {query: measure_all(ranks) for query, ranks in ranks_of(scorer, part, direction)}
            for query, values in found.items():
                for measure, value in values.items():
                    gathered[direction][measure][query].append(value)
            name = part.name if part.name not in parts[direction] else f"{part.name} {number + 1}"
            parts[direction][name] = _means(list(found.values()))
    return {
        direction: Outcome(
            scorer.variant, {measure: mean_of(found) for measure, found in by_measure.items()}, parts[direction]
        )
        for direction, by_measure in gathered.items()
    }


def _means(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {measure: float(np.mean([values[measure] for values in found])) for measure in MEASURES}


def ranks_of(scorer: Scorer, part: Part, direction: Direction) -> Iterator[tuple[str, list[int]]]:
    """Every query of a part with the ranks of what is relevant to it. Equal scores go by a hash of the ids."""
    companies = [company.id for company in part.asked]
    partners = [partner.id for partner in part.training.partners]
    scores = scorer.scores(part.asked, direction)
    if scores.shape != (len(companies), len(partners)) or not np.isfinite(scores).all():
        raise ValueError(f"{scorer.family} gave no finite score for each pair")
    known, relevant = (_mask(pairs, companies, partners) for pairs in (part.training.pairs, part.truth))
    scores = np.where(known, -np.inf, scores)
    if direction == "partner to startup":
        scores, relevant, known = scores.T, relevant.T, known.T
        companies, partners = partners, companies
    lots = np.array([int.from_bytes(sha256(name.encode()).digest()[:8], "big") for name in partners], dtype=np.uint64)
    for name, row, meant in zip(companies, scores, relevant, strict=True):
        if meant.any():
            order = np.lexsort((lots, -row))
            yield name, (1 + np.flatnonzero(meant[order])).tolist()


def _mask(pairs: frozenset[tuple[str, str]], companies: Sequence[str], partners: Sequence[str]) -> Scores:
    rows = {company: number for number, company in enumerate(companies)}
    columns = {partner: number for number, partner in enumerate(partners)}
    mask = np.zeros((len(companies), len(partners)), dtype=bool)
    for company, partner in pairs:
        if company in rows:
            mask[rows[company], columns[partner]] = True
    return mask


@dataclass(frozen=True)
class Comparison:
    """What all families reached in all tasks."""

    outcomes: Mapping[str, Mapping[Cell, Outcome]]
    """Family -> task and direction -> outcome."""
    skipped: Mapping[str, str]
    """Families that could not take part, with the reason."""

    @property
    def cells(self) -> list[Cell]:
        """The tasks and directions, in order."""
        return list(next(iter(self.outcomes.values()), {}))

    def figure(self, family: str, measure: str, cells: Sequence[Cell] | None = None) -> Interval:
        """The mean of a family over the queries of a cell, or the macro average over several (all by default)."""
        return interval(self._groups(family, measure, cells))

    def _groups(self, family: str, measure: str, cells: Sequence[Cell] | None) -> list[Values]:
        return [self.outcomes[family][cell].values[measure] for cell in (self.cells if cells is None else cells)]

    def best_baseline(self, measure: str, ours: Sequence[str], cells: Sequence[Cell] | None = None) -> str | None:
        """The non-neural baseline with the highest mean or macro average; ``ours`` are no baselines."""
        others = [family for family in self.outcomes if family not in (*ours, *NEURAL)]
        return max(others, key=lambda family: self.figure(family, measure, cells).mean, default=None)

    def gain(self, family: str, baseline: str, measure: str, cells: Sequence[Cell] | None = None) -> Interval:
        """A family − a baseline, paired by query."""
        return difference(self._groups(family, measure, cells), self._groups(baseline, measure, cells))


def compare(scorers: Sequence[Scorer], tasks: Sequence[Task], tuning: Sequence[Task], progress: Progress) -> Comparison:
    """Run all scorers; of a family's variants that which is best on the tuning task speaks for it, cell by cell.

    Args:
        tuning: the same tasks on the half that settings are chosen on.
    """
    families: dict[str, list[Scorer]] = defaultdict(list)
    for scorer in scorers:
        families[scorer.family].append(scorer)
    outcomes: dict[str, dict[Cell, Outcome]] = {}
    skipped: dict[str, str] = {}
    for family, variants in families.items():
        try:
            cells: dict[Cell, Outcome] = {}
            for task, other in zip(tasks, tuning, strict=True):
                progress(f"{task.name}: {family}")
                cells |= {(task.name, direction): one for direction, one in _best_of(variants, task, other).items()}
            outcomes[family] = cells
        except Unavailable as reason:
            skipped[family] = str(reason)
    return Comparison(outcomes, skipped)


def _best_of(variants: Sequence[Scorer], task: Task, tuning: Task) -> dict[Direction, Outcome]:
    if len(variants) == 1:
        return evaluate(variants[0], task)
    tuned = [evaluate(scorer, tuning) for scorer in variants]
    chosen: dict[Direction, int] = {}
    for direction in DIRECTIONS:
        reached = [float(outcome[direction].values[MAIN].mean()) for outcome in tuned]
        chosen[direction] = reached.index(max(reached))
    made = {number: evaluate(variants[number], task) for number in sorted(set(chosen.values()))}
    return {direction: made[number][direction] for direction, number in chosen.items()}
