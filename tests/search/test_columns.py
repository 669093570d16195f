from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.search.columns import Columns
from webapp.search.facets import FacetTable, pack
from webapp.search.schema import Record
from webapp.search.segment import SegmentData, assemble, empty_segment

FACETS = ("sector", "region")
Carried = Mapping[str, tuple[str, ...]]

codes = st.lists(st.sampled_from("abcd"), unique=True, max_size=4).map(tuple)
carried = st.fixed_dictionaries({"sector": codes, "region": codes})


def record(number: int, facets: Carried) -> Record:
    name = f"name {number % 3}"
    return Record(number, dict(facets), name, {}, (name,), ("fr",), number % 4, number % 2, number % 3, 0)


def segments_of(parts: Sequence[Sequence[Carried]]) -> list[SegmentData]:
    numbers = iter(range(1000))
    nothing = empty_segment().inverted
    records = [[record(next(numbers), facets) for facets in part] for part in parts]
    return [assemble(part, [1] * len(part), nothing) for part in records]


def columns_of(parts: Sequence[Sequence[Carried]], live: Sequence[bool]) -> Columns:
    return Columns(segments_of(parts), np.array(live, dtype=bool))


def listed(columns: Columns, sort: str) -> list[int]:
    return columns.page_in_order(columns.live, sort, 0, 1000).tolist()


def passes(document: Carried, filters: Carried, but: str = "") -> bool:
    return all(set(document[facet]) & set(wanted) for facet, wanted in filters.items() if wanted and facet != but)


@given(st.lists(st.lists(carried, max_size=8), min_size=1, max_size=3), carried, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_filters_and_counts_are_those_of_reading_every_document(segments, filters, random) -> None:  # type: ignore[no-untyped-def]
    documents = [document for segment in segments for document in segment]
    live = [random.random() < 0.8 for _ in documents]
    columns = columns_of(segments, live)
    matching, size, counts = columns.filter(columns.live, filters, FACETS)

    alive = [(place, document) for place, document in enumerate(documents) if live[place]]
    found = [place for place, document in alive if passes(document, filters)]
    assert (np.flatnonzero(matching).tolist(), size) == (found, len(found))
    for facet in FACETS:
        shown = [document for _, document in alive if passes(document, filters, but=facet)]
        assert counts[facet] == Counter(code for document in shown for code in document[facet])


@given(st.lists(codes, max_size=200), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_counting_by_bits_and_by_lists_is_the_same(values, random) -> None:  # type: ignore[no-untyped-def]
    table = FacetTable.from_values([{"sector": value} for value in values])
    mask = np.array([random.random() < 0.5 for _ in values], dtype=bool)
    everything = {"sector": {code: number for number, (_, code) in enumerate(table.labels)}}
    assert table._listed_totals(mask) == table._bit_totals(mask, everything.values())


def test_bits_are_padded_with_documents_that_are_not_there() -> None:
    assert np.bitwise_count(pack(np.ones(70, dtype=bool))).sum() == 70


def test_orders_break_ties_by_name_then_id() -> None:
    columns = columns_of([[{"sector": (), "region": ()}] * 12], [True] * 12)
    by_name = sorted(range(12), key=lambda number: (number % 3, number))
    assert listed(columns, "name") == by_name
    assert listed(columns, "newest") == sorted(by_name, key=lambda number: -(number % 4))
    assert listed(columns, "verified") == sorted(by_name, key=lambda number: -(number % 2))
    assert listed(columns, "relevance") == sorted(by_name, key=lambda number: number % 3)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_documents_of_small_segments_are_sorted_in_between(sizes: list[int]) -> None:
    parts = [[{"sector": (), "region": ()}] * size for size in sizes]
    columns = columns_of(parts, [True] * sum(sizes))
    assert listed(columns, "name") == sorted(range(sum(sizes)), key=lambda number: (number % 3, number))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(0, 70), st.integers(1, 8))
def test_a_page_by_score_is_that_of_sorting_everything(levels: list[int], start: int, length: int) -> None:
    columns = columns_of([[{"sector": (), "region": ()}] * len(levels)], [True] * len(levels))
    places = np.arange(len(levels))
    scores = np.array(levels, dtype=np.float32)
    expected = sorted(places.tolist(), key=lambda place: (-levels[place], place % 3, place))
    assert columns.page_by_score(places, scores, start, length).tolist() == expected[start : start + length]


@given(st.integers(0, 40), st.integers(0, 50), st.integers(1, 8))
def test_a_page_in_order_is_a_slice_of_the_order(count: int, start: int, length: int) -> None:
    columns = columns_of([[{"sector": (), "region": ()}] * count], [number % 2 == 0 for number in range(count)])
    everything = listed(columns, "newest")
    assert columns.page_in_order(columns.live, "newest", start, length).tolist() == everything[start : start + length]


def test_a_facet_that_the_index_does_not_have_passes_nothing() -> None:
    columns = columns_of([[{"sector": ("a",), "region": ()}]], [True])
    matching, size, _ = columns.filter(columns.live, {"colour": ("red",)}, FACETS)
    assert (matching.any(), size) == (False, 0)


def test_an_empty_index_has_empty_columns() -> None:
    columns = columns_of([[]], [])
    assert columns.count == 0
    assert columns.filter(columns.live, {"sector": ("a",)}, FACETS)[2] == {"sector": {}, "region": {}}
    assert listed(columns, "name") == []
