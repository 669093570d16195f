"""Arrays on disk: one ``.npy`` file an array in one folder, memory-mapped when opened, so that processes share them.

A folder is written under a temporary name, forced to disk, and renamed when whole; ``sizes.json`` in it says what whole
means. Nothing is ever changed in place.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.search.errors import IndexUnavailable

Array = NDArray[Any]

_SIZES = "sizes.json"


def force_to_disk(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def save_arrays(folder: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Write arrays and a few JSON facts into a new folder, all or nothing."""
    temporary = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    for name, array in arrays.items():
        np.save(temporary / f"{name}.npy", array, allow_pickle=False)
    (temporary / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    sizes = {path.name: path.stat().st_size for path in temporary.iterdir()}
    (temporary / _SIZES).write_text(json.dumps(sizes), "utf-8")
    for path in temporary.iterdir():
        force_to_disk(path)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.replace(folder)
    force_to_disk(folder.parent)


def check_arrays(folder: Path) -> None:
    """Compare the sizes of the files with what was written.

    Raises:
        IndexUnavailable: a file is missing or has another size.
    """
    try:
        sizes = json.loads((folder / _SIZES).read_text("utf-8"))
        torn = [name for name, size in sizes.items() if (folder / name).stat().st_size != size]
    except (OSError, ValueError, AttributeError) as error:
        raise IndexUnavailable(f"damaged arrays in {folder.name}") from error
    if torn:
        raise IndexUnavailable(f"{folder.name}/{torn[0]} has another size than when it was written")


def load_arrays(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays of a folder, memory-mapped and read-only, and its facts.

    Raises:
        IndexUnavailable: the folder is incomplete or damaged.
    """
    check_arrays(folder)
    try:
        arrays = {path.stem: _open(path) for path in folder.glob("*.npy")}
        return arrays, json.loads((folder / "facts.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"damaged arrays in {folder.name}") from error


def _open(path: Path) -> Array:
    if path.stat().st_size <= 128:  # An empty array cannot be mapped.
        return np.load(path, allow_pickle=False)
    # As a plain array: slicing a numpy.memmap costs ten times as much.
    return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
