"""What a text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.language import analyze
from webapp.language.concepts import concept_vocabulary
from webapp.search.parser import MAX_CHARACTERS, MAX_TERMS, Clause, Parsed, parse

VOCABULARY = concept_vocabulary()


def asked(text: str, *, prefix: bool = False) -> Parsed:
    return parse(text, VOCABULARY, prefix=prefix)


def wanted(text: str) -> list[tuple[str, ...]]:
    return [clause.terms for clause in asked(text).clauses]


def unwanted(text: str) -> list[tuple[str, ...]]:
    return [clause.terms for clause in asked(text).excluded]


def only(text: str) -> Clause:
    (clause,) = asked(text).clauses
    return clause


def test_words_are_stemmed_and_stop_words_left_out() -> None:
    assert wanted("the Pumps of l’eau") == [("pump",), ("eau",)]


def test_a_text_of_stop_words_alone_keeps_them() -> None:
    assert wanted("The Who") == [("the",), ("who",)]


def test_a_word_keeps_how_it_was_typed() -> None:
    assert (only("Énergies").typed, only("Énergies").surface, only("energie").surface) == ("Énergies", "énergies", None)


@pytest.mark.parametrize("text", ['"solar pumps"', "“solar pumps”", "« solar pumps »", "„solar pumps“"])
def test_quotes_of_all_languages_make_a_phrase(text: str) -> None:
    assert wanted(text) == [("solar", "pump")]


def test_a_phrase_of_one_word_is_a_word() -> None:
    assert only('"Pumps"').typed == "Pumps"


def test_a_quote_that_is_never_closed_is_no_syntax() -> None:
    assert wanted('"solar pumps') == [("solar",), ("pump",)]


def test_a_minus_before_a_word_or_phrase_excludes_it() -> None:
    assert (wanted("solar -pumps"), unwanted("solar -pumps")) == ([("solar",)], [("pump",)])
    assert unwanted('-"solar pumps"') == [("solar", "pump")]


def test_a_minus_inside_a_word_or_alone_excludes_nothing() -> None:
    assert unwanted("wi-fi - solar --") == []
    assert wanted("wi-fi - solar") == [("wi",), ("fi",), ("solar",)]


def test_a_hyphenated_word_is_excluded_as_one_thing() -> None:
    assert unwanted("-wi-fi") == [("wi", "fi")]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("name:atlas", "name"),
        ("NOM:atlas", "name"),
        ("الاسم:atlas", "name"),
        ("sector:atlas", "terms"),
        ("القطاع:atlas", "terms"),
        ("besoins:atlas", "needs"),
        ("city:atlas", "places"),
        ("Région:atlas", "places"),
        ("المدينة:atlas", "places"),
    ],
)
def test_a_field_may_be_named_in_three_languages(text: str, zone: str) -> None:
    clause = only(text)
    assert (clause.zone, clause.typed) == (zone, "atlas")


def test_a_phrase_and_an_exclusion_may_stand_in_a_field() -> None:
    assert (only('name:"big atlas"').zone, only('name:"big atlas"').terms) == ("name", ("big", "atla"))
    assert asked("-city:rabat").excluded[0].zone == "places"


def test_a_field_that_there_is_not_is_a_word() -> None:
    assert wanted("colour:red") == [("colour",), ("red",)]
    assert {clause.zone for clause in asked("colour:red").clauses} == {None}


@pytest.mark.parametrize("text", ["city:", "city: ", "solar city:"])
def test_a_field_without_a_value_asks_for_nothing_yet(text: str) -> None:
    assert wanted(text) == wanted(text.replace("city:", ""))


def test_an_asterisk_makes_a_word_stand_for_longer_ones() -> None:
    found = asked("agri* pumps").clauses
    assert [clause.is_prefix for clause in found] == [True, False]


def test_the_last_word_may_be_unfinished_if_it_has_three_letters() -> None:
    assert [clause.is_prefix for clause in asked("solar pum", prefix=True).clauses] == [False, True]
    assert [clause.is_prefix for clause in asked("solar pu", prefix=True).clauses] == [False, False]
    assert [clause.is_prefix for clause in asked("solar pum ", prefix=True).clauses] == [False, False]
    assert [clause.is_prefix for clause in asked("مضخا", prefix=True).clauses] == [True]


def test_what_is_excluded_or_quoted_is_finished() -> None:
    assert not asked("-pum", prefix=True).excluded[0].is_prefix
    assert not asked('"solar pum"', prefix=True).clauses[0].is_prefix
    assert not asked('"pum"', prefix=True).clauses[0].is_prefix


def test_a_word_asked_twice_counts_once() -> None:
    assert wanted("pump pumps PUMP") == [("pump",)]
    assert len(asked("pump name:pump").clauses) == 2


def test_a_concept_is_recognised_over_neighbouring_words() -> None:
    (found,) = asked("tazrii santé numérique atlas").concepts
    assert (found.code, found.start, found.end) == (VOCABULARY.find(analyze("healthtech"))[0].code, 1, 3)


def test_a_phrase_that_is_a_concept_names_it_and_longer_ones_do_not() -> None:
    assert len(asked('"santé numérique"').concepts) == 1
    assert asked('"santé numérique atlas"').concepts == ()


def test_words_of_a_field_or_excluded_ones_name_no_concept() -> None:
    assert asked("name:healthtech").concepts == ()
    assert asked("-healthtech").concepts == ()
    parted = asked("irrigation name:atlas intelligente").concepts
    assert VOCABULARY.find(analyze("irrigation intelligente"))[0].code not in {concept.code for concept in parted}


def test_what_lies_beyond_the_first_characters_is_not_read() -> None:
    assert wanted("a" * MAX_CHARACTERS + " solar") == wanted("a" * MAX_CHARACTERS)


def test_the_words_beyond_the_first_two_dozen_are_not_read() -> None:
    assert len(asked(" ".join(f"w{number}" for number in range(50))).clauses) == MAX_TERMS
    assert wanted('"' + " ".join(f"w{number}" for number in range(50)) + '"') == []


@given(st.text(st.sampled_from('ab é"«»-:*ماء name:city: \t\u202e\x00'), max_size=350), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_text_asks_for_words_in_bounds(text: str, prefix: bool) -> None:
    parsed = asked(text, prefix=prefix)
    every = parsed.clauses + parsed.excluded
    assert sum(len(clause.terms) for clause in every) <= MAX_TERMS
    assert all(clause.terms and all(clause.terms) for clause in every)
    assert {clause.excluded for clause in parsed.clauses} <= {False}
    assert {clause.excluded for clause in parsed.excluded} <= {True}
    for concept in parsed.concepts:
        assert 0 <= concept.start < concept.end <= len(parsed.clauses)
