"""What stands for a word, what each thing counts, and that an explanation adds up to the score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import prod

import pytest

from tests.search.conftest import document
from webapp.language import analyze
from webapp.language.concepts import concept_vocabulary
from webapp.search import Answer, Document, Query, SearchIndex, run
from webapp.search.answering import match
from webapp.search.columns import FRESH_DAYS, FRESH_FACTOR, LANGUAGE_FACTOR, RESIDENT_FACTOR
from webapp.search.parser import parse
from webapp.search.scoring import MAX_EXPANSIONS, MAX_NEAR

MakeIndex = Callable[[Iterable[Document]], SearchIndex]

VOCABULARY = concept_vocabulary()
TODAY = date(2026, 11, 24)


def ask(index: SearchIndex, text: str, **options: object) -> Answer:
    return run(index, Query(text, **options), TODAY)  # type: ignore[arg-type]


def others(first: int, count: int) -> list[Document]:
    """Documents about something else, so that words are rare."""
    return [document(number, f"Other {number}", pitch="bread and cakes") for number in range(first, first + count)]


# The word itself


@pytest.mark.parametrize(
    ("better", "worse"),
    [("name", "pitch"), ("pitch", "terms"), ("terms", "needs"), ("needs", "description"), ("places", "description")],
)
def test_a_word_counts_more_in_a_more_telling_zone(make_index: MakeIndex, better: str, worse: str) -> None:
    def holding(number: int, zone: str) -> Document:
        texts = {"pitch": "one two", "terms": "one two", "needs": "one two", "places": "one", "description": "one"}
        name = "lantern" if zone == "name" else "basket"
        return document(number, name, **{**texts, **({zone: "lantern"} if zone != "name" else {})})

    index = make_index([holding(1, worse), holding(2, better), *others(10, 8)])
    assert ask(index, "lantern").ids == (2, 1)


def test_a_rare_word_counts_more_than_a_frequent_one(make_index: MakeIndex) -> None:
    index = make_index([document(1, pitch="bread lantern"), document(2, pitch="bread cakes"), *others(10, 8)])
    reasons = {reason.asked: reason.value for reason in ask(index, "bread lantern", explain=True).reasons[1]}
    assert reasons["lantern"] > reasons["bread"] > 0


def test_the_accented_form_comes_first_where_accents_are_typed(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="un pret utile"), document(2, "B", pitch="un prêt utile")])
    assert ask(index, "prêt").ids == (2, 1)
    assert ask(index, "pret").ids == (1, 2)


def test_a_zone_holds_only_what_stands_in_it(make_index: MakeIndex) -> None:
    index = make_index(
        [
            document(1, "Lantern"),
            document(2, "Basket", pitch="lantern", places="Agadir"),
            document(3, "Agadir Foods", terms="lantern"),
        ]
    )
    assert ask(index, "name:lantern").ids == (1,)
    assert ask(index, "sector:lantern").ids == (3,)
    assert ask(index, "المدينة:agadir").ids == (2,)
    assert set(ask(index, "lantern").ids) == {1, 2, 3}


def test_a_phrase_in_a_zone_must_stand_there_whole(make_index: MakeIndex) -> None:
    index = make_index([document(1, "Big Atlas"), document(2, "Big", pitch="big atlas")])
    assert ask(index, 'name:"big atlas"').ids == (1,)


def test_an_excluded_word_takes_its_documents_away(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="lantern"), document(2, "B", pitch="lantern with oil")])
    assert ask(index, "lantern -oil").ids == (1,)
    assert ask(index, '-"with oil" lantern').ids == (1,)
    assert ask(index, "-oil").ids == (1,)
    assert ask(index, "lantern -nowhere").total == 2


def test_an_exclusion_in_a_zone_spares_the_word_elsewhere(make_index: MakeIndex) -> None:
    index = make_index([document(1, "Oil lantern"), document(2, "B", pitch="oil lantern")])
    assert ask(index, "lantern -name:oil").ids == (2,)


# What stands for a word


def test_the_whole_word_comes_before_longer_ones(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="lanterns"), document(2, "B", pitch="lant"), *others(10, 8)])
    assert ask(index, "lant").ids == (2, 1)


def test_an_unfinished_word_stands_for_the_most_frequent_longer_ones(make_index: MakeIndex) -> None:
    many = [document(number, "X", pitch=f"lant{number:03}x") for number in range(1, MAX_EXPANSIONS + 11)]
    index = make_index([*many, document(500, "Y", pitch="lant060x")])
    found = ask(index, "lant", per_page=1000)
    assert found.total == MAX_EXPANSIONS + 1
    assert {60, 500} <= set(found.ids)


def test_nothing_is_unfinished_where_that_is_switched_off(make_index: MakeIndex) -> None:
    index = make_index([document(1, pitch="lantern")])
    assert ask(index, "lant", prefix=False, fuzzy=False).total == 0
    assert ask(index, "lant*", prefix=False, fuzzy=False).total == 1


@pytest.mark.parametrize(("name", "typed"), [("خديجة", "Khadija"), ("Khadija", "خديجة"), ("Tazrii", "تزري")])
def test_a_name_is_found_in_the_other_script(make_index: MakeIndex, name: str, typed: str) -> None:
    index = make_index([document(1, name), *others(10, 8)])
    found = ask(index, typed, explain=True)
    assert found.ids == (1,)
    assert found.reasons[1][0].answered.startswith("sound:")


def test_only_names_are_found_by_their_sound(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="Khadija"), *others(10, 8)])
    assert ask(index, "خديجة").total == 0


def test_a_name_as_it_is_written_comes_before_one_that_sounds_so(make_index: MakeIndex) -> None:
    index = make_index([document(1, "خديجة"), document(2, "Khadija"), *others(10, 8)])
    assert ask(index, "Khadija").ids == (2, 1)
    assert ask(index, "خديجة").ids == (1, 2)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("lantern", "lanterm"),
        ("lantern", "lantrn"),
        ("lantern", "latnern"),
        ("irrigation", "irigatoin"),
        ("comptabilité", "comptabiltée"),
        ("الفلاحة", "الفلحاة"),
        ("المستشفيات", "المستشقيات"),
    ],
)
def test_a_misspelt_word_stands_for_a_close_one_and_says_so(make_index: MakeIndex, written: str, typed: str) -> None:
    index = make_index([document(1, "A", pitch=written), *others(10, 8)])
    found = ask(index, typed, explain=True)
    assert found.ids == (1,)
    assert found.corrections == {typed: analyze(written)[0]}
    assert found.reasons[1][0].answered == f"typo:{analyze(written)[0]}"
    assert ask(index, typed, fuzzy=False).total == 0


def test_a_word_that_some_document_has_is_no_typo(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="lantern"), document(2, "B", pitch="lanterm")])
    assert ask(index, "lanterm", prefix=False).ids == (2,)


def test_a_word_that_only_deleted_documents_have_is_a_typo(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="lantern"), document(2, "B", pitch="lanterm")])
    index.delete([2])
    assert ask(index, "lanterm").corrections == {"lanterm": "lantern"}
    assert ask(index, "lanterm").ids == (1,)


def test_no_typo_is_corrected_to_a_word_that_only_deleted_documents_have(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="bread"), document(2, "B", pitch="lantern")])
    index.delete([2])
    assert ask(index, "lanterm").corrections == {}


def test_short_words_and_words_with_digits_are_taken_literally(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="oil covid19 2030")])
    assert [ask(index, text).total for text in ("oel", "covid18", "2031")] == [0, 0, 0]


def test_a_bounded_number_of_close_words_stands_for_a_misspelt_one(make_index: MakeIndex) -> None:
    letters = "abcdefghijklmnopqrstuvwyz"
    index = make_index(document(number, "A", pitch=f"qlant{letter}rn") for number, letter in enumerate(letters))
    assert ask(index, "qlantxrn").total == MAX_NEAR


# Concepts


def test_a_concept_is_found_in_other_languages_after_the_words_themselves(make_index: MakeIndex) -> None:
    index = make_index(
        [
            document(1, "A", pitch="الصحة الرقمية للجميع"),
            document(2, "B", pitch="digital health for all"),
            document(3, "C", pitch="la santé numérique pour tous"),
            *others(10, 8),
        ]
    )
    found = ask(index, "santé numérique")
    assert found.ids[0] == 3
    assert set(found.ids) == {1, 2, 3}
    assert found.also_found == (VOCABULARY.find(analyze("healthtech"))[0].code,)


def test_concepts_can_be_switched_off(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="digital health"), document(2, "B", pitch="santé numérique")])
    found = ask(index, "santé numérique", concepts=False)
    assert (found.ids, found.also_found, found.concepts) == ((2,), (), frozenset())


def test_nothing_is_said_of_a_concept_that_brought_nothing_in(make_index: MakeIndex) -> None:
    index = make_index([document(1, "A", pitch="santé numérique"), *others(10, 3)])
    assert ask(index, "santé numérique").also_found == ()


# Priors and explanations


def test_the_prior_is_made_of_residency_freshness_and_language(make_index: MakeIndex) -> None:
    fresh, stale = TODAY.toordinal() - FRESH_DAYS + 1, TODAY.toordinal() - FRESH_DAYS
    index = make_index(
        [
            document(1, "A", pitch="lantern", residency=0, verified=fresh, languages=("fr", "ar")),
            document(2, "A", pitch="lantern", residency=1, verified=fresh, languages=("en",)),
            document(3, "A", pitch="lantern", residency=2, verified=stale, languages=("en", "fr")),
            document(4, "A", pitch="lantern", residency=1),
        ]
    )
    found = ask(index, "lantern", language="fr", explain=True)
    priors = {number: reasons[-1].value for number, reasons in found.reasons.items()}
    expected = {1: (RESIDENT_FACTOR, FRESH_FACTOR, LANGUAGE_FACTOR), 2: (FRESH_FACTOR,), 3: (LANGUAGE_FACTOR,), 4: ()}
    assert priors == {number: pytest.approx(prod(factors), rel=1e-6) for number, factors in expected.items()}
    assert found.ids[0] == 1
    assert found.ids[-1] == 4


def test_freshness_follows_the_day(make_index: MakeIndex) -> None:
    index = make_index([document(1, pitch="lantern", residency=1, verified=TODAY.toordinal())])
    later = TODAY + timedelta(days=FRESH_DAYS)
    assert run(index, Query("lantern", explain=True), TODAY).reasons[1][-1].value == pytest.approx(FRESH_FACTOR)
    assert run(index, Query("lantern", explain=True), later).reasons[1][-1].value == 1


@pytest.mark.parametrize(
    "text",
    [
        "lantern",
        "lantern oil",
        '"lantern oil"',
        "lanterm",
        "lant",
        "santé numérique",
        "Khadija",
        "prêt lantern",
        "oil x",
    ],
)
@pytest.mark.parametrize("concepts", [True, False])
def test_the_reasons_add_up_to_the_score(make_index: MakeIndex, text: str, concepts: bool) -> None:
    index = make_index(
        [
            document(1, "خديجة", pitch="lantern oil with prêt", residency=0),
            document(2, "Oil", pitch="lanterns and oil", verified=TODAY.toordinal(), residency=1),
            document(3, "C", pitch="digital health", description="la santé numérique", residency=1),
            document(4, "Khadija", pitch="la santé numérique", description="pret"),
            *others(10, 20),
        ]
    )
    found = ask(index, text, concepts=concepts, explain=True)
    assert found.ids
    snapshot = index.snapshot()
    matched = match(snapshot, parse(text, index.vocabulary), concepts=concepts)
    prior = snapshot.columns.prior("", TODAY.toordinal())
    place_of = {number: place for place, number in enumerate(snapshot.columns.ids.tolist())}
    for number, reasons in found.reasons.items():
        *added, last = reasons
        place = place_of[number]
        explained = sum(reason.value for reason in added) * last.value
        assert explained == pytest.approx(float(matched.scores[place] * prior[place]), rel=1e-5)


def test_without_being_asked_nothing_is_explained(make_index: MakeIndex) -> None:
    assert ask(make_index([document(1, pitch="lantern")]), "lantern").reasons == {}
