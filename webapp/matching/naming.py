"""What the text parts of a pair's score are made of, in words and codes that a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.matching.closeness import HISTORY, History, nearest_company
from webapp.matching.features import Features, PartnerFeatures, StartupFeatures, surfaces
from webapp.matching.model import Rows, Space, Sparse

Values = dict[str, Any]

WORDS_PER_LANGUAGE = 3
"""How many words of each language a reason names."""

MOST_POINTING = 40
"""Among how many words that point towards the other's topics those of each language are looked for."""

LEAST_POINTING = 0.3
"""How much of what the strongest word contributes another must, to be named."""

MOST_CONCEPTS = 3
"""How many shared concepts a reason names."""


class Namer:
    """Names what two profiles share. ``startups`` and ``partners`` are those of one block, with their rows."""

    def __init__(
        self,
        space: Space,
        history: History,
        startups: tuple[Sequence[StartupFeatures], Rows],
        partners: tuple[Sequence[PartnerFeatures], Rows],
    ) -> None:
        self._space, self._history = space, history
        self._startups, self._startup_rows = startups
        self._partners, self._partner_rows = partners
        self._surfaces: dict[tuple[str, int], dict[str, dict[str, str]]] = {}
        self._stems: dict[tuple[str, int], tuple[list[str], NDArray[np.int64]]] = {}
        self._near: dict[str, NDArray[np.float32]] | None = None

    def words(self, startup: int, partner: int) -> Values:
        """The telling words that add most, as the startup writes them, a few of each language that it writes in."""
        columns, summands = _products(self._startup_rows.words, startup, self._partner_rows.words, partner)
        telling = self._space.is_telling[columns]
        stems = [self._space.vocabulary[column] for column in _order(columns[telling], summands[telling])]
        return _listed(self._written("startup", startup, self._startups[startup]), stems)

    def concepts(self, startup: int, partner: int) -> Values:
        """The shared concepts that add most. One that lies above another shared one says nothing more."""
        columns, summands = _products(self._startup_rows.concepts, startup, self._partner_rows.concepts, partner)
        codes = [self._space.concept_codes[column] for column in _order(columns, summands)]
        above = {broader for code in codes for broader in self._space.concepts.broader(code)}
        return {"codes": [code for code in codes if code not in above][:MOST_CONCEPTS]}

    def related(self, startup: int, partner: int) -> Values:
        """The words of either side that point most towards the other's topics."""
        mine = self._pointing("startup", startup, self._startups[startup], self._partner_rows.topics[partner])
        theirs = self._pointing("partner", partner, self._partners[partner], self._startup_rows.topics[startup])
        return {**mine, "partner_words": theirs["words"], "partner_languages": theirs["languages"]}

    def company(self, startup: int, partner: int, gains: Mapping[str, float]) -> Values:
        """The company of the partner's history that accounts for most of what the history adds."""
        if self._near is None:
            self._near = {
                part: self._history.closeness(space, self._startups, self._startup_rows)
                for part, space in HISTORY.items()
            }
        companies = self._history.companies(self._partners[partner])
        near = {part: block[startup, companies] for part, block in self._near.items()}
        return {"ids": [int(self._history.ids[companies[nearest_company(gains, near)]])]}

    def _pointing(self, side: str, place: int, profile: Features, topics: NDArray[np.float32]) -> Values:
        written = self._written(side, place, profile)
        stems, places = self._telling(side, place, written)
        shares = self._space.bridge.shares(places, topics)
        order = np.argsort(-shares, kind="stable")[:MOST_POINTING]
        first = order[shares[order] > LEAST_POINTING * shares.max(initial=0)].tolist()
        return _listed(written, [stems[number] for number in first])

    def _telling(
        self, side: str, place: int, written: Mapping[str, Mapping[str, str]]
    ) -> tuple[list[str], NDArray[np.int64]]:
        """The telling stems of a profile that the bridge knows, with their numbers there."""
        if (side, place) not in self._stems:
            found = sorted({stem for forms in written.values() for stem in forms if self._space.tells(stem)})
            places = self._space.bridge.places(found)
            known = np.flatnonzero(places >= 0)
            self._stems[side, place] = ([found[number] for number in known.tolist()], places[known])
        return self._stems[side, place]

    def _written(self, side: str, place: int, profile: Features) -> dict[str, dict[str, str]]:
        if (side, place) not in self._surfaces:
            self._surfaces[side, place] = {language: surfaces(text) for language, text in profile.texts.items()}
        return self._surfaces[side, place]


def _products(left: Sparse, row: int, right: Sparse, column: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The columns that two rows share, ascending, and the products of their entries."""
    mine, theirs = (slice(*rows.indptr[place : place + 2]) for rows, place in ((left, row), (right, column)))
    shared, here, there = np.intersect1d(left.indices[mine], right.indices[theirs], True, return_indices=True)
    return shared.astype(np.int64), left.data[mine][here].astype(np.float64) * right.data[theirs][there]


def _order(columns: NDArray[np.int64], summands: NDArray[np.float64]) -> Iterator[int]:
    """Columns, that which adds most first."""
    yield from columns[np.lexsort((columns, -summands))].tolist()


def _listed(written: Mapping[str, Mapping[str, str]], stems: Sequence[str]) -> Values:
    """The first of these stems in each language, as a profile writes them."""
    words: list[str] = []
    languages: list[str] = []
    for language, forms in written.items():
        found = [forms[stem] for stem in stems if stem in forms][:WORDS_PER_LANGUAGE]
        words += found
        languages += [language] * len(found)
    return {"words": words, "languages": languages}
