import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.queries import BenchQuery
from bench.search import Agreement, summarise
from bench.timing import percentile, summary, table

durations = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


def test_percentiles_of_a_hundred_numbers_are_those_numbers():
    numbers = list(range(1, 101))
    assert [percentile(numbers, share) for share in (0.01, 0.5, 0.95, 1)] == [1, 50, 95, 100]


def test_a_percentile_of_one_value_is_that_value():
    assert percentile([3.0], 0.5) == percentile([3.0], 0.95) == 3.0


@given(durations, st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_values_do_not_exceed(values, percent):
    found = percentile(values, percent / 100)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.5)])
def test_percentiles_that_mean_nothing_are_refused(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_a_summary_is_in_milliseconds():
    assert summary([0.001, 0.002, 0.1]) == {"p50_ms": 2.0, "p95_ms": 100.0}


def test_columns_of_a_table_stand_one_under_another():
    assert table(["kind", "ms"], [["a", "1.5"], ["longer", "10"]]).splitlines() == [
        "kind     ms",
        "a       1.5",
        "longer   10",
    ]


def test_a_query_counts_with_its_median_and_only_classes_that_all_offer_count_for_all():
    asked = [BenchQuery("rare", "a"), BenchQuery("fuzzy", "b")]
    samples = {
        ("one", 0): [(0.001, 0.002), (0.001, 0.003), (0.5, 0.9)],
        ("one", 1): [(7.0, 7.0)],
        ("two", 0): [(0.004, 0.006)],
    }
    figures = summarise(samples, asked, ["one", "two"])
    assert figures["one"]["p50_ms"] == figures["one"]["p95_ms"] == 3.0
    assert figures["one"]["find"]["p50_ms"] == 1.0
    assert figures["one"]["classes"].keys() == {"rare", "fuzzy"}
    assert figures["two"]["classes"].keys() == {"rare"}


def test_engines_that_find_another_number_are_named():
    agreement = Agreement()
    agreement.compare(BenchQuery("rare", "word"), {"one": (3, {}), "two": (3, {})})
    assert not agreement.disagreements
    agreement.compare(BenchQuery("rare", "word"), {"one": (3, {}), "two": (4, {})})
    agreement.compare(BenchQuery("fuzzy", "word"), {"one": (3, {}), "two": (9, {})})
    assert agreement.compared == 2
    assert "one 3, two 4" in agreement.report()
