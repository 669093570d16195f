from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.language import analyze, stem, tokenize


@given(st.text())
@settings(max_examples=100)
def test_any_text_can_be_analysed(text: str) -> None:
    assert all(term and not term.isspace() for term in analyze(text))


@given(st.text())
@settings(max_examples=100)
def test_words_are_free_of_spaces_marks_and_apostrophes(text: str) -> None:
    assert not {letter for word in tokenize(text) for letter in word} & set(" '’\u2029\n")


def test_a_vocalised_word_is_one_word() -> None:
    assert tokenize("الطَّاقَةُ الشَّمْسِيَّة") == ["الطاقه", "الشمسيه"]


def test_french_elision_and_english_possessive_come_off() -> None:
    assert tokenize("l’eau d'Agadir qu'il jusqu’à the farmer's aujourd'hui") == [
        *("eau", "agadir", "il", "a", "the", "farmer", "aujourdhui"),
    ]


def test_compounds_of_a_single_letter_are_one_word() -> None:
    assert analyze("e-commerce") == analyze("ecommerce")


@pytest.mark.parametrize(
    "forms",
    [
        "شركة الشركة شركات والشركات للشركات بالشركات",
        "وزارة الوزارة والوزارة",
        "بيانات البيانات وبالبيانات",
        "تقنية تقنيات التقنية",
        "بلاستيك البلاستيك والبلاستيك",
        "لوجستيك اللوجستيك",
        "startup startups STARTUPS",
        "jeu jeux",
        "réseau réseaux",
        "local locaux locale",
        "connecté connectée connectés connectées",
        "technologie technologies technology",
        "énergie énergies energy",
        "box boxes",
    ],
)
def test_inflected_forms_share_a_stem(forms: str) -> None:
    assert len({stem(token) for token in tokenize(forms)}) == 1


@pytest.mark.parametrize("word", ["business", "campus", "analysis", "linux", "3d", "b2b", "ولد", "باب", "日本"])
def test_what_only_looks_inflected_stays(word: str) -> None:
    assert stem(word) == word


def test_stop_words_go_unless_there_is_nothing_else() -> None:
    assert analyze("la gestion de l'eau") == ["gestion", "eau"]
    assert analyze("The One") == ["one"]
    assert analyze("We the") == ["we", "the"]
