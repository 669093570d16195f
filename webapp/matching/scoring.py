"""The score of a pair: the weighted mean of what both sides say something about, and what rules a pair out.

Each part of the score has a value between 0 and 1 and is known or not. Missing information is neutral: a part that
either side leaves open is left out of the mean. Parts are computed for blocks of startups by partners at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import Money, PartnerFeatures, StartupFeatures, country_of, languages

Block = NDArray[np.float32]
"""Shape: startups by partners."""
Mask = NDArray[np.bool_]
"""Shape: startups by partners."""
Scores = NDArray[np.float64]
"""Shape: startups by partners."""

FULL_TEXT = 0.15
"""Likeness of texts (a cosine) from which on they count as wholly alike; higher ones are rare even for close pairs."""

SECONDARY_SECTOR = 0.6
"""Value of the sector if the partner seeks one of the startup's sectors, but not the primary one."""

SAME_REGION = 0.6
"""Value of the place if both are in one region, but not at one site."""

NEEDS_ANSWERED = (0.0, 0.7, 1.0)
"""Value of the needs by how many of them the partner answers; two are as good as more."""

DECIMALS = 5
"""Scores are rounded, so that pairs which differ by an error of arithmetic only are equal and ordered by id."""

RULED_OUT = -1.0


@dataclass(frozen=True)
class Weights:
    """How much each part counts; the first eight add up to 1.

    Funding and technology only ever speak for a pair: how a startup was funded so far does not say what it seeks next,
    and technologies of interest are no condition.
    """

    text: float = 0.30
    """What the texts share."""
    sector: float = 0.22
    """The startup's sectors among those sought."""
    needs: float = 0.18
    """The startup's needs among those answered."""
    stage: float = 0.10
    """The startup's maturity among those sought."""
    place: float = 0.07
    """The same site, or the same region."""
    ticket: float = 0.05
    """What the startup raises and what the partner gives overlap."""
    funding: float = 0.04
    """The startup's funding stage among those sought."""
    technology: float = 0.04
    """One of the startup's technologies among those of interest."""

    evidence: float = 0.50
    """The mean is taken over at least this much weight, so that one fact alone does not make a perfect match."""

    def parts(self) -> dict[str, float]:
        """Part -> weight."""
        return {name: weight for name, weight in asdict(self).items() if name != "evidence"}


@dataclass(frozen=True)
class Value:
    """One part of the score over a block. The value is 0 wherever the part is not known."""

    value: Block
    known: Mask


@dataclass(frozen=True)
class Measures:
    """Everything that the scores of a block are made of."""

    values: Mapping[str, Value]
    allowed: Mask

    def evidence(self, weights: Weights) -> Block:
        """What the weighted sum of each pair is divided by."""
        total = sum(weight * self.values[part].known for part, weight in weights.parts().items())
        return np.maximum(total, weights.evidence).astype(np.float32)

    def scores(self, weights: Weights) -> Scores:
        """Scores between 0 and 1; ``RULED_OUT`` for pairs that must not be proposed."""
        total = sum(weight * self.values[part].value for part, weight in weights.parts().items())
        scores = np.round(np.asarray(total / self.evidence(weights), dtype=np.float64), DECIMALS)
        return np.where(self.allowed, scores, RULED_OUT)


def measure(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], likeness: Block) -> Measures:
    """Measure every pair of a block; ``likeness`` holds the cosines of their texts."""
    tickets_overlap, tickets_known = _tickets(startups, partners)
    values = {
        "text": _text(startups, partners, likeness),
        "sector": _sector(startups, partners),
        "needs": _needs(startups, partners),
        "stage": _sought(startups, partners, "maturities"),
        "place": _place(startups, partners),
        "ticket": _bonus(tickets_overlap),
        "funding": _bonus(_shared(startups, partners, "funding_stages") > 0),
        "technology": _bonus(_shared(startups, partners, "technologies") > 0),
    }
    allowed = ~(_is_excluded(startups, partners) | _is_outside(startups, partners) | (tickets_known & ~tickets_overlap))
    return Measures(values, allowed)


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


def _both(left: Sequence[object], right: Sequence[object]) -> Mask:
    """Where both sides have something."""
    return np.logical_and.outer([bool(item) for item in left], [bool(item) for item in right])


def _shared(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], kind: str) -> Block:
    return overlap([startup.codes(kind) for startup in startups], [partner.codes(kind) for partner in partners])


def _value(value: NDArray[np.generic], known: Mask) -> Value:
    return Value(np.where(known, value, 0).astype(np.float32), known)


def _bonus(holds: Mask) -> Value:
    """A part that speaks for a pair where it holds and says nothing where it does not."""
    return _value(holds, holds)


def _sought(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], kind: str) -> Value:
    known = _both([startup.codes(kind) for startup in startups], [partner.codes(kind) for partner in partners])
    return _value(_shared(startups, partners, kind) > 0, known)


def _text(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], likeness: Block) -> Value:
    """Texts that share no language cannot be compared by their words."""
    comparable = overlap([languages(startup) for startup in startups], [languages(partner) for partner in partners]) > 0
    return _value(np.clip(likeness / FULL_TEXT, 0, 1), comparable)


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
    return _value(np.take(NEEDS_ANSWERED, counts), _both(needs, answered))


def _place(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Value:
    one_site = overlap([startup.sites for startup in startups], [partner.sites for partner in partners]) > 0
    regions = [startup.regions for startup in startups]
    one_region = overlap(regions, [partner.regions for partner in partners]) > 0
    value = np.where(one_site, 1, np.where(one_region, SAME_REGION, 0))
    bound = _both(regions, [partner.regions if partner.meets_in_person else () for partner in partners])
    return _value(value, bound | one_site | one_region)


def _bounds(money: Sequence[Money]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]:
    least = np.array([-np.inf if range_.least is None else range_.least for range_ in money])
    most = np.array([np.inf if range_.most is None else range_.most for range_ in money])
    return least, most, np.array([range_.currency or "" for range_ in money], dtype=np.str_)


def _tickets(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> tuple[Mask, Mask]:
    """Where the ranges of money overlap, and where they can be compared at all: both known, in one currency."""
    raising = [startup.raising for startup in startups]
    tickets = [partner.ticket for partner in partners]
    least, most, currency = _bounds(raising)
    ticket_least, ticket_most, ticket_currency = _bounds(tickets)
    comparable = _both([money.is_known for money in raising], [money.is_known for money in tickets])
    comparable &= currency[:, np.newaxis] == ticket_currency
    meet = (least[:, np.newaxis] <= ticket_most) & (ticket_least <= most[:, np.newaxis])
    return comparable & meet, comparable


def _is_excluded(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Mask:
    kinds = sorted({kind for partner in partners for kind in partner.excluded})
    excluded = np.zeros((len(startups), len(partners)), dtype=bool)
    for kind in kinds:
        ruled_out = [partner.excluded.get(kind, ()) for partner in partners]
        excluded |= overlap([startup.codes(kind) for startup in startups], ruled_out) > 0
    return excluded


def _is_outside(startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures]) -> Mask:
    """Where the startup is certainly outside of the partner's geography.

    A startup of which only the country is known may be in any region of it.
    """
    places = [(*startup.places, *map(country_of, startup.places)) for startup in startups]
    unclear = [
        {place for place in startup.places if "-" not in place}
        - {country_of(place) for place in startup.places if "-" in place}
        for startup in startups
    ]
    geography = [partner.geography for partner in partners]
    inside = overlap(places, geography) > 0
    possibly = overlap(unclear, [{country_of(place) for place in codes} for codes in geography]) > 0
    return _both(places, geography) & ~inside & ~possibly
