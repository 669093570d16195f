from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webapp.language import analyze
from webapp.search import Piece, marked
from webapp.web.highlights import Highlighter, signature
from webapp.web.site import current_search

TEXTS = (
    "",
    "Water sensors for small farms",
    "Des capteurs d’eau pour l’irrigation, et de l’agriculture de précision.",
    "مجسات لقياس الماء في الحقول",
    "Machine learning for payments. " + "Nothing else. " * 400 + "Water at the very end",
)
QUERIES = ("water", "eau irrigation", "الماء", "machine learning", "the for", "zzyzx", "")


@given(st.sets(st.text(max_size=6)), st.sets(st.text(max_size=6)))
def test_sets_without_a_common_bit_have_nothing_in_common(first: set[str], second: set[str]) -> None:
    assert signature(first) & signature(second) or first.isdisjoint(second)
    assert bool(signature(first)) == bool(first)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_marked_is_what_the_search_marks(app: Flask, text: str, query: str) -> None:
    assert app
    vocabulary = current_search().startups.vocabulary
    terms = analyze(query)
    concepts = frozenset(span.code for span in vocabulary.find(terms))
    for highlighter in (Highlighter(frozenset(terms), concepts), Highlighter(frozenset(), concepts)):
        expected = marked(text, highlighter.terms, highlighter.concepts, vocabulary)
        assert highlighter.marked(text) == (expected or [Piece("", False)])
        if any(piece.is_hit for piece in expected):
            assert highlighter.may_mark(text)


def test_a_text_without_any_of_the_terms_is_not_looked_into(app: Flask) -> None:
    assert app
    assert not Highlighter(frozenset({"zzyzx"}), frozenset()).may_mark(TEXTS[1])
    assert not Highlighter(frozenset(), frozenset()).may_mark(TEXTS[1])
