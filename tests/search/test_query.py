from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.conftest import document
from webapp.language.concepts import concept_vocabulary
from webapp.search import Document, Query, SearchIndex, run, run_similar
from webapp.search.parser import MAX_TERMS, parse

MakeIndex = Callable[[Iterable[Document]], SearchIndex]


@pytest.fixture
def index(make_index: MakeIndex) -> SearchIndex:
    return make_index(
        [
            document(1, "Tazrii", pitch=("Irrigation intelligente pour les agriculteurs", "ري ذكي للمزارعين")),
            document(2, "Naqla", pitch="Livraison de colis en ville", description="irrigation et agriculteurs"),
            document(3, "شمسي", pitch="الطَّاقَةُ الشَّمْسِيَّة للبيوت", terms=("Énergie solaire", "Solar energy")),
            document(4, "Daftari", pitch="Comptabilité simple", residency=1, description="paiement en ligne"),
            document(5, "Daftari", pitch="Comptabilité simple", residency=0, description="paiement en ligne"),
        ]
    )


def ids(index: SearchIndex, text: str) -> tuple[int, ...]:
    return run(index, Query(text)).ids


def test_accents_and_case_do_not_matter(index: SearchIndex) -> None:
    assert ids(index, "COMPTABILITE") == ids(index, "comptabilité") == (5, 4)


@pytest.mark.parametrize("text", ["الطاقة الشمسية", "طاقة شمسية", "الطَّاقَةُ الشَّمْسِيَّة", "والطاقة", "طـاقه"])
def test_arabic_is_found_with_and_without_marks_and_article(index: SearchIndex, text: str) -> None:
    assert ids(index, text) == (3,)


def test_a_word_in_the_pitch_outranks_one_in_the_description(index: SearchIndex) -> None:
    assert ids(index, "irrigation") == (1, 2)


def test_a_resident_comes_before_an_alumnus_of_equal_score(index: SearchIndex) -> None:
    assert ids(index, "daftari") == (5, 4)


def test_all_words_are_asked_for_first(index: SearchIndex) -> None:
    answer = run(index, Query("livraison agriculteurs"))
    assert (answer.ids, answer.relaxed) == ((2,), False)


def test_where_nothing_has_all_words_one_is_enough(index: SearchIndex) -> None:
    answer = run(index, Query("livraison solaire"))
    assert (set(answer.ids), answer.relaxed) == ({2, 3}, True)


def test_one_word_that_nobody_has_finds_nothing_and_relaxes_nothing(index: SearchIndex) -> None:
    answer = run(index, Query("zzyzx"))
    assert (answer.ids, answer.total, answer.pages, answer.relaxed) == ((), 0, 1, False)


def test_filters_do_not_relax_the_words(make_index: MakeIndex) -> None:
    index = make_index(
        [
            document(1, pitch="solar water", facets={"sector": ("a",)}),
            document(2, pitch="solar", facets={"sector": ("b",)}),
        ]
    )
    answer = run(index, Query("solar water", filters={"sector": ("b",)}))
    assert (answer.ids, answer.relaxed, answer.facets["sector"]) == ((), False, {"a": 1})


def test_the_last_word_may_be_unfinished(index: SearchIndex) -> None:
    assert ids(index, "irrig") == (1, 2)
    assert ids(index, "compta") == (5, 4)
    assert ids(index, "ir") == ()


def test_only_the_last_word_may_be_unfinished(index: SearchIndex) -> None:
    assert run(index, Query("compta simple")).relaxed


def test_a_phrase_needs_its_words_side_by_side(index: SearchIndex) -> None:
    assert ids(index, '"irrigation intelligente"') == (1,)
    assert ids(index, "« paiement en ligne »") == (5, 4)
    assert ids(index, '"intelligente irrigation"') == ()


def test_a_phrase_does_not_span_two_texts(make_index: MakeIndex) -> None:
    index = make_index([document(1, pitch=("solar water", "pump heater"))])
    assert ids(index, '"solar water"') == (1,)
    assert ids(index, '"water pump"') == ()


@pytest.mark.parametrize("text", ["", "   ", '""', '"', "“”«»", "***", "\u202e\u200f", "\x00\x01", "((("])
def test_a_text_without_words_browses(index: SearchIndex, text: str) -> None:
    assert ids(index, text) == ids(index, "")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "x " * 5_000,
        '"' * 10_000,
        "name:Tazrii OR id:1",
        "* ? [a-z]* ~2 ^9",
        "NOT (",
        "\ud800",
        "\x00solar",
    ],
)
def test_hostile_texts_are_only_words(index: SearchIndex, text: str) -> None:
    run(index, Query(text))


@given(st.text(max_size=400))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_gets_an_answer(index: SearchIndex, text: str) -> None:
    assert run(index, Query(text)).total <= 5


@given(st.text(alphabet=st.sampled_from('abc "«»'), max_size=400))
@settings(max_examples=100)
def test_a_text_asks_for_a_bounded_number_of_words(text: str) -> None:
    asked = parse(text, concept_vocabulary())
    assert sum(len(clause.terms) for clause in asked.clauses + asked.excluded) <= MAX_TERMS


def test_pages_part_the_answer(index: SearchIndex) -> None:
    answers = [run(index, Query(sort="name", page=page, per_page=2)) for page in (1, 2, 3, 4)]
    assert [answer.ids for answer in answers] == [(4, 5), (2, 1), (3,), ()]
    assert {(answer.total, answer.pages) for answer in answers} == {(5, 3)}


@pytest.mark.parametrize("wrong", [{"page": 0}, {"per_page": 0}, {"per_page": 10_000}, {"sort": "random"}])
def test_a_query_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Query(**wrong)  # type: ignore[arg-type]


def test_similar_documents_share_words_and_pass_the_filters(make_index: MakeIndex) -> None:
    index = make_index(
        [
            document(1, pitch="solar water pumps", facets={"sector": ("a",)}),
            document(2, pitch="solar water", facets={"sector": ("a",)}),
            document(3, pitch="solar", facets={"sector": ("a",)}),
            document(4, pitch="solar water pumps", facets={"sector": ("b",)}),
            document(5, pitch="bread", facets={"sector": ("a",)}),
        ]
    )
    assert run_similar(index, ["solar", "water", "pump"], {"sector": ("a",)}, but=1, limit=4) == (2, 3)
    assert run_similar(index, [], {}, but=1, limit=4) == ()
