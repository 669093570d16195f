"""How many of today's residents will have left in twelve months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import NONE, Floats, amounts_of
from webapp.clusters.intervals import CONFIDENCE, tail_of
from webapp.clusters.lifetimes import Lifetimes
from webapp.clusters.survival import Survival, kaplan_meier

HORIZON = 12.0
"""Months ahead."""

ENOUGH = 10
"""The curve is used up to the last age at which this many are at risk; beyond, the mean rate of departure is."""


@dataclass(frozen=True)
class Vacancies:
    """Places that today's residents will leave. Who comes in their place, and leaves again, is not counted."""

    residents: int
    months: float
    expected: float
    lower: int
    upper: int
    """Limits between which the number falls with the confidence asked for, if the past goes on."""
    beyond: int
    """Residents whose chance rests on the mean rate, at least in part: the curve is not sure of their ages."""


def vacancies(
    lives: Lifetimes, ages: ArrayLike, months: float = HORIZON, confidence: float = CONFIDENCE
) -> Vacancies | None:
    """Expected departures of residents within some months.

    One who has stayed u months leaves with chance 1 - S(u + months) / S(u), S being the Kaplan-Meier curve of past
    stays. The number is Poisson-binomial. That S is estimated is left out of account, so the limits are too narrow
    where there were few departures. Nothing if no stay was ever observed.

    Args:
        lives: past and present stays.
        ages: months that each of today's residents has stayed.
        months: how far ahead.
        confidence: of the limits.
    """
    stayed = amounts_of(ages, 1)
    exposure = lives.exposure()
    if not exposure:
        return None
    curve = kaplan_meier(lives)
    sure_to = float(curve.time[curve.at_risk >= ENOUGH].max(initial=0.0))
    hazard = float((lives.cause != NONE).sum()) / exposure
    remaining = _log_survival(curve, stayed + months, sure_to, hazard) - _log_survival(curve, stayed, sure_to, hazard)
    chances = -np.expm1(np.minimum(remaining, 0.0))
    lower, upper = _limits(chances, confidence)
    return Vacancies(
        residents=len(stayed),
        months=months,
        expected=float(chances.sum()),
        lower=lower,
        upper=upper,
        beyond=int(((stayed + months > sure_to) | (stayed < curve.begins)).sum()),
    )


def _limits(chances: Floats, confidence: float) -> tuple[int, int]:
    """Between which numbers of events the sum falls with at least that confidence."""
    below, tail = np.cumsum(_sum_of_events(chances)), tail_of(confidence)
    return int(np.searchsorted(below, tail, side="right")), min(int(np.searchsorted(below, 1 - tail)), len(chances))


def _log_survival(curve: Survival, ages: Floats, sure_to: float, hazard: float) -> Floats:
    """ln S by the curve up to an age, falling with a constant rate beyond, and before anybody was observed."""
    usable = (curve.time <= sure_to) & (curve.survival > 0)
    logs = np.concatenate([[0.0], np.log(curve.survival[usable])])
    row = np.searchsorted(curve.time[usable], np.minimum(ages, sure_to), side="right")
    uncovered = np.minimum(ages, min(curve.begins, sure_to)) + np.maximum(ages - sure_to, 0.0)
    return np.asarray(logs[row] - hazard * uncovered, dtype=np.float64)


def _sum_of_events(chances: Floats) -> Floats:
    """Probabilities of 0, 1, ... n of independent events."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return distribution
