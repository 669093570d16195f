"""Survival: which share of startups is still there after so many months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webapp.clusters.arrays import Floats, Ints, Mask, ratio
from webapp.clusters.intervals import CONFIDENCE, normal_quantile, tail_of
from webapp.clusters.lifetimes import Lifetimes, RiskTable, risk_table

ROUNDING = 1e-12
"""A survival this close to a level has reached it: products of fractions are not exact."""


@dataclass(frozen=True)
class Estimate:
    """A share between 0 and 1 at a time, with its interval and the number of lives that still inform it."""

    value: float
    lower: float
    upper: float
    at_risk: int


@dataclass(frozen=True)
class Quantile:
    """A time in months with its interval. What the curve, or its limit, does not come down to is nothing."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Followed:
    """Lives as they were followed, and the share that is left. The arrays have one row for each time at which a life
    ended or was seen last.
    """

    time: Floats
    at_risk: Ints
    exits: Ints
    survival: Floats
    lives: int
    begins: float
    """The curve is conditional on reaching this age; before, nobody was observed."""
    followed_to: float
    left_out: int
    """Lives that came under observation only after the curve breaks off."""
    confidence: float
    observed: Lifetimes

    def place_of(self, months: float) -> tuple[int, int] | None:
        """The row that holds at an age, -1 before the first, and how many are at risk then.

        Returns:
            Nothing before the curve begins or after it breaks off. A curve that came down to 0 stays there.
        """
        done = len(self.time) > 0 and self.survival[-1] == 0 and not self.left_out
        if not self.lives or months < self.begins or (months > self.followed_to and not done):
            return None
        row = int(np.searchsorted(self.time, months, side="right")) - 1
        return row, int(self.observed.at_risk(np.array([months]))[0])


@dataclass(frozen=True)
class Survival(Followed):
    """A Kaplan-Meier curve."""

    std_err: Floats
    """Greenwood's, of the survival; 0 where the survival is 0 or 1."""
    lower: Floats
    upper: Floats

    def at(self, months: float) -> Estimate | None:
        """Survival beyond an age, in months. Who left on the very day has not survived it.

        Returns:
            Nothing where the curve says nothing.
        """
        place = self.place_of(months)
        if place is None:
            return None
        row, at_risk = place
        if row >= 0 and self.survival[row] < 1:
            return Estimate(float(self.survival[row]), float(self.lower[row]), float(self.upper[row]), at_risk)
        return Estimate(1.0, _lower_without_exits(at_risk, self.confidence), 1.0, at_risk)

    def quantile(self, share: float) -> Quantile:
        """The age by which a share has left: the first at which survival is no more than 1 - share.

        The limits are the first ages at which the limits of the curve are (Brookmeyer & Crowley 1982, Biometrics 38).

        Raises:
            ValueError: the share is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise ValueError("a share lies between 0 and 1")
        level = 1 - share + ROUNDING
        return Quantile(*(self._first(curve <= level) for curve in (self.survival, self.lower, self.upper)))

    def median(self) -> Quantile:
        """The age by which one half has left."""
        return self.quantile(0.5)

    def _first(self, reached: Mask) -> float | None:
        return float(self.time[np.argmax(reached)]) if reached.any() else None


def kaplan_meier(lives: Lifetimes, start: float = 0.0, confidence: float = CONFIDENCE) -> Survival:
    """The Kaplan-Meier estimate S(t) = prod (1 - d_i / n_i) with right-censoring and late entry.

    Sources: Kaplan & Meier 1958, JASA 53; late entry: Klein & Moeschberger 2003, Survival Analysis, 4.6; variance:
    Greenwood 1926; interval S^exp(+-z sigma / ln S), the log-log one: Kalbfleisch & Prentice 2002, ch. 1. Where that is
    not defined, it is the exact one: before the first exit from (a/2)^(1/n), n being at risk (Fay, Brittain & Proschan
    2013, Biostatistics 14), and at 0 up to where it reached before. It is pointwise: it holds at a time chosen
    beforehand, not along the whole curve.

    Args:
        lives: every cause counts as the end. start: months; the curve is of those that reached this age. Needed with
        late entry if few are at risk early: one exit
            out of one would pull the whole curve to 0.
        confidence: of the intervals.
    """
    observed = lives.observed_after(start)
    table = risk_table(observed, max(int(lives.cause.max(initial=0)), 0) + 1)
    exits, followed = table.all_exits, follow(observed, table, start, confidence)
    survival = followed.survival
    hazard_variance = np.cumsum(ratio(exits, table.at_risk * (table.at_risk - exits)))
    lower, upper = _bounds(table, survival, hazard_variance, confidence)
    std_err = np.asarray(survival * np.sqrt(hazard_variance), dtype=np.float64)
    return Survival(**vars(followed) | {"exits": exits}, std_err=std_err, lower=lower, upper=upper)


def follow(observed: Lifetimes, table: RiskTable, start: float, confidence: float) -> Followed:
    """What curves of survival and of incidence have in common; exits are causes by times."""
    return Followed(
        time=table.time,
        at_risk=table.at_risk,
        exits=table.exits,
        survival=product_limit(table),
        lives=len(observed),
        begins=float(observed.entry.min(initial=np.inf)) if len(observed) else start,
        followed_to=table.followed_to,
        left_out=table.left_out,
        confidence=confidence,
        observed=observed,
    )


def product_limit(table: RiskTable) -> Floats:
    """Survival just after each time: prod (1 - d_i / n_i)."""
    return np.asarray(np.cumprod(1 - ratio(table.all_exits, table.at_risk)), dtype=np.float64)


def _bounds(table: RiskTable, survival: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats]:
    inside = (survival > 0) & (survival < 1)
    logs = np.log(survival, out=np.full(survival.shape, -1.0), where=inside)
    reach = np.exp(normal_quantile(confidence) * np.sqrt(variance) / -logs)
    lower = np.where(inside, np.exp(logs * reach), 0.0)
    upper = np.where(inside, np.exp(logs / reach), 1.0)
    untouched = survival == 1
    lower[untouched] = [_lower_without_exits(int(number), confidence) for number in table.at_risk[untouched]]
    for row in np.flatnonzero(survival == 0):
        before = float(upper[row - 1]) if row else 1.0
        all_at_once = 1 - tail_of(confidence) ** (1 / int(table.at_risk[row]))
        upper[row] = before if before < 1 else all_at_once
    return lower, upper


def _lower_without_exits(at_risk: int, confidence: float) -> float:
    """The least survival that is compatible with no exit among so many."""
    return float(tail_of(confidence) ** (1 / at_risk)) if at_risk else 0.0
