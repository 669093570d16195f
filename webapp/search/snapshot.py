"""An index as it was at one commit, opened for reading. Safe for threads; never changes.

Everything is opened at once, because a writer may delete the files of merged segments at any later moment; open files
and maps stay readable after that. Readers of Whoosh are opened afresh for each commit and closed when their arrays are
read: in the maintained forks, ``Searcher.refresh`` and ``reader(reuse=)`` show deleted documents.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from webapp.search.columns import Columns
from webapp.search.errors import IndexUnavailable
from webapp.search.facets import Mask
from webapp.search.files import OwnedStorage, open_index
from webapp.search.inverted import NO_POSTINGS, Postings
from webapp.search.segment import SegmentData, empty_segment, load_segment, read_segment
from webapp.search.sidecar import check_arrays

ARRAYS = "arrays-"
"""How the folders of arrays are called: this, and the id of the segment."""

READ_LIMIT = 2_000
"""Segments of more documents are not read out of Whoosh by who only wants to search, but need their arrays on disk."""

CACHED_POSTINGS = 3_000_000
"""How many saturated postings a snapshot keeps, at 8 bytes each."""

K1 = 1.2
B = 0.75


def arrays_folder(folder: Path, segment_id: str) -> Path:
    """Where the arrays of a segment lie."""
    return folder / f"{ARRAYS}{segment_id}"


@dataclass(frozen=True)
class Segment:
    """One segment of a snapshot."""

    key: str
    """Whoosh's id of the segment."""
    start: int
    """Number of its first document within the snapshot."""
    data: SegmentData


@dataclass(frozen=True)
class Saturated:
    """The documents that have a term, deleted ones included, and what it adds to their scores but for its idf."""

    places: NDArray[np.int32]
    values: NDArray[np.float32]
    """``w (K1 + 1) / (w + K1 (1 - B + B l / average))``, w being the weighted frequency and l the document's length."""


class Snapshot:
    """An index at one commit."""

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        """Join segments (none are needed) whose documents are alive or not."""
        self.segments = tuple(segments)
        self.columns = Columns([segment.data for segment in segments] or [empty_segment()], live)
        self.size = len(live)
        norms = K1 * ((1 - B) + B * self.columns.lengths / self.columns.average_length)
        self._norms = norms.astype(np.float32)
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, Saturated] = OrderedDict()
        self._cached = 0

    def postings(self, term: str) -> Postings:
        """The postings of a term over all segments."""
        parts = [(segment.start, segment.data.inverted.postings(term)) for segment in self.segments]
        parts = [(start, part) for start, part in parts if len(part.places)]
        if not parts:
            return NO_POSTINGS
        if len(parts) == 1:
            start, part = parts[0]
            return Postings(part.places + np.int32(start), part.weights) if start else part
        places = np.concatenate([part.places + np.int32(start) for start, part in parts])
        return Postings(places, np.concatenate([part.weights for _, part in parts]))

    def saturated(self, term: str) -> Saturated:
        """The postings of a term as they count; kept, the most recently used ones."""
        with self._lock:
            known = self._cache.get(term)
            if known is not None:
                self._cache.move_to_end(term)
                return known
        postings = self.postings(term)
        values = postings.weights * np.float32(K1 + 1) / (postings.weights + self._norms[postings.places])
        result = Saturated(postings.places, values)
        with self._lock:
            if term not in self._cache:
                self._cache[term] = result
                self._cached += len(values) + 32
            while self._cached > CACHED_POSTINGS and len(self._cache) > 1:
                _, dropped = self._cache.popitem(last=False)
                self._cached -= len(dropped.values) + 32
        return result

    def idf(self, document_frequency: int) -> float:
        """The inverse document frequency: ``ln(1 + (N - n + 0.5) / (n + 0.5))``, never negative."""
        return float(np.log1p((self.size - document_frequency + 0.5) / (document_frequency + 0.5)))

    def document_frequency(self, term: str) -> int:
        """In how many documents a term occurs, deleted ones included."""
        return len(self.saturated(term).places)

    def is_alive(self, term: str) -> bool:
        """Whether a term occurs in a document that is not deleted."""
        places, live = self.saturated(term).places, self.columns.live
        # Few documents are deleted: as a rule the first tells.
        return bool(len(places)) and bool(live[places[0]] or live[places].any())


def _live(reader: IndexReader) -> Mask:
    live = np.ones(reader.doc_count_all(), dtype=bool)
    if reader.has_deletions():
        live[list(reader.segment().deleted_docs())] = False
    return live


def _segment_data(folder: Path, reader: IndexReader, key: str) -> SegmentData:
    path = arrays_folder(folder, key)
    if path.is_dir():
        data = load_segment(path)
        if len(data) != reader.doc_count_all():
            raise IndexUnavailable(f"{path.name} belongs to another segment")
        return data
    if reader.doc_count_all() > READ_LIMIT:
        raise IndexUnavailable(f"there is no {path.name}")
    return read_segment(reader)


def _open_segments(folder: Path, reader: IndexReader, known: dict[str, SegmentData]) -> Snapshot:
    segments: list[Segment] = []
    live: list[Mask] = []
    start = 0
    for leaf, _ in reader.leaf_readers():
        count = leaf.doc_count_all()
        if not count:
            continue
        key = leaf.segment().segment_id()
        segments.append(Segment(key, start, known.get(key) or _segment_data(folder, leaf, key)))
        live.append(_live(leaf))
        start += count
    return Snapshot(segments, np.concatenate(live) if live else np.ones(0, dtype=bool))


def open_snapshot(folder: Path, previous: Snapshot | None) -> Snapshot:
    """Open the newest commit of the Whoosh index in ``folder``; keep the arrays that ``previous`` has of its segments.

    Raises:
        IndexUnavailable: there is no index, or it cannot be read.
    """
    known = {segment.key: segment.data for segment in previous.segments} if previous else {}
    storage = OwnedStorage(folder)
    try:
        return _open_segments(folder, open_index(storage).reader(), known)
    except IndexUnavailable:
        raise
    except Exception as error:  # A damaged index fails in as many ways as pickle, struct and zlib have.
        raise IndexUnavailable(f"cannot read {folder.name}: {type(error).__name__}: {error}") from error
    finally:
        storage.close_files()


def check_segments(folder: Path, snapshot: Snapshot) -> None:
    """See whether somebody who opened this snapshot now would find the arrays that it needs.

    Raises:
        IndexUnavailable: those of a segment are missing or damaged.
    """
    for segment in snapshot.segments:
        path = arrays_folder(folder, segment.key)
        if len(segment.data) > READ_LIMIT or path.is_dir():
            check_arrays(path)
