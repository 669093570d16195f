"""Terms one or two edits away: the quick way finds what comparing every term finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.search.inverted import Inverted, letter_set
from webapp.search.nearest import Near, allowed_edits, near
from webapp.search.terms import MARKS


def distance(one: str, other: str) -> int:
    """Optimal string alignment, by the book."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def inverted_of(terms: list[str]) -> Inverted:
    """An index in which document ``n`` has the first ``n + 1`` terms."""
    pairs = [(number, place) for place in range(len(terms)) for number in range(place + 1)]
    numbers = np.array([number for number, _ in pairs], dtype=np.int32)
    places = np.array([place for _, place in pairs], dtype=np.int32)
    return Inverted.from_occurrences(terms, numbers, places, np.zeros(len(pairs), np.uint16))


_word = st.text(st.sampled_from("abcdماءرé²🙂"), min_size=1, max_size=10)
words = st.lists(_word, max_size=12, unique=True)


@given(words, _word, st.integers(1, 2))
@settings(max_examples=300, deadline=None)
def test_the_near_terms_are_those_within_so_many_edits(terms: list[str], term: str, edits: int) -> None:
    expected = {
        Near(other, distance(term, other), len(terms) - number)
        for number, other in enumerate(terms)
        if distance(term, other) <= edits
    }
    assert set(near(inverted_of(terms), term, edits)) == expected


def test_marked_terms_are_no_words() -> None:
    terms = ["solar", *(f"{mark}solar" for mark in MARKS)]
    assert [close.term for close in near(inverted_of(terms), "solar", 2)] == ["solar"]


def test_no_term_is_near_in_an_index_of_nothing() -> None:
    assert near(inverted_of([]), "solar", 2) == []


@pytest.mark.parametrize(
    ("term", "edits"),
    [
        ("oil", 0),
        ("lamp", 1),
        ("lantern", 1),
        ("lanterns", 2),
        ("ماء", 0),
        ("فلاح", 1),
        ("مستشفيات", 2),
        ("covid19", 0),
    ],
)
def test_how_many_edits_a_word_may_differ_by_depends_on_its_letters(term: str, edits: int) -> None:
    assert allowed_edits(term) == edits


@given(_word, st.integers(0, 9), st.sampled_from("abcماé"))
@settings(deadline=None)
def test_one_edit_changes_a_set_of_letters_by_two_at_most(term: str, at: int, letter: str) -> None:
    at %= len(term)
    for edited in (term[:at] + term[at + 1 :], term[:at] + letter + term[at:], term[:at] + letter + term[at + 1 :]):
        assert (letter_set(term) ^ letter_set(edited)).bit_count() <= 2


def test_the_longest_terms_are_compared_as_well() -> None:
    assert near(inverted_of(["a" * 64]), "a" * 63, 1) == [Near("a" * 64, 1, 1)]
