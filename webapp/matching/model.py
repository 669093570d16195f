"""The text space: one sparse TF-IDF space for startups and partners, in which likeness is a dot product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from webapp.matching.features import TOKEN_KINDS, Features, StartupFeatures, tokens
from webapp.matching.untelling import UNTELLING

Rows = Any
"""A sparse CSR matrix of float32, one L2-normalised row a profile."""

COMMON_SHARE = 0.1
"""Words that more than this share of all profiles use (``each``, ``client``) count little and are never named."""

COMMON_ABOVE = 5
"""Words that only so many profiles use are never common, however small the directory."""

_ANCHOR = StartupFeatures(id=0, terms={TOKEN_KINDS[0]: ("",)})
"""A profile that says nothing, fitted along so that a directory without any word still has a space."""


class Space:
    """A fitted space. Frequencies count by their logarithm: a word said ten times does not count ten times."""

    def __init__(self) -> None:
        self._vectorizer = TfidfVectorizer(analyzer=tokens, sublinear_tf=True, dtype=np.float32, min_df=1)
        self.vocabulary: list[str] = []
        """The token of each column."""
        self.kinds: Rows = csr_matrix((0, 0), dtype=np.float32)
        """Shape: columns by ``1 + len(TOKEN_KINDS)``; which columns are words (the first) or terms of a kind."""
        self.is_telling: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        """Which columns are words that say something of the few profiles that use them."""

    def fit(self, startups: Sequence[Features], partners: Sequence[Features]) -> tuple[Rows, Rows]:
        """Learn the words of these profiles and how rare each is; gives the rows of both sides."""
        rows = self._vectorizer.fit_transform(chain([_ANCHOR], startups, partners))
        self.vocabulary = self._vectorizer.get_feature_names_out().tolist()
        self.kinds = _column_kinds(self.vocabulary)
        carriers = np.bincount(rows.indices, minlength=len(self.vocabulary))
        is_word = self.kinds[:, [0]].toarray()[:, 0] > 0
        is_rare = carriers <= max(COMMON_ABOVE, COMMON_SHARE * rows.shape[0])
        says_something = np.array([token not in UNTELLING for token in self.vocabulary], dtype=bool)
        self.is_telling = is_word & is_rare & says_something
        return rows[1 : 1 + len(startups)], rows[1 + len(startups) :]

    def transform(self, profiles: Iterable[Features]) -> Rows:
        """Rows of other profiles; words that the space never saw count for nothing."""
        return self._vectorizer.transform(chain([_ANCHOR], profiles))[1:]


def _column_kinds(vocabulary: Sequence[str]) -> Rows:
    place = {kind: number for number, kind in enumerate(TOKEN_KINDS, start=1)}
    kinds = [place[token.partition(":")[0]] if ":" in token else 0 for token in vocabulary]
    ones = np.ones(len(kinds), dtype=np.float32)
    return csr_matrix((ones, (np.arange(len(kinds)), kinds)), shape=(len(kinds), 1 + len(TOKEN_KINDS)))
