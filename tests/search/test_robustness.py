"""Writers killed at any point, several processes at once, and files that are missing, torn or of another version.

Writers here are processes of their own that are killed with SIGKILL: nothing is tidied up after them.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.search.conftest import document
from tests.search.corpora import whoosh_folder
from webapp.config import ROOT
from webapp.search import Document, IndexUnavailable, Query, SearchIndex, run
from webapp.search.snapshot import READ_LIMIT
from webapp.search.writing import SMALL_SEGMENT

MakeIndex = Callable[[Iterable[Document]], SearchIndex]

WRITER = """
import sys
from pathlib import Path
from tests.search.test_robustness import state
from webapp.search import SearchIndex
folder, what, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
index = SearchIndex(folder, "startup", "pack", lock_seconds=60)
index.vocabulary
print("ready", flush=True)
for turn in range(first, first + int(sys.argv[4])):
    if what == "rebuild":
        index.rebuild(state(turn))
    else:
        index.update(state(turn))
    print(turn, flush=True)
"""
SIZE = 40


def state(turn: int) -> list[Document]:
    """All documents as one writer's turn leaves them: every one of them says which turn it was."""
    return [document(number, f"Name {number}", pitch=f"solar turn{turn}", stamp=turn) for number in range(SIZE)]


@contextmanager
def writer(folder: Path, what: str, first: int, turns: int) -> Iterator[subprocess.Popen[str]]:
    """A process that writes state after state; killed at the end at the latest."""
    command = [sys.executable, "-c", WRITER, str(folder), what, str(first), str(turns)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def turns_held(index: SearchIndex) -> set[int]:
    """The turns that the documents of an index are of."""
    columns = index.snapshot().columns
    assert columns.count == SIZE
    assert run(index, Query("solar")).total == SIZE
    return set(columns.stamps[columns.live].tolist())


@pytest.mark.parametrize("what", ["update", "rebuild"])
def test_a_killed_writer_leaves_the_state_before_or_after(make_index: MakeIndex, folder: Path, what: str) -> None:
    make_index(state(0))
    chance = random.Random(what)
    held, first = 0, 1
    for _ in range(8):
        with writer(folder, what, first, 1_000) as process:
            time.sleep(chance.uniform(0.0, 0.25))
            process.send_signal(signal.SIGKILL)
            told = process.communicate()[0].split()
        before, after = (int(told[-1]), int(told[-1]) + 1) if told else (held, first)
        (held,) = turns_held(SearchIndex(folder, "startup", "pack"))
        assert held in (before, after)
        first = after + 1
    survivor = SearchIndex(folder, "startup", "pack")
    survivor.update(state(first))
    assert turns_held(survivor) == {first}
    survivor.rebuild(state(first + 1))
    assert turns_held(survivor) == {first + 1}
    assert len(list(folder.glob("startup-*"))) == 1
    assert list(folder.glob("*.tmp")) == []


def test_a_check_after_a_kill_heals_what_was_not_written(make_index: MakeIndex, folder: Path) -> None:
    make_index(state(0))
    with writer(folder, "update", 1, 1_000) as process:
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    index = SearchIndex(folder, "startup", "pack")
    wanted = state(5_000)
    drift = index.check({found.id: found.stamp for found in wanted})
    assert drift.stale == tuple(range(SIZE))
    index.update(found for found in wanted if found.id in drift.stale)
    assert not index.check({found.id: found.stamp for found in wanted})


def test_readers_see_whole_states_only_while_another_process_writes(make_index: MakeIndex, folder: Path) -> None:
    reader = make_index(state(0))
    seen: list[int] = []
    with writer(folder, "update", 1, 15) as process:
        while process.poll() is None:
            seen += turns_held(reader)
    assert seen == sorted(seen)
    assert turns_held(reader) == {15}


def test_a_change_of_another_process_is_seen_as_soon_as_it_is_written(make_index: MakeIndex, folder: Path) -> None:
    reader = make_index(state(0))
    for what in ("update", "rebuild"):
        first = max(turns_held(reader)) + 1
        with writer(folder, what, first, 5) as process:
            assert process.stdout is not None
            for line in process.stdout:
                assert max(turns_held(reader)) >= int(line)


def test_two_processes_that_update_and_rebuild_at_once_lose_nothing(make_index: MakeIndex, folder: Path) -> None:
    index = make_index(state(0))
    with writer(folder, "update", 100, 10) as one, writer(folder, "update", 200, 10) as other:
        outputs = [process.communicate()[0].split() for process in (one, other)]
    assert [output[-1] for output in outputs] == ["109", "209"]
    (held,) = turns_held(index)
    assert held in (109, 209)


# Damage


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("LOCK"))


def test_every_file_cut_in_half_makes_the_index_unavailable_and_a_rebuild_heals_it(
    make_index: MakeIndex, folder: Path
) -> None:
    made = make_index(state(1))
    for name in [path.relative_to(whoosh_folder(made)) for path in _files(whoosh_folder(made))]:
        fresh = SearchIndex(folder, "startup", "pack")
        fresh.rebuild(state(1))
        path = next(path for path in _files(whoosh_folder(fresh)) if path.suffix == name.suffix and _alike(path, name))
        _truncate(path)
        damaged = SearchIndex(folder, "startup", "pack")
        with pytest.raises(IndexUnavailable):
            damaged.snapshot()
        with pytest.raises(IndexUnavailable):
            damaged.update(state(2))
        with pytest.raises(IndexUnavailable):
            fresh.verify()
        damaged.rebuild(state(3))
        assert turns_held(damaged) == {3}


def _alike(path: Path, name: Path) -> bool:
    """Whether a path is the file of another build of the index that has this name but for the id of its segment."""
    is_array = path.parent.name.startswith("arrays-")
    return path.name == name.name if is_array else not name.parent.name.startswith("arrays-")


@pytest.mark.parametrize("name", ["inverted_places.npy", "inverted_positions.npy", "facts.json", "ids.npy"])
def test_missing_arrays_of_a_folder_are_noticed(make_index: MakeIndex, folder: Path, name: str) -> None:
    index = make_index(state(1))
    next(whoosh_folder(index).glob(f"arrays-*/{name}")).unlink()
    with pytest.raises(IndexUnavailable):
        SearchIndex(folder, "startup", "pack").snapshot()


def test_arrays_that_are_no_arrays_are_noticed(make_index: MakeIndex, folder: Path) -> None:
    index = make_index(state(1))
    for path in whoosh_folder(index).glob("arrays-*/*.npy"):
        path.write_bytes(b"\x07" * path.stat().st_size)
    with pytest.raises(IndexUnavailable):
        SearchIndex(folder, "startup", "pack").snapshot()


def test_an_index_of_another_version_is_unavailable_until_it_is_rebuilt(make_index: MakeIndex, folder: Path) -> None:
    index = make_index(state(1))
    path = folder / "startup.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | {"stamp": "0." + manifest["stamp"]}), "utf-8")
    with pytest.raises(IndexUnavailable, match="another version"):
        index.snapshot()
    index.rebuild(state(2))
    assert turns_held(index) == {2}


def test_the_whole_folder_deleted_under_a_reader_is_noticed_and_healed(make_index: MakeIndex, folder: Path) -> None:
    index = make_index(state(1))
    assert turns_held(index) == {1}
    shutil.rmtree(folder)
    with pytest.raises(IndexUnavailable):
        run(index, Query("solar"))
    index.rebuild(state(2))
    assert turns_held(index) == {2}


def test_a_failure_is_believed_until_the_index_changes(make_index: MakeIndex, folder: Path) -> None:
    made = make_index(state(1))
    for path in whoosh_folder(made).glob("*.toc"):
        _truncate(path)
    index = SearchIndex(folder, "startup", "pack")
    for _ in range(3):
        with pytest.raises(IndexUnavailable):
            index.snapshot()
    SearchIndex(folder, "startup", "pack").rebuild(state(2))
    assert turns_held(index) == {2}


# Arrays of segments


def _brief(numbers: Iterable[int], word: str = "solar") -> list[Document]:
    return [document(number, "N", pitch=word) for number in numbers]


def test_a_large_segment_without_arrays_is_unavailable_and_a_small_one_is_read(
    make_index: MakeIndex, folder: Path
) -> None:
    for count, is_read in ((READ_LIMIT, True), (READ_LIMIT + 1, False)):
        index = make_index(_brief(range(count)))
        (arrays,) = whoosh_folder(index).glob("arrays-*")
        shutil.rmtree(arrays)
        fresh = SearchIndex(folder, "startup", "pack")
        if is_read:
            assert run(fresh, Query("solar")).total == count
            continue
        with pytest.raises(IndexUnavailable, match="arrays-"):
            fresh.snapshot()


@pytest.mark.parametrize("count", [3, READ_LIMIT + 1])
def test_who_has_an_index_open_notices_that_others_could_not_open_it(make_index: MakeIndex, count: int) -> None:
    index = make_index(_brief(range(count)))
    index.verify()
    (arrays,) = whoosh_folder(index).glob("arrays-*")
    (arrays / "ids.npy").unlink()
    with pytest.raises(IndexUnavailable):
        index.verify()
    index.rebuild(_brief(range(count)))
    index.verify()


def test_arrays_of_a_small_segment_can_be_done_without(make_index: MakeIndex) -> None:
    index = make_index(_brief(range(3)))
    for arrays in whoosh_folder(index).glob("arrays-*"):
        shutil.rmtree(arrays)
    index.verify()


def test_the_next_update_writes_arrays_that_a_killed_writer_did_not(make_index: MakeIndex, folder: Path) -> None:
    index = make_index(_brief(range(READ_LIMIT + 1)))
    for arrays in whoosh_folder(index).glob("arrays-*"):
        shutil.rmtree(arrays)
    index.update(_brief([5_000]))
    assert run(SearchIndex(folder, "startup", "pack"), Query("solar")).total == READ_LIMIT + 2


def test_a_large_update_leaves_arrays_and_a_small_one_none(make_index: MakeIndex) -> None:
    index = make_index(_brief([1]))
    index.update(_brief(range(10, 20)))
    assert len(list(whoosh_folder(index).glob("arrays-*"))) == 1
    index.update(_brief(range(1_000, 1_001 + SMALL_SEGMENT)))
    assert len(list(whoosh_folder(index).glob("arrays-*"))) == 2
    assert run(index, Query("solar")).total == 1 + 10 + SMALL_SEGMENT + 1


def test_arrays_go_with_their_segments(make_index: MakeIndex) -> None:
    index = make_index(_brief(range(3)))
    for turn in itertools.count(10):
        index.update(_brief([turn]))
        if not list(whoosh_folder(index).glob("arrays-*")):
            break
        assert turn < 40
    assert run(index, Query("solar")).total == 3 + turn - 9
