"""Months and years between days, as people count them: what begins on the 15th has lasted a month on the next 15th."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from webapp.clusters.arrays import Floats

_EPOCH = date(1970, 1, 1).toordinal()

Days = NDArray[np.datetime64]


def months_between(start: ArrayLike, end: ArrayLike) -> Floats:
    """Months from one day to another: whole ones by the calendar, then a part of the month that was begun.

    Anniversaries come out whole, so that stays which end exactly on one are told from those that last beyond. A month
    from the 31st ends on the last day of a shorter one.

    Args:
        start: ordinals of days.
        end: ordinals of days, none before its start.
    """
    first, last = _days(start), _days(end)
    months = (last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype(np.int64)
    whole = months - (_shift(first, months) > last)
    since = _shift(first, whole)
    length = (_shift(first, whole + 1) - since).astype(np.int64)
    return np.asarray(whole + (last - since).astype(np.int64) / length, dtype=np.float64)


def years_before(day: int, years: int) -> int:
    """The ordinal of the same day so many years earlier; of February 29th that of the 28th, where it must."""
    return int(_shift(_days([day]), np.array([-12 * years])).astype(np.int64)[0]) + _EPOCH


def _days(ordinals: ArrayLike) -> Days:
    return (np.asarray(ordinals, dtype=np.int64) - _EPOCH).astype("datetime64[D]")


def _shift(days: Days, months: NDArray[np.int64]) -> Days:
    """The same day of the month so many months later, or else the last of that month."""
    begin = days.astype("datetime64[M]")
    target = begin + months
    last = (target + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(target.astype("datetime64[D]") + (days - begin.astype("datetime64[D]")), last)
