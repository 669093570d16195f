"""Writing a Whoosh segment from a finished inverted index instead of one posting at a time.

Whoosh's writer passes every posting alone through a sorting pool on disk, which takes most of the time of a full build.
This codec hands Whoosh's block writer whole lists that are sorted already. What is written is Whoosh's own format, read
by its own codec; ``tests/search/test_codec.py`` compares the two.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocWriter, W3PostingsWriter
from whoosh.formats import Positions

from webapp.search.inverted import Inverted
from webapp.search.schema import CONTENT

BLOCK = 1_024
"""Postings a block."""

_FORMAT = Positions()


@lru_cache(maxsize=200_000)
def _encoded(positions: tuple[int, ...]) -> bytes:
    return _FORMAT.encode(positions)


class TermPostings(NamedTuple):
    """All postings of one term."""

    term: bytes
    places: NDArray[np.int32]
    weights: NDArray[np.uint16]
    values: list[bytes]
    """The positions in each document, as Whoosh encodes them."""


def term_postings(inverted: Inverted) -> Iterator[TermPostings]:
    """The postings of all terms, in ascending order of terms."""
    start = at = 0
    terms = inverted.terms
    for number in range(len(terms)):
        end, until = int(inverted.posting_ends[number]), int(inverted.position_ends[number])
        positions = inverted.positions[at:until].tolist()
        if end - start == until - at:
            values = [_encoded((position,)) for position in positions]
        else:
            ends = np.cumsum(inverted.frequencies[start:end], dtype=np.int64).tolist()
            bounds = zip([0, *ends[:-1]], ends, strict=True)
            values = [_encoded(tuple(positions[first:last])) for first, last in bounds]
        yield TermPostings(terms[number], inverted.places[start:end], inverted.weights[start:end], values)
        start, at = end, until


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    """Takes the postings of a term all at once."""

    def add_all(self, postings: TermPostings, lengths: NDArray[np.int32]) -> None:
        count = len(postings.places)
        for at in range(0, count, BLOCK):
            places = postings.places[at : at + BLOCK]
            self._ids = array("I", places.astype(np.uint32).tobytes())
            self._weights = array("f", postings.weights[at : at + BLOCK].astype(np.float32).tobytes())
            self._values = postings.values[at : at + BLOCK]
            self._minlength, self._maxlength = int(lengths[places].min()), int(lengths[places].max())
            self._maxweight = max(self._weights)
            if at + BLOCK < count:  # The last block is written by ``finish_postings``.
                self._write_block()


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes the field of all texts from arrays, then what Whoosh gathered itself: the ids."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        codec: ArrayCodec = self._codec
        self.start_field(CONTENT, schema[CONTENT])
        for postings in term_postings(codec.inverted):
            self.start_term(postings.term)
            self._postwriter.add_all(postings, codec.lengths)
            self.finish_term()
        self.finish_field()
        super().add_postings(schema, lengths, items)


class _DocumentWriter(W3PerDocWriter):  # type: ignore[misc]
    """Adds to each document the number of its terms, which Whoosh would have counted itself."""

    def start_doc(self, docnum: int) -> None:
        super().start_doc(docnum)
        self.add_field(CONTENT, None, None, int(self._codec.lengths[docnum]))


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """A codec for one new segment whose texts are already inverted.

    Args:
        inverted: the inverted index of all documents of the segment.
        lengths: number of terms of each document.
    """

    def __init__(self, inverted: Inverted, lengths: NDArray[np.int32]) -> None:
        super().__init__(blocklimit=BLOCK, compression=0)
        self.inverted = inverted
        self.lengths = lengths

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """A segment that Whoosh's own codec reads: it is kept with the index, and must not keep our arrays."""
        return W3Codec().new_segment(storage, indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Whoosh's own, with our lengths."""
        return _DocumentWriter(self, storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Whoosh's own, with our postings."""
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Whoosh's own, for whole lists."""
        return _PostingsWriter(dbfile, BLOCK, byteids=byteids, compression=0)
