from __future__ import annotations

import multiprocessing
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.search.conftest import document
from webapp.search import Document, Drift, IndexBusy, IndexUnavailable, Query, Search, SearchIndex, run
from webapp.search.storage import Storage

MakeIndex = Callable[[Iterable[Document]], SearchIndex]


def held(index: SearchIndex) -> list[int]:
    return sorted(run(index, Query(per_page=1000)).ids)


def test_there_is_no_index_until_it_is_built(folder: Path) -> None:
    index = SearchIndex(folder, "startup", "pack")
    with pytest.raises(IndexUnavailable):
        run(index, Query())
    with pytest.raises(IndexUnavailable):
        index.update([document(1)])
    assert not index.state().available


def test_an_index_of_nothing_answers_nothing(make_index: MakeIndex) -> None:
    index = make_index([])
    assert run(index, Query("solar")).total == 0
    assert index.state().available
    index.update([document(1, "Solar")])
    assert run(index, Query("solar")).ids == (1,)


def test_an_update_replaces_adds_and_deletes(make_index: MakeIndex) -> None:
    index = make_index(document(number, "Before") for number in (1, 2, 3))
    index.update([document(2, "After"), document(4, "After")], delete=[3, 99])
    assert held(index) == [1, 2, 4]
    assert run(index, Query("after")).ids == (2, 4)
    assert run(index, Query("before")).ids == (1,)


def test_many_small_commits_keep_the_last_state(make_index: MakeIndex) -> None:
    index = make_index(document(number) for number in range(5))
    for turn in range(25):
        index.update([document(turn % 5, f"Turn{turn}")])
        assert run(index, Query(f"turn{turn}")).ids == (turn % 5,)
        assert held(index) == [0, 1, 2, 3, 4]
    index.delete([0, 1, 2, 3, 4])
    assert held(index) == []


def test_another_object_sees_each_commit(make_index: MakeIndex, folder: Path) -> None:
    index = make_index([document(1)])
    reader = SearchIndex(folder, "startup", "pack")
    assert held(reader) == [1]
    index.update([document(2)])
    assert held(reader) == [1, 2]
    index.delete([1])
    assert held(reader) == [2]
    index.rebuild([document(7)])
    assert held(reader) == [7]


def test_without_a_commit_the_same_snapshot_serves(make_index: MakeIndex) -> None:
    index = make_index([document(1)])
    assert index.snapshot() is index.snapshot()


def test_a_snapshot_in_use_outlives_a_rebuild(make_index: MakeIndex) -> None:
    index = make_index([document(1, pitch="solar water")])
    snapshot = index.snapshot()
    index.rebuild([document(2)])
    assert snapshot.postings("solar").places.tolist() == [0]


def test_readers_keep_the_former_index_while_it_is_rebuilt(make_index: MakeIndex) -> None:
    index = make_index([document(1)])

    def documents() -> Iterator[Document]:
        assert held(index) == [1]
        yield document(2)
        assert held(index) == [1]

    told: list[int] = []
    assert index.rebuild(documents(), told.append) == 1
    assert held(index) == [2]
    assert told == [1]


def test_a_failed_rebuild_changes_nothing(make_index: MakeIndex, folder: Path) -> None:
    index = make_index([document(1)])

    def documents() -> Iterator[Document]:
        yield document(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        index.rebuild(documents())
    assert held(index) == [1]
    assert len(list(folder.glob("startup-*"))) == 1


def _index_folder(folder: Path) -> Path:
    return next(folder.glob("startup-*"))


def _truncate(folder: Path) -> None:
    for path in _index_folder(folder).glob("*.seg"):
        path.write_bytes(path.read_bytes()[:10])
    for path in _index_folder(folder).glob("*.pst"):
        path.write_bytes(path.read_bytes()[:10])


def _scramble(folder: Path) -> None:
    for path in _index_folder(folder).iterdir():
        if path.is_file():
            path.write_bytes(b"\x07" * path.stat().st_size)


def _lose_segments(folder: Path) -> None:
    for path in _index_folder(folder).iterdir():
        if path.is_file() and path.suffix != ".toc":
            path.unlink()


def _lose_folder(folder: Path) -> None:
    shutil.rmtree(_index_folder(folder))


def _lose_manifest(folder: Path) -> None:
    (folder / "startup.json").unlink()


def _damage_manifest(folder: Path) -> None:
    (folder / "startup.json").write_text("{}")


@pytest.mark.parametrize(
    "damage", [_truncate, _scramble, _lose_segments, _lose_folder, _lose_manifest, _damage_manifest]
)
def test_a_damaged_index_is_unavailable_until_it_is_rebuilt(
    make_index: MakeIndex, folder: Path, damage: Callable[[Path], None]
) -> None:
    make_index(document(number, pitch="solar water") for number in range(20))
    damage(folder)
    index = SearchIndex(folder, "startup", "pack")
    with pytest.raises(IndexUnavailable):
        run(index, Query("solar"))
    with pytest.raises(IndexUnavailable):
        index.update([document(1)])
    assert index.state().problem
    index.rebuild([document(1, pitch="solar")])
    assert run(index, Query("solar")).ids == (1,)
    assert len(list(folder.glob("startup-*"))) == 1


def test_an_index_made_under_another_stamp_is_unavailable(make_index: MakeIndex, folder: Path) -> None:
    make_index([document(1)])
    other = SearchIndex(folder, "startup", "another pack")
    with pytest.raises(IndexUnavailable, match="another"):
        other.snapshot()
    with pytest.raises(IndexUnavailable, match="another"):
        other.update([document(2)])
    other.rebuild([document(2)])
    assert held(other) == [2]


def test_a_check_names_what_is_missing_stale_and_surplus(make_index: MakeIndex) -> None:
    index = make_index([document(1, stamp=10), document(2, stamp=10), document(3, stamp=10)])
    assert index.check({1: 10, 2: 11, 4: 10}) == Drift(missing=(4,), stale=(2,), surplus=(3,))
    assert not index.check({1: 10, 2: 10, 3: 10})


def test_a_writer_does_not_wait_for_ever(make_index: MakeIndex, folder: Path) -> None:
    make_index([document(1)])
    hasty = SearchIndex(folder, "startup", "pack", lock_seconds=0.05)
    with Storage(folder, "startup").writing(1), pytest.raises(IndexBusy):
        hasty.update([document(2)])
    hasty.update([document(2)])
    assert held(hasty) == [1, 2]


def _write_from(folder: Path, first: int) -> None:
    index = SearchIndex(folder, "startup", "pack", lock_seconds=60)
    for number in range(first, first + 8):
        index.update([document(number)])


def test_two_processes_that_write_at_once_lose_nothing(make_index: MakeIndex, folder: Path) -> None:
    index = make_index([document(0)])
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_from, args=(folder, first)) for first in (100, 200)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert 0 in held(index)
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert held(index) == [0, *range(100, 108), *range(200, 208)]


def test_threads_can_search_while_one_writes(make_index: MakeIndex) -> None:
    index = make_index(document(number, pitch=f"solar water word{number}") for number in range(50))
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                assert run(index, Query("solar wat")).total == 50
                assert run(index, Query('"solar water"')).total == 50
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        index.update([document(number, pitch=f"solar water again{number}")])
    done.set()
    for thread in threads:
        thread.join()
    assert not failures


def test_all_nouns_share_a_folder(folder: Path) -> None:
    search = Search(folder, "pack")
    search.startups.rebuild([document(1)])
    search.partners.rebuild([document(2)])
    search.startups.rebuild([document(3)])
    assert (held(search.of("startup")), held(search.of("partner"))) == ([3], [2])
