"""Which documents of a snapshot answer what was asked, and how well.

A word's score is BM25F in its simple form (Robertson, Zaragoza and Taylor 2004): frequencies are weighted by zone
before they saturate. A clause is answered by its word or by what stands for it, each at a discount:

    exactly the word                      1
    a longer word that it begins          EXPANSION_WEIGHT
    a name that sounds so                 SOUND_WEIGHT
    a word one or two edits away          1 - EDIT_PENALTY an edit, only if no document has the word itself
    a concept that the words name         CONCEPT_WEIGHT, once for all words that name it

How the clauses of a query are put together is ``webapp.search.answering``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from webapp.language import sound_key
from webapp.search.facets import Mask
from webapp.search.nearest import Near, allowed_edits, near
from webapp.search.parser import Clause, ConceptAsked
from webapp.search.schema import zone_range
from webapp.search.snapshot import Snapshot
from webapp.search.terms import CONCEPT, SOUND, SURFACE

Scores = NDArray[np.float32]
"""One score a document; 0 where it does not match."""

EXPANSION_WEIGHT = 0.5
SOUND_WEIGHT = 0.4
EDIT_PENALTY = 0.3
CONCEPT_WEIGHT = 0.35
SURFACE_FACTOR = 1.15
"""What a document gains that has a word with the accents with which it was typed."""

MAX_EXPANSIONS = 50
"""How many longer words stand for an unfinished one, most frequent first."""
MAX_NEAR = 8
"""How many close words stand for a misspelt one."""


@dataclass(frozen=True)
class Variant:
    """A term that answers a clause, and what it counts."""

    term: str
    weight: float
    kind: str
    """``word``, ``longer``, ``sound`` or ``typo``."""


class Matcher:
    """Answers the clauses of one query over one snapshot."""

    def __init__(self, snapshot: Snapshot, *, fuzzy: bool = True) -> None:
        self._snapshot = snapshot
        self._fuzzy = fuzzy

    # What stands for a word

    def variants(self, clause: Clause) -> tuple[Variant, ...]:
        """The terms that answer a clause of one word; those of a phrase are its words."""
        if len(clause.terms) > 1:
            return tuple(Variant(term, 1.0, "word") for term in clause.terms)
        term = clause.terms[0]
        found = [Variant(term, 1.0, "word")] if self._snapshot.is_alive(term) else []
        if clause.is_prefix:
            found += [Variant(longer, EXPANSION_WEIGHT, "longer") for longer in self._longer(term)]
        if self._fuzzy and clause.zone in (None, "name"):
            key = sound_key(clause.typed)
            if key and self._snapshot.is_alive(SOUND + key):
                found.append(Variant(SOUND + key, SOUND_WEIGHT, "sound"))
        if not found and self._fuzzy:
            found = [Variant(close.term, 1 - EDIT_PENALTY * close.edits, "typo") for close in self._near(term)]
        return tuple(found)

    def _longer(self, prefix: str) -> list[str]:
        documents: Counter[str] = Counter()
        for segment in self._snapshot.segments:
            inverted = segment.data.inverted
            numbers = inverted.terms.with_prefix(prefix)
            frequencies = inverted.document_frequencies[numbers.start : numbers.stop]
            best = np.argsort(-frequencies, kind="stable")[: MAX_EXPANSIONS + 1]
            for place in best.tolist():
                documents[inverted.terms[numbers.start + place].decode("utf-8")] += int(frequencies[place])
        documents.pop(prefix, None)
        return sorted(documents, key=lambda term: (-documents[term], term))[:MAX_EXPANSIONS]

    def _near(self, term: str) -> list[Near]:
        """The most frequent of the closest words: two edits only where no word is one edit away."""
        for edits in range(1, allowed_edits(term) + 1):
            documents: Counter[str] = Counter()
            for segment in self._snapshot.segments:
                documents.update({close.term: close.documents for close in near(segment.data.inverted, term, edits)})
            ranked = sorted(documents, key=lambda close: (-documents[close], close))
            if best := list(islice(filter(self._snapshot.is_alive, ranked), MAX_NEAR)):
                return [Near(close, edits, documents[close]) for close in best]
        return []

    # What answers a clause

    def answer(self, clause: Clause, variants: Sequence[Variant]) -> Scores:
        """The scores of a clause."""
        if len(clause.terms) > 1:
            return self._phrase(clause)
        saturated = [(self._snapshot.saturated(variant.term), variant.weight) for variant in variants]
        scores = np.zeros(self._snapshot.size, dtype=np.float32)
        if not saturated:
            return scores
        if len(saturated) == 1:
            postings, weight = saturated[0]
            scores[postings.places] = postings.values * np.float32(self._snapshot.idf(len(postings.places)) * weight)
        else:
            for postings, weight in saturated:
                scores[postings.places] = np.maximum(scores[postings.places], postings.values * np.float32(weight))
            scores *= np.float32(self._snapshot.idf(int(np.count_nonzero(scores))))
        if clause.surface is not None:
            scores[self._snapshot.saturated(SURFACE + clause.surface).places] *= np.float32(SURFACE_FACTOR)
        if clause.zone is not None:
            scores[~self._in_zone(variants, clause.zone)] = 0
        return scores

    def _in_zone(self, variants: Sequence[Variant], zone: str) -> Mask:
        first, last = zone_range(zone)
        mask = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            inverted = segment.data.inverted
            for variant in variants:
                places = inverted.postings(variant.term).places
                occurrences = inverted.occurrences(variant.term, places)
                positions = occurrences & 0xFFFF
                inside = occurrences[(positions >= first) & (positions <= last)]
                mask[places[inside >> 16] + segment.start] = True
        return mask

    def _phrase(self, clause: Clause) -> Scores:
        """The scores of a phrase: those of its words, in the documents where they follow one another."""
        found = self._phrase_mask(clause)
        scores = np.zeros(self._snapshot.size, dtype=np.float32)
        for term in dict.fromkeys(clause.terms):
            postings = self._snapshot.saturated(term)
            scores[postings.places] += postings.values * np.float32(self._snapshot.idf(len(postings.places)))
        scores[~found] = 0
        return scores

    def _phrase_mask(self, clause: Clause) -> Mask:
        first, last = zone_range(clause.zone) if clause.zone else (0, 0xFFFF)
        mask = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            inverted = segment.data.inverted
            lists = sorted((inverted.postings(term).places for term in set(clause.terms)), key=len)
            common = reduce(_intersect, lists)
            if not len(common):
                continue
            ends = inverted.occurrences(clause.terms[0], common)
            for term in clause.terms[1:]:
                ends = _intersect(inverted.occurrences(term, common), ends + 1)
            positions = ends & 0xFFFF
            ends = ends[(positions >= first) & (positions <= last)]
            mask[common[ends >> 16] + segment.start] = True
        return mask

    def adjacent(self, before: str, after: str, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some documents (ascending) in which a term stands right before another."""
        found = []
        for segment in self._snapshot.segments:
            first, last = np.searchsorted(wanted, [segment.start, segment.start + len(segment.data)])
            places = (wanted[first:last] - segment.start).astype(np.int32)
            inverted = segment.data.inverted
            ends = _intersect(inverted.occurrences(after, places), inverted.occurrences(before, places) + 1)
            found.append(wanted[first:last][np.unique(ends >> 16)])
        return np.concatenate(found) if found else wanted[:0]

    def concept(self, asked: ConceptAsked) -> Scores:
        """The scores of the documents that name a concept, in whatever words."""
        postings = self._snapshot.saturated(CONCEPT + asked.code)
        scores = np.zeros(self._snapshot.size, dtype=np.float32)
        idf = self._snapshot.idf(len(postings.places))
        scores[postings.places] = postings.values * np.float32(idf * CONCEPT_WEIGHT * (asked.end - asked.start))
        return scores


_Integers = TypeVar("_Integers", NDArray[np.int32], NDArray[np.int64])


def _intersect(sorted_one: _Integers, sorted_two: _Integers) -> _Integers:
    """What two ascending arrays without repetitions have in common; looks the shorter one up in the longer."""
    if len(sorted_one) > len(sorted_two):
        sorted_one, sorted_two = sorted_two, sorted_one
    if not len(sorted_one):
        return sorted_one
    found = np.searchsorted(sorted_two, sorted_one)
    found[found == len(sorted_two)] = 0
    return sorted_one[sorted_two[found] == sorted_one]
