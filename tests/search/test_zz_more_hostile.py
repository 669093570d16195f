"""Whatever is typed gets an answer, for a bounded amount of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.conftest import document
from tests.search.corpora import WORDS, built
from webapp.language.concepts import concept_vocabulary
from webapp.search import Query, SearchIndex, marked, passage, run, suggest_names, suggest_phrases
from webapp.search.answering import match
from webapp.search.inverted import Inverted
from webapp.search.parser import MAX_TERMS, parse
from webapp.search.scoring import MAX_EXPANSIONS, MAX_NEAR
from webapp.search.suggest import Phrase, PhraseTable

VOCABULARY = concept_vocabulary()
TABLE = PhraseTable(Phrase(text, "concept", code) for text, code in VOCABULARY.phrases("fr"))
HOT = tuple(f"hot{letter}word" for letter in "abcdefghijklmnopqrstuvwxyz")

HOSTILE = {
    "ten thousand letters": "a" * 10_000,
    "ten thousand Arabic letters": "ش" * 10_000,
    "ten thousand words": " ".join(f"w{number}" for number in range(10_000)),
    "ten thousand quotes": '"' * 10_000,
    "ten thousand minuses": "-" * 10_000,
    "minuses and words": "-a " * 5_000,
    "ten thousand marks": "a" + "\u0301" * 10_000,
    "colons": "name:" * 2_000,
    "nested parentheses": "(" * 5_000 + "solar" + ")" * 5_000,
    "nested operators": "NOT (" * 1_000 + "a" + " OR b)" * 1_000,
    "wildcards": "* * * ?*? [a-z]*",
    "prefixes of everything": "s* w* e* a* h* " * 5,
    "control characters": "".join(map(chr, range(32))) + "\x7f\x80\x9f solar",
    "overrides of direction": "\u202esolar\u202d \u2066water\u2069 \u200f\u200e",
    "surrogates": "\ud800 \udfff solar",
    "beyond the first plane": "🙂 𝔰𝔬𝔩𝔞𝔯 \U0010ffff",
    "ligatures that grow": "ﷺ" * 1_000,
    "quotes that overlap": '"a «b" c» „d“e"',
    "syntax of other engines": "id:1 OR 1=1; -- ^2 ~3 [a TO z] {!func} NEAR(a b) $where",
    "marked terms": "#agritech ~slr =prêt",
    "nulls": "\x00" * 1_000,
}


@pytest.fixture(scope="module")
def index() -> Iterator[SearchIndex]:
    documents = [
        document(number, f"{WORDS[number % len(WORDS)]} {number}", pitch=" ".join(WORDS), titles=(WORDS[number % 7],))
        for number in range(60)
    ]
    hot = [document(100 + number, "Hot", pitch=" ".join(HOT)) for number in range(60)]
    many = [document(200 + number, "Many", pitch=f"solar{number}x lante{number:03}rn") for number in range(120)]
    with built([*documents, *hot, *many]) as made:
        yield made


class Looked(Counter[str]):
    """Which terms were looked up in the inverted index, and how often."""


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """Counts look-ups while the real index works."""
    found = Looked()
    for method in ("postings", "occurrences"):
        real = getattr(Inverted, method)

        def counting(inverted: Inverted, term: str, *arguments: object, real: object = real) -> object:
            found[term] += 1
            return real(inverted, term, *arguments)  # type: ignore[operator]

        monkeypatch.setattr(Inverted, method, counting)
    return found


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_answered_with_a_bounded_number_of_terms(
    index: SearchIndex, looked: Looked, text: str
) -> None:
    answer = run(index, Query(text, explain=True, per_page=10))
    assert 0 <= answer.total <= 240
    # Each word, what stands for it, its accented form and its concept; pairs of neighbours; and again to explain.
    assert len(looked) <= MAX_TERMS * (MAX_EXPANSIONS + MAX_NEAR + 4)
    assert len(answer.terms) <= MAX_TERMS * (MAX_EXPANSIONS + MAX_NEAR)
    suggest_names(index, text, 10)
    suggest_phrases(index, TABLE, text, 10)
    assert "".join(piece.text for piece in marked(text, answer.terms)) == text
    passage(text, answer.terms, answer.concepts, VOCABULARY)


def test_two_dozen_of_the_most_frequent_words_cost_their_postings_once(index: SearchIndex, looked: Looked) -> None:
    answer = run(index, Query(" ".join(HOT[:MAX_TERMS]), prefix=False))
    assert answer.total == 60
    postings = {term: count for term, count in looked.items() if term in answer.terms}
    assert len(postings) == MAX_TERMS
    # The postings, and the places of words side by side: as the first of a pair and as the second.
    assert max(postings.values()) <= 3


def test_a_word_beyond_the_two_dozen_is_not_looked_at(index: SearchIndex, looked: Looked) -> None:
    run(index, Query(" ".join([*HOT[:MAX_TERMS], "solar"]), prefix=False))
    assert "solar" not in looked


def test_a_prefix_of_very_many_words_stands_for_a_bounded_number(index: SearchIndex, looked: Looked) -> None:
    answer = run(index, Query("lante*"))
    assert answer.total == MAX_EXPANSIONS
    assert len(answer.terms) == MAX_EXPANSIONS
    assert len(looked) <= MAX_EXPANSIONS + 2


def test_a_misspelt_word_stands_for_a_bounded_number(index: SearchIndex, looked: Looked) -> None:
    answer = run(index, Query("lantexxxrn", prefix=False))
    assert answer.total <= MAX_NEAR
    assert len(looked) <= MAX_NEAR + 2


def test_what_is_marked_inside_the_index_cannot_be_asked_for(index: SearchIndex) -> None:
    for text in ("#agritech", "~slr", "=prêt"):
        for clause in parse(text, VOCABULARY).clauses:
            assert clause.terms[0][0] not in "#~="


@given(st.text(max_size=400), st.booleans())
@settings(max_examples=700, deadline=None)
def test_any_text_at_all_is_answered(index: SearchIndex, text: str, explain: bool) -> None:
    answer = run(index, Query(text, explain=explain, language=text[:2]))
    assert len(answer.ids) == min(answer.total, 24)
    assert set(answer.reasons) == (set(answer.ids) if explain and parse(text, VOCABULARY) else set())


@given(
    st.text(st.characters(), max_size=80) | st.text(st.sampled_from("solarwte '\"*-:«»ماء\ud800\u202e"), max_size=80)
)
@settings(max_examples=700, deadline=None)
def test_any_text_can_be_completed_and_highlighted(index: SearchIndex, text: str) -> None:
    assert len(suggest_names(index, text, 5)) <= 5
    assert len(suggest_phrases(index, TABLE, text, 5)) <= 5
    found = match(index.snapshot(), parse(text, VOCABULARY))
    terms = {variant.term for variants in found.variants for variant in variants}
    assert "".join(piece.text for piece in marked(text, terms, (), VOCABULARY)) == text


def test_hostile_documents_are_indexed_and_found() -> None:
    with built(document(number, text, pitch=text) for number, text in enumerate(HOSTILE.values())) as index:
        assert run(index, Query(per_page=1000)).total == len(HOSTILE)
        assert run(index, Query("solar", per_page=1000)).total >= 4
        index.update([document(1000 + number, text, pitch=text) for number, text in enumerate(HOSTILE.values())])
        assert run(index, Query(per_page=1000)).total == 2 * len(HOSTILE)
