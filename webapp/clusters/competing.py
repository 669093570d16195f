"""Competing exits: which share has left for which reason after so many months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webapp.clusters.arrays import Floats, Ints, ratio
from webapp.clusters.intervals import CONFIDENCE, normal_quantile, tail_of
from webapp.clusters.lifetimes import Lifetimes, risk_table
from webapp.clusters.survival import Estimate, Followed, follow


@dataclass(frozen=True)
class Incidence(Followed):
    """Aalen-Johansen curves, one a cause. Arrays here are causes by times.

    At every time the incidences of all causes and the survival add up to 1.
    """

    incidence: Floats
    std_err: Floats
    lower: Floats
    upper: Floats

    def at(self, cause: int, months: float) -> Estimate | None:
        """The share that has left for a cause by an age in months; nothing where the curves say nothing."""
        place = self.place_of(months)
        if place is None:
            return None
        row, at_risk = place
        if row < 0:
            return Estimate(0.0, 0.0, _upper_without_exits(at_risk, self.confidence), at_risk)
        bounds = float(self.lower[cause, row]), float(self.upper[cause, row])
        return Estimate(float(self.incidence[cause, row]), *bounds, at_risk)


def aalen_johansen(lives: Lifetimes, causes: int, start: float = 0.0, confidence: float = CONFIDENCE) -> Incidence:
    """Cumulative incidence F_k(t) = sum S(t_i-) d_ki / n_i of each cause, the others competing with it.

    One minus a Kaplan-Meier curve that censors the other causes would be too high: it asks what would happen if nobody
    could leave otherwise. Sources: Aalen & Johansen 1978, Scandinavian Journal of Statistics 5; Putter, Fiocco & Geskus
    2007, Statistics in Medicine 26, 3.1; interval by log(-log F), as of a survival.

    Args:
        lives: with causes 0 to causes - 1.
        causes: how many there are.
        start: months; the curves are of those that reached this age.
        confidence: of the intervals, which are pointwise.
    """
    observed = lives.observed_after(start)
    table = risk_table(observed, causes)
    followed = follow(observed, table, start, confidence)
    before = np.concatenate([[1.0], followed.survival[:-1]])[: len(table.time)]
    incidence = np.cumsum(before * ratio(table.exits, table.at_risk), axis=1)
    std_err = np.sqrt(_variance(table.exits, table.at_risk, before, incidence))
    lower, upper = _bounds(incidence, std_err, table.at_risk, confidence)
    return Incidence(**vars(followed), incidence=incidence, std_err=std_err, lower=lower, upper=upper)


def _variance(exits: Ints, at_risk: Ints, before: Floats, incidence: Floats) -> Floats:
    """The delta method's variance of F_k, causes by times (Marubini & Valsecchi 1995, ch. 10).

    Var F_k(t) = sum (F_k(t) - F_k(t_i))^2 d_i / (n_i (n_i - d_i)) + sum S(t_i-)^2 d_ki (n_i - d_ki) / n_i^3
    - 2 sum (F_k(t) - F_k(t_i)) S(t_i-) d_ki / n_i^2. With one cause it is Greenwood's. The sums are taken apart into
    running ones. Where all leave at once the first term is 0, because nothing follows.
    """
    total = exits.sum(0)
    number = at_risk.astype(np.float64)
    hazard = ratio(total, number * (number - total))
    own = before**2 * ratio(exits * (number - exits), number**3)
    cross = before * ratio(exits, number**2)
    first = incidence**2 * np.cumsum(hazard) - 2 * incidence * np.cumsum(incidence * hazard, axis=1)
    first += np.cumsum(incidence**2 * hazard, axis=1)
    third = incidence * np.cumsum(cross, axis=1) - np.cumsum(incidence * cross, axis=1)
    return np.maximum(first + np.cumsum(own, axis=1) - 2 * third, 0.0)


def _bounds(incidence: Floats, std_err: Floats, at_risk: Ints, confidence: float) -> tuple[Floats, Floats]:
    """Log-log limits; where nobody has left for the cause, or everybody, exact ones from the number at risk."""
    inside = (incidence > 0) & (incidence < 1)
    logs = np.log(incidence, out=np.full(incidence.shape, -1.0), where=inside)
    scale = np.where(inside, -logs * incidence, 1.0)
    reach = np.exp(np.minimum(normal_quantile(confidence) * std_err / scale, 700.0))
    lower, upper = np.exp(logs * reach), np.exp(logs / reach)
    chance = np.array([_upper_without_exits(int(number), confidence) for number in at_risk])
    lower = np.where(incidence <= 0, 0.0, np.where(incidence >= 1, 1 - chance, lower))
    upper = np.where(incidence <= 0, chance, np.where(incidence >= 1, 1.0, upper))
    return lower, upper


def _upper_without_exits(at_risk: int, confidence: float) -> float:
    """The largest share that is compatible with no exit among so many."""
    return float(1 - tail_of(confidence) ** (1 / at_risk)) if at_risk else 1.0
