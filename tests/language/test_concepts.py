from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.language import analyze
from webapp.language.concept_files import MAX_WORDS, compiled, main, problems, read_concepts, shared_phrases
from webapp.language.concepts import (
    CONCEPTS_FILE,
    FOLDER,
    LANGUAGES,
    VOCABULARY_VERSION,
    Concept,
    ConceptSpan,
    ConceptVocabulary,
    concept_vocabulary,
    terms_of,
)

VOCABULARY = concept_vocabulary()
SOURCES = read_concepts(FOLDER)


def small(*concepts: Concept) -> ConceptVocabulary:
    return ConceptVocabulary(concepts, "test")


def concept(code: str, *phrases: str, broader: tuple[str, ...] = ()) -> Concept:
    return Concept(code, {"en": phrases[0]}, {"en": phrases[1:]}, broader)


FARMING = small(
    concept("agriculture", "agriculture", "farming"),
    concept("agritech", "agritech", broader=("agriculture",)),
    concept("precision-irrigation", "precision irrigation", "smart irrigation", broader=("agritech",)),
    concept("irrigation", "irrigation", broader=("agriculture",)),
)


class TestTheData:
    def test_the_files_are_in_order(self) -> None:
        assert problems(SOURCES) == []

    def test_the_compiled_file_is_what_the_sources_say(self) -> None:
        assert CONCEPTS_FILE.read_bytes() == compiled(SOURCES), "run: python -m webapp.language.concept_files"

    def test_the_compiled_phrases_are_those_that_analysis_gives(self) -> None:
        anew = ConceptVocabulary(SOURCES, "test")
        text = " ; ".join(phrase for each in SOURCES for phrase in each.phrases())
        assert VOCABULARY.find(analyze(text)) == anew.find(analyze(text))

    def test_there_are_three_hundred_concepts_or_more(self) -> None:
        assert len(VOCABULARY) >= 300

    def test_every_concept_has_a_name_in_each_language(self) -> None:
        assert {code for code in VOCABULARY.codes if set(VOCABULARY[code].names) != set(LANGUAGES)} == set()

    def test_phrases_have_one_to_four_words(self) -> None:
        phrases = [phrase for each in SOURCES for phrase in each.phrases()]
        assert [phrase for phrase in phrases if not 1 <= len(analyze(phrase)) <= MAX_WORDS] == []

    def test_no_phrase_stands_for_two_concepts(self) -> None:
        assert list(shared_phrases(SOURCES)) == []

    def test_every_phrase_finds_its_concept(self) -> None:
        missed = [
            (each.code, phrase)
            for each in SOURCES
            for phrase in each.phrases()
            if terms_of(phrase) and VOCABULARY.codes_of_text(phrase) != [each.code]
        ]
        assert missed == []

    def test_every_concept_can_be_recognised_in_each_language(self) -> None:
        missed = [
            (each.code, language)
            for each in SOURCES
            for language in LANGUAGES
            if not any(map(terms_of, (each.names[language], *each.also.get(language, ()))))
        ]
        assert missed == []

    def test_broader_concepts_exist_and_never_lead_back(self) -> None:
        for code in VOCABULARY.codes:
            assert code not in VOCABULARY.broader(code)
            assert all(above in VOCABULARY for above in VOCABULARY.broader(code))

    def test_every_phrase_of_a_language_is_offered_once(self) -> None:
        for language in LANGUAGES:
            offered = VOCABULARY.phrases(language)
            assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("phrases", "code"),
    [
        (("santé numérique", "e-santé", "healthtech", "digital health", "الصحة الرقمية"), "healthtech"),
        (("irrigation intelligente", "smart irrigation", "الري الذكي"), "precision-irrigation"),
        (("fintech", "technologie financière", "فينتك", "التكنولوجيا المالية"), "fintech"),
        (("télémédecine", "téléconsultation", "telemedicine", "الطب الاتصالي"), "telemedicine"),
        (("énergie solaire", "solar power", "photovoltaïque", "الطاقة الشمسية"), "solar-energy"),
        (("livraison du dernier kilomètre", "last-mile delivery"), "last-mile-delivery"),
    ],
)
def test_phrases_of_all_languages_are_one_concept(phrases: tuple[str, ...], code: str) -> None:
    assert [VOCABULARY.codes_of_text(phrase) for phrase in phrases] == [[code]] * len(phrases)


def test_concepts_of_a_sentence_come_in_its_order_and_once() -> None:
    text = "Les exploitations passent à l’irrigation intelligente et à l’énergie solaire ; الطاقة الشمسية للضيعات"
    codes = VOCABULARY.codes_of_text(text)
    assert codes.index("precision-irrigation") < codes.index("solar-energy")
    assert codes.count("solar-energy") == 1


def test_the_longest_phrase_wins_over_the_shorter_one_in_it() -> None:
    assert FARMING.find(analyze("smart irrigation and irrigation")) == [
        ConceptSpan("precision-irrigation", 0, 2),
        ConceptSpan("irrigation", 2, 3),
    ]


def test_a_phrase_that_only_begins_is_not_found() -> None:
    assert FARMING.find(analyze("precision")) == []
    assert FARMING.find(analyze("smart smart irrigation")) == [ConceptSpan("precision-irrigation", 1, 3)]


def test_a_phrase_of_which_stop_words_leave_one_everyday_word_is_not_looked_for() -> None:
    training = small(concept("it-training", "IT training", "coding school"))
    assert training.codes_of_text("we offer training") == []
    assert training.codes_of_text("a coding school") == ["it-training"]


def test_stop_words_within_a_phrase_make_no_difference() -> None:
    assert VOCABULARY.codes_of_text("gestion de l’eau") == VOCABULARY.codes_of_text("gestion eau") != []


@given(st.lists(st.sampled_from(analyze("smart precision irrigation agriculture farming agritech water")), max_size=40))
@settings(max_examples=200)
def test_spans_lie_in_the_terms_and_never_overlap(terms: list[str]) -> None:
    spans = FARMING.find(terms)
    assert all(0 <= span.start < span.end <= len(terms) for span in spans)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
    assert all(FARMING.find(terms[span.start : span.end])[0].code == span.code for span in spans)


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_can_be_searched_for_concepts(text: str) -> None:
    assert set(VOCABULARY.codes_of_text(text)) <= set(VOCABULARY.codes)


def test_a_name_is_given_in_the_language_asked_for_or_in_another() -> None:
    assert VOCABULARY.name("fintech", "ar") == "التكنولوجيا المالية"
    assert FARMING.name("agritech", "ar") == "agritech"


def test_concepts_above_come_nearest_first() -> None:
    assert FARMING.broader("precision-irrigation") == ("agritech", "agriculture")


def test_completion_offers_the_phrases_of_one_language() -> None:
    assert ("irrigation de précision", "precision-irrigation") in VOCABULARY.phrases("fr")
    assert ("الري الدقيق", "precision-irrigation") in VOCABULARY.phrases("ar")
    assert all(phrase != "precision irrigation" for phrase, _ in VOCABULARY.phrases("fr"))


class TestTermsOfANetworkPack:
    def test_a_new_term_is_found_by_its_names_and_aliases(self) -> None:
        merged = FARMING.with_terms([("argan", {"fr": "huile d’argan", "ar": "زيت الأركان"}, ["Argan oil"])])
        assert [merged.codes_of_text(text) for text in ("huile d'argan", "زيت أركان", "argan oil")] == [["argan"]] * 3
        assert "argan" not in FARMING

    def test_a_term_with_the_code_of_a_concept_is_merged_into_it(self) -> None:
        merged = FARMING.with_terms([("agritech", {"en": "Farm tech", "fr": "Agritech"}, ["ag tech"])])
        assert merged.name("agritech", "en") == "Farm tech"
        assert [merged.codes_of_text(text) for text in ("agritech", "farm tech", "ag tech")] == [["agritech"]] * 3
        assert merged.broader("agritech") == ("agriculture",)
        assert ("agritech", "agritech") in merged.phrases("en")

    def test_a_phrase_of_another_concept_becomes_the_terms(self) -> None:
        merged = FARMING.with_terms([("agritech", {"en": "Farming"}, [])])
        assert merged.codes_of_text("farming") == ["agritech"]
        assert merged.codes_of_text("agriculture") == ["agriculture"]

    def test_an_alias_that_means_a_narrower_concept_stays_with_it(self) -> None:
        merged = FARMING.with_terms([("agritech", {"en": "Agritech"}, ["smart irrigation"])])
        assert merged.codes_of_text("smart irrigation") == ["precision-irrigation"]

    def test_an_alias_of_one_word_is_not_looked_for_in_texts(self) -> None:
        merged = FARMING.with_terms([("grant", {"fr": "Subvention"}, ["prix", "prix d’innovation"])])
        assert merged.codes_of_text("un bon prix") == []
        assert merged.codes_of_text("une subvention") == merged.codes_of_text("un prix d’innovation") == ["grant"]

    def test_the_name_of_one_term_wins_over_the_alias_of_an_earlier_one(self) -> None:
        merged = FARMING.with_terms([("erp", {"en": "ERP"}, ["CRM tool"]), ("crm", {"en": "CRM tool"}, [])])
        assert merged.codes_of_text("crm tool") == ["crm"]

    def test_two_terms_of_one_code_are_one(self) -> None:
        merged = FARMING.with_terms([("shop", {"en": "E-shop"}, ["web store"]), ("shop", {"en": "Online sales"}, [])])
        assert merged.name("shop", "en") == "E-shop"
        assert [merged.codes_of_text(text) for text in ("online sales", "web store")] == [["shop"]] * 2

    def test_the_version_follows_the_terms(self) -> None:
        one = FARMING.with_terms([("argan", {"fr": "argan"}, [])])
        same = FARMING.with_terms([("argan", {"fr": "argan"}, [])])
        other = FARMING.with_terms([("argan", {"fr": "argan"}, ["argane"])])
        assert one.version == same.version != other.version
        assert VOCABULARY.version == VOCABULARY_VERSION != ""


class TestTheChecks:
    def test_each_fault_of_the_files_is_named(self) -> None:
        names = {"en": "solar power", "fr": "énergie solaire", "ar": "الطاقة الشمسية"}
        concepts = [
            Concept("Solar", names, {}),
            Concept("nameless", {"en": "wind"}, {}),
            Concept("long", {**names, "en": "one two three four five"}, {}, ("absent",)),
            Concept("up", {"en": "north", "fr": "nord", "ar": "شمال"}, {}, ("down",)),
            Concept("down", {"en": "south", "fr": "sud", "ar": "جنوب"}, {}, ("up",)),
        ]
        found = "\n".join(problems(concepts))
        for fault in (
            "Solar: the code",
            "nameless: names in",
            "long: “one two",
            "no concept absent",
            "up: it lies above",
        ):
            assert fault in found
        assert "one phrase for several: “énergie solaire” (Solar), “énergie solaire” (long)" in found


class TestTheCommand:
    def test_it_compiles_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "theme.yaml").write_text("argan:\n  names: {en: argan oil, fr: huile d’argan, ar: زيت الأركان}\n")
        assert main(tmp_path) == 0
        data = json.loads((tmp_path / CONCEPTS_FILE.name).read_bytes())
        assert [entry["code"] for entry in data["concepts"]] == ["argan"]
        assert data["phrases"][" ".join(analyze("argan oil"))] == "argan"

    def test_it_writes_nothing_when_a_file_is_wrong(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "theme.yaml").write_text("lonely:\n  names: {en: lonely}\n")
        assert main(tmp_path) == 1
        assert "lonely: names in" in capsys.readouterr().err
        assert not (tmp_path / CONCEPTS_FILE.name).exists()

    def test_a_code_that_stands_twice_in_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "theme.yaml").write_text("one:\n  names: {en: one}\none:\n  names: {en: two}\n")
        with pytest.raises(yaml.YAMLError, match="repeated: one"):
            read_concepts(tmp_path)
