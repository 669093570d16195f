"""Durations until something happens, some of them cut short at either end, and who is at risk when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import NONE, Floats, Ints, amounts_of


@dataclass(frozen=True)
class Lifetimes:
    """One row a life. Months since its origin, for instance since a startup entered the park.

    A life counts among those at risk after ``entry`` up to and including ``time``; one observed from its origin (entry
    0) counts from there, so that leaving on the first day (time 0) counts too. Exits come before censorings of
    the same time.
    """

    time: Floats
    """When the life ended, or when it was seen last."""
    cause: Ints
    """Index of what ended it; ``NONE`` if it goes on as far as is known (right-censored)."""
    entry: Floats
    """From when on it was observed (left truncation): had it ended before, nobody would know of it."""

    def __post_init__(self) -> None:
        if not len(self.time) == len(self.cause) == len(self.entry):
            raise ValueError("every life has a time, a cause and an entry")
        if (self.cause < NONE).any():
            raise ValueError("a cause is an index, or NONE")
        if ((self.entry > 0) & (self.entry >= self.time)).any():
            raise ValueError("a life ends before it is observed")

    def __len__(self) -> int:
        return len(self.time)

    def observed_after(self, start: float) -> Lifetimes:
        """Those that reached an age, observed from it on: what comes of them is conditional on reaching it."""
        if start <= 0:
            return self
        kept = self.time > start
        return Lifetimes(self.time[kept], self.cause[kept], np.maximum(self.entry[kept], start))

    def at_risk(self, months: Floats) -> Ints:
        """How many are at risk just before each time."""
        begun = np.searchsorted(np.sort(self._begin()), months, side="left")
        ended = np.searchsorted(np.sort(self.time), months, side="left")
        return np.asarray(begun - ended, dtype=np.int64)

    def exposure(self) -> float:
        """Months at risk, of all lives together."""
        return float((self.time - self.entry).sum())

    def _begin(self) -> Floats:
        # Before 0, so that a life observed from its origin is at risk at 0.
        return np.where(self.entry > 0, self.entry, -1.0)


@dataclass(frozen=True)
class RiskTable:
    """At each time at which a life ended or was seen last: who was at risk and who left."""

    time: Floats
    at_risk: Ints
    exits: Ints
    """Causes by times."""
    followed_to: float
    """The last time at which anybody was at risk without a break from the beginning."""
    left_out: int
    """Lives that came under observation only after the table breaks off; they tell nothing about what went before."""

    @property
    def all_exits(self) -> Ints:
        """Of all causes together, by time."""
        return np.asarray(self.exits.sum(0), dtype=np.int64)


def lifetimes(time: ArrayLike, cause: ArrayLike, entry: ArrayLike | None = None) -> Lifetimes:
    """Make lifetimes from arrays of one length.

    Args:
        time: months, 0 or more.
        cause: index of the cause, or ``NONE``; truth values count as one cause and none.
        entry: months, 0 or more; 0 for all if it is not given.

    Raises:
        ValueError: lengths differ, a number is negative or not finite, or a life ends before it is observed.
    """
    times = amounts_of(time, 1)
    causes = np.asarray(cause)
    causes = np.where(causes, 0, NONE) if causes.dtype == bool else causes
    entries = np.zeros(times.shape) if entry is None else amounts_of(entry, 1)
    return Lifetimes(times, causes.astype(np.int64), entries)


def risk_table(lives: Lifetimes, causes: int) -> RiskTable:
    """Count who is at risk and who leaves, up to the first time after which nobody is at risk.

    With late entry the number at risk may fall to 0 and rise again. What happens then says nothing about the lives
    before, so the table breaks off there; begin later (``observed_after``) to use the others.

    Raises:
        ValueError: there is a cause beyond their number.
    """
    if len(lives) and lives.cause.max() >= causes:
        raise ValueError("a cause beyond their number")
    time = np.unique(lives.time)
    exits = np.zeros((causes, len(time)), dtype=np.int64)
    ended = lives.cause != NONE
    np.add.at(exits, (lives.cause[ended], np.searchsorted(time, lives.time[ended])), 1)
    at_risk = lives.at_risk(time)
    rows = _unbroken(lives, time)
    followed_to = float(time[rows - 1]) if rows else 0.0
    left_out = int((lives.entry >= followed_to).sum()) if rows < len(time) else 0
    return RiskTable(time[:rows], at_risk[:rows], exits[:, :rows], followed_to, left_out)


def _unbroken(lives: Lifetimes, time: Floats) -> int:
    """How many of the times come before the first break."""
    begun = np.searchsorted(np.sort(lives.entry), time, side="right")
    ended = np.searchsorted(np.sort(lives.time), time, side="right")
    return int(np.argmax(begun == ended)) + 1 if len(time) else 0
