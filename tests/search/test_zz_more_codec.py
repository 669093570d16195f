"""The array codec writes what Whoosh's own writer writes, and arrays are the same wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import whoosh.index
from hypothesis import given, settings

from tests.search.conftest import document
from tests.search.corpora import corpora, in_memory
from webapp.language.concepts import concept_vocabulary
from webapp.search import Document
from webapp.search.analysis import analyse
from webapp.search.codec import BLOCK
from webapp.search.facets import FacetTable
from webapp.search.inverted import Inverted
from webapp.search.schema import CONTENT, make_schema, record_of, stored_id
from webapp.search.segment import SegmentBuilder, SegmentData, load_segment, read_segment
from webapp.search.snapshot import arrays_folder
from webapp.search.terms import document_terms
from webapp.search.writing import write_all

VOCABULARY = concept_vocabulary()
thorough = settings(max_examples=700, deadline=None)


def write_with_whoosh(folder: Path, documents: Sequence[Document]) -> None:
    """What ``write_all`` does, by Whoosh's own codec and one posting at a time."""
    writer = whoosh.index.create_in(str(folder), make_schema()).writer(compound=False)
    for found in documents:
        content = {CONTENT: document_terms(found, VOCABULARY).joined()}
        writer.add_document(id=stored_id(found.id), record=tuple(record_of(found)), **content)
    writer.commit()


@contextmanager
def read_by_whoosh(folder: Path) -> Iterator[Any]:
    reader = whoosh.index.open_dir(str(folder)).reader()
    try:
        yield reader
    finally:
        reader.close()


def postings(reader: Any, field: str, term: str) -> list[tuple[int, float, list[int]]]:
    matcher, found = reader.postings(field, term), []
    while matcher.is_active():
        positions = matcher.value_as("positions") if field == CONTENT else []
        found.append((matcher.id(), matcher.weight(), positions))
        matcher.next()
    return found


def term_info(reader: Any, field: str, term: str) -> tuple[float, ...]:
    info = reader.term_info(field, term)
    ids = (info.min_id(), info.max_id())
    return (info.weight(), info.doc_frequency(), info.min_length(), info.max_length(), info.max_weight(), *ids)


def everything(reader: Any) -> dict[str, Any]:
    """All that Whoosh can tell of an index."""
    count = reader.doc_count_all()
    told: dict[str, Any] = {"stored": [reader.stored_fields(place) for place in range(count)]}
    for field in (CONTENT, "id"):
        terms = list(reader.field_terms(field))
        told[field] = {term: (postings(reader, field, term), term_info(reader, field, term)) for term in terms}
    told["lengths"] = [reader.doc_field_length(place, CONTENT) for place in range(count)]
    told["all"] = (reader.field_length(CONTENT), reader.min_field_length(CONTENT), reader.max_field_length(CONTENT))
    return told


def assert_written_alike(documents: Sequence[Document]) -> None:
    with in_memory() as ours, in_memory() as theirs:
        write_all(ours, documents, VOCABULARY)
        write_with_whoosh(theirs, documents)
        with read_by_whoosh(ours) as mine, read_by_whoosh(theirs) as plain:
            assert everything(mine) == everything(plain)


def arrays_of(data: SegmentData) -> dict[str, Any]:
    """All arrays of a segment by name."""
    found: dict[str, Any] = {}
    for name, value in vars(data).items():
        if isinstance(value, np.ndarray):
            found[name] = value
        elif isinstance(value, Inverted):
            found |= {f"inverted.{key}": array for key, array in value.arrays().items()}
        elif isinstance(value, FacetTable):
            found |= {"labels": value.labels, "carried": value.carried, "ends": value.ends, "bits": value.bits}
        elif isinstance(value, dict):
            for language, names in value.items():
                found |= {f"{name}.{language}.data": names.keys.data, f"{name}.{language}.ends": names.keys.ends}
                found[f"{name}.{language}.order"] = names.order
        else:
            found |= {f"{name}.data": value.data, f"{name}.ends": value.ends}
    return found


def assert_same_arrays(one: SegmentData, other: SegmentData) -> None:
    ours, theirs = arrays_of(one), arrays_of(other)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        np.testing.assert_array_equal(value, theirs[name], err_msg=name)
        if isinstance(value, np.ndarray):
            assert value.dtype == theirs[name].dtype, name


def from_texts(documents: Sequence[Document]) -> SegmentData:
    builder = SegmentBuilder()
    for found in documents:  # Chunk by chunk, so that terms are numbered anew in each.
        builder.add(analyse([found], VOCABULARY))
    return builder.finish()


@given(corpora.filter(bool))
@thorough
def test_an_index_reads_as_one_that_whoosh_wrote_itself(documents: list[Document]) -> None:
    assert_written_alike(documents)


@given(corpora.filter(bool))
@thorough
def test_arrays_made_from_texts_read_out_of_whoosh_and_loaded_from_disk_are_the_same(documents: list[Document]) -> None:
    expected = from_texts(documents)
    with in_memory() as ours, in_memory() as theirs:
        write_all(ours, documents, VOCABULARY)
        write_with_whoosh(theirs, documents)
        for folder in (ours, theirs):
            with read_by_whoosh(folder) as reader:
                assert_same_arrays(read_segment(reader), expected)
        with read_by_whoosh(ours) as reader:
            assert_same_arrays(load_segment(arrays_folder(ours, reader.segment().segment_id())), expected)


def test_postings_of_several_blocks_read_as_those_that_whoosh_wrote() -> None:
    documents = [
        document(number, f"Name {number}", pitch="solar " * (1 + number % 3), description="water" * (number % 2))
        for number in range(2 * BLOCK + 7)
    ]
    assert_written_alike(documents)


def test_a_term_that_fills_exactly_one_block_reads_as_whoosh_wrote_it() -> None:
    assert_written_alike([document(number, "x", pitch="solar") for number in range(BLOCK)])


def test_a_document_without_a_single_word_reads_as_whoosh_wrote_it() -> None:
    assert_written_alike([document(1, "***"), document(2, "Solar"), document(3, "…")])


def test_a_segment_keeps_its_deleted_documents_when_it_is_read_out_of_whoosh() -> None:
    documents = [document(number, "Solar", pitch=f"water word{number}") for number in range(3)]
    with in_memory() as folder:
        write_with_whoosh(folder, documents)
        writer = whoosh.index.open_dir(str(folder)).writer(compound=False)
        writer.delete_by_term("id", stored_id(1))
        writer.commit(merge=False)
        with read_by_whoosh(folder) as reader:
            assert reader.has_deletions()
            assert_same_arrays(read_segment(reader), from_texts(documents))


def test_a_very_long_document_does_not_shift_the_positions_of_the_next() -> None:
    long = "solar " * 70_000 + "water"
    documents = [document(1, "A", description=long), document(2, "B", description="solar water")]
    inverted = from_texts(documents).inverted
    assert inverted.frequencies.astype(np.int64).sum() == len(inverted.positions)
    places = np.array([0, 1], dtype=np.int32)
    assert inverted.occurrences("solar", places)[-1] >> 16 == 1
    assert_written_alike(documents)
