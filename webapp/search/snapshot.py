"""An index as it was at one commit, opened for reading. Safe for threads; never changes.

Everything is opened at once, because a writer may delete the files of merged segments at any later moment; open files
stay readable after that. Readers of Whoosh are opened afresh for each commit: in the maintained forks,
``Searcher.refresh`` and ``reader(reuse=)`` show deleted documents.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.reading import IndexReader

from webapp.search.columns import Columns, Mask, SegmentColumns
from webapp.search.documents import FACETS
from webapp.search.errors import IndexUnavailable
from webapp.search.files import OwnedStorage, open_index
from webapp.search.postings import PostingsCache, SegmentPostings
from webapp.search.schema import Record


@dataclass(frozen=True)
class Segment:
    """One segment of a snapshot."""

    key: str
    """Whoosh's id of the segment."""
    start: int
    """Number of its first document within the snapshot."""
    columns: SegmentColumns
    postings: SegmentPostings


@dataclass(frozen=True)
class Snapshot:
    """An index at one commit."""

    columns: Columns
    segments: tuple[Segment, ...]


def _read_columns(reader: IndexReader, facets: Sequence[str]) -> SegmentColumns:
    records = [Record(*reader.stored_fields(place)["record"]) for place in range(reader.doc_count_all())]
    return SegmentColumns.from_records(records, facets)


def _live(reader: IndexReader) -> Mask:
    count = reader.doc_count_all()
    if not reader.has_deletions():
        return np.ones(count, dtype=bool)
    return np.array([not reader.is_deleted(place) for place in range(count)], dtype=bool)


def _open_segments(storage: OwnedStorage, noun: str, known: Mapping[str, Segment]) -> Snapshot:
    reader = open_index(storage).reader()
    segments: list[Segment] = []
    live: list[Mask] = []
    start = 0
    for leaf, _ in reader.leaf_readers():
        count = leaf.doc_count_all()
        if not count:
            continue
        key = leaf.segment().segment_id()
        before = known.get(key)
        columns = before.columns if before else _read_columns(leaf, FACETS[noun])
        cache = before.postings.cache if before else PostingsCache()
        segments.append(Segment(key, start, columns, SegmentPostings(leaf, cache)))
        live.append(_live(leaf))
        start += count
    empty = SegmentColumns.from_records([], FACETS[noun])
    parts = [segment.columns for segment in segments] or [empty]
    return Snapshot(Columns(parts, np.concatenate(live or [np.ones(0, dtype=bool)])), tuple(segments))


def open_snapshot(folder: Path, noun: str, previous: Snapshot | None) -> Snapshot:
    """Open the newest commit of the Whoosh index in ``folder``; keep what ``previous`` decoded of unchanged segments.

    Raises:
        IndexUnavailable: there is no index, or it cannot be read.
    """
    known = {segment.key: segment for segment in previous.segments} if previous else {}
    storage = OwnedStorage(folder)
    try:
        snapshot = _open_segments(storage, noun, known)
    except Exception as error:  # A damaged index fails in as many ways as pickle, struct and zlib have.
        storage.close_files()
        raise IndexUnavailable(f"cannot read {folder.name}: {type(error).__name__}: {error}") from error
    weakref.finalize(snapshot, storage.close_files)
    return snapshot
