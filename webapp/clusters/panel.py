"""From the stays of startups in parks: who was where on a day, who came and left, and how long they stayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import NONE, Ints, Mask
from webapp.clusters.calendar import months_between
from webapp.clusters.lifetimes import Lifetimes


@dataclass(frozen=True)
class Stays:
    """Stays as columns of one length, one row a stay. A startup is there from ``entered`` until the day before
    ``left``.
    """

    startup: Ints
    """Any number that stands for the startup."""
    sector: Ints
    """Index of the startup's (primary) sector; ``NONE`` if it has none."""
    place: Ints
    """Index of the region, or of the site; ``NONE`` if it is not known."""
    entered: Ints
    """Ordinal of a day."""
    left: Ints
    """Ordinal of a day; ``NONE`` while the stay lasts."""
    reason: Ints
    """Index of the reason for leaving; ``NONE`` if it lasts or the reason was not recorded."""

    def __post_init__(self) -> None:
        columns = (self.startup, self.sector, self.place, self.entered, self.left, self.reason)
        if len({len(column) for column in columns}) != 1:
            raise ValueError("columns of one length")
        if ((self.left != NONE) & (self.left < self.entered)).any():
            raise ValueError("a stay ends before it begins")

    def __len__(self) -> int:
        return len(self.startup)

    def where(self, chosen: Mask) -> Stays:
        """The stays of some rows."""
        return Stays(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def on(self, day: int) -> Mask:
        """Which of them lasted on a day."""
        return (self.entered <= day) & ((self.left == NONE) | (self.left > day))

    def at_one_place(self) -> Stays:
        """The same stays as if all places were one, which then is place 0: the view of the network."""
        return Stays(self.startup, self.sector, np.zeros_like(self.place), self.entered, self.left, self.reason)


def stays_of(
    startup: ArrayLike, sector: ArrayLike, place: ArrayLike, entered: ArrayLike, left: ArrayLike, reason: ArrayLike
) -> Stays:
    """Make stays from columns of any kind of whole numbers.

    Raises:
        ValueError: columns differ in length, or a stay ends before it begins.
    """
    columns = (startup, sector, place, entered, left, reason)
    return Stays(*(np.asarray(column, dtype=np.int64) for column in columns))


def joined(stays: Stays, gap: int = 0) -> Stays:
    """Spells: the stays of one startup at one place that overlap or follow one another, as one stay each.

    A move between two sites of a region is then no departure from the region. Of a spell the reason is that of the stay
    which ended last. In order of startup, place and entry.

    Args:
        stays: by region, by site or ``at_one_place``.
        gap: days between two stays that are bridged.
    """
    if not len(stays):
        return stays
    never = int(max(stays.entered.max(), stays.left.max())) + gap + 1
    end = np.where(stays.left == NONE, never, stays.left)
    order = np.lexsort((end, stays.entered, stays.place, stays.startup))
    startup, place, entered, end = stays.startup[order], stays.place[order], stays.entered[order], end[order]
    same = (startup[1:] == startup[:-1]) & (place[1:] == place[:-1])
    group = np.concatenate([[0], np.cumsum(~same)])
    # Offsets keep the running maximum of one group out of the next.
    reach = np.maximum.accumulate(end + group * (never + 1)) - group * (never + 1)
    begins = np.concatenate([[True], ~same | (entered[1:] > reach[:-1] + gap)])
    spell = np.cumsum(begins) - 1
    last = np.lexsort((end, spell))[np.append(np.flatnonzero(np.diff(spell)), len(spell) - 1)]
    left = np.where(end[last] == never, NONE, end[last])
    reason = np.where(left == NONE, NONE, stays.reason[order][last])
    return Stays(startup[begins], stays.sector[order][begins], place[begins], entered[begins], left, reason)


def residents(stays: Stays, day: int) -> int:
    """How many startups there were on a day, each counted once."""
    return len(np.unique(stays.startup[stays.on(day)]))


def table(stays: Stays, day: int, sectors: int, places: int) -> Ints:
    """Startups on a day, sectors by places.

    A startup counts once at each place where it is, so the sum may exceed the number of startups. Without a sector or a
    place it does not count: compare with ``residents``.
    """
    return _distinct(stays.where(stays.on(day)), sectors, places)


def history(stays: Stays, days: Sequence[int], sectors: int, places: int) -> Ints:
    """``table`` on several days: days by sectors by places."""
    tables = [table(stays, day, sectors, places) for day in days]
    return np.array(tables, dtype=np.int64).reshape(len(days), sectors, places)


def entries(stays: Stays, since: int, until: int, sectors: int, places: int) -> Ints:
    """Startups that came after one day and up to another, sectors by places. Give spells, not stays."""
    return _distinct(stays.where((stays.entered > since) & (stays.entered <= until)), sectors, places)


def departures(stays: Stays, since: int, until: int, sectors: int, places: int) -> Ints:
    """Startups that left after one day and up to another, sectors by places. Give spells, not stays."""
    return _distinct(stays.where((stays.left > since) & (stays.left <= until)), sectors, places)


def _distinct(stays: Stays, sectors: int, places: int) -> Ints:
    placed = (stays.sector != NONE) & (stays.place != NONE)
    rows = np.unique(np.stack([stays.startup, stays.sector, stays.place])[:, placed], axis=1)
    counts = np.zeros((sectors, places), dtype=np.int64)
    np.add.at(counts, (rows[1], rows[2]), 1)
    return counts


def durations(
    begun: ArrayLike, ended: ArrayLike, cause: ArrayLike, as_of: int, unknown: int, observed_from: int | None = None
) -> Lifetimes:
    """Lifetimes from any origin to any end: from entry to departure, or from graduation to the end of the company.

    What lies after ``as_of`` is not yet known: ends are forgotten, what begins later is left out. What ended before
    ``observed_from``, or began and ended on that day, is left out too, and the rest counts from then on only (late
    entry).

    Args:
        begun: ordinals of days.
        ended: ordinals of days; ``NONE`` if it goes on.
        cause: index of what ended it; ``NONE`` if that was not recorded, which then is ``unknown``.
        as_of: the day on which everything is looked at.
        unknown: index of the cause not known.
        observed_from: the day from which departures were recorded; nothing if they always were.
    """
    first, last, why = (np.asarray(column, dtype=np.int64) for column in (begun, ended, cause))
    over = (last != NONE) & (last <= as_of)
    seen = np.where(over, last, as_of)
    kept = first <= as_of
    start = first
    if observed_from is not None:
        start = np.maximum(first, observed_from)
        kept &= (seen > start) | (first >= observed_from)
    first, seen, start = first[kept], seen[kept], start[kept]
    causes = np.where(over, np.where(why == NONE, unknown, why), NONE)[kept]
    return Lifetimes(months_between(first, seen), causes, months_between(first, start))


def stay_durations(spells: Stays, as_of: int, unknown: int, observed_from: int | None = None) -> Lifetimes:
    """How long spells lasted, by reason for leaving; see ``durations``."""
    return durations(spells.entered, spells.left, spells.reason, as_of, unknown, observed_from)
