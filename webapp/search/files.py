"""Opening a Whoosh index so that its files are closed when nobody reads it any more, or at once when opening fails.

Whoosh leaves files open where a damaged index stops it half-way, and would leave the rest to the garbage collector.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from webapp.search.schema import make_schema


class OwnedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files, once opened for reading, can all be closed together."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._files: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file for reading and remember it."""
        file = super().open_file(name, **options)
        self._files = [kept for kept in self._files if not kept.is_closed]
        self._files.append(file)
        return file

    def close_files(self) -> None:
        """Close what was opened here and is still open."""
        for file in self._files:
            if not file.is_closed:
                file.close()
        self._files.clear()


def open_index(storage: OwnedStorage) -> FileIndex:
    """The newest commit of the Whoosh index in a folder. Raises whatever Whoosh raises."""
    return FileIndex(storage, schema=make_schema())
