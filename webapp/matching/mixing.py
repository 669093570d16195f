"""Mixing likenesses into one score with weights that feedback moves, carefully, away from their defaults.

A startup's likeness to a partner's history is taken in any space of rows, sparse or dense, in two ways: to the centroid
of the companies that the partner accepted before, and to the nearest of them. A list's likenesses are standardised,
so that spaces of different sharpness can be added, and mixed by non-negative weights.

The weights are the maximum a posteriori of a logistic regression on accepted and other pairs, with a normal prior
around the defaults: w = argmin Σ log(1 + exp(−y (b + x·w))) + λ/2 (‖w − w₀‖² + (b − b₀)²), w ≥ 0. Without feedback they
are the defaults. As the minimum is no worse than the defaults themselves, ‖w − w₀‖² is at most 2/λ times the loss
that the defaults have on the feedback: few pairs cannot move them far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, issparse
from scipy.special import expit

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Rows = Any
"""A CSR matrix or an array, one L2-normalised row a profile."""

NEAREST = 3
"""How many of the nearest companies of a history count."""

STRENGTH = 10.0
"""The prior's precision λ in units of one pair's information: the higher, the more feedback it takes."""

NEW = -1
"""In place of the number of a company: it is in nobody's history."""


@dataclass(frozen=True)
class Mixture:
    """Weights of features, none below 0, and the intercept, which no order depends on."""

    weights: tuple[float, ...]
    intercept: float = -3.0

    def scores(self, features: Numbers) -> Numbers:
        """The mixed score of pairs; the last axis of ``features`` are the features."""
        return np.asarray(features @ np.array(self.weights))


def learn_mixture(
    features: Numbers, accepted: NDArray[np.bool_], defaults: Mixture, strength: float = STRENGTH
) -> Mixture:
    """The mixture after feedback.

    Args:
        features: shape pairs by features, standardised.
        accepted: which of the pairs were accepted.
        defaults: where the weights start from and are drawn to.
        strength: λ above, greater than 0.

    Raises:
        ValueError: shapes do not fit, a feature is not finite, a default is below 0, or the strength is not above 0.
    """
    start = np.array([*defaults.weights, defaults.intercept])
    if features.shape != (len(accepted), len(defaults.weights)) or not np.isfinite(features).all():
        raise ValueError("features must be finite, one row a pair and one column a weight")
    if strength <= 0 or min(defaults.weights, default=0) < 0:
        raise ValueError("the strength must be above 0, and no default weight below")
    if not len(accepted):
        return defaults
    inputs = np.column_stack([features, np.ones(len(accepted))])
    signs = np.where(accepted, 1.0, -1.0)

    def objective(weights: Numbers) -> tuple[float, Numbers]:
        margins = signs * (inputs @ weights)
        away = weights - start
        loss = np.logaddexp(0, -margins).sum() + strength / 2 * away @ away
        return float(loss), -(signs * expit(-margins)) @ inputs + strength * away

    bounds = [(0.0, None)] * len(defaults.weights) + [(None, None)]
    found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds).x.tolist()
    return Mixture(tuple(found[:-1]), found[-1])


def standardised(block: Numbers, axis: int) -> Numbers:
    """Every list with mean 0 and deviation 1; a list whose entries are all equal becomes 0.

    Args:
        block: startups by partners.
        axis: 1 for the lists of startups, 0 for those of partners.
    """
    mean, deviation = block.mean(axis=axis, keepdims=True), block.std(axis=axis, keepdims=True)
    flat = deviation <= 1e-9 * np.maximum(1, np.abs(mean))
    return np.where(flat, 0, (block - mean) / np.where(flat, 1, deviation))


def likeness(rows: Rows, columns: Rows) -> Numbers:
    """The cosines of all pairs."""
    product = rows @ columns.T
    return np.asarray(product.toarray() if issparse(product) else product, dtype=np.float64)


def histories(pairs: list[tuple[int, int]], partners: int, companies: int) -> csr_matrix:
    """A matrix of partners by companies, 1 where they are known to have come together; pairs are (company, partner)."""
    company, partner = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2).T
    return csr_matrix((np.ones(len(company)), (partner, company)), shape=(partners, companies))


def centroid_likeness(rows: Rows, known: Rows, history: csr_matrix, numbers: Places) -> Numbers:
    """The cosine of startups with the centroid of each partner's history; 0 where there is none.

    A startup's own row is taken out of a history that it is in, so that the pair does not foretell itself.

    Args:
        rows: the startups.
        known: the companies that the columns of ``history`` stand for.
        numbers: for each startup, its number among these, or ``NEW``.
    """
    sums = history @ known
    squares = sums.multiply(sums).sum(axis=1) if issparse(sums) else (sums * sums).sum(axis=1)
    products = likeness(rows, sums)
    norms = np.tile(np.asarray(squares, dtype=np.float64).reshape(1, -1), (len(products), 1))
    own = _is_own(history, numbers)
    selves = np.asarray(rows.multiply(rows).sum(axis=1) if issparse(rows) else (rows * rows).sum(axis=1)).reshape(-1, 1)
    norms = np.where(own, norms - 2 * products + selves, norms)
    products = np.where(own, products - selves, products)
    empty = norms < 1e-9
    return np.where(empty, 0, products / np.sqrt(np.where(empty, 1, norms)))


def nearest_likeness(rows: Rows, known: Rows, history: csr_matrix, numbers: Places) -> Numbers:
    """The mean cosine of startups with the nearest few of each partner's history; 0 where there is none.

    Arguments are those of ``centroid_likeness``, and a startup itself is not among its nearest either.
    """
    cosines = likeness(rows, known)
    present = np.flatnonzero(numbers != NEW)
    cosines[present, numbers[present]] = -np.inf
    result = np.zeros((cosines.shape[0], history.shape[0]))
    for partner, companies in _companies_of(history):
        near = -np.partition(-cosines[:, companies], min(NEAREST, len(companies)) - 1, axis=1)[:, :NEAREST]
        counted = np.isfinite(near)
        result[:, partner] = np.where(counted, near, 0).sum(axis=1) / np.maximum(1, counted.sum(axis=1))
    return result


def _is_own(history: csr_matrix, numbers: Places) -> NDArray[np.bool_]:
    own = np.zeros((len(numbers), history.shape[0]), dtype=bool)
    present = np.flatnonzero(numbers != NEW)
    own[present] = history[:, numbers[present]].T.toarray() > 0
    return own


def _companies_of(history: csr_matrix) -> Iterator[tuple[int, Places]]:
    for partner in range(history.shape[0]):
        companies = history.indices[history.indptr[partner] : history.indptr[partner + 1]]
        if len(companies):
            yield partner, companies
