"""How many come, leave and stay in a period, and how full a park is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webapp.clusters.arrays import NONE
from webapp.clusters.calendar import months_between
from webapp.clusters.intervals import CONFIDENCE, Proportion, Rate, proportion, rate
from webapp.clusters.panel import Stays


@dataclass(frozen=True)
class Turnover:
    """Of the spells of a place, or of the network, between two days."""

    since: int
    until: int
    at_start: int
    at_end: int
    entered: int
    left: int
    mean: float
    """Residents on an average day of the period."""
    turnover: Rate
    """Departures a year and resident: 0.27 is a turnover of 27 %."""
    retention: Proportion
    """Of those there at the start, those that stayed throughout."""
    renewal: Proportion
    """Of the stays that were renewed or ended, those that were renewed."""


def turnover(spells: Stays, since: int, until: int, renewals: int = 0, confidence: float = CONFIDENCE) -> Turnover:
    """Turnover, retention and renewal in the days after ``since`` up to ``until``.

    Turnover is departures over resident-years. Renewal leaves out stays about which nothing was decided. Retention, as
    incubators use it, is (members at the end - new ones) / members at the start.

    Args:
        spells: ``panel.joined``, of one place or of all.
        since: ordinal of a day; who was there on it is at the start.
        until: ordinal of a later day.
        renewals: recorded in the period.
        confidence: of the intervals.

    Raises:
        ValueError: the period has no day.
    """
    if until <= since:
        raise ValueError("a period ends after it begins")
    at_start, at_end = spells.on(since), spells.on(until)
    stayed, there = int((at_start & at_end).sum()), int(at_start.sum())
    left = int(((spells.left > since) & (spells.left <= until)).sum())
    mean = _resident_days(spells, since, until) / (until - since)
    return Turnover(
        since=since,
        until=until,
        at_start=there,
        at_end=int(at_end.sum()),
        entered=int(((spells.entered > since) & (spells.entered <= until)).sum()),
        left=left,
        mean=mean,
        turnover=rate(left, _exposure(mean, left, since, until), confidence),
        retention=proportion(stayed, there, confidence),
        renewal=proportion(renewals, renewals + left, confidence),
    )


def _exposure(mean: float, left: int, since: int, until: int) -> float:
    """Resident-years; who leaves on the very first day leaves no resident-day behind, but was at risk."""
    return max(mean, left / (until - since)) * float(months_between([since], [until])[0]) / 12


def _resident_days(spells: Stays, since: int, until: int) -> int:
    """Days in the period, each as often as there were residents."""
    ends = np.where(spells.left == NONE, until + 1, np.minimum(spells.left, until + 1))
    return int(np.maximum(ends - np.maximum(spells.entered, since + 1), 0).sum())


def occupancy(residents: int, capacity: int | None) -> float | None:
    """Residents over places; above 1 if there are more than places. Nothing where the capacity is not known.

    Raises:
        ValueError: a number is negative.
    """
    if residents < 0 or (capacity or 0) < 0:
        raise ValueError(f"{residents} residents in {capacity} places")
    return residents / capacity if capacity else None
