"""A scorer of the mixing kind: words, characters, latent topics and categories against a partner's text and history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from webapp.language import fold
from webapp.matching.evaluation.dataset import Profile
from webapp.matching.evaluation.scorers import DIRECTIONS, Direction, Scores
from webapp.matching.evaluation.tasks import Training
from webapp.matching.features import words
from webapp.matching.mixing import (
    NEW,
    STRENGTH,
    Mixture,
    Places,
    Rows,
    centroid_likeness,
    histories,
    learn_mixture,
    likeness,
    nearest_likeness,
    standardised,
)

TOPICS = 150
"""Dimensions of the latent space (LSA: Deerwester and others, Indexing by latent semantic analysis, 1990)."""

ANCHOR = Profile("", {"": "anchor"}, ("anchor",))
"""Fitted along, so that a training without a word or category still has spaces."""

DEFAULTS = {
    "words": {"own": 1.0, "centroid": 0.4, "nearest": 0.4},
    "characters": {"own": 0.5, "centroid": 0.2, "nearest": 0.2},
    "topics": {"own": 0.2, "centroid": 0.2, "nearest": 0.2},
    "categories": {"own": 0.5, "centroid": 0.2, "nearest": 0.2},
}
"""Space -> likeness -> default weight. Set by hand before any figure was seen."""


def _words_and_pairs(profile: Profile) -> list[str]:
    found = words(" ".join(profile.texts.values()))
    return found + [f"{one} {other}" for one, other in pairwise(found)]


def _folded(profile: Profile) -> str:
    return fold(profile.text)


def _categories(profile: Profile) -> list[str]:
    return [name.casefold() for name in profile.categories]


def _spaces() -> dict[str, Any]:
    sublinear: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float64}
    return {
        "words": TfidfVectorizer(analyzer=_words_and_pairs, **sublinear),
        "characters": TfidfVectorizer(preprocessor=_folded, analyzer="char_wb", ngram_range=(3, 5), **sublinear),
        "categories": TfidfVectorizer(analyzer=_categories, **sublinear),
    }


class Learned:
    """Standardised likenesses, mixed by weights learned from the known pairs, one mixture for each direction.

    Args:
        popularity: whether how many companies a partner is known with counts in a startup's list.
    """

    variant = ""

    def __init__(self, *, popularity: bool = False, strength: float = STRENGTH) -> None:
        self.family = "learned + popularity" if popularity else "learned"
        self._popularity, self._strength = popularity, strength

    def fit(self, training: Training) -> None:
        self._vectorizers = _spaces()
        profiles = [*training.companies, *training.partners, ANCHOR]
        fitted = {name: space.fit_transform(profiles) for name, space in self._vectorizers.items()}
        topics = min(TOPICS, min(fitted["words"].shape) - 1)
        self._svd = TruncatedSVD(topics, random_state=1) if topics > 1 else None
        if self._svd:
            fitted["topics"] = normalize(self._svd.fit_transform(fitted["words"]))
        count = len(training.companies)
        self._known = {name: rows[:count] for name, rows in fitted.items()}
        self._own = {name: rows[count:-1] for name, rows in fitted.items()}
        self._numbers = {company.id: number for number, company in enumerate(training.companies)}
        places = {partner.id: number for number, partner in enumerate(training.partners)}
        pairs = [(self._numbers[company], places[partner]) for company, partner in training.pairs]
        self._history = histories(pairs, len(places), count)
        self._learn()

    def _learn(self) -> None:
        """Every known company is once taken for new: its own pairs are left out of the features."""
        accepted = self._history.T.toarray() > 0
        asked = accepted.any(axis=1)
        defaults = Mixture(tuple(DEFAULTS[space][kind] for space in self._known for kind in DEFAULTS[space]))
        if self._popularity:
            defaults = Mixture((*defaults.weights, 0.0))
        self.mixtures = dict.fromkeys(DIRECTIONS, defaults)
        if asked.any():
            numbers = np.arange(len(asked))
            rows = {name: known[numbers] for name, known in self._known.items()}
            raw = self._features(rows, numbers)
            for direction in DIRECTIONS:
                features = _standardised(raw, direction)[asked]
                flat = features.reshape(-1, features.shape[-1])
                self.mixtures[direction] = learn_mixture(flat, accepted[asked].ravel(), defaults, self._strength)

    def _features(self, rows: dict[str, Rows], numbers: Places) -> Scores:
        """Shape: companies by partners by features."""
        kinds: dict[str, Callable[[str], Scores]] = {
            "own": lambda name: likeness(rows[name], self._own[name]),
            "centroid": lambda name: centroid_likeness(rows[name], self._known[name], self._history, numbers),
            "nearest": lambda name: nearest_likeness(rows[name], self._known[name], self._history, numbers),
        }
        blocks = [kinds[kind](name) for name in self._known for kind in DEFAULTS[name]]
        if self._popularity:
            counts = np.asarray(self._history.sum(axis=1)).reshape(1, -1)
            present = np.flatnonzero(numbers != NEW)
            counts = np.tile(counts, (len(numbers), 1))
            counts[present] -= self._history[:, numbers[present]].T.toarray()
            blocks.append(np.log1p(counts))
        return np.stack(blocks, axis=-1)

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        rows: dict[str, Rows] = {name: space.transform(companies) for name, space in self._vectorizers.items()}
        if self._svd:
            rows["topics"] = normalize(self._svd.transform(rows["words"]))
        numbers = np.array([self._numbers.get(company.id, NEW) for company in companies], dtype=np.int64)
        features = _standardised(self._features(rows, numbers), direction)
        return self.mixtures[direction].scores(features)


def _standardised(features: Scores, direction: Direction) -> Scores:
    axis = 1 if direction == "startup to partner" else 0
    blocks = [standardised(features[:, :, number], axis) for number in range(features.shape[-1])]
    return np.stack(blocks, axis=-1)
