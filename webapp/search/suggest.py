"""Completing what somebody is typing: names from the index, and phrases with how many entries they would find."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from webapp.language import fold
from webapp.search.index import SearchIndex
from webapp.search.segment import NO_LANGUAGE
from webapp.search.snapshot import Snapshot
from webapp.search.terms import CONCEPT

MIN_CHARACTERS = 2
MAX_LOOKED_AT = 5_000
"""How many names that begin so are ranked; of a beginning that more names share, the first in order."""


@dataclass(frozen=True)
class Phrase:
    """Something that can be completed to: a phrase that stands for a code."""

    text: str
    kind: str
    """A facet, or ``concept``."""
    code: str


@dataclass(frozen=True)
class Suggestion:
    """What the beginning can be completed to."""

    text: str
    kind: str
    code: str
    count: int
    """How many entries have the code; never none."""


class PhraseTable:
    """Phrases in folded order, from each of their words on, so that any beginning is looked up by bisection.

    Of the phrases of a code, those that come first are offered rather than later ones.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(dict.fromkeys(phrases))
        entries: list[tuple[str, int, int]] = []
        for number, phrase in enumerate(self._phrases):
            words = fold(phrase.text).split()
            entries += [(" ".join(words[skipped:]), number, skipped) for skipped in range(len(words))]
        self._entries = sorted(entries)
        self._keys = [entry[0] for entry in self._entries]

    def beginning(self, folded: str) -> list[tuple[int, Phrase]]:
        """The phrases with a word that begins so, each with how many words stand before it."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for place in range(bisect_left(self._keys, folded), len(self._keys)):
            key, number, skipped = self._entries[place]
            if not key.startswith(folded):
                break
            phrase = self._phrases[number]
            known = found.get((phrase.kind, phrase.code))
            if known is None or (number, skipped) < known:
                found[phrase.kind, phrase.code] = (number, skipped)
        return [(skipped, self._phrases[number]) for number, skipped in found.values()]


def suggest_phrases(index: SearchIndex, table: PhraseTable, text: str, limit: int) -> list[Suggestion]:
    """The phrases that a beginning can be completed to and that find something; first words first, then by count.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    folded = " ".join(fold(text).split())
    if len(folded) < MIN_CHARACTERS:
        return []
    snapshot = index.snapshot()
    counts = snapshot.columns.live_counts
    found = []
    for skipped, phrase in table.beginning(folded):
        count = _count(snapshot, counts, phrase)
        if count:
            found.append((skipped, -count, fold(phrase.text), Suggestion(phrase.text, phrase.kind, phrase.code, count)))
    return [suggestion for *_, suggestion in sorted(found, key=lambda entry: entry[:3])[:limit]]


def _count(snapshot: Snapshot, counts: Mapping[str, Mapping[str, int]], phrase: Phrase) -> int:
    if phrase.kind != "concept":
        return counts.get(phrase.kind, {}).get(phrase.code, 0)
    places = snapshot.postings(CONCEPT + phrase.code).places
    return int(np.count_nonzero(snapshot.columns.live[places]))


def suggest_names(index: SearchIndex, text: str, limit: int) -> list[int]:
    """The ids of entries with a name that has a word which begins so: first words first, then residents, then by name.

    Raises:
        IndexUnavailable: there is no index to ask.
    """
    folded = fold(text).strip()
    if len(folded) < MIN_CHARACTERS:
        return []
    snapshot = index.snapshot()
    columns = snapshot.columns
    ranks = columns.name_ranks(NO_LANGUAGE)
    best: dict[int, tuple[int, int, float]] = {}
    for segment in snapshot.segments:
        titles = segment.data.titles.values
        numbers = titles.with_prefix(folded)[:MAX_LOOKED_AT]
        places = segment.data.title_places[numbers.start : numbers.stop] + segment.start
        skips = segment.data.title_skips[numbers.start : numbers.stop]
        for place, skipped in zip(places.tolist(), skips.tolist(), strict=True):
            if columns.live[place]:
                rank = (skipped, int(columns.residency[place]), float(ranks[place]))
                best[place] = min(rank, best.get(place, rank))
    ranked = sorted(best, key=lambda place: best[place])[:limit]
    return columns.ids[ranked].tolist() if ranked else []
