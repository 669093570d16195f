"""One segment of an index as arrays: the columns of its documents and their inverted index.

Made from documents when an index is built, read back out of Whoosh for segments that an update wrote, or mapped from a
folder of arrays. All three give the same arrays, and everything that answers queries works on arrays alone.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader
from whoosh.util.numeric import byte_to_length, length_to_byte

from webapp.i18n import LANGUAGES
from webapp.language import fold
from webapp.language.collation import collation_key
from webapp.search.analysis import Chunk
from webapp.search.errors import IndexUnavailable
from webapp.search.facets import FacetTable
from webapp.search.inverted import Inverted, SortedTerms
from webapp.search.schema import CONTENT, Record
from webapp.search.sidecar import load_arrays, save_arrays

TEXT_LANGUAGE = "text-language"
"""An inner facet: the languages in which a document has texts."""

NO_LANGUAGE = ""
"""The language of readers of whom nobody knows any."""

TITLE_WORDS = 6
"""A name is completed from each of its first words."""

LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float32)
"""Whoosh keeps the length of a document in a byte; this is what the byte stands for."""

_WORD_START = re.compile(r"(?<!\w)\w")


@dataclass(frozen=True)
class TextColumn:
    """Byte strings, one after the other."""

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[bytes]) -> TextColumn:
        """A column of these values."""
        ends = np.cumsum([len(value) for value in values], dtype=np.int64)
        return cls(np.frombuffer(b"".join(values), dtype=np.uint8), ends)

    @cached_property
    def values(self) -> SortedTerms:
        """The values by their numbers; searching in them needs them to be in order."""
        return SortedTerms(self.data, self.ends)


@dataclass(frozen=True)
class NameColumn:
    """The names of a segment's documents, ready to be sorted."""

    keys: TextColumn
    """Sort keys, one a document, which compare as bytes."""
    order: NDArray[np.int32]
    """The documents by sort key, then by id."""

    @classmethod
    def of(cls, keys: Sequence[bytes], ids: Sequence[int]) -> NameColumn:
        """The column of documents with these keys and ids."""
        order = sorted(range(len(keys)), key=lambda place: (keys[place], ids[place]))
        return cls(TextColumn.of(keys), np.array(order, dtype=np.int32))


def _names(records: Sequence[Record]) -> dict[str, NameColumn]:
    ids = [record.id for record in records]
    plain = [record.name.encode("utf-8", "replace") for record in records]
    columns = {NO_LANGUAGE: NameColumn.of(plain, ids)}
    for language in LANGUAGES:
        keys = [
            collation_key(record.names[language], language) if language in record.names else key
            for record, key in zip(records, plain, strict=True)
        ]
        columns[language] = NameColumn.of(keys, ids)
    return columns


@dataclass(frozen=True)
class SegmentData:
    """The arrays of a segment, deleted documents included."""

    ids: NDArray[np.int64]
    published: NDArray[np.int64]
    verified: NDArray[np.int64]
    residency: NDArray[np.int64]
    stamps: NDArray[np.int64]
    lengths: NDArray[np.uint8]
    """Number of terms of each document, as the byte that Whoosh keeps."""
    facets: FacetTable
    names: Mapping[str, NameColumn]
    """The order of names for readers of each language, and for those of none in particular."""
    titles: TextColumn
    """What completes to a name: names folded, from each of their words on, in order."""
    title_places: NDArray[np.int32]
    """Whose name it is."""
    title_skips: NDArray[np.uint8]
    """How many words of the name were skipped."""
    inverted: Inverted

    def __len__(self) -> int:
        return len(self.ids)


def _titles(records: Sequence[Record]) -> tuple[TextColumn, NDArray[np.int32], NDArray[np.uint8]]:
    found: set[tuple[bytes, int, int]] = set()
    for place, record in enumerate(records):
        for title in record.titles:
            folded = fold(title)
            for skipped, start in enumerate(_WORD_START.finditer(folded)):
                if skipped == TITLE_WORDS:
                    break
                found.add((folded[start.start() :].encode("utf-8", "replace"), place, skipped))
    ordered = sorted(found)
    return (
        TextColumn.of([text for text, _, _ in ordered]),
        np.array([place for _, place, _ in ordered], dtype=np.int32),
        np.array([skipped for _, _, skipped in ordered], dtype=np.uint8),
    )


def assemble(records: Sequence[Record], lengths: Sequence[int], inverted: Inverted) -> SegmentData:
    """The arrays of these documents, in their order in the segment."""

    def integers(attribute: str) -> NDArray[np.int64]:
        return np.array([getattr(record, attribute) for record in records], dtype=np.int64)

    titles, title_places, title_skips = _titles(records)
    return SegmentData(
        ids=integers("id"),
        published=integers("published"),
        verified=integers("verified"),
        residency=integers("residency"),
        stamps=integers("stamp"),
        lengths=np.array([length_to_byte(length) if length else 0 for length in lengths], dtype=np.uint8),
        facets=FacetTable.from_values([{**record.facets, TEXT_LANGUAGE: record.languages} for record in records]),
        names=_names(records),
        titles=titles,
        title_places=title_places,
        title_skips=title_skips,
        inverted=inverted,
    )


class SegmentBuilder:
    """Gathers analysed documents and turns them into a segment's arrays."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._lengths: list[NDArray[np.int32]] = []
        self._numbers: dict[str, int] = {}
        self._occurring: list[NDArray[np.int32]] = []
        self._positions: list[NDArray[np.uint16]] = []

    def add(self, chunk: Chunk) -> None:
        """Add documents after those added before."""
        numbers = self._numbers
        ours = np.array([numbers.setdefault(term, len(numbers)) for term in chunk.terms], dtype=np.int32)
        self._occurring.append(ours[chunk.numbers])
        self._positions.append(chunk.positions)
        self._lengths.append(chunk.lengths)
        self.records += chunk.records

    @property
    def lengths(self) -> NDArray[np.int32]:
        """Number of terms of each document."""
        return np.concatenate([np.empty(0, np.int32), *self._lengths])

    def finish(self) -> SegmentData:
        """The arrays of all documents added. The builder is empty of occurrences afterwards."""
        lengths = self.lengths
        occurring = np.concatenate([np.empty(0, np.int32), *self._occurring])
        positions = np.concatenate([np.empty(0, np.uint16), *self._positions])
        self._occurring.clear()
        self._positions.clear()
        places = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        inverted = Inverted.from_occurrences(list(self._numbers), occurring, places, positions)
        return assemble(self.records, lengths.tolist(), inverted)


def empty_segment() -> SegmentData:
    """The arrays of no documents."""
    nothing = Inverted.from_occurrences([], np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint16))
    return assemble([], [], nothing)


def read_segment(reader: IndexReader) -> SegmentData:
    """The arrays of a segment that Whoosh wrote, through the methods of its readers alone.

    Raises:
        IndexUnavailable: the segment is damaged.
    """
    try:
        count = reader.doc_count_all()
        records = [Record(*reader.stored_fields(place)["record"]) for place in range(count)]
        lengths = [reader.doc_field_length(place, CONTENT) for place in range(count)]
        return assemble(records, lengths, _read_inverted(reader))
    except Exception as error:  # A damaged index fails in as many ways as pickle, struct and zlib have.
        raise IndexUnavailable(f"damaged segment: {type(error).__name__}: {error}") from error


def _read_inverted(reader: IndexReader) -> Inverted:
    """The inverted index of all documents. A reader leaves out the deleted ones; the codec below it does not."""
    terms: list[str] = []
    numbers, places, positions = array("i"), array("i"), array("H")
    indexed = reader.codec().terms_reader(reader.storage(), reader.segment())
    content = reader.schema[CONTENT]
    for term in reader.field_terms(CONTENT) if CONTENT in reader.indexed_field_names() else ():
        matcher = indexed.matcher(CONTENT, content.to_bytes(term), content.format)
        while matcher.is_active():
            found = matcher.value_as("positions")
            numbers.extend([len(terms)] * len(found))
            places.extend([matcher.id()] * len(found))
            positions.extend(found)
            matcher.next()
        terms.append(term)
    indexed.close()
    return Inverted.from_occurrences(
        terms,
        np.array(numbers, dtype=np.int32),
        np.array(places, dtype=np.int32),
        np.array(positions, dtype=np.uint16),
    )


_COLUMNS = (
    "ids",
    "published",
    "verified",
    "residency",
    "stamps",
    "lengths",
    "title_places",
    "title_skips",
)


def save_segment(folder: Path, data: SegmentData) -> None:
    """Write the arrays of a segment into a new folder, all or nothing."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(data, name) for name in _COLUMNS}
    for language, names in data.names.items():
        arrays |= {f"names_{language}_data": names.keys.data, f"names_{language}_ends": names.keys.ends}
        arrays[f"names_{language}_order"] = names.order
    arrays |= {"titles_data": data.titles.data, "titles_ends": data.titles.ends}
    arrays |= {"carried": data.facets.carried, "carried_ends": data.facets.ends, "facet_bits": data.facets.bits}
    arrays |= {f"inverted_{name}": values for name, values in data.inverted.arrays().items()}
    save_arrays(folder, arrays, {"labels": data.facets.labels})


def load_segment(folder: Path) -> SegmentData:
    """The arrays of a segment, memory-mapped.

    Raises:
        IndexUnavailable: the folder is incomplete or damaged.
    """
    arrays, facts = load_arrays(folder)
    try:
        return _from_arrays(arrays, facts)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexUnavailable(f"damaged arrays in {folder.name}") from error


def _name_column(arrays: Mapping[str, NDArray[Any]], language: str) -> NameColumn:
    keys = TextColumn(arrays[f"names_{language}_data"], arrays[f"names_{language}_ends"])
    return NameColumn(keys, arrays[f"names_{language}_order"])


def _from_arrays(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> SegmentData:
    labels = tuple((facet, code) for facet, code in facts["labels"])
    prefix = "inverted_"
    inverted = {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
    return SegmentData(
        **{name: arrays[name] for name in _COLUMNS},
        facets=FacetTable(labels, arrays["carried"], arrays["carried_ends"], arrays["facet_bits"]),
        names={language: _name_column(arrays, language) for language in (NO_LANGUAGE, *LANGUAGES)},
        titles=TextColumn(arrays["titles_data"], arrays["titles_ends"]),
        inverted=Inverted(**inverted),
    )
