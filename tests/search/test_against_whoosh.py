"""What our evaluation finds is what plain Whoosh finds in the same folder: the same documents, scores and order."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.scoring import BM25F

from tests.search.corpora import TERMS, WORDS, History, histories, lived, terms, whoosh_folder
from webapp.search import SearchIndex
from webapp.search.answering import match
from webapp.search.parser import Clause, Parsed
from webapp.search.schema import CONTENT
from webapp.search.scoring import MAX_EXPANSIONS
from webapp.search.snapshot import K1, B

Scores = dict[int, float]

one_word = st.lists(terms, min_size=1, max_size=1)
several_words = st.lists(terms, min_size=2, max_size=4, unique=True)
thorough = settings(max_examples=100, deadline=None)


class OurIdf(BM25F):
    """Whoosh's BM25F with the inverse document frequency of Robertson and Sparck Jones that never falls below zero."""

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        whole = searcher.get_parent()
        total, having = whole.doc_count_all(), whole.doc_frequency(fieldname, text)
        return math.log1p((total - having + 0.5) / (having + 0.5))


def word(term: str) -> query.Term:
    return query.Term(CONTENT, term)


def found_by_whoosh(index: SearchIndex, asked: query.Query, but: query.Query | None = None) -> Scores:
    opened = whoosh.index.open_dir(str(whoosh_folder(index)))
    with opened.searcher(weighting=OurIdf()) as searcher:
        results = searcher.search(asked, limit=None, mask=but)
        return {int(hit["id"]): results.score(number) for number, hit in enumerate(results)}


def found_by_us(index: SearchIndex, parsed: Parsed, *, any_of: bool = False) -> Scores:
    """Scores by id in our order: of those that answer everything, without what words side by side add to a score."""
    snapshot = index.snapshot()
    found = match(snapshot, parsed, fuzzy=False, concepts=False, any_of=any_of)
    answering = found.mask if found.full is None else found.full
    places = np.flatnonzero(answering & (not found.relaxed))
    scores = found.scores.copy()
    for place, added in found.side_by_side.items():
        scores[place] -= np.float32(added)
    ordered = snapshot.columns.page_by_score(places, scores[places], 0, len(places) or 1)
    return dict(zip(snapshot.columns.ids[ordered].tolist(), scores[ordered].tolist(), strict=True))


def clauses(*found: str) -> tuple[Clause, ...]:
    return tuple(Clause((term,)) for term in found)


def agree(ours: Scores, theirs: Scores) -> None:
    """The same documents with the same scores, in an order by which Whoosh's scores fall as well."""
    assert ours.keys() == theirs.keys()
    for document_id, score in ours.items():
        assert score == pytest.approx(theirs[document_id], rel=1e-5, abs=1e-5)
    ranked = [theirs[document_id] for document_id in ours]
    # Scores that differ by less than what a score is rounded to are in the order of names.
    assert all(before > after - 2e-4 for before, after in pairwise(ranked))


@given(histories, one_word)
@thorough
def test_one_word_finds_and_weighs_what_it_does_in_whoosh(history: History, asked: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed(clauses(*asked)))
        agree(ours, found_by_whoosh(index, word(asked[0])))


@given(histories, several_words)
@thorough
def test_several_words_are_those_that_whoosh_joins_by_and(history: History, asked: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed(clauses(*asked)))
        agree(ours, found_by_whoosh(index, query.And([word(term) for term in asked])))


@given(histories, several_words)
@thorough
def test_any_of_several_words_are_those_that_whoosh_joins_by_or(history: History, asked: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed(clauses(*asked)), any_of=True)
        agree(ours, found_by_whoosh(index, query.Or([word(term) for term in asked])))


@given(histories, one_word, st.lists(terms, min_size=1, max_size=2))
@thorough
def test_excluding_is_not_in_whoosh(history: History, asked: list[str], unwanted: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed(clauses(*asked), clauses(*unwanted)))
        without = query.Or([word(term) for term in dict.fromkeys(unwanted)])
        agree(ours, found_by_whoosh(index, word(asked[0]), without))


@given(histories, st.lists(st.sampled_from(TERMS), min_size=2, max_size=3, unique=True))
@thorough
def test_a_phrase_stands_where_whoosh_finds_it(history: History, asked: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed((Clause(tuple(asked)),)))
        assert ours.keys() == found_by_whoosh(index, query.Phrase(CONTENT, asked)).keys()


@given(histories, st.sampled_from(TERMS), st.lists(st.sampled_from(TERMS), min_size=2, max_size=2, unique=True))
@thorough
def test_excluding_a_phrase_is_not_in_whoosh(history: History, asked: str, unwanted: list[str]) -> None:
    with lived(history) as index:
        ours = found_by_us(index, Parsed(clauses(asked), (Clause(tuple(unwanted)),)))
        agree(ours, found_by_whoosh(index, word(asked), query.Phrase(CONTENT, unwanted)))


@given(histories, st.sampled_from(TERMS), st.integers(1, 5))
@thorough
def test_an_unfinished_word_stands_for_those_that_whoosh_finds_by_prefix(
    history: History, term: str, length: int
) -> None:
    assert len(WORDS) <= MAX_EXPANSIONS  # So that none is left out.
    with lived(history) as index:
        ours = found_by_us(index, Parsed((Clause((term[:length],), is_prefix=True),)))
        assert ours.keys() == found_by_whoosh(index, query.Prefix(CONTENT, term[:length])).keys()
