"""What is known of every document of a snapshot beside its texts, over all segments: ids, orders, facets, priors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.search.documents import RESIDENCY_ORDER
from webapp.search.facets import FacetTable, Mask
from webapp.search.segment import LENGTHS, NO_LANGUAGE, TEXT_LANGUAGE, SegmentData

Places = NDArray[np.int64]
"""Document numbers: places in the columns."""

SORTS = ("relevance", "name", "newest", "verified")
"""The orders in which documents can be listed. Without a text, relevance is residency, then name."""

RESIDENT_FACTOR = 1.10
"""What being a resident multiplies a score with: residents come before alumni that fit as well."""
FRESH_FACTOR = 1.05
"""The same for having been verified within ``FRESH_DAYS``."""
FRESH_DAYS = 365
LANGUAGE_FACTOR = 1.05
"""The same for having texts in the reader's language."""

_CHUNK = 16_384

_DATES = {"newest": "published", "verified": "verified"}
"""Orders by date, the latest first, and the columns that they go by."""

Carried = Mapping[str, Mapping[str, Set[int]]]
"""Facet -> code -> ids of those that carry it."""


class Position(NamedTuple):
    """Where a document stands in an order, whatever stands around it: what the order goes by first, name, id."""

    first: int
    name: bytes
    """The sort key of its name, for readers of one language."""
    id: int


@dataclass(frozen=True)
class _Neighbour:
    """A document of a small segment, and before which document of the largest it is sorted."""

    before: int
    key: bytes
    id: int
    place: int


def _name_ranks(segments: Sequence[SegmentData], language: str) -> NDArray[np.float64]:
    """The rank of each document by sort key, then id. Those of small segments go between those of the largest."""
    starts = np.cumsum([0, *(len(segment) for segment in segments)])
    ranks = np.empty(int(starts[-1]))
    largest = max(range(len(segments)), key=lambda number: len(segments[number]))
    main = segments[largest]
    ranks[starts[largest] + main.names[language].order] = np.arange(len(main))
    others = [
        _Neighbour(
            _place_among(main, language, key, int(segment.ids[place])), key, int(segment.ids[place]), int(start + place)
        )
        for number, (segment, start) in enumerate(zip(segments, starts[:-1], strict=True))
        if number != largest
        for place in range(len(segment))
        for key in (segment.names[language].keys.values[place],)
    ]
    others.sort(key=lambda neighbour: (neighbour.before, neighbour.key, neighbour.id))
    for number, neighbour in enumerate(others):
        ranks[neighbour.place] = neighbour.before - 1 + (number + 1) / (len(others) + 1)
    return ranks


def _place_among(segment: SegmentData, language: str, key: bytes, document_id: int) -> int:
    names, order, ids = segment.names[language].keys.values, segment.names[language].order, segment.ids
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        place = int(order[middle])
        if (names[place], int(ids[place])) < (key, document_id):
            low = middle + 1
        else:
            high = middle
    return low


class Columns:
    """The columns of a whole index: those of its segments, one after the other, and which documents are alive."""

    def __init__(self, segments: Sequence[SegmentData], live: Mask) -> None:
        """Join segments; ``segments`` holds at least one, which may be empty."""
        self.live = live
        self._segments = segments
        self.ids = self._joined("ids")
        self.stamps = self._joined("stamps")
        self.residency = self._joined("residency")
        self.lengths = LENGTHS[self._joined("lengths")]
        self.facets = FacetTable.joined([segment.facets for segment in segments])
        self.name_ranks = lru_cache(maxsize=8)(self._name_ranks)
        self.order = lru_cache(maxsize=32)(self._order)
        self.prior = lru_cache(maxsize=16)(self._prior)

    def _joined(self, attribute: str) -> NDArray[np.int64]:
        arrays = [getattr(segment, attribute) for segment in self._segments]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)

    @cached_property
    def count(self) -> int:
        """Number of documents alive."""
        return int(np.count_nonzero(self.live))

    @cached_property
    def average_length(self) -> float:
        """Mean number of terms a document, deleted ones included, as Whoosh counts; 1 if there are none."""
        occurrences = sum(len(segment.inverted.positions) for segment in self._segments)
        return occurrences / max(1, len(self.ids)) or 1.0

    def _prior(self, language: str, today: int) -> NDArray[np.float32]:
        """What a document's score is multiplied with, whatever was asked; see the factors above.

        Args:
            language: the reader's; none if empty.
            today: proleptic ordinal of the day.
        """
        prior = np.ones(len(self.ids), dtype=np.float32)
        prior[self.residency == min(RESIDENCY_ORDER.values())] *= RESIDENT_FACTOR
        prior[self._joined("verified") > today - FRESH_DAYS] *= FRESH_FACTOR
        if language:
            prior[self.facets.carrying(TEXT_LANGUAGE, (language,))] *= LANGUAGE_FACTOR
        return prior

    def _name_ranks(self, language: str) -> NDArray[np.float64]:
        """The rank of each document by name, as readers of a language sort names; equal names by id."""
        return _name_ranks(self._segments, language if language in self._segments[0].names else NO_LANGUAGE)

    def _order(self, sort: str, language: str) -> Places:
        """All documents in an order of ``SORTS``; equals are ordered by name, then by id."""
        by_name = np.argsort(self.name_ranks(language), kind="stable")
        if sort == "name":
            return by_name
        return by_name[np.argsort(self._first(sort)[by_name], kind="stable")]

    def _first(self, sort: str) -> NDArray[np.int64]:
        """What an order goes by before names."""
        if sort == "name":
            return np.zeros(len(self.ids), dtype=np.int64)
        return self.residency if sort == "relevance" else -self._joined(_DATES[sort])

    def position(self, place: int, sort: str, language: str = NO_LANGUAGE) -> Position:
        """Where a document stands in an order of ``SORTS``."""
        first = int(self._first(sort)[place])
        inside = place
        for segment in self._segments:
            if inside < len(segment):
                names = segment.names[language if language in segment.names else NO_LANGUAGE]
                return Position(first, bytes(names.keys.values[inside]), int(self.ids[place]))
            inside -= len(segment)
        raise IndexError(place)

    def page_in_order(
        self,
        mask: Mask,
        sort: str,
        start: int,
        length: int,
        language: str = NO_LANGUAGE,
        after: Position | None = None,
    ) -> Places:
        """These documents in an order of ``SORTS``: ``length`` of them from the ``start``-th on.

        With ``after`` only those that stand behind it count, whether or not anything stands there any more.
        """
        order = self.order(sort, language)
        if after is not None:
            order = order[bisect_right(order, after, key=lambda place: self.position(int(place), sort, language)) :]
        found: list[Places] = []
        passed = 0
        for at in range(0, len(order), _CHUNK):
            chunk = order[at : at + _CHUNK]
            chunk = chunk[mask[chunk]]
            if passed + len(chunk) > start:
                found.append(chunk[max(0, start - passed) : start + length - passed])
            passed += len(chunk)
            if passed >= start + length:
                break
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def page_by_score(
        self, places: Places, scores: NDArray[np.float32], start: int, length: int, language: str = NO_LANGUAGE
    ) -> Places:
        """These documents, best score first, equals by name: ``length`` of them from the ``start``-th on.

        Args:
            places: the documents.
            scores: their scores, in the same order.
        """
        wanted = start + length
        rounded = np.round(scores, 4)
        if len(places) > 4 * wanted:
            # Only what scores at least as much as the last one wanted need be sorted.
            least = np.partition(rounded, len(places) - wanted)[len(places) - wanted]
            kept = rounded >= least
            places, rounded = places[kept], rounded[kept]
        order = np.lexsort((self.name_ranks(language)[places], -rounded))
        return places[order[start:wanted]]

    def filter(
        self,
        base: Mask,
        filters: Mapping[str, tuple[str, ...]],
        facets: Iterable[str],
        carried: Carried = MappingProxyType({}),
    ) -> tuple[Mask, int, dict[str, dict[str, int]]]:
        """The documents of ``base`` that pass the filters, their number, and the counts of these facets.

        ``carried`` says of whole facets who carries what, in place of what the index knows.

        Codes of one facet are alternatives; facets all apply. The counts of a facet ignore its own selection, so that
        they say how many documents choosing another code would show. A facet that the index does not have passes none.
        """
        chosen = {facet: self._carrying(facet, codes, carried) for facet, codes in filters.items() if codes}
        matching = base
        for mask in chosen.values():
            matching = matching & mask
        size = int(np.count_nonzero(matching))
        facets = tuple(facets)
        free = [facet for facet in facets if facet not in chosen]
        if not chosen and not carried and base is self.live:
            counts = {facet: dict(self.live_counts.get(facet, {})) for facet in facets}
        else:
            counts = self._counts(matching, size, free, carried)
        for facet in chosen:
            others = base
            for other, mask in chosen.items():
                if other != facet:
                    others = others & mask
            if facet in facets:
                counts |= self._counts(others, int(np.count_nonzero(others)), [facet], carried)
        return matching, size, counts

    def _carrying(self, facet: str, codes: Iterable[str], carried: Carried) -> Mask:
        if facet not in carried:
            return self.facets.carrying(facet, codes)
        return self._among(id_ for code in codes for id_ in carried[facet].get(code, ()))

    def _among(self, ids: Iterable[int]) -> Mask:
        return np.isin(self.ids, np.fromiter(ids, dtype=np.int64))

    def _counts(self, mask: Mask, size: int, facets: Sequence[str], carried: Carried) -> dict[str, dict[str, int]]:
        counts = self.facets.counts(mask, size, [facet for facet in facets if facet not in carried])
        for facet in facets:
            if facet in carried:
                numbers = {code: np.count_nonzero(mask & self._among(ids)) for code, ids in carried[facet].items()}
                counts[facet] = {code: int(number) for code, number in numbers.items() if number}
        return counts

    @cached_property
    def live_counts(self) -> dict[str, dict[str, int]]:
        """Facet -> code -> how many of the documents alive carry it."""
        facets = dict.fromkeys(facet for facet, _ in self.facets.labels if facet != TEXT_LANGUAGE)
        return self.facets.counts(self.live, self.count, facets)
