"""Why a pair scores what it scores: parts whose weights add up to the score, with the values that a sentence needs.

Reasons add to the score. Counter-reasons add nothing; their ``cost`` is what a full match of that part would have
added. A hint adds nothing either; its ``gain`` is how much more the pair could score if the startup stated something
that the partner asks about. All are codes with values; they are put into words at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.matching.closeness import HISTORY, History
from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.model import Rows, Space
from webapp.matching.naming import Namer, Values
from webapp.matching.scoring import Measures, Weights

Part = dict[str, Any]
"""``code``, ``weight`` (what it adds to the score), ``values``; of a counter-reason ``cost``, of a hint ``gain``."""

SHARED_WORDS = "shared-words"
SHARED_CONCEPTS = "shared-concepts"
RELATED = "related-texts"
NEAR_HISTORY = "near-history"
REASONS = frozenset(
    {
        SHARED_WORDS,
        SHARED_CONCEPTS,
        RELATED,
        NEAR_HISTORY,
        "same-sector",
        "stage-sought",
        "stage-near",
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
LEAST_NAMED = 0.02
"""What a reason from texts must add to the score for its words to be looked up; nobody is shown smaller ones."""
LEAST_GAIN = 0.02
"""What stating something must be able to add to the score to be worth a hint."""

Wording = Callable[[StartupFeatures, PartnerFeatures], tuple[str, Values]]


def _common(mine: Sequence[str], theirs: Sequence[str]) -> Values:
    return {"codes": [code for code in mine if code in theirs]}


def _shared_terms(code: str, kind: str) -> Wording:
    return lambda startup, partner: (code, _common(startup.codes(kind), partner.codes(kind)))


def _stage(startup: StartupFeatures, partner: PartnerFeatures) -> tuple[str, Values]:
    sought = _common(startup.codes("maturities"), partner.codes("maturities"))
    return ("stage-sought", sought) if sought["codes"] else ("stage-near", {"codes": list(partner.codes("maturities"))})


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
    "stage": _stage,
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

_OPEN: Mapping[str, tuple[str, Callable[[StartupFeatures, PartnerFeatures], bool]]] = {
    "sector": ("add-sectors", lambda startup, partner: bool(partner.codes("sectors")) and not startup.codes("sectors")),
    "needs": ("add-needs", lambda startup, partner: bool(partner.answered) and not startup.codes("needs")),
    "stage": (
        "add-stage",
        lambda startup, partner: bool(partner.codes("maturities")) and not startup.codes("maturities"),
    ),
    "funding": (
        "add-funding-stage",
        lambda startup, partner: bool(partner.codes("funding_stages")) and not startup.codes("funding_stages"),
    ),
    "ticket": ("add-raising", lambda startup, partner: partner.ticket.is_known and not startup.raising.is_known),
    "place": (
        "add-place",
        lambda startup, partner: partner.meets_in_person and bool(partner.regions) and not startup.regions,
    ),
}
"""Part of the score -> the hint, and where the startup leaves open what the partner asks about."""

HINTS = frozenset(code for code, _ in _OPEN.values())


@dataclass(frozen=True)
class Pairs:
    """Pairs within one block: places of startups and partners in it, as parallel arrays."""

    startups: NDArray[np.int64]
    partners: NDArray[np.int64]


class Explainer:
    """Explains pairs of a fitted directory."""

    def __init__(self, space: Space, history: History, weights: Weights) -> None:
        self._space, self._history, self._weights = space, history, weights

    def explain(
        self,
        pairs: Pairs,
        measures: Measures,
        startups: tuple[Sequence[StartupFeatures], Rows],
        partners: tuple[Sequence[PartnerFeatures], Rows],
    ) -> Iterator[list[Part]]:
        """The parts of each pair, those that add most first, then counter-reasons by their cost, then the hint.

        Args:
            measures: of the pairs, in one dimension.
            startups: those of the block, with their rows; likewise ``partners``.
        """
        factors = {part: found.astype(np.float64) for part, found in measures.coefficients(self._weights).items()}
        gains = {part: factor * measures.values[part].value for part, factor in factors.items()}
        costs = {part: np.where(measures.values[part].known, factors[part], 0) for part in _COUNTERS}
        profiles = list(zip(pairs.startups.tolist(), pairs.partners.tolist(), strict=True))
        hints = self._hints(measures, [(startups[0][one], partners[0][other]) for one, other in profiles])
        namer = Namer(self._space, self._history, startups, partners)
        for number, (one, other) in enumerate(profiles):
            here = {part: float(gain[number]) for part, gain in gains.items()}
            found = list(_texts(namer, one, other, here))
            cost = {part: float(found_[number]) for part, found_ in costs.items()}
            found += _structure(startups[0][one], partners[0][other], here, cost)
            found.sort(key=lambda part: (-part["weight"], -part.get("cost", 0), part["code"]))
            yield found + hints[number]

    def _hints(self, measures: Measures, pairs: Sequence[tuple[StartupFeatures, PartnerFeatures]]) -> list[list[Part]]:
        """Of each pair at most one: what could add most if the startup stated it, and the partner sought just that."""
        before = measures.scores(self._weights)
        best = np.full(len(pairs), LEAST_GAIN)
        hints: list[list[Part]] = [[] for _ in pairs]
        for part, (code, is_open) in _OPEN.items():
            places = np.array([is_open(*pair) for pair in pairs], dtype=bool)
            gain = np.where(places, measures.stated(part).scores(self._weights) - before, 0)
            for number in np.flatnonzero(gain > best).tolist():
                gained = round(float(gain[number]), 6)
                hints[number] = [{"code": code, "weight": 0.0, "gain": gained, "values": {}}]
            best = np.maximum(best, gain)
        return hints


def _texts(namer: Namer, startup: int, partner: int, gains: Mapping[str, float]) -> Iterator[Part]:
    """The reasons that come from texts."""
    for part, code, named, nameless in (
        ("words", SHARED_WORDS, namer.words, ("words", "languages")),
        ("concepts", SHARED_CONCEPTS, namer.concepts, ("codes",)),
        ("topics", RELATED, namer.related, ("words", "languages", "partner_words", "partner_languages")),
    ):
        if gains[part] > _LEAST_WEIGHT:
            values = named(startup, partner) if gains[part] >= LEAST_NAMED else {name: [] for name in nameless}
            yield _part((code, values), gains[part])
    history = {part: gains[part] for part in HISTORY}
    if (total := sum(history.values())) > _LEAST_WEIGHT:
        yield _part((NEAR_HISTORY, namer.company(startup, partner, history)), total)


def _structure(
    startup: StartupFeatures, partner: PartnerFeatures, gains: Mapping[str, float], costs: Mapping[str, float]
) -> Iterator[Part]:
    """The reasons that come from what both state, and what speaks against the pair."""
    for name, reason in _REASONS.items():
        if gains[name] > _LEAST_WEIGHT:
            yield _part(reason(startup, partner), gains[name])
        elif costs.get(name, 0) > _LEAST_WEIGHT:
            yield _part(_COUNTERS[name](startup, partner), 0.0) | {"cost": round(costs[name], 6)}


def _part(reason: tuple[str, Values], weight: float) -> Part:
    code, values = reason
    return {"code": code, "weight": round(weight, 6), "values": values}
