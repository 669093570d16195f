from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.language.collation import collation_key, collation_version

NAMES = ["Zaki", "أطلس", "Écolo", "Eco", "ecole", "école", "بنك", "2B", "Al-Baraka", "القافلة", "« Tazrii »"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "2B أطلس بنك القافلة Al-Baraka Eco ecole école Écolo «Tazrii» Zaki"),
        ("fr", "2B Al-Baraka Eco ecole école Écolo «Tazrii» Zaki أطلس بنك القافلة"),
        ("en", "2B Al-Baraka Eco ecole école Écolo «Tazrii» Zaki أطلس بنك القافلة"),
    ],
)
def test_names_stand_in_the_order_of_the_language(language: str, expected: str) -> None:
    ordered = sorted(NAMES, key=lambda name: collation_key(name, language))
    assert " ".join(ordered).replace("« ", "«").replace(" »", "»") == expected


def test_hamza_and_accents_count_after_the_letters() -> None:
    def ordered(names: list[str]) -> list[str]:
        return sorted(names, key=lambda name: collation_key(name, "ar"))

    assert ordered(["اكادير", "أكادير", "أكاديمية", "ألبان"]) == ["أكادير", "اكادير", "أكاديمية", "ألبان"]
    assert ordered(["côte", "coté", "cote"]) == ["cote", "coté", "côte"]


@given(st.text(), st.sampled_from(["ar", "fr", "en", "", "no-such-language"]))
def test_every_text_has_a_key(name: str, language: str) -> None:
    assert isinstance(collation_key(name, language), bytes)


def test_the_rules_have_a_version() -> None:
    assert collation_version()
