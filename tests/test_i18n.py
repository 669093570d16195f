from __future__ import annotations

import pytest
from babel import Locale
from flask import Flask
from flask_babel import ngettext
from hypothesis import given
from hypothesis import strategies as st

from webapp.i18n import LANGUAGES, cldr_locale, in_language

COUNTRIES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
TEXTS = st.dictionaries(st.sampled_from([*LANGUAGES, "de", "zgh"]), st.sampled_from(["", "one", "two"]))


def test_only_arabic_is_written_from_right_to_left() -> None:
    assert [code for code, language in LANGUAGES.items() if language.direction == "rtl"] == ["ar"]
    assert [code for code, language in LANGUAGES.items() if language.script == "Arab"] == ["ar"]


def test_a_language_is_found_by_its_own_code() -> None:
    assert all(language.code == code for code, language in LANGUAGES.items())


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("ar", "MA", "ar_MA"),
        ("fr", "MA", "fr_MA"),
        ("en", "MA", "en_GB"),
        ("en", "US", "en_US"),
        ("en", "IE", "en_GB"),
        ("fr", "IE", "fr"),
    ],
)
def test_a_reader_gets_the_formats_of_language_and_country(language: str, country: str, locale: str) -> None:
    assert cldr_locale(language, country) == locale


@given(st.sampled_from(sorted(LANGUAGES)), COUNTRIES)
def test_every_language_has_formats_in_every_country(language: str, country: str) -> None:
    assert Locale.parse(cldr_locale(language, country)).language == language


def test_a_text_is_given_in_the_language_asked_for() -> None:
    assert in_language({"ar": "ماء", "fr": "eau", "en": "water"}, "fr") == ("eau", "fr")


def test_without_that_language_the_given_order_decides() -> None:
    assert in_language({"fr": "eau", "en": "water"}, "ar", ["en", "fr"]) == ("water", "en")


def test_without_an_order_the_table_of_languages_decides() -> None:
    assert in_language({"en": "water", "fr": "eau"}, "ar") == ("eau", "fr")


def test_an_empty_text_is_no_text() -> None:
    assert in_language({"fr": "", "en": "water"}, "fr") == ("water", "en")


@pytest.mark.parametrize("texts", [None, {}, {"fr": ""}])
def test_no_text_at_all_gives_two_empty_strings(texts: dict[str, str] | None) -> None:
    assert in_language(texts, "fr", ["ar"]) == ("", "")


@given(TEXTS, st.sampled_from(sorted(LANGUAGES)), st.lists(st.sampled_from(sorted(LANGUAGES))))
def test_a_text_is_found_whenever_there_is_one_and_says_its_language(
    texts: dict[str, str], language: str, order: list[str]
) -> None:
    text, code = in_language(texts, language, order)
    assert bool(text) == any(texts.values())
    assert texts.get(code, "") == text


@pytest.mark.parametrize(("number", "word"), [(2, "يومان"), (5, "أيام"), (15, "يوما"), (100, "يوم"), (112, "يوما")])
def test_arabic_counts_as_arabic_does(app: Flask, number: int, word: str) -> None:
    with app.test_request_context("/ar/"):
        text = ngettext("%(count)s day", "%(count)s days", number, count=number)
    assert text.split()[-1] == word
