"""Which sectors go together, and so which a region could develop next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import Floats, Ints, Mask, ratio

FEWEST_UNITS = 3
"""A sector seen in fewer units than these is related to none: one startup in two sectors proves nothing."""


@dataclass(frozen=True)
class Relatedness:
    """How sectors go together. Arrays are sectors by sectors, symmetric, 0 on the diagonal and where not known."""

    together: Ints
    """Units that have both sectors."""
    proximity: Floats
    """The lesser of the chances that a unit of one sector has the other too, 0 to 1."""
    association: Floats
    """Units with both over those that chance would give; above 1 is more than chance."""
    known: Mask


@dataclass(frozen=True)
class Candidate:
    """A sector that a region is not specialised in, and how much there already is of what goes with it (0 to 1)."""

    sector: int
    density: float


def relatedness(presence: ArrayLike, fewest: int = FEWEST_UNITS) -> Relatedness:
    """Relatedness of sectors from what occurs together.

    Proximity: phi_ij = min(P(i|j), P(j|i)) = n_ij / max(n_i, n_j) (Hidalgo, Klinger, Barabasi & Hausmann 2007, Science
    317). Association: n_ij N / (n_i n_j) (van Eck & Waltman 2009, JASIST 60). The unit decides the meaning: startups
    that work in several sectors, as plants that make several products in Neffke, Henning & Boschma 2011 (Economic
    Geography 87), or regions specialised in them, as countries in Hidalgo et al. A dozen regions are few; prefer
    startups.

    Args:
        presence: truth values, units by sectors.
        fewest: units that a sector needs.

    Raises:
        ValueError: not two dimensions.
    """
    table = np.asarray(presence).astype(bool).astype(np.int64)
    if table.ndim != 2:
        raise ValueError("presence is units by sectors")
    together = table.T @ table
    numbers = np.diag(together).copy()
    enough = numbers >= max(fewest, 1)
    known = np.logical_and.outer(enough, enough) & ~np.eye(len(numbers), dtype=bool)
    np.fill_diagonal(together, 0)
    proximity = ratio(together, np.maximum.outer(numbers, numbers))
    association = ratio(together * len(table), np.outer(numbers, numbers))
    return Relatedness(together, np.where(known, proximity, 0.0), np.where(known, association, 0.0), known)


def density(proximity: ArrayLike, specialised: ArrayLike) -> tuple[Floats, Mask]:
    """How much of what goes with a sector a region already has, 0 to 1, and where that is known.

    omega(s, r) = sum_i x_ir phi_is / sum_i phi_is over the other sectors i (Hidalgo et al. 2007, supporting material).

    Args:
        proximity: sectors by sectors; the diagonal is not looked at.
        specialised: truth values, sectors by regions.
    """
    near = np.array(proximity, dtype=np.float64)
    np.fill_diagonal(near, 0.0)
    have = np.asarray(specialised).astype(bool).astype(np.float64)
    around = np.broadcast_to(near.sum(1)[:, np.newaxis], have.shape)
    return ratio(near @ have, around), around > 0


def candidates(proximity: ArrayLike, specialised: ArrayLike, region: int) -> list[Candidate]:
    """The sectors that could come next in a region, the nearest to what it has first; none without anything near."""
    have = np.asarray(specialised).astype(bool)
    near, _ = density(proximity, have)
    found = [Candidate(sector, float(near[sector, region])) for sector in np.flatnonzero(~have[:, region]).tolist()]
    return sorted((item for item in found if item.density > 0), key=lambda item: (-item.density, item.sector))
