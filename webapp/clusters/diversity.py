"""How diverse a region's sectors are, and how far its mix is from that of the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, entr, xlog1py, xlogy

from webapp.clusters.arrays import Floats, amounts_of, counts_of, ratio


@dataclass(frozen=True)
class Diversity:
    """Of the startups of a region over its sectors. Every figure is nothing if there are no startups.

    Few startups look less diverse than they are, whatever the formula: compare regions of like size.
    """

    startups: int
    sectors: int
    """Sectors that have a startup."""
    hhi: float | None
    """Herfindahl-Hirschman index, from 1/sectors to 1."""
    hhi_unbiased: float | None
    """The same without the bias of small numbers; nothing of fewer than two startups."""
    effective: float | None
    """Effective number of sectors: as many of equal size would give the same index."""
    entropy: float | None
    """Shannon's, in bits."""
    unrelated: float | None
    """Unrelated variety, in bits: entropy between the groups of sectors."""
    related: float | None
    """Related variety, in bits: mean entropy within the groups. The two add up to the entropy."""


@dataclass(frozen=True)
class Dissimilarity:
    """Krugman's index of a region's specialisation: 0 is the network's mix, 2 has nothing in common with it."""

    startups: int
    value: float | None
    by_chance: float | None
    """What as many startups drawn from the network's mix would show on average; only what exceeds it speaks."""


def shares(amounts: ArrayLike) -> Floats:
    """Amounts as shares of their sum; zeros if there is nothing."""
    values = amounts_of(amounts, 1)
    return ratio(values, values.sum())


def hhi(amounts: ArrayLike) -> float | None:
    """Herfindahl-Hirschman index: the sum of squared shares (Hirschman 1964, American Economic Review 54)."""
    parts = shares(amounts)
    return float(np.sum(parts**2)) if parts.any() else None


def entropy(amounts: ArrayLike) -> float | None:
    """Shannon's entropy, -sum p log2 p, in bits (Shannon 1948, Bell System Technical Journal 27)."""
    parts = shares(amounts)
    return float(entr(parts).sum() / np.log(2)) if parts.any() else None


def varieties(amounts: ArrayLike, groups: ArrayLike) -> tuple[float, float] | None:
    """Unrelated and related variety, in bits. Source: Frenken, Van Oort & Verburg 2007, Regional Studies 41.

    UV = sum over groups of P_g log2(1/P_g); RV = sum of P_g H_g, with H_g the entropy within group g.

    Args:
        amounts: by sector.
        groups: index of the group of each sector, from 0 on.

    Raises:
        ValueError: not one group for each sector.
    """
    parts, group = shares(amounts), counts_of(groups, 1)
    if group.shape != parts.shape:
        raise ValueError("every sector has one group")
    if not parts.any():
        return None
    of_group = np.bincount(group, weights=parts)
    within = parts * np.log2(ratio(of_group[group], parts), out=np.zeros(parts.shape), where=parts > 0)
    return float(entr(of_group).sum() / np.log(2)), float(within.sum())


def diversity(counts: ArrayLike, groups: ArrayLike) -> Diversity:
    """All figures of one region at once.

    The effective number is 1/HHI, Hill's number of order 2 (Hill 1973, Ecology 54). The unbiased index is
    sum n_s (n_s - 1) / (n (n - 1)): the chance that two startups are of one sector (Simpson 1949, Nature 163).

    Args:
        counts: startups by sector.
        groups: index of the group of each sector, from 0 on.
    """
    numbers = counts_of(counts, 1)
    total = int(numbers.sum())
    index, variety = hhi(numbers), varieties(numbers, groups)
    unbiased = float((numbers * (numbers - 1)).sum() / (total * (total - 1))) if total > 1 else None
    return Diversity(
        startups=total,
        sectors=int((numbers > 0).sum()),
        hhi=index,
        hhi_unbiased=unbiased,
        effective=1 / index if index else None,
        entropy=entropy(numbers),
        unrelated=variety[0] if variety else None,
        related=variety[1] if variety else None,
    )


def krugman(counts: ArrayLike, network: ArrayLike) -> Dissimilarity:
    """Krugman's specialisation index sum |p(s, r) - p(s)| (Krugman 1991, Geography and Trade, p. 76).

    By chance: of n startups drawn from shares p, the mean of |X_s / n - p_s| is exact for the binomial (De Moivre;
    Diaconis & Zabell 1991, Statistical Science 6). That the region is a part of the network is left out.

    Args:
        counts: startups by sector, in the region.
        network: startups by sector, in all regions.

    Raises:
        ValueError: the two have not the same sectors.
    """
    region, whole = counts_of(counts, 1), counts_of(network, 1)
    if region.shape != whole.shape:
        raise ValueError("region and network have the same sectors")
    total = int(region.sum())
    if not total or not whole.sum():
        return Dissimilarity(total, None, None)
    expected = shares(whole)
    by_chance = sum(_mean_deviation(total, float(share)) for share in expected)
    return Dissimilarity(total, float(np.abs(shares(region) - expected).sum()), by_chance)


def _mean_deviation(draws: int, share: float) -> float:
    """Mean of |X / n - p|, X binomial: 2/n (m + 1) C(n, m + 1) p^(m + 1) (1 - p)^(n - m) with m = floor(n p)."""
    if share in (0.0, 1.0):
        return 0.0
    mode = int(draws * share)
    # (m + 1) C(n, m + 1) = 1 / B(m + 1, n - m)
    logarithm = xlogy(mode + 1, share) + xlog1py(draws - mode, -share) - betaln(mode + 1, draws - mode)
    return float(2 / draws * np.exp(logarithm))
