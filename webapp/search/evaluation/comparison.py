"""Asking every engine every query of a set, and comparing what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp.search.evaluation.engines import OURS, EngineKind, our_kind
from webapp.search.evaluation.judged import JudgedQuery, JudgedSet
from webapp.search.evaluation.metrics import Interval, bootstrap_difference, ndcg, recall, reciprocal_rank
from webapp.search.evaluation.peers import peers

K = 10
"""How many answers count: what a reader sees without turning the page."""

MEASURES = {f"recall@{K}": recall, f"MRR@{K}": reciprocal_rank, f"nDCG@{K}": ndcg}
"""Name -> measure of one ranking."""

Progress = Callable[[str], None]
"""Is told, in a few words, what begins now."""


@dataclass(frozen=True)
class Comparison:
    """What the engines reached on one set; ours is the first of them."""

    name: str
    language: str
    documents: int
    queries: Sequence[JudgedQuery]
    scores: Mapping[str, Mapping[str, Sequence[float]]]
    """Engine -> measure -> one value a query, in the order of ``queries``."""
    skipped: Mapping[str, str]
    """Engines that could not take part, with the reason."""

    def mean(self, engine: str, measure: str) -> float:
        """The mean of an engine over all queries."""
        values = self.scores[engine][measure]
        return sum(values) / len(values)

    @property
    def peers(self) -> list[str]:
        """The engines beside ours; never none, for Whoosh is always there."""
        return [engine for engine in self.scores if engine != OURS]

    def best_peer(self, measure: str) -> str:
        """The engine beside ours with the highest mean of a measure, the first of equals."""
        return max(self.peers, key=lambda engine: self.mean(engine, measure))

    def difference(self, measure: str) -> Interval:
        """Ours − best peer of that measure. The peer is chosen after the fact, which only makes it harder to beat."""
        return bootstrap_difference(self.scores[OURS][measure], self.scores[self.best_peer(measure)][measure])

    def groups(self, label: str) -> dict[str, Comparison]:
        """The same comparison for each kind or language of query, in the order in which they first occur.

        Args:
            label: ``kind`` or ``language``; queries without it are in no group.
        """
        values = [getattr(query, label) for query in self.queries]
        return {value: self._only([other == value for other in values]) for value in dict.fromkeys(values) if value}

    def _only(self, chosen: Sequence[bool]) -> Comparison:
        scores = {
            engine: {measure: list(compress(values, chosen)) for measure, values in found.items()}
            for engine, found in self.scores.items()
        }
        return replace(self, queries=list(compress(self.queries, chosen)), scores=scores)

    def worst(self, count: int) -> list[JudgedQuery]:
        """The queries that we answer worst: by nDCG, then by how much better the best peer answers them."""
        measure = list(MEASURES)[-1]
        ours, theirs = self.scores[OURS][measure], self.scores[self.best_peer(measure)][measure]
        order = sorted(range(len(self.queries)), key=lambda place: (ours[place], ours[place] - theirs[place]))
        return [self.queries[place] for place in order[:count]]


def compare(judged: JudgedSet, postgresql_url: str, progress: Progress) -> Comparison:
    """Build every engine for every part of a set in a temporary folder, and ask it all queries of that part."""
    others, skipped = peers(judged.language, postgresql_url)
    scores = {kind.name: _ask(kind, judged, progress) for kind in (our_kind(judged.vocabulary), *others)}
    queries = [query for part in judged.parts for query in part.queries]
    count = sum(len(part.documents) for part in judged.parts)
    return Comparison(judged.name, judged.language, count, queries, scores, skipped)


def _ask(kind: EngineKind, judged: JudgedSet, progress: Progress) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    for number, part in enumerate(judged.parts, start=1):
        progress(f"{judged.name} {number}/{len(judged.parts)}: {len(part.queries)} queries to {kind.name}")
        with TemporaryDirectory() as folder:
            engine = kind.build(part.documents, judged.language, Path(folder))
            try:
                for query in part.queries:
                    ranking = engine.search(query.text, K)
                    for measure, formula in MEASURES.items():
                        scores[measure].append(formula(ranking, query.relevant, K))
            finally:
                engine.close()
    return scores
