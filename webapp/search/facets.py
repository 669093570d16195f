"""Facet codes of documents, held so that any set of documents can be counted by code at once.

A large set is counted by bits: one row of bits a code, anded with the set and summed. A small one is counted from the
lists of codes that its documents carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""One flag a document."""

Label = tuple[str, str]
"""A facet and one of its codes."""

_ROWS = 32
_LISTED_COST = 24
"""What counting one document of a small set costs, in words of bits."""


def pack(mask: Mask) -> NDArray[np.uint64]:
    """The flags as bits, 64 a word, padded with zeros."""
    padded = np.zeros(-(-len(mask) // 64) * 64, dtype=bool)
    padded[: len(mask)] = mask
    return np.packbits(padded).view(np.uint64)


@dataclass(frozen=True)
class FacetTable:
    """Which documents carry which codes, all facets together."""

    labels: tuple[Label, ...]
    """Ascending."""
    carried: NDArray[np.int32]
    """For every document, one after the other, the numbers of its labels."""
    ends: NDArray[np.int64]
    """Where in ``carried`` each document's labels end."""
    bits: NDArray[np.uint64]
    """Shape: labels by words of 64 documents."""

    @classmethod
    def from_values(cls, values: Sequence[Mapping[str, Iterable[str]]]) -> FacetTable:
        """The table of documents that carry these codes: facet -> codes, one mapping a document."""
        labels = tuple(sorted({(facet, code) for row in values for facet, codes in row.items() for code in codes}))
        number = {label: place for place, label in enumerate(labels)}
        lists = [
            [number[facet, code] for facet, codes in row.items() for code in dict.fromkeys(codes)] for row in values
        ]
        carried = np.array([place for row in lists for place in row], dtype=np.int32)
        ends = np.cumsum([len(row) for row in lists], dtype=np.int64)
        return cls._assemble(labels, carried, ends)

    @classmethod
    def _assemble(cls, labels: tuple[Label, ...], carried: NDArray[np.int32], ends: NDArray[np.int64]) -> FacetTable:
        count = len(ends)
        flags = np.zeros((len(labels), -(-count // 64) * 64), dtype=bool)
        flags[carried, np.repeat(np.arange(count), np.diff(ends, prepend=0))] = True
        return cls(labels, carried, ends, np.packbits(flags, axis=1).view(np.uint64))

    @classmethod
    def joined(cls, parts: Sequence[FacetTable]) -> FacetTable:
        """The table over the documents of several segments, one after the other."""
        if len(parts) == 1:
            return parts[0]
        labels = tuple(sorted({label for part in parts for label in part.labels}))
        number = {label: place for place, label in enumerate(labels)}
        carried = [np.array([number[label] for label in part.labels] or [0], np.int32)[part.carried] for part in parts]
        shifts = np.cumsum([0, *(len(part.carried) for part in parts)])
        ends = [part.ends + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
        return cls._assemble(labels, np.concatenate(carried), np.concatenate(ends))

    @cached_property
    def _numbers(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for number, (facet, code) in enumerate(self.labels):
            found.setdefault(facet, {})[code] = number
        return found

    def carrying(self, facet: str, codes: Iterable[str]) -> Mask:
        """The documents that carry at least one of these codes; a code or facet that none has counts for nothing."""
        count = len(self.ends)
        numbers = self._numbers.get(facet, {})
        rows = [numbers[code] for code in set(codes) if code in numbers]
        if not rows:
            return np.zeros(count, dtype=bool)
        packed = np.bitwise_or.reduce(self.bits[rows], axis=0)
        return np.unpackbits(packed.view(np.uint8), count=count).view(bool)

    def counts(self, mask: Mask, size: int, facets: Iterable[str]) -> dict[str, dict[str, int]]:
        """How many of these documents carry each code of these facets; codes that none of them has are left out.

        Args:
            mask: the documents.
            size: how many they are.
            facets: which facets to count.
        """
        wanted = {facet: self._numbers.get(facet, {}) for facet in facets}
        words = sum(len(codes) for codes in wanted.values()) * self.bits.shape[1]
        totals = self._listed_totals(mask) if size * _LISTED_COST < words else self._bit_totals(mask, wanted.values())
        return {
            facet: {code: totals[number] for code, number in codes.items() if totals[number]}
            for facet, codes in wanted.items()
        }

    def _listed_totals(self, mask: Mask) -> list[int]:
        """The count of every label, from the lists of the documents."""
        places = np.flatnonzero(mask)
        lengths = self._lengths(places)
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        carried = self.carried[np.repeat(self.ends[places] - lengths, lengths) + within]
        totals: list[int] = np.bincount(carried, minlength=len(self.labels)).tolist()
        return totals

    def _bit_totals(self, mask: Mask, wanted: Iterable[Mapping[str, int]]) -> list[int]:
        """The counts of the wanted labels, from their bits; zero for all others."""
        packed = pack(mask)
        totals = np.zeros(len(self.labels), dtype=np.int64)
        for codes in wanted:
            if not codes:
                continue
            first, last = min(codes.values()), max(codes.values()) + 1
            for start in range(first, last, _ROWS):  # A few rows at a time stay in the processor's cache.
                rows = slice(start, min(start + _ROWS, last))
                totals[rows] = np.bitwise_count(self.bits[rows] & packed).sum(axis=1, dtype=np.uint32)
        return totals.tolist()

    def _lengths(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        before = np.where(places > 0, self.ends[places - 1], 0)
        return self.ends[places] - before
