from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.matching import StartupFeatures
from webapp.matching.features import TOKEN_COUNT, Money, country_of, languages, surfaces, tokens, words


def test_numbers_and_single_letters_are_no_words() -> None:
    assert words("45 farms in 2024, plan B") == ["farm", "plan"]


def test_terms_stand_beside_the_words_of_all_languages() -> None:
    startup = StartupFeatures(1, {"fr": "serres", "ar": "البيوت"}, {"sectors": ("agritech",), "needs": ("equity",)})
    found = tokens(startup)
    assert found.count("sectors:agritech") == TOKEN_COUNT
    assert not [token for token in found if token.startswith("needs:")]
    assert "serr" in found


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
