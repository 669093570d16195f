"""Disclosure control: which counts are withheld so that small ones cannot be found, not even by subtraction.

A count is small if it is above 0 and below the threshold. Withholding the small ones alone would not do: a margin minus
the other cells of its row gives them back. So others are withheld with them, as few and as small as can be, and a
linear programme that knows all that the public knows checks the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from webapp.clusters.arrays import Floats, Ints, Mask, ratio
from webapp.clusters.release import Layout, Release

THRESHOLD = 3
"""Fewest startups that a public cell may count, besides none."""

TOLERANCE = 1e-6
"""The solver's numbers are whole up to this."""


@dataclass(frozen=True)
class Suppression:
    """Which cells of a release are withheld. A withheld cell may also be an empty one."""

    primary: Mask
    """By cell: because the count is small. Hidden cells are among them."""
    withheld: Mask
    """By cell: all that are not published, for whatever reason."""
    threshold: int

    def shown(self, layout: Layout, table: int = 0) -> Mask:
        """Which cells of a table may be published, in the rows and columns of its layout."""
        part = self.withheld[table * layout.size : (table + 1) * layout.size]
        return ~part.reshape(layout.shape)


@dataclass(frozen=True)
class Audit:
    """What the public can work out of each cell. A cell that is not looked at has the interval of its value."""

    lower: Floats
    upper: Floats
    protected: Mask
    """True too where there is nothing to protect; False of a small cell that is known."""

    @property
    def passes(self) -> bool:
        """Whether every withheld cell is protected."""
        return bool(self.protected.all())


def suppress(release: Release, threshold: int = THRESHOLD) -> Suppression:
    """Choose the cells to withhold.

    It is a heuristic (see ``_withhold``): safe, but not always the least loss. Cells that are known in any case are
    never withheld; where that leaves a cell without protection, ``audit`` tells.

    Args:
        release: everything that is published together.
        threshold: fewest startups of a public cell.

    Raises:
        ValueError: the threshold is below 2, so that nothing would be small.
    """
    if threshold < 2:
        raise ValueError("a threshold below 2 protects nobody")
    values = release.values()
    primary = (values > 0) & (values < threshold)
    return Suppression(primary, _withhold(release, values, primary, threshold), threshold)


def _withhold(release: Release, values: Ints, primary: Mask, threshold: int) -> Mask:
    """The small cells, and others with them.

    For each small cell two linear programmes look for the cheapest way in which the true table could be another one
    that looks the same: once with none in the cell, once with as many as the threshold. The cells that differ are
    withheld; if there is no way, all that share an atom with the cell. Sources: Kelly, Golden & Assad 1992, Networks
    22; Fischetti & Salazar-Gonzalez 2000, Journal of the American Statistical Association 95 (the attacker's
    programme); Hundepool et al. 2012, Statistical Disclosure Control, ch. 4.
    """
    withheld: Mask = (primary & ~release.known) | release.hidden
    reached: dict[int, Mask] = {-1: np.zeros(len(values), bool), 1: np.zeros(len(values), bool)}
    small = np.flatnonzero(primary & ~release.known)
    for cell in small[np.argsort(values[small], kind="stable")]:
        for sign, shift in ((-1, values[cell]), (1, threshold - values[cell])):
            if reached[sign][cell]:
                continue
            change = _cheapest_change(release, withheld, int(cell), float(sign * shift))
            if change is None:
                withheld |= _beside(release, int(cell)) & ~release.known
                continue
            withheld |= np.abs(change) > TOLERANCE
            reached[-1] |= change <= TOLERANCE - values
            reached[1] |= change >= threshold - values - TOLERANCE
    return withheld


def audit(release: Release, chosen: Suppression) -> Audit:
    """Check a choice as an attacker would: what can each withheld cell be, given all that is published?

    A small cell is protected if it might be empty and might as well reach the threshold; any other that is withheld, if
    it is not pinned to one value. Atoms are taken for numbers of 0 or more, not for whole ones: for one table, with
    groups or without, that makes no difference (its constraints are totally unimodular); for two together, whole
    numbers might narrow the intervals a little.
    """
    values = release.values().astype(np.float64)
    lower, upper = values.copy(), values.copy()
    # What is hidden and not small may be found: it could have been published.
    looked_at = chosen.withheld & (chosen.primary | ~release.hidden)
    for cell in np.flatnonzero(looked_at):
        lower[cell], upper[cell] = _range(release, ~chosen.withheld, values, int(cell))
    wide = (lower <= TOLERANCE) & (upper >= chosen.threshold - TOLERANCE)
    unpinned = upper - lower > TOLERANCE
    return Audit(lower, upper, np.where(chosen.primary, chosen.withheld & wide, unpinned | ~looked_at))


def _range(release: Release, seen: Mask, values: Floats, cell: int) -> tuple[float, float]:
    goal = np.asarray(release.members[[cell]].todense()).ravel()
    seen_cells = np.flatnonzero(seen)
    limits = {"A_eq": release.members[seen_cells], "b_eq": values[seen_cells], "bounds": (0, None), "method": "highs"}
    least, most = linprog(goal, **limits), linprog(-goal, **limits)
    # Without a published total the most may be without limit: the value then stands for all larger ones.
    return float(least.fun), float(-most.fun) if most.status == 0 else float(values.sum() + 1)


def _cheapest_change(release: Release, withheld: Mask, cell: int, shift: float) -> Floats | None:
    """How the cells change if one of them changes so much, at the least cost; nothing if known cells do not let it.

    The unknowns are the changes of the atoms, and how much each cell that is not yet withheld rises and falls.
    """
    atoms = len(release.atoms)
    costly, fixed = np.flatnonzero(~withheld & ~release.known), np.flatnonzero(release.known)
    rows = np.arange(len(costly))
    rises = csr_array((np.ones(len(rows)), (rows, rows)), shape=(len(rows), len(rows)))
    padding = csr_array((len(fixed) + 1, 2 * len(costly)))
    steady = hstack([release.members[np.append(fixed, cell)], padding])
    balance = hstack([release.members[costly], -rises, rises])
    goal = np.concatenate([np.zeros(atoms), np.tile(_costs(release)[costly], 2)])
    targets = np.concatenate([np.zeros(len(costly) + len(fixed)), [shift]])
    bounds = np.zeros((atoms + 2 * len(costly), 2))
    bounds[:atoms, 0], bounds[:, 1] = -release.atoms, np.inf
    found = linprog(goal, A_eq=csr_array(vstack([balance, steady])), b_eq=targets, bounds=bounds, method="highs")
    return np.asarray(release.members @ found.x[:atoms], dtype=np.float64) if found.status == 0 else None


def _costs(release: Release) -> Floats:
    """What a withheld cell costs: larger counts more, and sums of many cells much more."""
    breadth = np.asarray(release.members.sum(1), dtype=np.float64)
    weight: Floats = breadth * (1 + np.log1p(release.values()))
    return ratio(weight, weight.max(initial=1.0))


def _beside(release: Release, cell: int) -> Mask:
    """The cells that share an atom with a cell."""
    shared = release.members @ release.members[[cell]].T
    return np.asarray(shared.todense()).ravel() > 0
