"""Reading postings of one segment through Whoosh's public readers, decoded into arrays and kept.

Whoosh's readers share file positions and are not safe for threads: every read here happens under the lock of the
segment's cache. Decoded arrays never change and are used without a lock.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, TermNotFound

from webapp.search.errors import IndexUnavailable

CACHED_POSTINGS = 4_000_000
"""How many postings of a segment stay decoded in memory, at about 8 bytes each."""

SCANNED_TERMS = 2000
"""How many terms with a prefix are looked at for the most frequent ones."""


@dataclass(frozen=True)
class Postings:
    """The documents of one segment that have a term in a field, deleted ones perhaps included."""

    places: NDArray[np.int32]
    """Document numbers within the segment, ascending."""
    frequencies: NDArray[np.float32]


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass
class PostingsCache:
    """What has been decoded of one segment; outlives the reader, because segments never change but for deletions."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    postings: OrderedDict[tuple[str, str], Postings] = field(default_factory=OrderedDict)
    prefixes: OrderedDict[tuple[str, str], dict[str, int]] = field(default_factory=OrderedDict)
    size: int = 0

    def add(self, key: tuple[str, str], postings: Postings) -> None:
        """Keep postings; let go of those unused for longest. Call it under the lock."""
        self.postings[key] = postings
        self.size += len(postings.places) + 16
        while self.size > CACHED_POSTINGS and len(self.postings) > 1:
            _, dropped = self.postings.popitem(last=False)
            self.size -= len(dropped.places) + 16

    def add_prefix(self, key: tuple[str, str], terms: dict[str, int]) -> None:
        """Keep the terms with a prefix. Call it under the lock."""
        self.prefixes[key] = terms
        if len(self.prefixes) > 1000:
            self.prefixes.popitem(last=False)


def _decode(matcher: Any) -> Postings:
    places: list[int] = []
    frequencies: list[float] = []
    while matcher.is_active():
        places.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return Postings(np.array(places, dtype=np.int32), np.array(frequencies, dtype=np.float32))


def _positions(matcher: Any, places: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place in places:
        if matcher.is_active() and matcher.id() < place:
            matcher.skip_to(place)
        if not matcher.is_active():
            break
        if matcher.id() == place:
            found[place] = matcher.value_as("positions")
    return found


class SegmentPostings:
    """Postings, positions and prefixes of one segment of an open index."""

    def __init__(self, reader: IndexReader, cache: PostingsCache) -> None:
        self._reader = reader
        self.cache = cache

    def postings(self, field_name: str, term: str) -> Postings:
        """The postings of a term in a field; empty if it does not occur.

        Raises:
            IndexUnavailable: the segment is damaged.
        """
        key = (field_name, term)
        with self.cache.lock:
            known = self.cache.postings.get(key)
            if known is not None:
                self.cache.postings.move_to_end(key)
                return known
            matcher = self._matcher(field_name, term)
            try:
                postings = NO_POSTINGS if matcher is None else _decode(matcher)
            except Exception as error:  # Damaged postings fail in as many ways as pickle and zlib have.
                raise IndexUnavailable(f"damaged postings of {field_name}") from error
            self.cache.add(key, postings)
            return postings

    def positions(self, field_name: str, term: str, places: list[int]) -> dict[int, list[int]]:
        """Where a term stands in a field of these documents (ascending); documents without it are left out.

        Raises:
            IndexUnavailable: the segment is damaged.
        """
        with self.cache.lock:
            matcher = self._matcher(field_name, term)
            try:
                return {} if matcher is None else _positions(matcher, places)
            except Exception as error:  # As above.
                raise IndexUnavailable(f"damaged positions of {field_name}") from error

    def with_prefix(self, field_name: str, prefix: str) -> dict[str, int]:
        """Terms of a field that begin with a prefix, with the number of documents that have them.

        Raises:
            IndexUnavailable: the segment is damaged.
        """
        key = (field_name, prefix)
        with self.cache.lock:
            known = self.cache.prefixes.get(key)
            if known is None:
                try:
                    known = self._scan(field_name, prefix)
                except Exception as error:  # As above.
                    raise IndexUnavailable(f"damaged terms of {field_name}") from error
                self.cache.add_prefix(key, known)
            return known

    def _scan(self, field_name: str, prefix: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for term, info in self._reader.iter_prefix(field_name, prefix):
            found[term.decode("utf-8")] = info.doc_frequency()
            if len(found) >= SCANNED_TERMS:
                break
        return found

    def _matcher(self, field_name: str, term: str) -> Any:
        try:
            return self._reader.postings(field_name, term)
        except TermNotFound:
            return None
        except Exception as error:  # As above: the term dictionary itself may be damaged.
            raise IndexUnavailable(f"damaged terms of {field_name}") from error
