from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.language import concept_vocabulary
from webapp.matching import StartupFeatures
from webapp.matching.features import (
    Money,
    concept_tokens,
    country_of,
    languages,
    said,
    surfaces,
    term_tokens,
    word_tokens,
    words,
)


def test_numbers_and_single_letters_are_no_words() -> None:
    assert words("45 farms in 2024, plan B") == ["farm", "plan"]


def test_sectors_and_technologies_are_tokens_and_needs_are_not() -> None:
    startup = StartupFeatures(1, terms={"sectors": ("agritech",), "technologies": ("iot",), "needs": ("equity",)})
    assert term_tokens(startup) == ["sectors:agritech", "technologies:iot"]


def test_words_stand_alone_and_with_their_neighbours() -> None:
    assert word_tokens(["drip", "irrigation"]) == ["drip", "irrigation", "drip irrigation"]


def test_one_concept_is_one_token_whatever_the_language_and_counts_more_than_those_above() -> None:
    found = [
        concept_tokens(said(StartupFeatures(1, {language: text})), concept_vocabulary())
        for language, text in (("en", "smart irrigation"), ("fr", "irrigation intelligente"), ("ar", "الري الذكي"))
    ]
    assert found[0] == found[1] == found[2]
    counts = {token: found[0].count(token) for token in found[0]}
    assert counts["#precision-irrigation"] > counts["#agritech"] == 1


def test_a_reader_sees_words_as_they_are_written() -> None:
    written = surfaces("L’irrigation des serres. Les Serres d'Agadir: e-commerce, irrigation!")
    assert written["irrigation"] == "irrigation"
    assert written["serr"] == "serres"
    assert written["agadir"] == "Agadir"
    assert written["ecommerc"] == "e-commerce"


def test_vocalised_arabic_words_stay_whole() -> None:
    assert "مُقَاوَلَة" in surfaces("مُقَاوَلَة").values()


@given(st.text(max_size=200))
def test_every_form_shown_stands_in_the_text(text: str) -> None:
    assert all(written in text for written in surfaces(text).values())


def test_most_words_of_the_space_have_a_form_to_show() -> None:
    text = "Nous traitons l’eau des exploitations d’agrumes; quelqu’un d'autre fait l’e-commerce. نمول ضيعات الحوامض"
    assert set(words(text)) <= set(surfaces(text))


def test_a_country_is_found_in_both_kinds_of_code() -> None:
    assert [country_of(code) for code in ("IE", "IE-C")] == ["IE", "IE"]


def test_a_blank_text_is_no_language() -> None:
    assert languages(StartupFeatures(1, {"en": "  ", "fr": "eau"})) == ("fr",)


def test_money_without_currency_or_bounds_is_unknown() -> None:
    assert not Money(1, 2, None).is_known
    assert not Money(None, None, "EUR").is_known
    assert Money(None, 5, "EUR").is_known
