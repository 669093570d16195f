"""The bridge between languages: a space of topics in which texts meet that share no word and no language.

It is latent semantic indexing across languages (S. Dumais and others, Automatic cross-language retrieval using latent
semantic indexing, 1997): a truncated SVD of TF-IDF rows of documents that say the same in Arabic, French and English.
Words that stand in the same documents come to lie close together, whatever their language. The documents are the texts
that came with the source (``bridge_texts.json``) and the concepts of the vocabulary with their synonyms; no network is
asked and no neural model is loaded. The space is the same for every directory: a refit does not change it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from webapp.language import concept_vocabulary
from webapp.language.concepts import LANGUAGES
from webapp.matching.features import Said, words

Texts = Mapping[str, str]
"""Language -> text."""
Topics = NDArray[np.float32]
"""Shape: profiles by topics; whole numbers, see ``UNIT``."""

TEXTS_FILE = Path(__file__).parent / "bridge_texts.json"

TOPICS = 300
"""Dimensions of the space. Chosen on the tune half among 150, 200, 300 and 400; the plateau is wide."""

ITERATIONS = 7
"""Power iterations of the randomized SVD: from five on the figures stay the same."""

UNIT = 1000.0
"""A row of length 1 is stored as whole numbers of thousandths.

Sums of products of such numbers stay below 2^24 and are exact in float32, whatever the order of summation. So a pair
has the same likeness whether it is computed alone or among thousands.
"""


class Bridge:
    """The fitted space of topics."""

    def __init__(self, documents: Sequence[Texts]) -> None:
        stems = [{language: words(text) for language, text in document.items()} for document in documents]
        self._vectorizer = TfidfVectorizer(analyzer=_given, sublinear_tf=True, dtype=np.float32)
        self._vectorizer.fit([stem for found in said.values() for stem in found] for said in stems)
        by_language = [self._vectorizer.transform(said.get(language, ()) for said in stems) for language in LANGUAGES]
        svd = TruncatedSVD(min(TOPICS, len(documents) - 1), n_iter=ITERATIONS, random_state=1)
        svd.fit(normalize(sum(by_language[1:], by_language[0])))
        self._directions: NDArray[np.float32] = np.ascontiguousarray(svd.components_.T.astype(np.float32))
        self._column: Mapping[str, int] = self._vectorizer.vocabulary_

    @property
    def width(self) -> int:
        """How many topics there are."""
        return int(self._directions.shape[1])

    def topics(self, profiles: Sequence[Said]) -> Topics:
        """The rows of profiles, every language counting as much as the others; a row of zeros if no word is known."""
        found = np.zeros((len(profiles), self.width), dtype=np.float32)
        for language in sorted({language for said in profiles for language in said}):
            rows = self._vectorizer.transform(said.get(language, ()) for said in profiles)
            found += normalize(np.asarray(rows @ self._directions))
        return np.rint(normalize(found) * UNIT).astype(np.float32)

    def places(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """The numbers of words in the space, -1 for those that it does not know."""
        return np.array([self._column.get(token, -1) for token in tokens], dtype=np.int64)

    def shares(self, places: NDArray[np.int64], row: Topics) -> NDArray[np.float64]:
        """How much each word points towards a row of topics: what it adds to their likeness, up to a common factor."""
        return np.asarray(self._vectorizer.idf_[places] * (self._directions[places] @ row), dtype=np.float64)


def _given(tokens: Sequence[str]) -> Sequence[str]:
    return tokens


def documents() -> list[Texts]:
    """What the space is learned from: texts in three languages, and each concept with those above it."""
    texts: list[Texts] = json.loads(TEXTS_FILE.read_bytes())
    vocabulary = concept_vocabulary()
    for code in vocabulary.codes:
        concept = vocabulary[code]
        above: list[Any] = [vocabulary[broader].names for broader in vocabulary.broader(code)]
        texts.append(
            {
                language: " ".join(
                    (concept.names[language], *concept.also.get(language, ()), *(names[language] for names in above))
                )
                for language in LANGUAGES
            }
        )
    return texts


@lru_cache(maxsize=1)
def bridge() -> Bridge:
    """The space, made once a process; takes about two seconds."""
    return Bridge(documents())


@lru_cache(maxsize=1)
def bridge_version() -> str:
    """A digest of the texts; those of the concepts have a version of their own."""
    return hashlib.sha256(TEXTS_FILE.read_bytes()).hexdigest()[:16]
