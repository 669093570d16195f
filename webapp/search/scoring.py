"""What a text query asks for, and which documents of a snapshot answer it how well.

The text is taken apart with ``webapp.language``, not with Whoosh's query language: beyond quotation marks there is no
syntax to get wrong or to abuse. Scores are BM25F (Robertson and Zaragoza 2009): frequencies are weighted by field and
normalised by the field's length before they saturate, so a word in the name outweighs one in the description.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.language import analyze, stem, tokenize
from webapp.search.columns import Mask
from webapp.search.schema import TEXT_FIELDS
from webapp.search.snapshot import Segment, Snapshot

Scores = NDArray[np.float32]
"""One score a document; 0 where it does not match."""

MAX_CHARACTERS = 300
MAX_TERMS = 12
MIN_PREFIX = 3
"""The last word also stands for words that begin with it, once it has this many letters."""
MAX_EXPANSIONS = 50
"""How many such words are taken, most frequent first."""

FIELD_BOOSTS: Mapping[str, float] = {"name": 8.0, "pitch": 4.0, "terms": 2.5, "places": 1.5, "description": 1.0}
EXPANSION_WEIGHT = 0.5
"""What a word that only begins like the last one counts, compared with the word itself."""
K1 = 1.2
B = 0.75

_QUOTED = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')


@dataclass(frozen=True)
class Clause:
    """One thing that a query asks for: a word, or a phrase of several."""

    terms: tuple[str, ...]
    """Stems; a phrase has two or more."""
    is_prefix: bool = False
    """Whether words that begin with it will do; never of a phrase."""


def _clauses(text: str) -> Iterator[Clause]:
    """The clauses of a text; every odd part of the split is what stood between quotation marks."""
    for number, part in enumerate(_QUOTED.split(text)):
        if number % 2:
            phrase = tuple(analyze(part))
            if phrase:
                yield Clause(phrase)
        else:
            yield from (Clause((term,)) for term in analyze(part))


def _with_prefix(clauses: list[Clause], text: str) -> list[Clause]:
    """Let the last clause stand for longer words too, if it is the very last word of the text and long enough."""
    unquoted = _QUOTED.split(text)[-1]
    words = tokenize(unquoted)
    if not clauses or not words or len(words[-1]) < MIN_PREFIX:
        return clauses
    term = stem(words[-1])
    if clauses[-1].terms != (term,) or len(term) < MIN_PREFIX:
        return clauses
    return [*clauses[:-1], Clause((term,), is_prefix=True)]


def parse(text: str) -> tuple[Clause, ...]:
    """What a text asks for: at most 12 words of its first 300 characters, each word or phrase once.

    Nothing but marks, spaces and quotation marks asks for nothing.
    """
    text = text[:MAX_CHARACTERS]
    distinct = {clause.terms: clause for clause in _with_prefix(list(_clauses(text)), text)}
    kept: list[Clause] = []
    room = MAX_TERMS
    for clause in distinct.values():
        if len(clause.terms) > room:
            break
        kept.append(clause)
        room -= len(clause.terms)
    return tuple(kept)


class Scorer:
    """Scores clauses over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._columns = snapshot.columns
        self._size = len(snapshot.columns.ids)
        relative = self._columns.lengths / self._columns.average_lengths[:, np.newaxis]
        self._norms = dict(zip(TEXT_FIELDS, (1 - B) + B * relative, strict=True))

    def score(self, clause: Clause) -> Scores:
        """The scores of a clause."""
        frequencies = self._phrase(clause.terms) if len(clause.terms) > 1 else self._word(clause)
        matching = (frequencies > 0) & self._columns.live
        found = np.count_nonzero(matching)
        idf = np.log1p((self._columns.count - found + 0.5) / (found + 0.5)) * len(clause.terms)
        scores = idf * (K1 + 1) * frequencies / (frequencies + K1)
        return np.where(matching, scores, 0).astype(np.float32)

    def _word(self, clause: Clause) -> Scores:
        """Frequencies of a word and of those it stands for, weighted and normalised by field."""
        term = clause.terms[0]
        frequencies = np.zeros(self._size, dtype=np.float32)
        for field in TEXT_FIELDS:
            self._add(frequencies, field, term, 1.0)
        if clause.is_prefix:
            for field, longer in self._expansions(term):
                self._add(frequencies, field, longer, EXPANSION_WEIGHT)
        return frequencies

    def _add(self, frequencies: Scores, field: str, term: str, weight: float) -> None:
        boost = weight * FIELD_BOOSTS[field]
        for segment in self._snapshot.segments:
            postings = segment.postings.postings(field, term)
            if len(postings.places):
                places = postings.places + segment.start
                frequencies[places] += boost * postings.frequencies / self._norms[field][places]

    def _expansions(self, prefix: str) -> list[tuple[str, str]]:
        """Field and term of the most frequent words that begin with a prefix."""
        documents: Counter[str] = Counter()
        fields: dict[str, set[str]] = {}
        for field in TEXT_FIELDS:
            for segment in self._snapshot.segments:
                for term, count in segment.postings.with_prefix(field, prefix).items():
                    documents[term] += count
                    fields.setdefault(term, set()).add(field)
        documents.pop(prefix, None)
        ranked = sorted(documents, key=lambda term: (-documents[term], term))
        return [(field, term) for term in ranked[:MAX_EXPANSIONS] for field in sorted(fields[term])]

    def _phrase(self, terms: Sequence[str]) -> Scores:
        """Frequencies of a phrase, weighted and normalised by field."""
        frequencies = np.zeros(self._size, dtype=np.float32)
        for field in TEXT_FIELDS:
            for segment in self._snapshot.segments:
                for place, count in self._phrase_counts(segment, field, terms):
                    frequencies[place] += FIELD_BOOSTS[field] * count / self._norms[field][place]
        return frequencies

    def _phrase_counts(self, segment: Segment, field: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Documents of a segment (numbered in the snapshot) that have a phrase in a field, with how often."""
        common = segment.postings.postings(field, terms[0]).places
        for term in terms[1:]:
            if not len(common):
                return
            common = np.intersect1d(common, segment.postings.postings(field, term).places, assume_unique=True)
        candidates = common[self._columns.live[common + segment.start]].tolist()
        positions = [segment.postings.positions(field, term, candidates) for term in terms]
        for place in candidates:
            count = _adjacent([found.get(place, ()) for found in positions])
            if count:
                yield place + segment.start, count


def _adjacent(positions: Sequence[Iterable[int]]) -> int:
    """How often words stand one right after the other, given where each of them stands."""
    ends = set(positions[0])
    for following in positions[1:]:
        ends = {position + 1 for position in ends} & set(following)
    return len(ends)


def match(snapshot: Snapshot, clauses: Sequence[Clause], *, any_of: bool = False) -> tuple[Mask, Scores, bool]:
    """The documents that answer all clauses, or, where none does, at least one; with ``any_of`` one is enough.

    Returns:
        The documents, their scores, and whether the demand was relaxed from all clauses to one.
    """
    scorer = Scorer(snapshot)
    scores = np.stack([scorer.score(clause) for clause in clauses])
    total = scores.sum(axis=0)
    everything = np.logical_and.reduce(scores > 0, axis=0)
    if not any_of and (everything.any() or len(clauses) == 1):
        return everything, total, False
    return total > 0, total, not any_of
