"""The text spaces: startups and partners as rows, in which likeness is a dot product.

- ``words``: TF-IDF of single words and pairs of neighbours, each language of a profile with a length of its own, so
  that who writes in three languages is not more and not less like others than who writes in one;
- ``concepts``: TF-IDF of the concepts that the texts name, one token whatever the language;
- ``topics``: the bridge between languages (``webapp.matching.bridge``);
- ``terms``: TF-IDF of sectors and technologies, for comparing startups with startups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer

from webapp.language import concept_vocabulary
from webapp.language.concepts import ConceptVocabulary
from webapp.matching.bridge import UNIT, Bridge, bridge
from webapp.matching.features import (
    Features,
    Said,
    StartupFeatures,
    concept_tokens,
    said,
    term_tokens,
    word_tokens,
)
from webapp.matching.untelling import UNTELLING

Sparse = Any
"""A sparse CSR matrix of float32, one row a profile."""
Block = NDArray[np.float32]
"""Shape: startups by partners, or startups by companies."""

SPACES = ("words", "concepts", "topics", "terms")

COMMON_SHARE = 0.1
"""Words that more than this share of all profiles use (``each``, ``client``) count little and are never named."""

COMMON_ABOVE = 5
"""Words that only so many profiles use are never common, however small the directory."""

_ANCHOR = "\0"
"""A token of no profile, fitted along so that a directory without any word still has spaces."""


@dataclass(frozen=True)
class Rows:
    """The rows of some profiles in every space."""

    words: Sparse
    """L2-normalised for each language, and summed."""
    concepts: Sparse
    topics: NDArray[np.float32]
    """Whole numbers, see ``webapp.matching.bridge``."""
    terms: Sparse

    def __getitem__(self, places: Any) -> Rows:
        return Rows(self.words[places], self.concepts[places], self.topics[places], self.terms[places])

    def joined(self, other: Rows) -> Rows:
        """These rows and then those of another."""
        sparse = (
            vstack([mine, others], format="csr")
            for mine, others in ((self.words, other.words), (self.concepts, other.concepts), (self.terms, other.terms))
        )
        found_words, found_concepts, found_terms = sparse
        return Rows(found_words, found_concepts, np.concatenate([self.topics, other.topics]), found_terms)

    def speaks(self, space: str) -> NDArray[np.bool_]:
        """Which profiles have anything in a space."""
        if space == "topics":
            return np.asarray(self.topics.any(axis=1))
        return np.diff(getattr(self, space).indptr) > 0


def likeness(space: str, left: Rows, right: Rows) -> Block:
    """The dot products of all pairs in one space."""
    if space == "topics":
        return np.asarray(left.topics @ right.topics.T / np.float32(UNIT * UNIT))
    return np.asarray((getattr(left, space) @ getattr(right, space).T).toarray())


class Space:
    """Fitted spaces. Frequencies count by their logarithm: a word said ten times does not count ten times."""

    def __init__(self, concepts: ConceptVocabulary | None = None) -> None:
        self.concepts = concepts or concept_vocabulary()
        self.bridge: Bridge = bridge()
        sublinear: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32}
        self._words = TfidfVectorizer(analyzer=_neighbours, **sublinear)
        self._concepts = TfidfVectorizer(analyzer=_given, dtype=np.float32)
        self._terms = TfidfVectorizer(analyzer=_given, **sublinear)
        self.vocabulary: list[str] = []
        """The token of each column of ``words``."""
        self.concept_codes: list[str] = []
        """The code of each column of ``concepts``."""
        self.is_telling: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        """Which columns of ``words`` are single words that say something of the few profiles that use them."""

    def fit(self, startups: Sequence[Features], partners: Sequence[Features]) -> tuple[Rows, Rows]:
        """Learn the words of these profiles and how rare each is; gives the rows of both sides."""
        profiles = [*startups, *partners]
        stems = [said(profile) for profile in profiles]
        counts = self._words.fit_transform([*stems, {"": [_ANCHOR]}])
        self.vocabulary = self._words.get_feature_names_out().tolist()
        self.is_telling = _telling(self.vocabulary, counts)
        self._concepts.fit([*(concept_tokens(found, self.concepts) for found in stems), *self._vocabulary()])
        self.concept_codes = [token.removeprefix("#") for token in self._concepts.get_feature_names_out()]
        self._terms.fit([*map(term_tokens, profiles), [_ANCHOR]])
        rows = self._rows(profiles, stems)
        return rows[: len(startups)], rows[len(startups) :]

    def tells(self, stem: str) -> bool:
        """Whether a word says something of the few profiles that use it."""
        place = self._words.vocabulary_.get(stem)
        return place is not None and bool(self.is_telling[place])

    def transform(self, profiles: Iterable[Features]) -> Rows:
        """Rows of profiles; words that the space never saw count for nothing."""
        found = list(profiles)
        return self._rows(found, [said(profile) for profile in found])

    def _rows(self, profiles: Sequence[Features], stems: Sequence[Said]) -> Rows:
        if not profiles:  # scikit-learn refuses to transform none
            return self._rows([StartupFeatures(id=0)], [{}])[:0]
        languages = sorted({language for found in stems for language in found})
        by_language = [
            self._words.transform({language: found.get(language, [])} for found in stems) for language in languages
        ]
        return Rows(
            csr_matrix(sum(by_language, csr_matrix((len(stems), len(self.vocabulary)), dtype=np.float32))),
            self._concepts.transform(concept_tokens(found, self.concepts) for found in stems),
            self.bridge.topics(stems),
            self._terms.transform(map(term_tokens, profiles)),
        )

    def _vocabulary(self) -> Iterator[list[str]]:
        """Each concept once with those above it, so that every one has a column, however small the directory."""
        for code in self.concepts.codes:
            yield [f"#{code}", *(f"#{broader}" for broader in self.concepts.broader(code))]


def _neighbours(stems: Said) -> list[str]:
    return [token for found in stems.values() for token in word_tokens(found)]


def _given(tokens: Sequence[str]) -> Sequence[str]:
    return tokens


def _telling(vocabulary: Sequence[str], rows: Sparse) -> NDArray[np.bool_]:
    carriers = np.bincount(rows.indices, minlength=len(vocabulary))
    is_rare = carriers <= max(COMMON_ABOVE, COMMON_SHARE * rows.shape[0])
    says_something = np.array([" " not in token and token not in UNTELLING for token in vocabulary], dtype=bool)
    return np.asarray(is_rare & says_something)
