"""The score of a pair: how well it fits both sides, from parts whose weights are known.

Each part has a value between 0 and 1 and is known or not. The score of a side is the weighted mean of the parts that
this side cares for; a part that either profile leaves open is left out of the mean, so that missing information is
neutral. The score of the pair is the harmonic mean of both sides: a match that is good for one side only is none. A
side of which nothing is known has no say.

The harmonic mean 2ab/(a+b) is λa + (1-λ)b with λ = b/(a+b), so that a pair's score is still a sum over its parts, and
each part's share in it can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.matching.constraints import money_meets, ruled_out
from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.model import Block
from webapp.matching.structure import Mask, Value, structure

Scores = NDArray[np.float64]
"""Shape: startups by partners."""

DECIMALS = 5
"""Scores are rounded, so that pairs which differ by an error of arithmetic only are equal and ordered by id."""

RULED_OUT = -1.0

_SHARED = ("words", "concepts", "topics", "sector", "place", "ticket")
SIDES: Mapping[str, tuple[str, ...]] = {
    "startup": (*_SHARED, "needs"),
    "partner": (
        *_SHARED,
        "history_words",
        "history_concepts",
        "history_topics",
        "history_terms",
        "stage",
        "funding",
        "technology",
    ),
}
"""Side -> the parts that say how well the pair fits it."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts; all but the last add up to 1.

    Funding and technology only ever speak for a pair: how a startup was funded so far does not say what it seeks next,
    and technologies of interest are no condition. ``docs/matching.md`` says where the numbers come from.
    """

    words: float = 0.08
    """Words and pairs of words that both write, in the languages that they share."""
    concepts: float = 0.08
    """Concepts that both name, whatever the language."""
    topics: float = 0.15
    """Texts about related things, whatever the language."""
    history_words: float = 0.03
    """Close by words to companies that the partner accepted before."""
    history_concepts: float = 0.02
    """The same by concepts."""
    history_topics: float = 0.04
    """The same by topics."""
    history_terms: float = 0.03
    """The same by sectors and technologies."""
    sector: float = 0.17
    """The startup's sectors among those sought."""
    needs: float = 0.15
    """The startup's needs among those answered."""
    stage: float = 0.08
    """The startup's maturity among those sought, or next to one."""
    place: float = 0.06
    """The same site, or the same region."""
    ticket: float = 0.05
    """What the startup raises and what the partner gives overlap."""
    funding: float = 0.03
    """The startup's funding stage among those sought."""
    technology: float = 0.03
    """One of the startup's technologies among those of interest."""

    evidence: float = 0.50
    """A side's mean is taken over at least this share of its weight: one fact alone does not make a perfect match."""

    def parts(self) -> dict[str, float]:
        """Part -> weight."""
        return {name: weight for name, weight in asdict(self).items() if name != "evidence"}

    def least_evidence(self, side: str) -> float:
        """The weight over which a side's mean is taken at least."""
        parts = self.parts()
        return self.evidence * sum(parts[part] for part in SIDES[side])


@dataclass(frozen=True)
class Measures:
    """Everything that the scores of a block are made of."""

    values: Mapping[str, Value]
    allowed: Mask

    def at(self, startups: NDArray[np.int64], partners: NDArray[np.int64]) -> Measures:
        """The measures of single pairs of a block, given as parallel arrays; all shapes then have one dimension."""
        values = {
            part: Value(value.value[startups, partners], value.known[startups, partners])
            for part, value in self.values.items()
        }
        return Measures(values, self.allowed[startups, partners])

    def stated(self, part: str) -> Measures:
        """The same if a part were known and matched in full everywhere."""
        full = Value(np.ones_like(self.values[part].value), np.ones_like(self.allowed))
        return Measures({**self.values, part: full}, self.allowed)

    def evidence(self, side: str, weights: Weights) -> tuple[Block, Mask]:
        """What the weighted sum of a side is divided by, and where anything is known of it."""
        parts = weights.parts()
        total = np.zeros(self.allowed.shape, dtype=np.float32)
        for part in SIDES[side]:
            total += np.float32(parts[part]) * self.values[part].known
        return np.maximum(total, np.float32(weights.least_evidence(side))), total > 0

    def sides(self, weights: Weights) -> dict[str, Block]:
        """The score of each side; where nothing is known of one, that of the other."""
        parts = weights.parts()
        found, known = {}, {}
        for side, names in SIDES.items():
            divisor, known[side] = self.evidence(side, weights)
            total = np.zeros(self.allowed.shape, dtype=np.float32)
            for part in names:
                total += np.float32(parts[part]) * self.values[part].value
            found[side] = total / divisor
        return {
            "startup": np.where(known["startup"], found["startup"], found["partner"]),
            "partner": np.where(known["partner"], found["partner"], found["startup"]),
        }

    def coefficients(self, weights: Weights) -> dict[str, Block]:
        """Part -> by how much its value is multiplied in each pair's score."""
        sides = self.sides(weights)
        total = sides["startup"] + sides["partner"]
        share = np.divide(sides["partner"], total, out=np.full_like(total, 0.5), where=total > 0)
        known = {side: self.evidence(side, weights)[1] for side in SIDES}
        share = np.where(known["startup"], np.where(known["partner"], share, 1), 0).astype(np.float32)
        by_side = {"startup": share, "partner": 1 - share}
        parts = weights.parts()
        found = {part: np.zeros(self.allowed.shape, dtype=np.float32) for part in parts}
        for side, names in SIDES.items():
            factor = by_side[side] / self.evidence(side, weights)[0]
            for part in names:
                found[part] += np.float32(parts[part]) * factor
        return found

    def scores(self, weights: Weights) -> Scores:
        """Scores between 0 and 1; ``RULED_OUT`` for pairs that must not be proposed."""
        sides = self.sides(weights)
        total = sides["startup"] + sides["partner"]
        product = 2 * sides["startup"] * sides["partner"]
        mean = np.divide(product, total, out=np.zeros_like(total), where=total > 0)
        return np.where(self.allowed, np.round(mean.astype(np.float64), DECIMALS), RULED_OUT)


def measure(
    startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], texts: Mapping[str, Value]
) -> Measures:
    """Measure every pair of a block; ``texts`` holds the parts that come from texts (``webapp.matching.closeness``)."""
    tickets, _ = money_meets(startups, partners)
    return Measures({**texts, **structure(startups, partners, tickets)}, ~ruled_out(startups, partners))
