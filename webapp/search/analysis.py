"""Analysing many documents: in this process, and from some thousands on in others as well.

Documents are analysed by the chunk. A chunk numbers its own terms, so that what comes back from another process is a
few arrays and each distinct term once. Processes are spawned, not forked: who builds an index may have threads.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from webapp.language.concepts import ConceptVocabulary
from webapp.search.documents import Document
from webapp.search.schema import Record, record_of
from webapp.search.terms import document_terms

CHUNK = 500
"""Documents a chunk."""
ALONE = 5_000
"""So many documents are analysed before other processes are started, which takes them about a second."""
WAITING = 2
"""How many chunks a process has waiting."""


@dataclass(frozen=True)
class Chunk:
    """Some documents, analysed."""

    records: list[Record]
    lengths: NDArray[np.int32]
    """Number of terms of each document."""
    terms: list[str]
    """Each distinct term once."""
    numbers: NDArray[np.int32]
    """For all terms of all documents, one after the other, which of ``terms``."""
    positions: NDArray[np.uint16]
    """And where they stand."""


def analyse(documents: Iterable[Document], vocabulary: ConceptVocabulary) -> Chunk:
    """Analyse documents in this process."""
    records: list[Record] = []
    numbers: dict[str, int] = {}
    lengths, occurring, positions = array("i"), array("i"), array("H")
    for document in documents:
        found = document_terms(document, vocabulary)
        occurring.extend([numbers.setdefault(term, len(numbers)) for term in found.terms])
        positions.extend(found.positions)
        lengths.append(len(found.terms))
        records.append(record_of(document))
    return Chunk(
        records,
        np.array(lengths, dtype=np.int32),
        list(numbers),
        np.array(occurring, dtype=np.int32),
        np.array(positions, dtype=np.uint16),
    )


_vocabulary: ConceptVocabulary | None = None
"""Of a process that analyses for another one."""


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # The parent was killed: nobody waits for what this process does.


def _begin(vocabulary: ConceptVocabulary) -> None:
    global _vocabulary  # What an initializer leaves for the tasks of its process.
    _vocabulary = vocabulary
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _analyse_there(documents: list[Document]) -> Chunk:
    assert _vocabulary is not None  # noqa: S101  # ``_begin`` ran before.
    return analyse(documents, _vocabulary)


def analysed(
    documents: Iterable[Document], vocabulary: ConceptVocabulary, processes: int | None = None
) -> Iterator[Chunk]:
    """Analyse documents, in their order.

    Args:
        documents: any number; taken as they are needed.
        vocabulary: the concepts to recognise.
        processes: how many further processes may help; as many as there are processors if absent. With one or none
            everything is done here.
    """
    iterator = iter(documents)
    processes = (os.cpu_count() or 1) if processes is None else processes
    taken = 0
    while chunk := list(islice(iterator, CHUNK)):
        yield analyse(chunk, vocabulary)
        taken += len(chunk)
        if taken >= ALONE and processes > 1:
            break
    else:
        return
    yield from _with_help(iterator, vocabulary, processes)


def _with_help(iterator: Iterator[Document], vocabulary: ConceptVocabulary, processes: int) -> Iterator[Chunk]:
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[Chunk]] = deque()
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(vocabulary,)) as pool:
        try:
            while chunk := list(islice(iterator, CHUNK)):
                waiting.append(pool.submit(_analyse_there, chunk))
                if len(waiting) > processes * WAITING:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
