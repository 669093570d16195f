"""Pieces of a text, and the passage that answers best."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from webapp.language import analyze
from webapp.language.concepts import concept_vocabulary
from webapp.search import Piece, marked, passage
from webapp.search.highlight import ELLIPSIS, LEAD, MAX_TEXT, hits

VOCABULARY = concept_vocabulary()
SHORT = LEAD + 20

_typed = st.text(st.sampled_from("abcde  éه\u064b\u0651\u0301\u200dماء👩\u00ad<&'’-_,\n\u202e"), max_size=300)
texts = _typed | st.text(max_size=200)
"""Texts of few letters, in which words repeat and marks abound, and texts of any characters."""
_MARKS = {"Mn", "Mc", "Me"}


def terms_of(text: str) -> set[str]:
    """Every other term of a text: what to mark."""
    return set(sorted(set(analyze(text)))[::2])


def shown(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def show(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def inner(pieces: list[Piece], text: str) -> str:
    """What a passage shows, without the marks of omission around it."""
    whole = shown(pieces)
    start = 1 if pieces[0] == Piece(ELLIPSIS, False) and not text.startswith(whole) else 0
    end = len(whole) - (pieces[-1] == Piece(ELLIPSIS, False) and not text.endswith(whole[start:]))
    return whole[start:end]


def assert_whole_letters(text: str, start: int) -> None:
    """No letter is parted from its marks at this place."""
    if 0 < start < len(text):
        assert unicodedata.category(text[start]) not in _MARKS
        kinds = [unicodedata.category(character) for character in text[max(0, start - 2) : start + 1]]
        assert kinds != ["So", "Cf", "So"] or text[start - 1] != "\u200d"


@given(texts)
@example("e\u0301")
@settings(max_examples=300, deadline=None)
def test_the_pieces_of_a_marked_text_join_to_the_text(text: str) -> None:
    assert shown(marked(text, terms_of(text))) == text


@given(texts)
@settings(max_examples=300, deadline=None)
def test_no_piece_of_a_marked_text_begins_within_a_letter(text: str) -> None:
    at = 0
    for piece in marked(text, terms_of(text)):
        assert_whole_letters(text, at)
        assert piece.text
        at += len(piece.text)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_a_passage_is_a_part_of_the_text_that_begins_and_ends_at_whole_letters(text: str) -> None:
    pieces = passage(text, terms_of(text), length=SHORT)
    if not pieces:
        assert not hits(text, terms_of(text))
        return
    part = inner(pieces, text)
    assert part in text
    assert len(part) <= 2 * SHORT
    whole = [start for start in range(len(text)) if text.startswith(part, start)]
    for start in whole[:1] if len(whole) == 1 else []:
        assert_whole_letters(text, start)
        assert_whole_letters(text, start + len(part))


@pytest.mark.parametrize("length", [SHORT, SHORT + 1, SHORT + 2])
@pytest.mark.parametrize(
    "text",
    [
        "solar," + "e\u0301" * 300,
        "solar," + "ب\u064e\u0651" * 300,
        "e\u0301" * 300 + ",solar",
        "x" + "e\u0301" * 300 + ",solar",
        "solar," + "👩\u200d👧" * 100,
        "👩\u200d👧" * 100 + ",solar",
    ],
)
def test_a_passage_without_spaces_parts_no_letter_from_its_marks(text: str, length: int) -> None:
    part = inner(passage(text, {"solar"}, length=length), text)
    start = text.index(part) if text.startswith("solar") else text.rindex(part)
    assert "solar" in part
    assert_whole_letters(text, start)
    assert_whole_letters(text, start + len(part))


@given(texts)
@settings(deadline=None)
def test_a_hit_is_a_word_with_one_of_the_terms(text: str) -> None:
    terms = terms_of(text)
    for start, end in hits(text, terms):
        assert set(analyze(text[start:end])) & terms or not analyze(text[start:end])


def test_a_word_is_marked_as_it_is_written() -> None:
    assert show(marked("L’Énergie et les énergies", {"energi"})) == "L’[Énergie] et les [énergies]"
    assert show(marked("الطَّاقَةُ الشمسية", set(analyze("طاقة")))) == "[الطَّاقَةُ] الشمسية"


def test_a_stop_word_is_not_marked() -> None:
    assert show(marked("the One", {"the", "one"})) == "the [One]"


def test_a_concept_is_marked_in_whatever_words_it_is_named() -> None:
    code = VOCABULARY.find(analyze("santé numérique"))[0].code
    text = "Nous faisons la santé numérique, in English digital health."
    found = show(marked(text, (), {code}, VOCABULARY))
    assert found == "Nous faisons la [santé numérique], in English [digital health]."


def test_a_word_within_a_concept_makes_one_mark_with_it() -> None:
    code = VOCABULARY.find(analyze("santé numérique"))[0].code
    assert show(marked("la santé numérique", analyze("numérique"), {code}, VOCABULARY)) == "la [santé numérique]"


def test_a_passage_shows_where_most_hits_stand_together() -> None:
    text = "solar " + "filler " * 60 + "solar water pumps " + "filler " * 60
    found = show(passage(text, {"solar", "water", "pump"}))
    assert "[solar] [water] [pumps]" in found
    assert found.startswith(ELLIPSIS)
    assert found.endswith(ELLIPSIS)


def test_a_short_text_is_shown_whole() -> None:
    assert show(passage("Solar water pumps", {"water"})) == "Solar [water] pumps"


def test_a_text_without_a_hit_has_no_passage() -> None:
    assert passage("Solar water pumps", {"bread"}) == []
    assert passage("", {"bread"}) == []


def test_a_passage_begins_and_ends_between_words() -> None:
    text = "word " * 50 + "solar" + " word" * 80
    part = inner(passage(text, {"solar"}), text).strip()
    assert set(part.split()) == {"word", "solar"}


def test_only_the_beginning_of_an_endless_text_is_looked_at_and_no_word_is_cut_there() -> None:
    assert hits("x" * (MAX_TEXT - 10) + " solar " + "solar " * 1_000, {"solar"}) == [(MAX_TEXT - 9, MAX_TEXT - 4)]
    assert hits("x" * (MAX_TEXT - 6) + " solarium", {"solar"}) == []
    exact = " " * (MAX_TEXT - 5) + "solar"
    assert hits(exact, {"solar"}) == [(MAX_TEXT - 5, MAX_TEXT)]


def test_pieces_are_escaped_where_they_are_printed() -> None:
    template = (
        "{% for piece in pieces %}{% if piece.is_hit %}<mark>{{ piece.text }}</mark>"
        "{% else %}{{ piece.text }}{% endif %}{% endfor %}"
    )
    pieces = marked("<script>solar</script> & solar", {"solar"})
    printed = Environment(autoescape=True).from_string(template).render(pieces=pieces)
    assert printed == "&lt;script&gt;<mark>solar</mark>&lt;/script&gt; &amp; <mark>solar</mark>"
