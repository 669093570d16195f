"""Writing to the Whoosh index in one folder: all documents anew, or a few of them. Who may write, others decide."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader
from whoosh.writing import IndexWriter

from webapp.language.concepts import ConceptVocabulary
from webapp.search.analysis import analysed
from webapp.search.codec import ArrayCodec
from webapp.search.documents import Document
from webapp.search.files import OwnedStorage, open_index
from webapp.search.schema import CONTENT, make_schema, record_of, stored_id
from webapp.search.segment import SegmentBuilder, read_segment, save_segment
from webapp.search.snapshot import ARRAYS, arrays_folder
from webapp.search.terms import document_terms

Progress = Callable[[int], None]
"""Is told, during a rebuild, how many documents have been written so far."""

SMALL_SEGMENT = 1_000
"""Segments of at most so many documents are merged ..."""
SMALL_SEGMENTS = 8
"""... once there are more than so many of them. Large ones are merged by building anew."""


def write_all(
    folder: Path, documents: Iterable[Document], vocabulary: ConceptVocabulary, progress: Progress | None = None
) -> int:
    """Make an index of these documents in an empty folder, each id once; gives their number."""
    builder = SegmentBuilder()
    for chunk in analysed(_each_once(documents), vocabulary):
        builder.add(chunk)
        if progress:
            progress(len(builder.records))
    made = whoosh_index.create_in(str(folder), make_schema())
    if not builder.records:
        return 0
    data = builder.finish()
    # A compound segment would be copied into memory as a whole at every opening.
    writer: IndexWriter = made.writer(compound=False, codec=ArrayCodec(data.inverted, builder.lengths))
    try:
        for record in builder.records:
            writer.add_document(id=stored_id(record.id), record=tuple(record))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    reader = made.reader()
    key = reader.segment().segment_id()
    reader.close()
    save_segment(arrays_folder(folder, key), data)
    return len(builder.records)


def _each_once(documents: Iterable[Document]) -> Iterator[Document]:
    seen: set[int] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


def _merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """A merge policy: all small segments become part of the new one, when they have become many."""
    small = [segment for segment in segments if segment.doc_count_all() <= SMALL_SEGMENT]
    if len(small) <= SMALL_SEGMENTS:
        return segments
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in small]


def write_changes(
    folder: Path, added: Mapping[int, Document], removed: Iterable[int], vocabulary: ConceptVocabulary
) -> int:
    """Delete documents and add others, in one commit; gives the number of documents alive afterwards.

    Raises whatever Whoosh raises over a damaged index.
    """
    storage = OwnedStorage(folder)
    try:
        opened = open_index(storage)
        writer: IndexWriter = opened.writer(compound=False)
        try:
            with writer.searcher() as searcher:
                for document_id in sorted(removed):
                    writer.delete_by_term("id", stored_id(document_id), searcher=searcher)
            for document in added.values():
                content = {CONTENT: document_terms(document, vocabulary).joined()}
                writer.add_document(id=stored_id(document.id), record=tuple(record_of(document)), **content)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=_merge_small)
        _keep_arrays(folder, opened.reader())
        return int(opened.doc_count())
    finally:
        storage.close_files()


def _keep_arrays(folder: Path, reader: Any) -> None:
    """Write the arrays of segments that are not small; drop those of segments that are gone."""
    kept = set()
    for leaf, _ in reader.leaf_readers():
        if not leaf.doc_count_all():  # The reader of an index without segments has none either.
            continue
        path = arrays_folder(folder, leaf.segment().segment_id())
        kept.add(path.name)
        if not path.is_dir() and leaf.doc_count_all() > SMALL_SEGMENT:
            save_segment(path, read_segment(leaf))
    for path in folder.glob(f"{ARRAYS}*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
