from collections import Counter

import pytest

from bench.engines.multaqa import make_query
from bench.queries import CLASSES, EXACT, BenchQuery, Statistics, make_queries
from webapp.language import analyze
from webapp.search.query import MAX_PER_PAGE


@pytest.fixture(scope="module")
def queries(rows):
    return make_queries(rows, 18_000)


@pytest.fixture(scope="module")
def stems(rows):
    return Statistics(rows).frequencies


def of(kind, queries):
    return [query for query in queries if query.kind == kind]


def test_every_class_has_queries_and_no_two_are_the_same(queries):
    counts = Counter(query.kind for query in queries)
    assert set(counts) == set(CLASSES)
    # The vocabulary of the tests is too small for forty words of every frequency.
    assert all(counts[kind] >= 5 for kind in CLASSES)
    assert len({(query.kind, query.text, *query.filters.items()) for query in queries}) == len(queries)


def test_queries_are_the_same_every_time(rows, queries):
    assert make_queries(rows, 18_000) == queries


@pytest.mark.parametrize("kind", [kind for kind in EXACT if not kind.startswith("browse")])
def test_words_of_exact_classes_occur_in_the_corpus(kind, queries, stems):
    assert all(query.terms and all(term in stems for term in query.terms) for query in of(kind, queries))


def test_the_hottest_terms_occur_more_often_than_the_rare_ones(queries, stems):
    hottest = min(stems[query.terms[0]] for query in of("hottest", queries))
    assert hottest > max(stems[query.terms[0]] for query in of("rare", queries))


def test_phrases_have_two_words_and_beginnings_and_slips_have_one(queries, stems):
    assert all(len(query.terms) == 2 for query in of("phrase", queries))
    assert all(len(query.terms) == 1 for query in of("prefix", queries) + of("fuzzy", queries))
    assert not any(query.terms[0] in stems for query in of("fuzzy", queries))


def test_variants_are_written_otherwise_and_mean_the_same(queries, rows):
    forms = Statistics(rows).forms
    for query in of("arabic", queries):
        (term,) = analyze(query.text)
        assert query.text != forms[term]


def test_browsing_far_goes_to_page_fifty_where_there_is_one(queries):
    assert all(query.page == 1 for query in of("browse_first", queries))
    assert of("browse_far", queries)[0].page == 50


def test_highlights_of_a_beginning_are_words_that_begin_so():
    highlights = BenchQuery("prefix", "irri").highlights
    assert "irrigation" in highlights
    assert "station" not in highlights


def test_the_product_is_asked_without_extensions_unless_the_class_is_about_them(queries):
    asked = {query.kind: make_query(query) for query in queries}
    assert [kind for kind, query in asked.items() if query.prefix] == ["prefix"]
    assert [kind for kind, query in asked.items() if query.fuzzy] == ["fuzzy"]
    assert not any(query.concepts for query in asked.values())
    assert all(query.per_page <= MAX_PER_PAGE for query in asked.values())
