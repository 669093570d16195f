"""Who came, left and stayed, and for how long: figures of regions, sectors and the network. The worker's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from webapp.clusters.arrays import NONE, Ints, Mask
from webapp.clusters.calendar import months_between, years_before
from webapp.clusters.competing import aalen_johansen
from webapp.clusters.growth import movement
from webapp.clusters.intervals import Proportion, Rate
from webapp.clusters.lifetimes import Lifetimes, lifetimes
from webapp.clusters.panel import Stays, stay_durations
from webapp.clusters.survival import kaplan_meier
from webapp.clusters.turnover import Turnover, turnover
from webapp.clusters.vacancies import vacancies
from webapp.services.cluster_figures import AGES, AgeShare, Curve, Estimate, Flows, ReasonShare
from webapp.services.cluster_stays import GRADUATED, Panel

FEWEST_LIVES = 10
"""Stays that a survival curve needs, and that must be at risk at each age that it shows."""

REASONS_AT = 36
"""Months at which the reasons for leaving are shown."""


@dataclass(frozen=True)
class Period:
    """The year up to a day, and the day, as ordinals."""

    since: int
    until: int

    @classmethod
    def before(cls, day: date) -> Period:
        """The twelve months up to a day."""
        until = day.toordinal()
        return cls(years_before(until, 1), until)


def is_small(counts: Ints, threshold: int) -> Mask:
    """Which counts are below the threshold without being 0."""
    return (counts > 0) & (counts < threshold)


def turnovers(parts: list[Stays], renewed: Ints, period: Period) -> list[Turnover]:
    """The turnover of each region, or of each sector.

    Args:
        parts: the spells of each.
        renewed: renewals of each in the period.
        period: from when to when.
    """
    return [
        turnover(spells, period.since, period.until, int(number)) for spells, number in zip(parts, renewed, strict=True)
    ]


def public_flows(found: list[Turnover], hidden: Mask, threshold: int) -> Mask:
    """Whose entries and departures may be published: both or neither, since their difference is the known growth.

    One is withheld if either number is small. What is withheld comes from two places at least and adds up to the
    threshold at least, so that the network's numbers do not give it back.

    Args:
        found: by place.
        hidden: places that are withheld in any case.
        threshold: fewest startups of a public count.
    """
    entered, left = np.array([(each.entered, each.left) for each in found], dtype=np.int64).reshape(-1, 2).T
    if threshold < 2:
        return ~hidden
    hidden = hidden | is_small(entered, threshold) | is_small(left, threshold)
    while hidden.any() and not _hides(entered, left, hidden, threshold):
        open_ = np.flatnonzero(~hidden & (entered + left > 0))
        if not open_.size:
            return np.zeros(len(found), dtype=bool)
        hidden[open_[np.argmin((entered + left)[open_])]] = True
    return ~hidden


def _hides(entered: Ints, left: Ints, hidden: Mask, threshold: int) -> bool:
    moved = hidden & (entered + left > 0)
    sums = np.array([entered[hidden].sum(), left[hidden].sum()])
    return not moved.any() or (int(moved.sum()) > 1 and not is_small(sums, threshold).any())


def flows_of(found: Turnover, spells: Stays, lives: Lifetimes, threshold: int) -> Flows:
    """The published form of a turnover, whose entries and departures may be published."""
    lost, there = found.at_start - found.retention.count, spells.where(spells.on(found.until))
    until = np.full(len(there), found.until)
    expected = vacancies(lives, months_between(there.entered, until)) if len(there) >= FEWEST_LIVES else None
    has_few = is_small(np.array([lost, found.retention.count, found.renewal.count]), threshold)
    return Flows(
        since=date.fromordinal(found.since),
        entered=found.entered,
        left=found.left,
        direction=str(movement(found.entered, found.left).direction),
        turnover=_rate(found.turnover),
        retention=None if has_few[0] or has_few[1] else _proportion(found.retention),
        renewal=None if has_few[2] else _proportion(found.renewal),
        vacancies=Estimate(expected.expected, expected.lower, expected.upper, len(there)) if expected else None,
    )


def _rate(found: Rate) -> Estimate:
    return Estimate(found.value or 0.0, found.lower or 0.0, found.upper or 0.0, found.count)


def _proportion(found: Proportion) -> Estimate | None:
    return None if found.value is None else Estimate(found.value, found.lower, found.upper, found.of)


def lives_of(spells: Stays, panel: Panel, day: int) -> Lifetimes:
    """How long spells lasted, as known on a day."""
    return stay_durations(spells, day, len(panel.reasons) - 1)


def curve_of(lives: Lifetimes) -> Curve | None:
    """A survival curve at the ages shown; nothing of too few."""
    if len(lives) < FEWEST_LIVES:
        return None
    found = kaplan_meier(lives)
    points = []
    for age in AGES:
        estimate = found.at(age)
        if estimate is None or estimate.at_risk < FEWEST_LIVES:
            break
        points.append(AgeShare(age, estimate.value, estimate.lower, estimate.upper, estimate.at_risk))
    return Curve(len(lives), points) if points else None


def reasons_of(lives: Lifetimes, panel: Panel, threshold: int) -> list[ReasonShare]:
    """The shares that had left for each reason by an age, the others competing; reasons of few are left out."""
    if len(lives) < FEWEST_LIVES:
        return []
    found = aalen_johansen(lives, len(panel.reasons))
    shares = []
    for cause, reason in enumerate(panel.reasons):
        number = int(((lives.cause == cause) & (lives.time <= REASONS_AT)).sum())
        estimate = found.at(cause, REASONS_AT)
        if estimate is None or estimate.at_risk < FEWEST_LIVES or 0 < number < threshold:
            continue
        share = AgeShare(REASONS_AT, estimate.value, estimate.lower, estimate.upper, estimate.at_risk)
        shares.append(ReasonShare(reason, share))
    return shares


def graduations(spells: Stays, panel: Panel, day: int) -> tuple[Curve | None, Curve | None]:
    """How long companies that completed their stay stay active, from then on.

    A closure is known wherever it was recorded, while a company is only known to be active if somebody asked. Followed
    until last heard of, companies look worse than they are; taken for active unless closed, better. The truth lies
    between the two curves.

    Args:
        spells: of the network.
        panel: with the days of closure and of the last news.
        day: ordinal of the day as of which everything is looked at.
    """
    if GRADUATED not in panel.reasons:
        return None, None
    reason = panel.reasons.index(GRADUATED)
    graduated = spells.where((spells.left != NONE) & (spells.left <= day) & (spells.reason == reason))
    known, best, closed = [], [], []
    for startup, left in zip(graduated.startup.tolist(), graduated.left.tolist(), strict=True):
        end = panel.closed.get(startup, day + 1)
        closed.append(end <= day)
        best.append(max(min(end, day), left))
        heard = end if end <= day else min(panel.last_known.get(startup, left), day)
        known.append(max(heard, left))
    curves = (lifetimes(months_between(graduated.left, np.array(ends, np.int64)), np.array(closed, bool))
              for ends in (known, best))  # fmt: skip
    first, second = (curve_of(lives) for lives in curves)
    return first, second
