"""The arrays that the statistics take and give, and the checks that all of them make."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NONE = -1
"""Stands for nothing in arrays of indexes and ordinals: no sector, not left, no reason."""


def amounts_of(values: ArrayLike, dimensions: int) -> Floats:
    """The values as an array of amounts, for instance jobs.

    Raises:
        ValueError: one is negative or not finite, or there are more or fewer dimensions.
    """
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != dimensions:
        raise ValueError(f"{amounts.ndim} dimensions instead of {dimensions}")
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise ValueError("an amount is negative or not finite")
    return amounts


def counts_of(values: ArrayLike, dimensions: int) -> Ints:
    """The values as an array of counts, for instance startups.

    Raises:
        ValueError: as ``amounts_of``, or one is not a whole number.
    """
    amounts = amounts_of(values, dimensions)
    counts = amounts.astype(np.int64)
    if (counts != amounts).any():
        raise ValueError("a count is not a whole number")
    return counts


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Quotients of amounts; 0 where the denominator is 0."""
    over, under = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    return np.divide(over, under, out=np.zeros(over.shape), where=under != 0)
