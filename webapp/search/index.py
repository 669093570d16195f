"""An index of one noun: reading it, writing it, rebuilding it beside itself, and comparing it with the truth.

How a query is answered is ``webapp.search.query``; which files there are is ``webapp.search.storage``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from webapp.language import ANALYZER_VERSION
from webapp.language.concepts import VOCABULARY_VERSION, ConceptVocabulary, concept_vocabulary
from webapp.models import Partner, Startup
from webapp.search.documents import Document
from webapp.search.errors import IndexUnavailable
from webapp.search.schema import SCHEMA_VERSION
from webapp.search.snapshot import Snapshot, check_segments, open_snapshot
from webapp.search.storage import Manifest, Signature, Storage
from webapp.search.writing import Progress, write_all, write_changes

LOCK_SECONDS = 10.0
"""How long a writer waits for another one."""

_OPEN_ATTEMPTS = 2
_OPEN_PAUSE_SECONDS = 0.05
_FAILURE_SECONDS = 10.0
"""How long a failure to open is believed, so that a broken index does not slow every request down."""


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


class SearchIndex:
    """The index of one noun. One object serves all threads of a process; any number of processes share a folder.

    Args:
        folder: where the indexes of all nouns lie; made by the first rebuild.
        noun: ``startup`` or ``partner``.
        stamp: what the index depends on beside this code, such as the digest of the network pack. An index that was
            made under another stamp, schema or analyzer counts as unavailable until it is rebuilt.
        vocabulary: gives the concepts to recognise when they are first needed; what it gives must be the same as long
            as the stamp is.
        lock_seconds: how long to wait for another writer.
    """

    def __init__(
        self,
        folder: Path,
        noun: str,
        stamp: str,
        *,
        vocabulary: Callable[[], ConceptVocabulary] = concept_vocabulary,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        self.noun = noun
        self.stamp = f"{SCHEMA_VERSION}.{ANALYZER_VERSION}.{VOCABULARY_VERSION}.{stamp}"
        self._load_vocabulary = vocabulary
        self._storage = Storage(folder, noun)
        self._lock_seconds = lock_seconds
        self._opening = threading.Lock()
        self._opened: tuple[Signature, Snapshot] | None = None
        self._failure: tuple[Signature, float, str] | None = None

    @cached_property
    def vocabulary(self) -> ConceptVocabulary:
        """The concepts that are recognised in texts and in queries."""
        return self._load_vocabulary()

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
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                self._verify_once()
                return
            except IndexUnavailable:  # A writer may just have removed files, as when opening.
                if attempt == _OPEN_ATTEMPTS - 1:
                    raise
                time.sleep(_OPEN_PAUSE_SECONDS)

    def _verify_once(self) -> None:
        manifest = self._current_manifest()
        self._storage.check_sizes(manifest)
        check_segments(self._storage.root / manifest.folder, self.snapshot())

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
                return open_snapshot(self._storage.root / manifest.folder, previous)
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
                written = write_all(self._storage.root / folder, documents, self.vocabulary, progress)
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
                count = write_changes(self._storage.root / manifest.folder, added, removed, self.vocabulary)
            except Exception as error:  # As in reading: Whoosh fails in many ways over a damaged index.
                raise IndexUnavailable(f"cannot write to {manifest.folder}: {error}") from error
            sizes = self._storage.settle(manifest.folder)
            self._storage.write_manifest(replace(manifest, commit=manifest.commit + 1, documents=count, sizes=sizes))

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

    def committed_at(self) -> datetime:
        """When the commit that this process reads was made.

        Raises:
            IndexUnavailable: there is nothing to read, or a later commit is just being opened.
        """
        self.snapshot()
        opened, signature = self._opened, self._storage.signature()
        if opened is None or signature is None or opened[0] != signature:
            raise IndexUnavailable(f"the index of {self.noun} is being opened")
        return datetime.fromtimestamp(signature[1] / 1_000_000_000, UTC)

    def built_at(self) -> datetime:
        """When it was built from nothing, as for every new pack.

        Raises:
            IndexUnavailable: it is missing or made by another version.
        """
        return datetime.fromisoformat(self._current_manifest().built_at)

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

    def __init__(
        self,
        folder: Path,
        stamp: str,
        *,
        vocabulary: Callable[[], ConceptVocabulary] = concept_vocabulary,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        self.startups, self.partners = (
            SearchIndex(folder, noun, stamp, vocabulary=vocabulary, lock_seconds=lock_seconds)
            for noun in (Startup.noun, Partner.noun)
        )

    def of(self, noun: str) -> SearchIndex:
        """The index of a noun.

        Raises:
            KeyError: there is no such noun.
        """
        return {index.noun: index for index in (self.startups, self.partners)}[noun]
