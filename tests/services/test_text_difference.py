"""Differences of texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.services.text_difference import Part, Piece, word_difference

_TEXTS = st.text("ab ن\n.", max_size=40)


@given(old=_TEXTS, new=_TEXTS)
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = word_difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.part != Part.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.part != Part.REMOVED) == new


def test_words_that_stand_together_change_together() -> None:
    assert word_difference("We sell solar lamps here", "We rent wind mills here") == [
        Piece(Part.SAME, "We "),
        Piece(Part.REMOVED, "sell solar lamps"),
        Piece(Part.ADDED, "rent wind mills"),
        Piece(Part.SAME, " here"),
    ]


def test_equal_texts_do_not_differ() -> None:
    assert word_difference("Same.", "Same.") == [Piece(Part.SAME, "Same.")]
