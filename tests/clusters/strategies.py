"""Tables, lifetimes and stays of any kind, small enough to check by other means."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import CensoredData

from webapp.clusters.arrays import NONE, Ints
from webapp.clusters.lifetimes import Lifetimes, lifetimes
from webapp.clusters.panel import Stays, stays_of

CAUSES = 3

Row = tuple[int, int, int, int, int, int]
"""Startup, sector, place, entered, left, reason."""


def tables(most: int = 30, side: int = 5) -> st.SearchStrategy[Ints]:
    """Sectors by regions."""
    return arrays(
        np.int64, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=side), elements=st.integers(0, most)
    )


def counts(most: int = 40, size: int = 8) -> st.SearchStrategy[Ints]:
    """Startups by sector."""
    return arrays(np.int64, st.integers(1, size), elements=st.integers(0, most))


@st.composite
def lives(draw: st.DrawFn, *, late: bool = True, censored: bool = True, at_least: int = 1) -> Lifetimes:
    """Lifetimes in whole months, with ties, of up to thirty startups."""
    number = draw(st.integers(at_least, 30))
    times = draw(arrays(np.int64, number, elements=st.integers(1, 15)))
    causes = draw(arrays(np.int64, number, elements=st.integers(NONE if censored else 0, CAUSES - 1)))
    entries = draw(arrays(np.int64, number, elements=st.integers(0, 8))) if late else np.zeros(number)
    return lifetimes(times, causes, np.minimum(entries, times - 1))


def censored_data(of: Lifetimes) -> CensoredData:
    """The same lifetimes as SciPy wants them."""
    ended = of.cause != NONE
    return CensoredData(uncensored=of.time[ended], right=of.time[~ended])


def stays(*rows: Row) -> Stays:
    return stays_of(*np.array(rows, dtype=np.int64).reshape(-1, 6).T)


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        entered = draw(st.integers(1, 20))
        left = draw(st.just(NONE) | st.integers(entered, 25))
        startup = draw(st.integers(1, 3))
        place, reason = draw(st.integers(NONE, 2)), NONE if left == NONE else draw(st.integers(0, 2))
        rows.append((startup, startup % 2, place, entered, left, reason))
    return rows
