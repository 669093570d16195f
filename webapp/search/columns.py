"""Columns of an open index: ids, facet codes and sort keys as NumPy arrays, and what is computed from them alone.

Filtering, facet counts and sorted browsing never touch Whoosh. Arrays of a segment never change, so they are kept from
one commit to the next; only which documents are deleted is read afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from webapp.search.schema import TEXT_FIELDS, Record

Mask = NDArray[np.bool_]
"""One flag a document."""
Places = NDArray[np.int64]
"""Document numbers: places in the columns."""

SORTS = ("relevance", "name", "newest", "verified")
"""The orders in which documents can be listed. Without a text, relevance is residency, then name."""


@dataclass(frozen=True)
class FacetColumn:
    """Which documents carry which codes of one facet."""

    codes: tuple[str, ...]
    bits: NDArray[np.bool_]
    """Shape: codes by documents."""

    @classmethod
    def from_values(cls, values: Sequence[Iterable[str]]) -> FacetColumn:
        """The column of documents that carry these codes."""
        codes = tuple(sorted({code for carried in values for code in carried}))
        row = {code: number for number, code in enumerate(codes)}
        bits = np.zeros((len(codes), len(values)), dtype=bool)
        pairs = [(row[code], place) for place, carried in enumerate(values) for code in carried]
        if pairs:
            rows, places = np.array(pairs).T
            bits[rows, places] = True
        return cls(codes, bits)

    @classmethod
    def joined(cls, parts: Sequence[FacetColumn]) -> FacetColumn:
        """The column over the documents of several segments, one after the other."""
        if len(parts) == 1:
            return parts[0]
        codes = tuple(sorted({code for part in parts for code in part.codes}))
        row = {code: number for number, code in enumerate(codes)}
        bits = np.zeros((len(codes), sum(part.bits.shape[1] for part in parts)), dtype=bool)
        start = 0
        for part in parts:
            end = start + part.bits.shape[1]
            bits[[row[code] for code in part.codes], start:end] = part.bits
            start = end
        return cls(codes, bits)

    def carrying(self, codes: Iterable[str]) -> Mask:
        """The documents that carry at least one of these codes; codes that no document has count for nothing."""
        wanted = set(codes)
        rows = [number for number, code in enumerate(self.codes) if code in wanted]
        return np.logical_or.reduce(self.bits[rows], axis=0) if rows else np.zeros(self.bits.shape[1], dtype=bool)

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of these documents carry each code; codes that none of them has are left out."""
        numbers = np.count_nonzero(self.bits & mask, axis=1).tolist()
        return {code: number for code, number in zip(self.codes, numbers, strict=True) if number}


@dataclass(frozen=True)
class SegmentColumns:
    """The columns of one segment of the index, deleted documents included."""

    ids: NDArray[np.int64]
    names: list[str]
    published: NDArray[np.int64]
    verified: NDArray[np.int64]
    residency: NDArray[np.int64]
    stamps: NDArray[np.int64]
    lengths: NDArray[np.float32]
    """Shape: text fields by documents."""
    facets: Mapping[str, FacetColumn]

    @classmethod
    def from_records(cls, records: Sequence[Record], facets: Sequence[str]) -> SegmentColumns:
        """The columns of these documents, in their order in the segment."""

        def integers(attribute: str) -> NDArray[np.int64]:
            return np.array([getattr(record, attribute) for record in records], dtype=np.int64)

        lengths = np.array([record.lengths for record in records], dtype=np.float32)
        return cls(
            ids=integers("id"),
            names=[record.name for record in records],
            published=integers("published"),
            verified=integers("verified"),
            residency=integers("residency"),
            stamps=integers("stamp"),
            lengths=lengths.reshape(len(records), len(TEXT_FIELDS)).T,
            facets={
                facet: FacetColumn.from_values([record.facets.get(facet, ()) for record in records]) for facet in facets
            },
        )


class Columns:
    """The columns of a whole index: those of its segments, one after the other, and which documents are alive."""

    def __init__(self, segments: Sequence[SegmentColumns], live: Mask) -> None:
        """Join segments; ``segments`` holds at least one, which may be empty."""
        self.live = live
        self.ids = np.concatenate([segment.ids for segment in segments])
        self.published = np.concatenate([segment.published for segment in segments])
        self.verified = np.concatenate([segment.verified for segment in segments])
        self.residency = np.concatenate([segment.residency for segment in segments])
        self.stamps = np.concatenate([segment.stamps for segment in segments])
        self.lengths = np.concatenate([segment.lengths for segment in segments], axis=1)
        self.facets = {
            facet: FacetColumn.joined([segment.facets[facet] for segment in segments]) for facet in segments[0].facets
        }
        names = [name for segment in segments for name in segment.names]
        ids = self.ids.tolist()
        self.name_rank = np.empty(len(names), dtype=np.int64)
        self.name_rank[sorted(range(len(names)), key=lambda place: (names[place], ids[place]))] = np.arange(len(names))

    @property
    def count(self) -> int:
        """Number of documents alive."""
        return int(np.count_nonzero(self.live))

    @cached_property
    def average_lengths(self) -> NDArray[np.float32]:
        """Mean number of terms of the documents alive, one a text field; at least 1, so that it can be divided by."""
        if not self.live.any():
            return np.ones(len(self.lengths), dtype=np.float32)
        means: NDArray[np.float32] = np.maximum(self.lengths[:, self.live].mean(axis=1, dtype=np.float32), 1)
        return means

    @cached_property
    def orders(self) -> Mapping[str, Places]:
        """All documents in each of the orders of ``SORTS``; equals are ordered by name, then by id."""
        return {
            "relevance": np.lexsort((self.name_rank, self.residency)),
            "name": np.argsort(self.name_rank),
            "newest": np.lexsort((self.name_rank, -self.published)),
            "verified": np.lexsort((self.name_rank, -self.verified)),
        }

    def ordered(self, mask: Mask, sort: str) -> Places:
        """These documents in an order of ``SORTS``."""
        order = self.orders[sort]
        return order[mask[order]]

    def by_score(self, mask: Mask, scores: NDArray[np.float32]) -> Places:
        """These documents, best score first; equal scores by residency, then by name."""
        places = np.flatnonzero(mask)
        keys = (self.name_rank[places], self.residency[places], -np.round(scores[places], 4))
        return places[np.lexsort(keys)]

    def filter(self, base: Mask, filters: Mapping[str, tuple[str, ...]]) -> tuple[Mask, dict[str, dict[str, int]]]:
        """The documents of ``base`` that pass the filters, and the counts of every facet.

        Codes of one facet are alternatives; facets all apply. The counts of a facet ignore its own selection, so that
        they say how many documents choosing another code would show. A facet that the index does not have passes none.
        """
        chosen = {facet: self._carrying(facet, codes) for facet, codes in filters.items() if codes}
        matching = np.logical_and.reduce([base, *chosen.values()])
        counts = {}
        for facet, column in self.facets.items():
            others = [mask for other, mask in chosen.items() if other != facet]
            counts[facet] = column.counts(np.logical_and.reduce([base, *others]) if facet in chosen else matching)
        return matching, counts

    def _carrying(self, facet: str, codes: Iterable[str]) -> Mask:
        column = self.facets.get(facet)
        return column.carrying(codes) if column else np.zeros(len(self.ids), dtype=bool)
