"""Weights from feedback: which parts of the score told accepted pairs from others, starting from the defaults.

The parts of pairs are standardised and their weights learned by ``webapp.matching.mixing``: the maximum a posteriori of
a logistic regression, never below 0, drawn to the defaults. Without feedback they are the defaults. Parts that vary
keep their total, so that scores stay comparable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from webapp.matching.mixing import STRENGTH, Mixture, learn_mixture
from webapp.matching.scoring import Measures, Weights

SHARPNESS = 30.0
"""Log-odds of acceptance between a pair without and one with a full score, by the default weights.

It sets how a weight of the score reads as a weight of the regression. Chosen on the tune half among 10, 30 and 60.
"""

MOST_STARTUPS = 2000
"""From so many accepted startups at most is learned; more change nothing and cost time."""

MOST_PAIRS = 400_000
"""Accepted and declined pairs all count; of the others evenly spaced ones, so that no more than this many do."""


@dataclass(frozen=True)
class Examples:
    """Pairs to learn from: the values of their parts, and which of them were accepted."""

    values: NDArray[np.float64]
    """Shape: pairs by parts, in the order of ``Weights.parts``."""
    accepted: NDArray[np.bool_]

    @classmethod
    def of(cls, measures: Measures, accepted: NDArray[np.bool_], kept: NDArray[np.bool_]) -> Examples:
        """The kept pairs of a block."""
        values = [measures.values[part].value[kept] for part in Weights().parts()]
        return cls(np.stack(values, axis=-1).astype(np.float64), accepted[kept])

    @classmethod
    def joined(cls, examples: Iterable[Examples]) -> Examples:
        """All pairs of several."""
        found = list(examples)
        count = len(Weights().parts())
        return cls(
            np.concatenate([np.zeros((0, count)), *(one.values for one in found)]),
            np.concatenate([np.zeros(0, dtype=bool), *(one.accepted for one in found)]),
        )


def learned_weights(examples: Examples, defaults: Weights, strength: float = STRENGTH) -> Weights:
    """The weights after feedback; the defaults where there is none, and for parts that never vary."""
    if not examples.accepted.any():
        return defaults
    parts = defaults.parts()
    spread = examples.values.std(axis=0)
    varies = spread > 1e-6
    names = [part for part, does in zip(parts, varies, strict=True) if does]
    if not names:
        return defaults
    values = examples.values[:, varies]
    features = (values - values.mean(axis=0)) / spread[varies]
    before = np.array([parts[name] for name in names])
    mixture = learn_mixture(
        features, examples.accepted, Mixture(tuple((SHARPNESS * before * spread[varies]).tolist())), strength
    )
    after = np.array(mixture.weights) / (SHARPNESS * spread[varies])
    total = after.sum()
    if total <= 0:
        return defaults
    return replace(defaults, **dict(zip(names, (after * before.sum() / total).tolist(), strict=True)))
