"""The matcher: holds a fitted directory in memory, ranks it, explains pairs, and takes single changes without a refit.

An object of this class is not safe for threads; ``webapp.work`` uses it under its lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import scipy
import sklearn
from numpy.typing import NDArray

from webapp.language import ANALYZER_VERSION
from webapp.language.concepts import VOCABULARY_VERSION, ConceptVocabulary
from webapp.matching.bridge import bridge_version
from webapp.matching.closeness import History, own_texts
from webapp.matching.explanation import Explainer, Pairs, Part
from webapp.matching.exposure import Exposure
from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.feedback import MOST_PAIRS, MOST_STARTUPS, Examples, learned_weights
from webapp.matching.model import Space
from webapp.matching.pricing import price_lists
from webapp.matching.ranking import Best, BestOfColumns, Ranking, best_of_rows, combine
from webapp.matching.scoring import Measures, Scores, Weights, measure
from webapp.matching.sides import Places, Side

MODEL_VERSION = "2"
"""Changes whenever the same profiles may give other matches: matches made before are then out of date."""

LEAST_SCORE = 0.25
"""Pairs below are nobody's match."""

CHUNK = 1000
"""How many startups are scored at once: bounds the memory of a block, 60 MB for 300 partners."""

REFIT_SHARE = 0.05
"""From this share of profiles changed since the fit on, the fit is out of date."""

REFIT_ABOVE = 20
"""So few changed profiles never are, however small the directory."""


def _liked(partner: PartnerFeatures) -> tuple[int, ...]:
    """The startups that a partner chose: in public, and in introductions."""
    return (*partner.history, *partner.accepted)


class BadFit(Exception):  # noqa: N818
    """A fit that must not replace the one before; says why."""


@dataclass
class _Fit:
    """All that a fit learned. It takes the place of the one before only when it is complete."""

    space: Space
    startups: Side[StartupFeatures]
    partners: Side[PartnerFeatures]
    history: History
    weights: Weights
    exposure: Exposure


class Matcher:
    """Matches the startups and partners of one directory.

    Args:
        per_profile: how many matches of each kind a profile keeps.
        pack_digest: digest of the network pack, whose codes the matches are made of.
        weights: how much each part of the score counts before any feedback.
    """

    def __init__(self, *, per_profile: int, pack_digest: str, weights: Weights | None = None) -> None:
        self.per_profile = per_profile
        self.pack_digest = pack_digest
        self.defaults = weights or Weights()
        self.forget()

    def forget(self) -> None:
        """Be as if never fitted, such as after a transaction failed that this object took for done."""
        self.run_id: int | None = None
        """The run whose matches this fit made; nothing as long as it has made none."""
        self.replaced = 0
        """How many profiles were replaced since the fit."""
        self._fit: _Fit | None = None

    def stamp(self) -> str:
        """Digest of what the matches depend on beside the profiles: weights, code, data, libraries, network pack."""
        depends = {
            "model": [MODEL_VERSION, ANALYZER_VERSION, LEAST_SCORE, self.per_profile],
            "weights": asdict(self.defaults),
            "data": [VOCABULARY_VERSION, bridge_version()],
            "libraries": [sklearn.__version__, scipy.__version__, np.__version__],
            "pack": self.pack_digest,
        }
        return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()

    @property
    def is_fitted(self) -> bool:
        """Whether there is a model in memory."""
        return self._fit is not None

    @property
    def is_stale(self) -> bool:
        """Whether so many profiles were replaced since the fit that it should be made anew."""
        total = len(self.startups.profiles) + len(self.partners.profiles) if self._fit else 0
        return self.replaced > max(REFIT_ABOVE, REFIT_SHARE * total)

    @property
    def fitted(self) -> _Fit:
        """What was learned.

        Raises:
            ValueError: nothing was.
        """
        if self._fit is None:
            raise ValueError("not fitted")
        return self._fit

    @property
    def startups(self) -> Side[StartupFeatures]:
        """The startups of the fit."""
        return self.fitted.startups

    @property
    def partners(self) -> Side[PartnerFeatures]:
        """The partners of the fit."""
        return self.fitted.partners

    @property
    def weights(self) -> Weights:
        """The weights in use: the defaults, moved by feedback."""
        return self.fitted.weights if self._fit else self.defaults

    def fit(
        self,
        startups: Iterable[StartupFeatures],
        partners: Iterable[PartnerFeatures],
        concepts: ConceptVocabulary | None = None,
    ) -> None:
        """Learn a whole directory anew.

        Args:
            concepts: the product's concepts with the terms of the network; without them the product's alone.

        Raises:
            BadFit: what was learned is not sound; the fit before stays.
        """
        all_startups = sorted(startups, key=lambda startup: startup.id)
        all_partners = sorted(partners, key=lambda partner: partner.id)
        space = Space(concepts)
        startup_rows, partner_rows = space.fit(all_startups, all_partners)
        sides = Side(startup_rows, all_startups), Side(partner_rows, all_partners)
        history = History.of(all_partners, sides[0].ids, startup_rows)
        former, former_run, replaced = self._fit, self.run_id, self.replaced
        self._fit = _Fit(space, *sides, history, self.defaults, Exposure())
        try:
            self._fit.weights = learned_weights(self._examples(), self.defaults)
            self._fit.exposure = price_lists(self, LEAST_SCORE)
            self._check()
        except BaseException:
            self._fit, self.run_id, self.replaced = former, former_run, replaced
            raise
        self.run_id, self.replaced = None, 0

    def _check(self) -> None:
        weights = np.array(list(self.fitted.weights.parts().values()))
        exposure = self.fitted.exposure
        prices = np.array([*exposure.partners.values(), *exposure.startups.values()])
        if not (np.isfinite(weights).all() and (weights >= 0).all() and abs(weights.sum() - 1) < 1e-3):
            raise BadFit(f"weights {weights.tolist()}")
        if not np.isfinite(prices).all():
            raise BadFit("prices without bounds")

    def _examples(self) -> Examples:
        """The startups that anybody accepted or declined, with all partners that gave any feedback."""
        partners = np.array(
            [number for number, one in enumerate(self.partners.profiles) if _liked(one) or one.declined], dtype=np.int64
        )
        told = self.partners.at(partners)
        startups = self.startups.places({one for partner in told for one in (*_liked(partner), *partner.declined)})
        if len(startups) > MOST_STARTUPS:
            startups = startups[np.linspace(0, len(startups) - 1, MOST_STARTUPS).astype(np.int64)]
        examples = []
        step = max(1, len(startups) * len(partners) // MOST_PAIRS)
        for start in range(0, len(startups), CHUNK):
            places = startups[start : start + CHUNK]
            accepted, declined = (
                np.stack([np.isin(self.startups.ids[places], np.array(ids, dtype=np.int64)) for ids in found], axis=1)
                for found in ([_liked(one) for one in told], [one.declined for one in told])
            )
            others = np.arange(accepted.size).reshape(accepted.shape) % step == 0
            examples.append(Examples.of(self.measures(places, partners), accepted, accepted | declined | others))
        return Examples.joined(examples)

    def replace_startups(self, ids: Collection[int], startups: Sequence[StartupFeatures]) -> None:
        """Put startups in place of those with the given ids, without a refit; an id without a startup is gone."""
        self.startups.replace(ids, startups, self.fitted.space.transform(startups))
        self.replaced += len(ids)

    def replace_partners(self, ids: Collection[int], partners: Sequence[PartnerFeatures]) -> None:
        """Put partners in place of those with the given ids, without a refit; an id without a partner is gone."""
        self.partners.replace(ids, partners, self.fitted.space.transform(partners))
        self.replaced += len(ids)

    def scores(self, startup_ids: Collection[int] | None = None, partner_ids: Collection[int] | None = None) -> Scores:
        """The scores of startups by partners (of all, where no ids are given), both ordered by id."""
        partners = self.partners.places(partner_ids)
        blocks = [block for _, block in self._blocks(self.startups.places(startup_ids), partners)]
        return np.concatenate([np.zeros((0, len(partners))), *blocks])

    def rank(self, startup_ids: Collection[int] | None = None, partner_ids: Collection[int] | None = None) -> Ranking:
        """The lists of these startups and of these partners (of all, where no ids are given)."""
        startups, partners = self.startups.places(startup_ids), self.partners.places(partner_ids)
        everything = startup_ids is None and partner_ids is None
        lists: list[Best] = []
        columns = BestOfColumns(self.partners.ids[partners], self.per_profile, LEAST_SCORE)
        for places, block in self._blocks(startups, self.partners.places(None)):
            lists += self._best_partners(self.startups.ids[places], block)
            if everything:
                columns.add(block, self.startups.ids[places], self.startup_prices(places))
        if not everything and len(partners):
            for places, block in self._blocks(self.startups.places(None), partners):
                columns.add(block, self.startups.ids[places], self.startup_prices(places))
        return combine(Best.joined(lists), columns.best())

    def startup_prices(self, places: Places) -> NDArray[np.float64]:
        """What is taken off the scores of startups where partners' lists are ordered."""
        return self.fitted.exposure.of_startups(self.startups.at(places))

    def partner_prices(self, places: Places) -> NDArray[np.float64]:
        """What is taken off the scores of partners where startups' lists are ordered."""
        return self.fitted.exposure.of_partners(self.partners.ids[places].tolist())

    def explain(self, ranking: Ranking) -> Iterator[list[Part]]:
        """The parts of every pair of a ranking, in its order."""
        startups = np.searchsorted(self.startups.ids, ranking.startup_ids)
        partners = np.searchsorted(self.partners.ids, ranking.partner_ids)
        distinct, pair_startups = np.unique(startups, return_inverse=True)
        explainer = Explainer(self.fitted.space, self.fitted.history, self.weights)
        for start in range(0, len(distinct), CHUNK):
            places = distinct[start : start + CHUNK]
            here = np.flatnonzero((pair_startups >= start) & (pair_startups < start + CHUNK))
            columns, pair_columns = np.unique(partners[here], return_inverse=True)
            pairs = Pairs(pair_startups[here] - start, pair_columns)
            found = self.measures(places, columns).at(pairs.startups, pairs.partners)
            yield from explainer.explain(
                pairs,
                found,
                (self.startups.at(places), self.startups.rows[places]),
                (self.partners.at(columns), self.partners.rows[columns]),
            )

    def measures(self, startups: Places, partners: Places) -> Measures:
        """Everything that the scores of a block are made of."""
        profiles, others = self.startups.at(startups), self.partners.at(partners)
        rows = self.startups.rows[startups]
        texts = own_texts(profiles, others, rows, self.partners.rows[partners])
        return measure(profiles, others, texts | self.fitted.history.parts(profiles, others, rows))

    def _blocks(self, startups: Places, partners: Places) -> Iterator[tuple[Places, Scores]]:
        """Places of startups and their scores with the partners, a chunk at a time."""
        for start in range(0, len(startups), CHUNK):
            places = startups[start : start + CHUNK]
            yield places, self.measures(places, partners).scores(self.weights)

    def _best_partners(self, startup_ids: NDArray[np.int64], block: Scores) -> Iterator[Best]:
        """The lists of some startups, one for each kind of partner; ``block`` is their scores with all partners."""
        kinds = np.array([partner.kind for partner in self.partners.profiles], dtype=np.str_)
        for kind in sorted(set(kinds.tolist())):
            columns = np.flatnonzero(kinds == kind)
            partner_ids, prices = self.partners.ids[columns], self.partner_prices(columns)
            yield best_of_rows(block[:, columns], startup_ids, partner_ids, self.per_profile, LEAST_SCORE, prices)
