"""Words with their places in the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.language import Word, analyze, stem, surface, tokenize, words

MIXED = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x300, max_codepoint=0x6FF),
        st.sampled_from("aeéßﬁœ1٣۳_-'’ʼ` ـ\u200c\u200d\u202e\u00ad\u0301\u0654\u20e3ﻻﷲﷺ㎡🏻لاشركة\ud800"),
    )
)


def terms(found: list[Word]) -> list[str]:
    return [word.term for word in found if not word.is_stop] or [word.term for word in found]


def pieces(text: str) -> list[str]:
    return [text[word.start : word.end] for word in words(text)]


@given(MIXED)
@settings(max_examples=500)
def test_the_terms_are_those_of_analysis(text: str) -> None:
    assert terms(words(text)) == analyze(text)
    assert [word.term for word in words(text)] == [stem(token) for token in tokenize(text)]


@given(MIXED)
@settings(max_examples=500)
def test_places_are_in_order_and_never_split_a_grapheme(text: str) -> None:
    end = 0
    previous = None
    for word in words(text):
        assert (word.start, word.end) == previous or end <= word.start < word.end <= len(text)
        previous, end = (word.start, word.end), word.end
        assert unicodedata.category(text[word.start])[0] != "M"
        assert not text[word.end :] or unicodedata.category(text[word.end])[0] != "M"
        assert text[word.end : word.end + 1] not in ("\u200d", "\u200c", "🏻")


@given(st.text(alphabet="abcdefgh éèêçàü'’-.,", max_size=200))
@settings(max_examples=100)
def test_a_piece_of_latin_text_gives_the_word_that_stands_there(text: str) -> None:
    for word, piece in zip(words(text), pieces(text), strict=True):
        assert word.term in {stem(token) for token in tokenize(piece)} | {stem(piece.replace("-", ""))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’eau d'Agadir", ["eau", "Agadir"]),
        ("the farmer's fields", ["the", "farmer", "fields"]),
        ("Aujourd’hui, l’e-commerce", ["Aujourd’hui", "e-commerce"]),
        ("الطَّاقَةُ الشَّمْسِيَّة", ["الطَّاقَةُ", "الشَّمْسِيَّة"]),
        ("الطـــاقة ش\u200cركة", ["الطـــاقة", "ش\u200cركة"]),
        ("ﻻعب ﬁnance", ["ﻻعب", "ﬁnance"]),
        ("cafe\u0301 snake_case", ["cafe\u0301", "snake", "case"]),
        ("multi-tenant well- known -x", ["multi", "tenant", "well", "known", "x"]),
        ("a\u20e3b 12\ufe0f\u20e3", ["a\u20e3b", "a\u20e3b", "12\ufe0f\u20e3"]),
        ("\u0600123 हिन्दी", ["\u0600123", "हिन्दी"]),
        ("_\u0301abc x", ["abc", "x"]),
        ("« Établi » (2ème)", ["Établi", "2ème"]),
    ],
)
def test_each_word_is_found_where_it_stands(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_ligature_of_a_phrase_gives_several_words_in_one_place() -> None:
    found = words("x ﷺ")[1:]
    assert len(found) > 1
    assert {(word.start, word.end) for word in found} == {(2, 3)}


def test_stop_words_are_marked_and_kept() -> None:
    assert [(word.term, word.is_stop) for word in words("la gestion de l’eau")] == [
        *[("la", True), ("gestion", False), ("de", True), ("eau", False)],
    ]
    assert all(word.is_stop for word in words("وهو الذي معهم"))


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        *[("thé", "thé"), ("the", None), ("Établi", "établi"), ("E\u0301tabli", "établi"), ("œuvre", "œuvre")],
        *[("ÉCOLE", "école"), ("الطَّاقة", None), ("日本", None), ("straße", None), ("re\u00adseau", None), ("²", None)],
        *[("café\u200b", "café"), ("été-", "été-")],
    ],
)
def test_a_word_keeps_the_accents_with_which_it_was_typed(typed: str, form: str | None) -> None:
    assert surface(typed) == form


def test_words_know_their_accented_form() -> None:
    assert [word.surface for word in words("Le thé d’Été, é-santé, the")] == [None, "thé", "été", "ésanté", None]


@pytest.mark.parametrize("piece", ["a", "ش", "e-", "l’", "ـ", "\u202e", "\u0301", "ﷺ", "_", "a'", "1٣", "\ud800"])
def test_ten_kilobytes_of_anything_are_a_bounded_number_of_short_words(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert all(len(word.term) <= 64 and len(word.surface or "") <= 64 for word in words(text))
    assert terms(words(text)) == analyze(text)
