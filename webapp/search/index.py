"""An index of one noun: reading it, writing it, rebuilding it beside itself, and comparing it with the truth.

How a query is answered is ``webapp.search.query``; which files there are is ``webapp.search.storage``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.writing import IndexWriter

from webapp.language import ANALYZER_VERSION
from webapp.models import Partner, Startup
from webapp.search.documents import Document
from webapp.search.errors import IndexUnavailable
from webapp.search.files import OwnedStorage, open_index
from webapp.search.schema import SCHEMA_VERSION, make_schema, stored_id, to_fields
from webapp.search.snapshot import Snapshot, open_snapshot
from webapp.search.storage import Manifest, Signature, Storage

LOCK_SECONDS = 10.0
"""How long a writer waits for another one."""

_OPEN_ATTEMPTS = 2
_OPEN_PAUSE_SECONDS = 0.05
_FAILURE_SECONDS = 10.0
"""How long a failure to open is believed, so that a broken index does not slow every request down."""

Progress = Callable[[int], None]
"""Is told, during a rebuild, how many documents have been written so far."""


@dataclass(frozen=True)
class Drift:
    """How an index differs from what it should hold, as ids in ascending order."""

    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    """Held, but as they were before their last change."""
    surplus: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus)


@dataclass(frozen=True)
class IndexState:
    """An index at a glance, for operators."""

    noun: str
    available: bool
    problem: str
    """Why it is not available; empty if it is."""
    documents: int
    commit: int
    built_at: str
    """ISO 8601; empty if it was never built."""
    size: int
    """Bytes on disk."""


def _add_all(writer: IndexWriter, documents: Iterable[Document], progress: Progress | None) -> int:
    seen: set[int] = set()
    for document in documents:
        if document.id in seen:
            continue
        seen.add(document.id)
        writer.add_document(**to_fields(document))
        if progress:
            progress(len(seen))
    return len(seen)


def _replace(writer: IndexWriter, added: Mapping[int, Document], removed: Iterable[int]) -> None:
    with writer.searcher() as searcher:
        for document_id in sorted(removed):
            writer.delete_by_term("id", stored_id(document_id), searcher=searcher)
    for document in added.values():
        writer.add_document(**to_fields(document))


class SearchIndex:
    """The index of one noun. One object serves all threads of a process; any number of processes share a folder.

    Args:
        folder: where the indexes of all nouns lie; made by the first rebuild.
        noun: ``startup`` or ``partner``.
        stamp: what the index depends on beside this code, such as the digest of the network pack. An index that was
            made under another stamp, schema or analyzer counts as unavailable until it is rebuilt.
        lock_seconds: how long to wait for another writer.
    """

    def __init__(self, folder: Path, noun: str, stamp: str, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.noun = noun
        self.stamp = f"{SCHEMA_VERSION}.{ANALYZER_VERSION}.{stamp}"
        self._storage = Storage(folder, noun)
        self._lock_seconds = lock_seconds
        self._opening = threading.Lock()
        self._opened: tuple[Signature, Snapshot] | None = None
        self._failure: tuple[Signature, float, str] | None = None

    def snapshot(self) -> Snapshot:
        """The index as of its last commit, reopened only if there was one since.

        While one thread reopens it, the others go on with the one before.

        Raises:
            IndexUnavailable: it is missing, damaged or made by another version.
        """
        signature = self._storage.signature()
        if signature is None:
            raise IndexUnavailable(f"there is no index of {self.noun}")
        opened = self._opened
        if opened and opened[0] == signature:
            return opened[1]
        if not self._opening.acquire(blocking=opened is None):
            return opened[1]  # type: ignore[index]  # Only a caller who has one does not wait.
        try:
            if self._opened and self._opened[0] == signature:
                return self._opened[1]
            return self._reopen(signature)
        finally:
            self._opening.release()

    def verify(self) -> None:
        """See whether this process can read the index, and any other that opened it now could.

        A process that has an index open does not notice by reading it that its files were damaged since.

        Raises:
            IndexUnavailable: it is missing, damaged or made by another version.
        """
        self.snapshot()
        self._storage.check_sizes(self._current_manifest())

    def is_built(self) -> bool:
        """Whether there is a whole index of this version and pack on disk; looks at its files without opening them."""
        try:
            self._storage.check_sizes(self._current_manifest())
        except IndexUnavailable:
            return False
        return True

    def _reopen(self, signature: Signature) -> Snapshot:
        failure = self._failure
        if failure and failure[0] == signature and time.monotonic() - failure[1] < _FAILURE_SECONDS:
            raise IndexUnavailable(failure[2])
        try:
            snapshot = self._open_patiently(self._opened[1] if self._opened else None)
        except IndexUnavailable as error:
            self._opened = None
            self._failure = (signature, time.monotonic(), str(error))
            raise
        self._opened, self._failure = (signature, snapshot), None
        return snapshot

    def _open_patiently(self, previous: Snapshot | None) -> Snapshot:
        """Open the index; try again if a writer removed files while they were being opened."""
        for attempt in range(_OPEN_ATTEMPTS):
            manifest = self._current_manifest()
            self._storage.check_sizes(manifest)
            try:
                return open_snapshot(self._storage.root / manifest.folder, self.noun, previous)
            except IndexUnavailable:
                if attempt == _OPEN_ATTEMPTS - 1:
                    raise
                time.sleep(_OPEN_PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _current_manifest(self) -> Manifest:
        manifest = self._storage.read_manifest()
        if manifest.stamp != self.stamp:
            raise IndexUnavailable(f"the index of {self.noun} was made by another version or for another network pack")
        return manifest

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        """Build the index anew from these documents and put it in place of the one before; gives their number.

        Readers have the former one until the very end, and keep it if this fails.

        Raises:
            IndexBusy: another process is writing.
        """
        with self._storage.writing(self._lock_seconds):
            folder = self._storage.new_folder()
            try:
                written = self._write_all(folder, documents, progress)
                sizes = self._storage.settle(folder)
            except BaseException:
                self._storage.remove_folders(but=self._current_folder())
                raise
            built_at = datetime.now(UTC).isoformat(timespec="seconds")
            self._storage.write_manifest(Manifest(folder, self.stamp, time.time_ns(), built_at, written, sizes))
            self._storage.remove_folders(but=folder)
        return written

    def _current_folder(self) -> str | None:
        try:
            return self._storage.read_manifest().folder
        except IndexUnavailable:
            return None

    def _write_all(self, folder: str, documents: Iterable[Document], progress: Progress | None) -> int:
        made = whoosh_index.create_in(str(self._storage.root / folder), make_schema())
        # A compound segment would be copied into memory as a whole at every opening.
        writer: IndexWriter = made.writer(compound=False)
        try:
            written = _add_all(writer, documents, progress)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        return written

    def update(self, documents: Iterable[Document], *, delete: Iterable[int] = ()) -> None:
        """Add documents or put them in place of those with their ids, and delete others, in one commit.

        Raises:
            IndexUnavailable: there is no index to update; rebuild it.
            IndexBusy: another process is writing.
        """
        added = {document.id: document for document in documents}
        removed = set(delete) | added.keys()
        if not removed:
            return
        with self._storage.writing(self._lock_seconds):
            manifest = self._current_manifest()
            self._storage.check_sizes(manifest)
            try:
                count = self._commit(manifest.folder, added, removed)
            except Exception as error:  # As in reading: Whoosh fails in many ways over a damaged index.
                raise IndexUnavailable(f"cannot write to {manifest.folder}: {error}") from error
            sizes = self._storage.settle(manifest.folder)
            self._storage.write_manifest(replace(manifest, commit=manifest.commit + 1, documents=count, sizes=sizes))

    def _commit(self, folder: str, added: Mapping[int, Document], removed: Iterable[int]) -> int:
        storage = OwnedStorage(self._storage.root / folder)
        try:
            opened = open_index(storage)
            writer: IndexWriter = opened.writer(compound=False)
            try:
                _replace(writer, added, removed)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            return int(opened.doc_count())
        finally:
            storage.close_files()

    def delete(self, ids: Iterable[int]) -> None:
        """Delete documents; ids that the index does not hold are ignored. Raises as ``update`` does."""
        self.update((), delete=ids)

    def check(self, expected: Mapping[int, int]) -> Drift:
        """Compare the index with what it should hold: ids with their stamps (see ``Document.stamp``).

        Raises:
            IndexUnavailable: there is nothing to compare.
        """
        columns = self.snapshot().columns
        live = columns.live
        held = dict(zip(columns.ids[live].tolist(), columns.stamps[live].tolist(), strict=True))
        return Drift(
            missing=tuple(sorted(expected.keys() - held.keys())),
            stale=tuple(sorted(key for key in expected.keys() & held.keys() if expected[key] != held[key])),
            surplus=tuple(sorted(held.keys() - expected.keys())),
        )

    def state(self) -> IndexState:
        """The index at a glance; never raises."""
        try:
            manifest = self._current_manifest()
            count = self.snapshot().columns.count
        except IndexUnavailable as error:
            return IndexState(self.noun, False, str(error), 0, 0, "", 0)
        size = sum(manifest.sizes.values())
        return IndexState(self.noun, True, "", count, manifest.commit, manifest.built_at, size)


class Search:
    """The indexes of all nouns. Arguments as for ``SearchIndex``."""

    def __init__(self, folder: Path, stamp: str, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.startups = SearchIndex(folder, Startup.noun, stamp, lock_seconds=lock_seconds)
        self.partners = SearchIndex(folder, Partner.noun, stamp, lock_seconds=lock_seconds)

    def of(self, noun: str) -> SearchIndex:
        """The index of a noun.

        Raises:
            KeyError: there is no such noun.
        """
        return {index.noun: index for index in (self.startups, self.partners)}[noun]
