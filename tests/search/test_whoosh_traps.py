"""What Whoosh and its forks do that one would not expect, and that we keep clear of it.

A test of Whoosh alone that fails with a new version says that a precaution may go.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import whoosh
import whoosh.index
from whoosh.analysis import StandardAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.reading import ReaderClosed

from tests.search.conftest import document
from tests.search.corpora import whoosh_folder
from webapp.language import words
from webapp.search import Document, IndexBusy, Query, SearchIndex, run
from webapp.search.files import OwnedStorage, open_index
from webapp.search.storage import Storage
from webapp.search.writing import SMALL_SEGMENTS

MakeIndex = Callable[[Iterable[Document]], SearchIndex]

FORKED = tuple(whoosh.__version__) > (2, 7, 4)
"""Whether this is a fork: Whoosh itself ended with 2.7.4."""


def write(index: Any, number: str, text: str, *, compound: bool = False) -> None:
    writer = index.writer(compound=compound)
    writer.update_document(id=number, content=text)
    writer.commit(merge=False)


def texts(reader: Any) -> list[str]:
    return sorted(fields["content"] for _, fields in reader.iter_docs())


@pytest.fixture
def plain(tmp_path: Path) -> Any:
    """An index of Whoosh's own with two documents, in the folder of the test."""
    (tmp_path / "plain").mkdir()
    index = whoosh.index.create_in(str(tmp_path / "plain"), Schema(id=ID(unique=True), content=TEXT(stored=True)))
    write(index, "1", "old")
    write(index, "2", "kept")
    return index


def test_the_forks_show_old_documents_after_a_refresh_or_to_a_reused_reader(plain: Any) -> None:
    searcher, reader = plain.searcher(), plain.reader()
    write(plain, "1", "new")
    shown = ["kept", "new", "old"] if FORKED else ["kept", "new"]
    with searcher.refresh() as refreshed, plain.reader(reuse=reader) as reused:
        assert texts(refreshed.reader()) == texts(reused) == shown
    with plain.reader() as fresh:
        assert texts(fresh) == ["kept", "new"]
    with suppress(ReaderClosed):  # The new ones share parts of the old ones.
        searcher.close()
    with suppress(ReaderClosed):
        reader.close()


def test_an_open_index_of_ours_shows_no_old_documents(make_index: MakeIndex) -> None:
    index = make_index([document(1, "Old"), document(2, "Kept")])
    assert run(index, Query("old")).ids == (1,)
    index.update([document(1, "New")])
    assert (run(index, Query("old")).total, run(index, Query("new")).ids) == (0, (1,))
    index.delete([2])
    assert (run(index, Query("kept")).total, run(index, Query()).ids) == (0, (1,))


def test_whoosh_packs_a_segment_into_one_file_unless_told_otherwise(plain: Any) -> None:
    folder = Path(plain.storage.folder)
    assert not list(folder.glob("*.seg"))
    write(plain, "3", "packed", compound=True)
    assert len(list(folder.glob("*.seg"))) == 1


def test_no_segment_of_ours_is_packed_whether_built_updated_or_merged(make_index: MakeIndex) -> None:
    index = make_index(document(number) for number in range(3))
    for number in range(10, 12 + SMALL_SEGMENTS):
        index.update([document(number)])
        storage = OwnedStorage(whoosh_folder(index))
        leaves = open_index(storage).reader().leaf_readers()
        assert not any(leaf.segment().is_compound() for leaf, _ in leaves)
        storage.close_files()
    assert len(leaves) <= SMALL_SEGMENTS + 1
    assert list(whoosh_folder(index).glob("*.seg")) == []


def test_whoosh_splits_words_at_vowel_marks_and_we_do_not() -> None:
    text = "الطَّاقَةُ"
    assert len([token.text for token in StandardAnalyzer()(text)]) > 1
    assert len(words(text)) == 1


def test_our_files_are_closed_once_the_arrays_are_read(make_index: MakeIndex) -> None:
    index = make_index([document(1, "Solar")])
    index.update([document(2, "Solar")])
    folder = str(whoosh_folder(index))
    snapshot = index.snapshot()
    assert snapshot.columns.count == 2
    opened = [path.resolve() for path in Path("/proc/self/fd").iterdir() if path.exists()]
    assert [path for path in opened if str(path).startswith(folder) and path.suffix != ".npy"] == []


def test_the_lock_lies_outside_of_the_folder_that_a_rebuild_replaces(make_index: MakeIndex, folder: Path) -> None:
    index = make_index([document(1)])
    lock = folder / "startup.lock"
    inode = lock.stat().st_ino
    index.rebuild([document(2)])
    index.update([document(3)])
    assert lock.stat().st_ino == inode
    assert whoosh_folder(index) not in lock.parents


def test_a_lock_that_is_held_stops_a_rebuild_as_well_as_an_update(make_index: MakeIndex, folder: Path) -> None:
    make_index([document(1)])
    hasty = SearchIndex(folder, "startup", "pack", lock_seconds=0.02)
    with Storage(folder, "startup").writing(1):
        for write_ in (lambda: hasty.rebuild([document(2)]), lambda: hasty.update([document(2)])):
            with pytest.raises(IndexBusy):
                write_()
        assert run(hasty, Query()).ids == (1,)


def test_the_lock_of_a_dead_writer_is_free_at_once(make_index: MakeIndex, folder: Path) -> None:
    index = make_index([document(1)])
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys, time\nfile = open(sys.argv[1], 'a')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
            "print('held', flush=True)\ntime.sleep(600)",
            str(folder / "startup.lock"),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with (folder / "startup.lock").open("a") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    index.update([document(2)])
    assert run(index, Query()).total == 2


def test_a_lock_left_by_whoosh_in_the_folder_stops_nobody(make_index: MakeIndex) -> None:
    index = make_index([document(1)])
    (whoosh_folder(index) / "MAIN_WRITELOCK").write_bytes(b"")
    index.update([document(2)])
    assert run(index, Query()).total == 2


def test_what_was_opened_stays_readable_when_a_merge_removes_its_files(make_index: MakeIndex) -> None:
    index = make_index(document(number, pitch="solar water") for number in range(3))
    snapshot = index.snapshot()
    shutil.rmtree(whoosh_folder(index))
    assert snapshot.postings("solar").places.tolist() == [0, 1, 2]
    assert snapshot.columns.filter(snapshot.columns.live, {}, ())[1] == 3
