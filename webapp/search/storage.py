"""The files around the Whoosh folders of one noun: which folder is current, who may write, what is safely on disk.

    index/
      startup.json            the manifest: current folder, stamp, commit number, file sizes; replaced atomically
      startup.lock            held by whoever writes (``flock``: a dead writer's lock is free at once)
      startup-<random>/       a Whoosh index; a rebuild makes a new one and the manifest moves over

``flock`` needs a POSIX system, and a file system on which it works between the processes of a machine.
"""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.search.errors import IndexBusy, IndexUnavailable
from webapp.search.sidecar import force_to_disk

Signature = tuple[int, int, int]
"""Inode, modification time in nanoseconds and size of a manifest; differs after every commit."""

_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Manifest:
    """What the manifest says."""

    folder: str
    stamp: str
    """What the index depends on; see ``SearchIndex``."""
    commit: int
    """Grows with every commit."""
    built_at: str
    """When the folder was built from nothing, ISO 8601."""
    documents: int
    sizes: Mapping[str, int]
    """File name -> bytes, as committed; by it a truncated file is recognised."""


class Storage:
    """The files of one noun's index."""

    def __init__(self, root: Path, noun: str) -> None:
        self.root = root
        self._noun = noun
        self._manifest = root / f"{noun}.json"

    def signature(self) -> Signature | None:
        """What tells two commits apart, for the price of one ``stat``; nothing if there is no manifest."""
        try:
            found = self._manifest.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read_manifest(self) -> Manifest:
        """The manifest as last written.

        Raises:
            IndexUnavailable: it is missing or damaged.
        """
        try:
            return Manifest(**json.loads(self._manifest.read_text("utf-8")))
        except FileNotFoundError as error:
            raise IndexUnavailable(f"there is no index of {self._noun}") from error
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable(f"damaged manifest of {self._noun}") from error

    def write_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest, once all that it speaks of is on disk."""
        temporary = self._manifest.with_suffix(f".{secrets.token_hex(4)}.tmp")
        temporary.write_text(json.dumps(asdict(manifest)), "utf-8")
        force_to_disk(temporary)
        temporary.replace(self._manifest)
        force_to_disk(self.root)

    def check_sizes(self, manifest: Manifest) -> None:
        """Compare the files with what was committed. Files that a later commit removed are none of its business.

        Raises:
            IndexUnavailable: a file has another size than when it was committed.
        """
        folder = self.root / manifest.folder
        for name, size in manifest.sizes.items():
            try:
                found = (folder / name).stat().st_size
            except OSError:
                continue
            if found != size:
                raise IndexUnavailable(f"{manifest.folder}/{name} has {found} bytes instead of {size}")

    def settle(self, folder: str) -> dict[str, int]:
        """Force a folder's files to disk, which Whoosh does not do; gives their sizes in bytes."""
        path = self.root / folder
        files = [entry for entry in path.rglob("*") if entry.is_file() and not entry.name.endswith("LOCK")]
        for file in files:
            if file.parent == path:  # Arrays were forced to disk when they were written.
                force_to_disk(file)
        force_to_disk(path)
        return {str(file.relative_to(path)): file.stat().st_size for file in files}

    def new_folder(self) -> str:
        """Make an empty folder for a rebuild."""
        name = f"{self._noun}-{secrets.token_hex(6)}"
        (self.root / name).mkdir()
        return name

    def remove_folders(self, *, but: str | None) -> None:
        """Remove all folders but one: former indexes, and what an interrupted rebuild left behind."""
        for path in self.root.glob(f"{self._noun}-*"):
            if path.name != but:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob(f"{self._noun}.*.tmp"):
            path.unlink(missing_ok=True)

    @contextmanager
    def writing(self, timeout: float) -> Iterator[None]:
        """Be the only writer, in all threads and processes of this machine.

        Raises:
            IndexBusy: somebody else went on writing for ``timeout`` seconds.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + timeout
        with (self.root / f"{self._noun}.lock").open("a", encoding="utf-8") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= deadline:
                        raise IndexBusy(f"the index of {self._noun} is being written") from error
                    time.sleep(_POLL_SECONDS)
            yield
