"""Which documents of a snapshot answer what was asked, and how well.

A word's score is BM25F in its simple form (Robertson, Zaragoza and Taylor 2004): frequencies are weighted by zone
before they saturate. A clause is answered by its word or by what stands for it, each at a discount:

    exactly the word                      1
    a longer word that it begins          EXPANSION_WEIGHT
    a name that sounds so                 SOUND_WEIGHT
    a word one or two edits away          1 - EDIT_PENALTY an edit, only if no document has the word itself
    a concept that the words name         CONCEPT_WEIGHT, once for all words that name it

All clauses must be answered; where no document answers all, those that answer some do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from webapp.language import sound_key
from webapp.search.facets import Mask
from webapp.search.nearest import Near, allowed_edits, near
from webapp.search.parser import Clause, ConceptAsked, Parsed
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


@dataclass
class Match:
    """The documents that answer a query."""

    mask: Mask
    scores: Scores
    relaxed: bool = False
    """Whether the demand was relaxed from all clauses to one."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Words as typed that no document has -> the most frequent close word."""
    variants: list[tuple[Variant, ...]] = field(default_factory=list)
    """For each clause what answers it."""
    by_concept: frozenset[str] = frozenset()
    """Concepts that answer for their words in at least one of these documents that does not have the words."""


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
        found = [Variant(term, 1.0, "word")] if self._snapshot.document_frequency(term) else []
        if clause.is_prefix:
            found += [Variant(longer, EXPANSION_WEIGHT, "longer") for longer in self._longer(term)]
        if clause.zone in (None, "name"):
            key = sound_key(clause.typed)
            if key and self._snapshot.document_frequency(SOUND + key):
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
            if documents:
                best = sorted(documents, key=lambda close: (-documents[close], close))[:MAX_NEAR]
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


def match(
    snapshot: Snapshot, parsed: Parsed, *, fuzzy: bool = True, concepts: bool = True, any_of: bool = False
) -> Match:
    """The documents that answer all clauses, or, where none does, at least one; with ``any_of`` one is enough."""
    matcher = Matcher(snapshot, fuzzy=fuzzy)
    variants = [matcher.variants(clause) for clause in parsed.clauses]
    answers = [matcher.answer(clause, found) for clause, found in zip(parsed.clauses, variants, strict=True)]
    alive = snapshot.columns.live
    for clause in parsed.excluded:
        terms = tuple(Variant(term, 1.0, "word") for term in clause.terms)
        alive = alive & ~(matcher.answer(clause, terms) > 0)
    masks = [scores > 0 for scores in answers]
    total = reduce(np.add, answers) if answers else alive.astype(np.float32)
    literal = reduce(np.logical_and, masks) if masks else alive
    named: list[tuple[str, Mask]] = []
    if concepts:
        for asked in parsed.concepts:
            scores = matcher.concept(asked)
            named.append((asked.code, scores > 0))
            total = total + scores
            for number in range(asked.start, asked.end):
                masks[number] = masks[number] | named[-1][1]
    mask = (reduce(np.logical_and, masks) if masks else alive) & alive
    relaxed = False
    if masks and (any_of or (len(masks) > 1 and not mask.any())):
        mask = reduce(np.logical_or, masks) & alive
        relaxed = not any_of
        literal = mask if relaxed else literal
    by_concept = frozenset(code for code, has in named if np.any(has & mask & ~literal))
    return Match(mask, total, relaxed, _corrections(parsed, variants), variants, by_concept)


def _corrections(parsed: Parsed, variants: Sequence[Sequence[Variant]]) -> dict[str, str]:
    return {
        clause.typed: found[0].term
        for clause, found in zip(parsed.clauses, variants, strict=True)
        if found and found[0].kind == "typo"
    }


def contributions(snapshot: Snapshot, parsed: Parsed, match_: Match, place: int) -> Iterator[tuple[str, str, float]]:
    """What adds to the score of one document: what was asked, what answers it, and how much."""
    matcher = Matcher(snapshot)
    for clause, variants in zip(parsed.clauses, match_.variants, strict=True):
        score = float(matcher.answer(clause, variants)[place])
        if score:
            yield " ".join(clause.terms), _best_variant(snapshot, variants, place), score
    for asked in parsed.concepts:
        score = float(matcher.concept(asked)[place])
        if score:
            yield CONCEPT + asked.code, "concept", score


def _best_variant(snapshot: Snapshot, variants: Sequence[Variant], place: int) -> str:
    def value(variant: Variant) -> float:
        postings = snapshot.saturated(variant.term)
        at = int(np.searchsorted(postings.places, place))
        has = at < len(postings.places) and int(postings.places[at]) == place
        return float(postings.values[at]) * variant.weight if has else 0.0

    best = max(variants, key=value)
    return f"{best.kind}:{best.term}"
