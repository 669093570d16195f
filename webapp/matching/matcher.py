"""The matcher: holds a fitted directory in memory, ranks it, explains pairs, and takes single changes without a refit.

An object of this class is not safe for threads; ``webapp.work`` uses it under its lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Generic, TypeVar

import numpy as np
import sklearn
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from webapp.language import ANALYZER_VERSION
from webapp.matching.explanation import Explainer, Pairs, Part
from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.model import Rows, Space
from webapp.matching.ranking import Best, BestOfColumns, Ranking, best_of_rows, combine
from webapp.matching.scoring import Measures, Scores, Weights, measure

MODEL_VERSION = "1"
"""Changes whenever the same profiles may give other matches: matches made before are then out of date."""

LEAST_SCORE = 0.25
"""Pairs below are nobody's match."""

CHUNK = 1000
"""How many startups are scored at once: bounds the memory of a block, 30 MB for 300 partners."""

Profile = TypeVar("Profile", StartupFeatures, PartnerFeatures)


@dataclass
class Side(Generic[Profile]):
    """All profiles of one side, ordered by id, with their rows in the space."""

    profiles: list[Profile] = field(default_factory=list)
    rows: Rows = field(default_factory=lambda: csr_matrix((0, 0), dtype=np.float32))

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids, ascending."""
        return np.array([profile.id for profile in self.profiles], dtype=np.int64)

    def places(self, ids: Collection[int]) -> NDArray[np.int64]:
        """Where the profiles with these ids stand, ascending; ids that nobody has are ignored."""
        return np.flatnonzero(np.isin(self.ids, np.array(sorted(ids), dtype=np.int64)))

    def replace(self, ids: Collection[int], profiles: Sequence[Profile], rows: Rows) -> None:
        """Put these profiles in place of those with the given ids; an id without a profile is gone."""
        kept: NDArray[np.int64] = np.flatnonzero(~np.isin(self.ids, np.array(sorted(ids), dtype=np.int64)))
        joined = [*(self.profiles[place] for place in kept.tolist()), *profiles]
        order = sorted(range(len(joined)), key=lambda place: joined[place].id)
        self.profiles = [joined[place] for place in order]
        self.rows = vstack([self.rows[kept], rows], format="csr")[order]


class Matcher:
    """Matches the startups and partners of one directory.

    Args:
        per_profile: how many matches of each kind a profile keeps.
        pack_digest: digest of the network pack, whose codes the matches are made of.
    """

    def __init__(self, *, per_profile: int, pack_digest: str, weights: Weights | None = None) -> None:
        self.per_profile = per_profile
        self.pack_digest = pack_digest
        self.weights = weights or Weights()
        self.run_id: int | None = None
        """The run whose matches this fit made; nothing as long as it has made none."""
        self.forget()

    def forget(self) -> None:
        """Be as if never fitted, such as after a transaction failed that this object took for done."""
        self.run_id = None
        self._space: Space | None = None
        self.startups: Side[StartupFeatures] = Side()
        self.partners: Side[PartnerFeatures] = Side()

    def stamp(self) -> str:
        """Digest of what the matches depend on beside the profiles: weights, code, library, network pack."""
        depends = {
            "model": [MODEL_VERSION, ANALYZER_VERSION, LEAST_SCORE, self.per_profile],
            "weights": asdict(self.weights),
            "scikit-learn": sklearn.__version__,
            "pack": self.pack_digest,
        }
        return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()

    @property
    def is_fitted(self) -> bool:
        """Whether there is a model in memory."""
        return self._space is not None

    @property
    def space(self) -> Space:
        """The fitted space.

        Raises:
            ValueError: there is none.
        """
        if self._space is None:
            raise ValueError("not fitted")
        return self._space

    def fit(self, startups: Iterable[StartupFeatures], partners: Iterable[PartnerFeatures]) -> None:
        """Learn a whole directory anew."""
        space = Space()
        all_startups = sorted(startups, key=lambda startup: startup.id)
        all_partners = sorted(partners, key=lambda partner: partner.id)
        startup_rows, partner_rows = space.fit(all_startups, all_partners)
        self.startups, self.partners = Side(all_startups, startup_rows), Side(all_partners, partner_rows)
        self._space, self.run_id = space, None

    def replace_startups(self, ids: Collection[int], startups: Sequence[StartupFeatures]) -> None:
        """Put startups in place of those with the given ids, without a refit; an id without a startup is gone."""
        self.startups.replace(ids, startups, self.space.transform(startups))

    def replace_partners(self, ids: Collection[int], partners: Sequence[PartnerFeatures]) -> None:
        """Put partners in place of those with the given ids, without a refit; an id without a partner is gone."""
        self.partners.replace(ids, partners, self.space.transform(partners))

    def scores(self, startup_ids: Collection[int] | None = None, partner_ids: Collection[int] | None = None) -> Scores:
        """The scores of startups by partners (of all, where no ids are given), both ordered by id."""
        blocks = [
            block for _, block in self._blocks(self._startup_places(startup_ids), self._partner_places(partner_ids))
        ]
        return np.concatenate([np.zeros((0, len(self._partner_places(partner_ids)))), *blocks])

    def rank(self, startup_ids: Collection[int] | None = None, partner_ids: Collection[int] | None = None) -> Ranking:
        """The lists of these startups and of these partners (of all, where no ids are given)."""
        startups, partners = self._startup_places(startup_ids), self._partner_places(partner_ids)
        everything = startup_ids is None and partner_ids is None
        lists: list[Best] = []
        columns = BestOfColumns(self.partners.ids[partners], self.per_profile, LEAST_SCORE)
        for places, block in self._blocks(startups, self._partner_places(None)):
            lists += self._best_partners(self.startups.ids[places], block)
            if everything:
                columns.add(block, self.startups.ids[places])
        if not everything and len(partners):
            for places, block in self._blocks(self._startup_places(None), partners):
                columns.add(block, self.startups.ids[places])
        return combine(Best.joined(lists), columns.best())

    def explain(self, ranking: Ranking) -> Iterator[list[Part]]:
        """The parts of every pair of a ranking, in its order."""
        startups = np.searchsorted(self.startups.ids, ranking.startup_ids)
        partners = np.searchsorted(self.partners.ids, ranking.partner_ids)
        distinct, pair_startups = np.unique(startups, return_inverse=True)
        everybody = self._partner_places(None)
        for start in range(0, len(distinct), CHUNK):
            places = distinct[start : start + CHUNK]
            here = (pair_startups >= start) & (pair_startups < start + CHUNK)
            pairs = Pairs(pair_startups[here] - start, partners[here])
            profiles = [self.startups.profiles[place] for place in places.tolist()]
            explainer = Explainer(self.space, profiles, self.partners.profiles, self.weights)
            measures = self._measure(places, everybody)
            yield from explainer.explain(pairs, measures, self.startups.rows[places], self.partners.rows)

    def _startup_places(self, ids: Collection[int] | None) -> NDArray[np.int64]:
        return np.arange(len(self.startups.profiles)) if ids is None else self.startups.places(ids)

    def _partner_places(self, ids: Collection[int] | None) -> NDArray[np.int64]:
        return np.arange(len(self.partners.profiles)) if ids is None else self.partners.places(ids)

    def _measure(self, startups: NDArray[np.int64], partners: NDArray[np.int64]) -> Measures:
        likeness = (self.startups.rows[startups] @ self.partners.rows[partners].T).toarray()
        return measure(
            [self.startups.profiles[place] for place in startups.tolist()],
            [self.partners.profiles[place] for place in partners.tolist()],
            likeness,
        )

    def _blocks(
        self, startups: NDArray[np.int64], partners: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], Scores]]:
        """Places of startups and their scores with the partners, a chunk at a time."""
        for start in range(0, len(startups), CHUNK):
            places = startups[start : start + CHUNK]
            yield places, self._measure(places, partners).scores(self.weights)

    def _best_partners(self, startup_ids: NDArray[np.int64], block: Scores) -> Iterator[Best]:
        """The lists of some startups, one for each kind of partner; ``block`` is their scores with all partners."""
        kinds = np.array([partner.kind for partner in self.partners.profiles], dtype=np.str_)
        for kind in sorted(set(kinds.tolist())):
            columns = np.flatnonzero(kinds == kind)
            partner_ids = self.partners.ids[columns]
            yield best_of_rows(block[:, columns], startup_ids, partner_ids, self.per_profile, LEAST_SCORE)
