"""Arrays on disk: whole or not there at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from webapp.search import IndexUnavailable
from webapp.search.sidecar import check_arrays, load_arrays, save_arrays

ARRAYS = {
    "numbers": np.arange(1_000, dtype=np.int64),
    "bits": np.arange(600, dtype=np.uint64).reshape(3, 200),
    "nothing": np.empty(0, dtype=np.uint16),
    "flat": np.empty((4, 0), dtype=np.uint64),
    "one": np.array([7], dtype=np.uint8),
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "arrays-x"
    save_arrays(folder, ARRAYS, {"labels": [["sector", "الماء"]]})
    return folder


def test_what_was_saved_is_loaded(saved: Path) -> None:
    arrays, facts = load_arrays(saved)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
    assert facts == {"labels": [["sector", "الماء"]]}


def test_loaded_arrays_are_mapped_and_cannot_be_changed(saved: Path) -> None:
    arrays, _ = load_arrays(saved)
    assert type(arrays["numbers"]) is np.ndarray
    assert not arrays["numbers"].flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        arrays["numbers"][0] = 1


def test_mapped_arrays_outlive_their_files(saved: Path) -> None:
    arrays, _ = load_arrays(saved)
    for path in saved.iterdir():
        path.unlink()
    assert int(arrays["numbers"].sum()) == 499_500


def test_saving_leaves_no_temporary_folder_and_replaces_one_left_behind(tmp_path: Path) -> None:
    left = tmp_path / "arrays-x.tmp"
    left.mkdir()
    (left / "old.npy").write_bytes(b"torn")
    save_arrays(tmp_path / "arrays-x", ARRAYS, {})
    assert [path.name for path in tmp_path.iterdir()] == ["arrays-x"]
    assert "old" not in load_arrays(tmp_path / "arrays-x")[0]


def test_saving_again_replaces_what_was_there(saved: Path) -> None:
    save_arrays(saved, {"numbers": np.array([1])}, {"new": True})
    arrays, facts = load_arrays(saved)
    assert (arrays.keys(), facts) == ({"numbers"}, {"new": True})


@pytest.mark.parametrize("name", ["numbers.npy", "bits.npy", "nothing.npy", "facts.json", "sizes.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "longer"])
def test_a_folder_with_a_torn_or_missing_file_is_not_loaded(saved: Path, name: str, damage: str) -> None:
    path = saved / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": content[:-1], "empty": b"", "longer": content + b"}"}[damage])
    with pytest.raises(IndexUnavailable):
        load_arrays(saved)
    with pytest.raises(IndexUnavailable):
        check_arrays(saved)


@pytest.mark.parametrize("sizes", [[], 7, {"numbers.npy": None}, {"../../x": 1}])
def test_sizes_that_make_no_sense_are_damage(saved: Path, sizes: object) -> None:
    (saved / "sizes.json").write_text(json.dumps(sizes))
    with pytest.raises(IndexUnavailable):
        load_arrays(saved)


def test_a_file_of_the_right_size_that_is_no_array_is_damage(saved: Path) -> None:
    path = saved / "numbers.npy"
    path.write_bytes(b"\x07" * path.stat().st_size)
    with pytest.raises(IndexUnavailable):
        load_arrays(saved)


def test_there_is_nothing_to_load_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        load_arrays(tmp_path / "arrays-x")
