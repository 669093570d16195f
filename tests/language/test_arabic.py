from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.language import analyze, stem, tokenize
from webapp.language.arabic import stem_arabic
from webapp.language.broken_plurals import BROKEN_PLURALS_TEXT

LETTERS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويء", min_size=1, max_size=12)


@given(LETTERS)
def test_a_stem_is_never_empty_nor_longer_than_its_word(word: str) -> None:
    assert min(len(word.rstrip("ء")), 2) <= len(stem_arabic(word)) or stem_arabic(word) in BROKEN_PLURALS_TEXT
    assert stem_arabic(word)


@pytest.mark.parametrize(
    "forms",
    [
        "مسؤول مسئول مسوول المسؤولون للمسؤولين ومسؤولة",
        "عميل عملاء عملائنا عملاؤنا لعملائكم والعملاء",
        "مشروع مشاريع مشاريعنا للمشاريع بمشروعهم فمشروعا",
        "لغة اللغة للغة لغات لغتهم",
        "التزام الالتزام والالتزام التزاماتنا",
        "وكالة وكالات الوكالة وللوكالات",
        "حركة وحركات والحركة حركتها",
        "تمرين بتمرين والتمرين تمرينات",
        "إحصاء وإحصاءات الإحصائية",
        "أوروبا أوروبي بأوروبا",
        "صورة صورته بصورتها صور",
        "ميزانية ميزانيته وميزانيات",
    ],
)
def test_forms_with_particles_and_pronouns_share_a_stem(forms: str) -> None:
    assert len({stem(token) for token in tokenize(forms)}) == 1


@pytest.mark.parametrize(
    "different",
    [
        "وكالات آلات",
        "وجود جودة",
        "وظيفة نظيفة",
        "مكتبات مكاتب",
        "للجنة جنة",
        "مساهم مساء",
        "تعاونية تعال",
        "وسائل سائل",
        "بتكوين تكوين",
    ],
)
def test_words_that_lie_within_others_stay_apart(different: str) -> None:
    left, right = (analyze(word) for word in different.split())
    assert left != right


def test_the_list_of_plurals_says_one_thing_of_each_plural() -> None:
    groups = [group.split() for line in BROKEN_PLURALS_TEXT.splitlines() for group in line.split("/") if group.strip()]
    assert len(groups) >= 120
    for singular, *plurals in groups:
        assert plurals, singular
        for plural in plurals:
            assert stem(tokenize(plural)[0]) == stem(tokenize(singular)[0]), plural


@pytest.mark.parametrize("text", ["في هذه التي", "وهو ومن لها", "لدينا أيضا حول"])
def test_arabic_stop_words_are_known_with_what_is_written_together_with_them(text: str) -> None:
    assert analyze(f"{text} ابتكار") == ["ابتكار"]
