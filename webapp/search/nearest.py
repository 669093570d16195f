"""Terms that differ from a misspelt one by one or two edits, found among all terms of a snapshot.

Most terms are ruled out by their lengths and by the sets of their letters, which one edit changes by two at most; only
the rest is compared letter by letter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA

from webapp.search.inverted import Inverted, letter_set

ONE_EDIT = 4
"""From how many letters on a word may differ by one edit ..."""
TWO_EDITS = 8
"""... and from how many by two."""


def allowed_edits(term: str) -> int:
    """By how many edits a word of this length may differ; none if it holds digits, which are no typos."""
    if any(character.isdigit() for character in term):
        return 0
    return 0 if len(term) < ONE_EDIT else 1 if len(term) < TWO_EDITS else 2


@dataclass(frozen=True)
class Near:
    """A term close to another one."""

    term: str
    edits: int
    """Insertions, deletions, replacements and swaps of neighbours (optimal string alignment)."""
    documents: int


def near(inverted: Inverted, term: str, edits: int) -> list[Near]:
    """All terms of a segment within so many edits of this one, in no order."""
    close = (inverted.characters >= len(term) - edits) & (inverted.characters <= len(term) + edits)
    candidates = np.flatnonzero(close)
    differing = np.bitwise_count(inverted.letters[candidates] ^ np.uint64(letter_set(term)))
    found: list[Near] = []
    for number in candidates[differing <= 2 * edits].tolist():
        text = inverted.terms[number].decode("utf-8")
        distance = OSA.distance(term, text, score_cutoff=edits)
        if distance <= edits:
            found.append(Near(text, distance, int(inverted.document_frequencies[number])))
    return found
