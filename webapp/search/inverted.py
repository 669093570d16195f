"""The inverted index of one segment as NumPy arrays: a sorted dictionary of terms, their postings and positions.

Layout, with T terms, P postings (pairs of term and document) and M occurrences:

    terms_bytes, terms_ends     the terms' UTF-8, one after the other in ascending order; where each ends
    characters[T], letters[T]   how many characters each term has, 0 if it is no word; the set of its letters
    posting_ends[T]             where each term's postings end
    places[P], weights[P]       document number within the segment, ascending in a term; sum of the zones' weights
    frequencies[P]              number of occurrences
    position_ends[T]            where each term's occurrences end
    positions[M]                ascending within a document

The same whether the arrays were made from texts, read back out of Whoosh, or mapped from disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.search.schema import position_weights
from webapp.search.terms import MARKS

_PLACE_BITS = 24
_POSITION_BITS = 16
MAX_DOCUMENTS = 1 << _PLACE_BITS
MAX_TERMS = 1 << (64 - _PLACE_BITS - _POSITION_BITS)


@dataclass(frozen=True)
class Postings:
    """The documents that have a term, deleted ones included."""

    places: NDArray[np.int32]
    """Document numbers, ascending."""
    weights: NDArray[np.float32]
    """Weighted frequencies."""


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


def letter_set(term: str) -> int:
    """The set of a term's characters in 64 bits; different characters may share one."""
    bits = 0
    for character in term:
        bits |= 1 << (ord(character) & 63)
    return bits


def _characters(term: str) -> int:
    return 0 if term.startswith(MARKS) else min(len(term), 255)


class SortedTerms:
    """Terms in ascending order of their UTF-8, kept in two arrays."""

    def __init__(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._data = memoryview(data)  # type: ignore[arg-type]  # An array is a buffer.
        self._ends = memoryview(ends)  # type: ignore[arg-type]
        self.lengths = np.diff(ends, prepend=0)
        """Bytes of each term."""

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._data[self._ends[number - 1] if number else 0 : self._ends[number]])

    def bisect(self, term: bytes) -> int:
        """Number of terms that come before this one."""
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: str) -> int:
        """The number of a term, or -1."""
        encoded = term.encode("utf-8", "replace")
        number = self.bisect(encoded)
        return number if number < len(self) and self[number] == encoded else -1

    def with_prefix(self, prefix: str) -> range:
        """The numbers of the terms that begin with a prefix, which must not be empty."""
        encoded = prefix.encode("utf-8", "replace")
        # No UTF-8 holds the byte 0xFF, so this comes after everything that begins so.
        return range(self.bisect(encoded), self.bisect(encoded + b"\xff"))

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """Terms by their numbers."""
        return [self[number].decode("utf-8") for number in numbers]


@dataclass(frozen=True)
class Inverted:
    """The inverted index of a segment; see the module."""

    terms_bytes: NDArray[np.uint8]
    terms_ends: NDArray[np.int64]
    characters: NDArray[np.uint8]
    letters: NDArray[np.uint64]
    posting_ends: NDArray[np.int64]
    places: NDArray[np.int32]
    weights: NDArray[np.uint16]
    frequencies: NDArray[np.uint16]
    position_ends: NDArray[np.int64]
    positions: NDArray[np.uint16]

    @classmethod
    def from_occurrences(
        cls, terms: Sequence[str], numbers: NDArray[np.int32], places: NDArray[np.int32], positions: NDArray[np.uint16]
    ) -> Inverted:
        """Sort occurrences into an inverted index.

        Args:
            terms: each distinct term once, in any order.
            numbers: for each occurrence, which of ``terms``.
            places: for each occurrence, its document number.
            positions: for each occurrence, where in the document.

        Raises:
            ValueError: more terms or documents than a segment can hold (16.7 million each).
        """
        encoded = [term.encode("utf-8", "replace") for term in terms]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        if len(order) > MAX_TERMS or (len(places) and int(places.max()) >= MAX_DOCUMENTS):
            raise ValueError("too much for one segment")
        rank = np.empty(len(order), dtype=np.uint64)
        rank[order] = np.arange(len(order), dtype=np.uint64)
        # One number an occurrence, so that one sort of plain integers orders by term, document and position.
        keys = rank[numbers] << np.uint64(_PLACE_BITS + _POSITION_BITS)
        keys |= places.astype(np.uint64) << np.uint64(_POSITION_BITS)
        keys |= positions
        keys.sort()
        return cls._from_sorted([encoded[number] for number in order], keys)

    @classmethod
    def _from_sorted(cls, encoded: list[bytes], keys: NDArray[np.uint64]) -> Inverted:
        positions = (keys & np.uint64(0xFFFF)).astype(np.uint16)
        pairs = keys >> np.uint64(_POSITION_BITS)
        is_first = np.empty(len(pairs), dtype=bool)
        if len(pairs):
            is_first[0] = True
            np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
        starts = np.flatnonzero(is_first)
        postings = pairs[starts]
        owners = (postings >> np.uint64(_PLACE_BITS)).astype(np.int64)
        frequencies = np.diff(starts, append=len(pairs))
        weights = np.add.reduceat(position_weights(positions).astype(np.int64), starts) if len(starts) else starts
        everyone = np.arange(1, len(encoded) + 1)
        texts = [term.decode("utf-8") for term in encoded]
        posting_ends = np.searchsorted(owners, everyone)
        occurrence_ends = np.append(starts, len(pairs))
        return cls(
            terms_bytes=np.frombuffer(b"".join(encoded), dtype=np.uint8),
            terms_ends=np.cumsum([len(term) for term in encoded], dtype=np.int64),
            characters=np.array([_characters(term) for term in texts], dtype=np.uint8),
            letters=np.array([letter_set(term) for term in texts], dtype=np.uint64),
            posting_ends=posting_ends.astype(np.int64),
            places=(postings & np.uint64(MAX_DOCUMENTS - 1)).astype(np.int32),
            weights=np.minimum(weights, 0xFFFF).astype(np.uint16),
            frequencies=np.minimum(frequencies, 0xFFFF).astype(np.uint16),
            position_ends=occurrence_ends[posting_ends].astype(np.int64),
            positions=positions,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, as ``Inverted(**arrays)`` takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def terms(self) -> SortedTerms:
        """The dictionary."""
        return SortedTerms(self.terms_bytes, self.terms_ends)

    @cached_property
    def document_frequencies(self) -> NDArray[np.int64]:
        """In how many documents each term occurs."""
        return np.diff(self.posting_ends, prepend=0)

    def _span(self, number: int) -> slice:
        return slice(int(self.posting_ends[number - 1]) if number else 0, int(self.posting_ends[number]))

    def places_of(self, term: str) -> NDArray[np.int32]:
        """The documents that have a term, ascending."""
        number = self.terms.find(term)
        return self.places[self._span(number)] if number >= 0 else NO_POSTINGS.places

    def postings(self, term: str) -> Postings:
        """The postings of a term; empty if it does not occur."""
        number = self.terms.find(term)
        if number < 0:
            return NO_POSTINGS
        span = self._span(number)
        return Postings(self.places[span], self.weights[span].astype(np.float32))

    def occurrences(self, term: str, wanted: NDArray[np.int32]) -> NDArray[np.int64]:
        """Where a term stands in some documents (ascending), as ``number in wanted << 16 | position``, ascending."""
        number = self.terms.find(term)
        if number < 0 or not len(wanted):
            return np.empty(0, dtype=np.int64)
        span = self._span(number)
        places, counts = self.places[span], self.frequencies[span].astype(np.int64)
        found = np.searchsorted(places, wanted)
        found[found == len(places)] = 0
        has = np.flatnonzero(places[found] == wanted)
        found = found[has]
        first = int(self.position_ends[number - 1]) if number else 0
        starts = first + np.cumsum(counts) - counts
        repeats = counts[found]
        within = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        positions = self.positions[np.repeat(starts[found], repeats) + within]
        return (np.repeat(has, repeats) << _POSITION_BITS) | positions
