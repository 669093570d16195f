"""Completing what somebody is typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.conftest import document
from tests.search.corpora import built
from webapp.language import fold
from webapp.language.concepts import concept_vocabulary
from webapp.search import (
    Document,
    IndexUnavailable,
    Phrase,
    PhraseTable,
    Query,
    SearchIndex,
    run,
    suggest_names,
    suggest_phrases,
)

MakeIndex = Callable[[Iterable[Document]], SearchIndex]

VOCABULARY = concept_vocabulary()
TABLE = PhraseTable(
    [
        Phrase("Agritech", "sector", "agritech"),
        Phrase("Énergie solaire", "sector", "solar"),
        Phrase("Logistique et transport", "sector", "logistics"),
        Phrase("Agadir", "region", "agadir"),
        Phrase("الفلاحة الذكية", "sector", "agritech"),
        *(Phrase(text, "concept", code) for text, code in VOCABULARY.phrases("fr")),
    ]
)


def named(number: int, *titles: str, residency: int = 0, sector: tuple[str, ...] = ()) -> Document:
    return document(number, titles[0], titles=titles, residency=residency, facets={"sector": sector})


def names(index: SearchIndex, text: str, limit: int = 10) -> list[int]:
    return suggest_names(index, text, limit)


def phrases(index: SearchIndex, text: str, limit: int = 10) -> list[tuple[str, int]]:
    return [(found.text, found.count) for found in suggest_phrases(index, TABLE, text, limit)]


# Names


def test_a_name_is_completed_from_any_of_its_words_first_words_first(make_index: MakeIndex) -> None:
    index = make_index(
        [named(1, "Green Atlas"), named(2, "Atlas Food"), named(3, "Big Green Atlas"), named(4, "Other")]
    )
    assert names(index, "atl") == [2, 1, 3]
    assert names(index, "atlas fo") == [2]
    assert names(index, "tlas") == []


def test_both_names_complete_and_give_their_entry_once(make_index: MakeIndex) -> None:
    index = make_index([named(1, "Naqla", "نقلة"), named(2, "Nour Nour")])
    assert names(index, "na") == names(index, "نق") == [1]
    assert names(index, "no") == [2]


@pytest.mark.parametrize("typed", ["ENER", "éner", "  Énergi", "e\u0301ner"])
def test_accents_case_and_spaces_do_not_matter(make_index: MakeIndex, typed: str) -> None:
    assert names(make_index([named(1, "Énergie Plus")]), typed) == [1]


def test_arabic_marks_and_alef_forms_do_not_matter(make_index: MakeIndex) -> None:
    assert names(make_index([named(1, "أَطلس")]), "اطل") == [1]


def test_residents_come_first_then_names_in_order(make_index: MakeIndex) -> None:
    index = make_index(
        [named(1, "Atlas B"), named(2, "Atlas A", residency=1), named(3, "Atlas C"), named(4, "Atlas A")]
    )
    assert names(index, "atlas") == [4, 1, 3, 2]
    assert names(index, "atlas", limit=2) == [4, 1]


def test_one_letter_is_too_little(make_index: MakeIndex) -> None:
    index = make_index([named(1, "Atlas", sector=("agritech",))])
    assert (names(index, "a"), phrases(index, "a"), names(index, " "), names(index, "")) == ([], [], [], [])


def test_names_of_deleted_and_changed_entries_are_gone_at_once(make_index: MakeIndex) -> None:
    index = make_index([named(1, "Atlas"), named(2, "Atlas Food"), named(3, "Bread")])
    index.update([named(2, "Bread Food")], delete=[1])
    assert names(index, "atl") == []
    assert names(index, "bre") == [3, 2]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5), st.text(max_size=6))
@settings(max_examples=700, deadline=None)
def test_any_beginning_gives_names_that_have_it(titles: list[str], typed: str) -> None:
    with built(document(number, title, titles=(title,)) for number, title in enumerate(titles)) as index:
        for number in names(index, typed):
            assert fold(typed).strip() in fold(titles[number])
        for number, title in enumerate(titles):
            first = fold(title)[:2]
            if len(first) == 2 and first.isalnum():
                assert number in names(index, first)


# Phrases


def test_phrases_say_how_many_entries_choosing_them_would_show(make_index: MakeIndex) -> None:
    index = make_index(
        [named(1, "A", sector=("agritech",)), named(2, "B", sector=("agritech", "solar")), named(3, "C")]
    )
    assert phrases(index, "agri")[0] == ("Agritech", 2)
    assert phrases(index, "الفلا") == [("الفلاحة الذكية", 2)]
    assert ("Énergie solaire", 1) in phrases(index, "sola")
    shown = run(index, Query(filters={"sector": ("agritech",)})).total
    assert shown == 2


def test_a_phrase_that_would_find_nothing_is_not_offered(make_index: MakeIndex) -> None:
    index = make_index([named(1, "A", sector=("solar",))])
    assert [text for text, _ in phrases(index, "logis")] == []
    index.update([named(2, "B", sector=("logistics",))])
    assert phrases(index, "trans") == [("Logistique et transport", 1)]
    index.delete([2])
    assert phrases(index, "trans") == []


def test_a_phrase_is_completed_from_any_of_its_words_first_words_first(make_index: MakeIndex) -> None:
    index = make_index([named(1, "A", sector=("solar", "agritech")), named(2, "B", sector=("solar",))])
    table = PhraseTable([Phrase("Énergie solaire", "sector", "solar"), Phrase("Solaire", "sector", "agritech")])
    found = [suggestion.text for suggestion in suggest_phrases(index, table, "sol", 10)]
    assert found == ["Solaire", "Énergie solaire"]
    assert len(suggest_phrases(index, table, "sol", 1)) == 1


def test_a_code_is_offered_once_whatever_its_phrases(make_index: MakeIndex) -> None:
    index = make_index([named(1, "A", sector=("solar",))])
    table = PhraseTable([Phrase("Solaire", "sector", "solar"), Phrase("Énergie solaire solaire", "sector", "solar")])
    assert [suggestion.text for suggestion in suggest_phrases(index, table, "sol", 10)] == ["Solaire"]


def test_a_concept_counts_the_entries_that_name_it_in_any_language(make_index: MakeIndex) -> None:
    index = make_index(
        [
            document(1, "A", pitch="digital health"),
            document(2, "B", pitch="الصحة الرقمية"),
            document(3, "C", pitch="bread"),
            document(4, "D", pitch="santé numérique"),
        ]
    )
    index.delete([4])
    table = PhraseTable([Phrase("Santé numérique", "concept", "healthtech")])
    (found,) = suggest_phrases(index, table, "santé nu", 5)
    assert (found.kind, found.code, found.count) == ("concept", "healthtech", 2)


@given(st.text(max_size=20))
@settings(max_examples=700, deadline=None)
def test_any_text_begins_phrases_that_have_it(text: str) -> None:
    folded = " ".join(fold(text).split())
    for skipped, phrase in TABLE.beginning(folded):
        assert " ".join(fold(phrase.text).split()[skipped:]).startswith(folded)


def test_without_an_index_nothing_can_be_suggested(folder: Path) -> None:
    index = SearchIndex(folder, "startup", "pack")
    with pytest.raises(IndexUnavailable):
        suggest_names(index, "atlas", 5)
    with pytest.raises(IndexUnavailable):
        suggest_phrases(index, TABLE, "agri", 5)
