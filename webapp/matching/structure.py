"""The parts of the score that come from what both sides state: sector, needs, stage, place, money, technology.

Parts are computed for blocks of startups by partners at once, each with a value between 0 and 1, and known or not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.model import Block

Mask = NDArray[np.bool_]
"""Shape: startups by partners."""

SECONDARY_SECTOR = 0.6
"""Value of the sector if the partner seeks one of the startup's sectors, but not the primary one."""

SAME_REGION = 0.6
"""Value of the place if both are in one region, but not at one site."""

NEXT_STAGE = 0.4
"""Value of the stage if it is the one before or after one that is sought."""

NEEDS_ANSWERED = (0.0, 0.7, 1.0)
"""Value of the needs by how many of them the partner answers; two are as good as more."""


@dataclass(frozen=True)
class Value:
    """One part of the score over a block. The value is 0 wherever the part is not known."""

    value: Block
    known: Mask


def structure(
    startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], tickets: Mask
) -> dict[str, Value]:
    """The structural parts of every pair; ``tickets`` says where ranges of money overlap."""
    return {
        "sector": _sector(startups, partners),
        "needs": _needs(startups, partners),
        "stage": _stage(startups, partners),
        "place": _place(startups, partners),
        "ticket": _bonus(tickets),
        "funding": _bonus(_shared(startups, partners, "funding_stages") > 0),
        "technology": _bonus(_shared(startups, partners, "technologies") > 0),
    }


def overlap(left: Sequence[Collection[str]], right: Sequence[Collection[str]]) -> Block:
    """How many codes each of ``left`` shares with each of ``right``."""
    column = {code: number for number, code in enumerate(sorted({code for codes in right for code in codes}))}
    return _one_hot(left, column) @ _one_hot(right, column).T


def _one_hot(carried: Sequence[Collection[str]], column: Mapping[str, int]) -> Block:
    bits = np.zeros((len(carried), len(column)), dtype=np.float32)
    pairs = [(row, column[code]) for row, codes in enumerate(carried) for code in codes if code in column]
    if pairs:
        rows, columns = np.array(pairs).T
        bits[rows, columns] = 1
    return bits


def both(left: Sequence[object], right: Sequence[object]) -> Mask:
    """Where both sides have something."""
    return np.logical_and.outer([bool(item) for item in left], [bool(item) for item in right])


def steps_apart(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> NDArray[np.int64]:
    """How many stages lie between a startup's and the nearest one sought; -1 where either is not known."""
    apart = np.full((len(startups), len(partners)), -1, dtype=np.int64)
    mine = sorted({startup.steps for startup in startups if startup.steps})
    theirs = sorted({partner.steps for partner in partners if partner.steps})
    for left in mine:
        rows = [number for number, startup in enumerate(startups) if startup.steps == left]
        for right in theirs:
            columns = [number for number, partner in enumerate(partners) if partner.steps == right]
            apart[np.ix_(rows, columns)] = min(abs(one - other) for one in left for other in right)
    return apart


def _shared(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], kind: str) -> Block:
    return overlap([startup.codes(kind) for startup in startups], [partner.codes(kind) for partner in partners])


def _value(value: NDArray[np.generic], known: Mask) -> Value:
    return Value(np.where(known, value, 0).astype(np.float32), known)


def _bonus(holds: Mask) -> Value:
    """A part that speaks for a pair where it holds and says nothing where it does not."""
    return _value(holds, holds)


def _sought(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], kind: str) -> Value:
    known = both([startup.codes(kind) for startup in startups], [partner.codes(kind) for partner in partners])
    return _value(_shared(startups, partners, kind) > 0, known)


def _stage(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Value:
    sought = _sought(startups, partners, "maturities")
    near = steps_apart(startups, partners) == 1
    return _value(np.where(sought.value > 0, 1, np.where(near, NEXT_STAGE, 0)), sought.known)


def _sector(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Value:
    any_of_them = _sought(startups, partners, "sectors")
    primary = overlap(
        [startup.codes("sectors")[:1] for startup in startups], [partner.codes("sectors") for partner in partners]
    )
    return _value(np.where(primary > 0, 1, SECONDARY_SECTOR * any_of_them.value), any_of_them.known)


def _needs(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Value:
    needs = [startup.codes("needs") for startup in startups]
    answered = [partner.answered for partner in partners]
    counts = np.minimum(overlap(needs, answered), len(NEEDS_ANSWERED) - 1).astype(np.int64)
    return _value(np.take(NEEDS_ANSWERED, counts), both(needs, answered))


def _place(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Value:
    one_site = overlap([startup.sites for startup in startups], [partner.sites for partner in partners]) > 0
    regions = [startup.regions for startup in startups]
    one_region = overlap(regions, [partner.regions for partner in partners]) > 0
    value = np.where(one_site, 1, np.where(one_region, SAME_REGION, 0))
    bound = both(regions, [partner.regions if partner.meets_in_person else () for partner in partners])
    return _value(value, bound | one_site | one_region)
