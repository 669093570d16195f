from __future__ import annotations

import numpy as np
import pytest

from tests.search.conftest import document
from webapp.language.concepts import concept_vocabulary
from webapp.search import analysis
from webapp.search.analysis import Chunk, analysed

DOCUMENTS = [document(number, pitch=f"solar pump number{number} الطاقة prêt") for number in range(40)]


def rows(chunks: list[Chunk]) -> list[tuple[int, list[tuple[str, int]]]]:
    """The id of each document with its terms and positions, whatever the chunks."""
    found = []
    for chunk in chunks:
        ends = np.cumsum(chunk.lengths).tolist()
        for record, start, end in zip(chunk.records, [0, *ends[:-1]], ends, strict=True):
            terms = [chunk.terms[number] for number in chunk.numbers[start:end]]
            found.append((record.id, list(zip(terms, chunk.positions[start:end].tolist(), strict=True))))
    return found


def test_other_processes_analyse_as_this_one_does_and_keep_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = rows(list(analysed(DOCUMENTS, concept_vocabulary(), processes=1)))
    monkeypatch.setattr(analysis, "CHUNK", 4)
    monkeypatch.setattr(analysis, "ALONE", 8)
    helped = rows(list(analysed(DOCUMENTS, concept_vocabulary(), processes=2)))
    assert helped == alone
    assert [number for number, _ in helped] == list(range(40))


def test_an_error_of_the_source_comes_through_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "CHUNK", 4)
    monkeypatch.setattr(analysis, "ALONE", 4)

    def documents():  # type: ignore[no-untyped-def]
        yield from DOCUMENTS[:20]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        list(analysed(documents(), concept_vocabulary(), processes=2))


def test_no_documents_are_no_chunks() -> None:
    assert list(analysed([], concept_vocabulary())) == []
