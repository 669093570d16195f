"""Why a pair scores what it scores: parts whose weights add up to the score, with the values that a sentence needs.

Reasons add to the score. Counter-reasons add nothing; their ``cost`` is what a full match of that part would
have added. Both are codes with values; they are put into words at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import TOKEN_KINDS, PartnerFeatures, StartupFeatures, surfaces
from webapp.matching.model import Rows, Space
from webapp.matching.scoring import Measures, Weights

Part = dict[str, Any]
"""``code``, ``weight`` (what it adds to the score), ``values``, and for a counter-reason ``cost``."""

WORDS_PER_LANGUAGE = 3
"""How many shared words of each of its languages a reason names."""

SHARED_WORDS = "shared-words"
REASONS = frozenset(
    {
        SHARED_WORDS,
        "same-sector",
        "stage-sought",
        "funding-sought",
        "ticket-fits",
        "needs-answered",
        "same-region",
        "same-site",
        "technology",
    }
)
COUNTERS = frozenset({"stage-differs", "sector-not-sought", "region-outside", "needs-unanswered"})

_LEAST_WEIGHT = 1e-6

Values = dict[str, Any]
Wording = Callable[[StartupFeatures, PartnerFeatures], tuple[str, Values]]


def _common(mine: Sequence[str], theirs: Sequence[str]) -> Values:
    return {"codes": [code for code in mine if code in theirs]}


def _shared_terms(code: str, kind: str) -> Wording:
    return lambda startup, partner: (code, _common(startup.codes(kind), partner.codes(kind)))


def _needs_answered(startup: StartupFeatures, partner: PartnerFeatures) -> tuple[str, Values]:
    return "needs-answered", _common(startup.codes("needs"), partner.answered)


def _same_place(startup: StartupFeatures, partner: PartnerFeatures) -> tuple[str, Values]:
    sites = _common(startup.sites, partner.sites)
    return ("same-site", sites) if sites["codes"] else ("same-region", _common(startup.regions, partner.regions))


def _ticket_fits(startup: StartupFeatures, partner: PartnerFeatures) -> tuple[str, Values]:
    raising, ticket = startup.raising, partner.ticket
    return "ticket-fits", {
        "least": raising.least,
        "most": raising.most,
        "ticket_min": ticket.least,
        "ticket_max": ticket.most,
        "currency": raising.currency,
    }


_REASONS: Mapping[str, Wording] = {
    "sector": _shared_terms("same-sector", "sectors"),
    "needs": _needs_answered,
    "stage": _shared_terms("stage-sought", "maturities"),
    "place": _same_place,
    "ticket": _ticket_fits,
    "funding": _shared_terms("funding-sought", "funding_stages"),
    "technology": _shared_terms("technology", "technologies"),
}
"""Part of the score -> its reason, where its value is above 0."""

_COUNTERS: Mapping[str, Wording] = {
    "sector": lambda startup, partner: ("sector-not-sought", {"codes": list(startup.codes("sectors"))}),
    "needs": lambda startup, partner: ("needs-unanswered", {"codes": list(startup.codes("needs"))}),
    "stage": lambda startup, partner: ("stage-differs", {"codes": list(partner.codes("maturities"))}),
    "place": lambda startup, partner: ("region-outside", {"codes": list(partner.regions)}),
}
"""Part of the score -> its counter-reason, where it is known and its value is 0."""

_PART_OF_KIND = dict(zip(TOKEN_KINDS, ("sector", "technology"), strict=True))
"""The part of the score to which terms in the text space belong: they are told as that reason, not as words."""


@dataclass(frozen=True)
class Pairs:
    """Pairs within one block: places of startups and partners in it, as parallel arrays."""

    startups: NDArray[np.int64]
    partners: NDArray[np.int64]


@dataclass(frozen=True)
class _TextShares:
    """What the text part of each pair is made of."""

    products: Rows
    """Pairs by columns of the space: the summands of each dot product."""
    by_kind: NDArray[np.float64]
    """Pairs by ``1 + len(TOKEN_KINDS)``: contribution to the score of words (the first) and of terms of each kind."""


class Explainer:
    """Explains pairs of one block."""

    def __init__(
        self, space: Space, startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], weights: Weights
    ) -> None:
        self._space = space
        self._startups = startups
        self._partners = partners
        self._weights = weights
        self._surfaces: dict[int, dict[str, dict[str, str]]] = {}

    def explain(self, pairs: Pairs, measures: Measures, startup_rows: Rows, partner_rows: Rows) -> Iterator[list[Part]]:
        """The parts of each pair, those that add most first, then counter-reasons by their cost."""
        evidence = measures.evidence(self._weights)[pairs.startups, pairs.partners].astype(np.float64)
        values, known, gains = {}, {}, {}
        for part, weight in self._weights.parts().items():
            values[part] = measures.values[part].value[pairs.startups, pairs.partners].astype(np.float64)
            known[part] = measures.values[part].known[pairs.startups, pairs.partners]
            gains[part] = weight * values[part] / evidence
        shares = self._text_shares(startup_rows[pairs.startups], partner_rows[pairs.partners], gains.pop("text"))
        for column, kind in enumerate(TOKEN_KINDS, start=1):
            gains[_PART_OF_KIND[kind]] += shares.by_kind[:, column]
        costs = {part: np.where(known[part], self._weights.parts()[part] / evidence, 0) for part in _COUNTERS}
        for number, (startup, partner) in enumerate(zip(pairs.startups.tolist(), pairs.partners.tolist(), strict=True)):
            parts = list(self._structure(number, startup, partner, gains, costs))
            if (words := shares.by_kind[number, 0]) > _LEAST_WEIGHT:
                parts.append(_part((SHARED_WORDS, self._words(startup, shares.products, number)), words))
            yield sorted(parts, key=lambda part: (-part["weight"], -part.get("cost", 0), part["code"]))

    def _text_shares(self, startup_rows: Rows, partner_rows: Rows, gains: NDArray[np.float64]) -> _TextShares:
        products = startup_rows.multiply(partner_rows).tocsr()
        by_kind = np.asarray((products @ self._space.kinds).toarray(), dtype=np.float64)
        totals = by_kind.sum(axis=1, keepdims=True)
        by_kind *= np.divide(gains[:, np.newaxis], totals, out=np.zeros_like(totals), where=totals > 0)
        return _TextShares(products, by_kind)

    def _structure(
        self,
        number: int,
        startup_place: int,
        partner_place: int,
        gains: Mapping[str, NDArray[np.float64]],
        costs: Mapping[str, NDArray[np.float64]],
    ) -> Iterator[Part]:
        startup, partner = self._startups[startup_place], self._partners[partner_place]
        for name, reason in _REASONS.items():
            gain = gains[name][number]
            if gain > _LEAST_WEIGHT:
                yield _part(reason(startup, partner), gain)
            elif name in _COUNTERS and costs[name][number] > 0:
                counter = _COUNTERS[name](startup, partner)
                yield _part(counter, 0.0) | {"cost": round(float(costs[name][number]), 6)}

    def _words(self, startup_place: int, products: Rows, number: int) -> Values:
        """The telling words that add most, as the startup writes them, a few of each language that it writes in."""
        start, end = products.indptr[number], products.indptr[number + 1]
        columns, summands = products.indices[start:end], products.data[start:end]
        telling = self._space.is_telling[columns]
        order = np.lexsort((columns[telling], -summands[telling]))
        stems = [self._space.vocabulary[column] for column in columns[telling][order].tolist()]
        words: list[str] = []
        languages: list[str] = []
        for language, written in self._written(startup_place).items():
            found = [written[stem] for stem in stems if stem in written][:WORDS_PER_LANGUAGE]
            words += found
            languages += [language] * len(found)
        return {"words": words, "languages": languages}

    def _written(self, startup_place: int) -> dict[str, dict[str, str]]:
        if startup_place not in self._surfaces:
            texts = self._startups[startup_place].texts
            self._surfaces[startup_place] = {language: surfaces(text) for language, text in texts.items()}
        return self._surfaces[startup_place]


def _part(reason: tuple[str, Values], weight: float) -> Part:
    code, values = reason
    return {"code": code, "weight": round(float(weight), 6), "values": values}
