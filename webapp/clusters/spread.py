"""How unequally something is spread, for instance proposals over startups or residents over regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import Floats, amounts_of


def gini(amounts: ArrayLike, *, unbiased: bool = False) -> float | None:
    """Gini's coefficient: 0 if all have the same, 1 - 1/n if one of n has everything.

    G = sum (2i - n - 1) x_i / (n sum x), the x in rising order (Gini 1912; Dixon et al. 1987, Ecology 68).

    Args:
        amounts: by unit; units that have nothing count.
        unbiased: times n / (n - 1), so that one of n having everything is 1.

    Returns:
        Nothing if there is nothing to spread, or, unbiased, over one unit only.
    """
    values = np.sort(amounts_of(amounts, 1))
    number, total = len(values), values.sum()
    if not total or (unbiased and number < 2):
        return None
    ranks = 2 * np.arange(1, number + 1) - number - 1
    return float(ranks @ values / total / (number - 1 if unbiased else number))


def lorenz(amounts: ArrayLike) -> tuple[Floats, Floats]:
    """Lorenz's curve: the share of units, poorest first, and the share that they have. Both run from 0 to 1.

    Of nothing it is the diagonal's two ends.
    """
    values = np.sort(amounts_of(amounts, 1))
    if not values.sum():
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    held = np.concatenate([[0.0], np.cumsum(values)])
    return np.linspace(0, 1, len(held)), held / held[-1]
