from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.search.columns import Columns, SegmentColumns
from webapp.search.schema import Record

FACETS = ("sector", "region")
Carried = Mapping[str, tuple[str, ...]]

codes = st.lists(st.sampled_from("abcd"), unique=True, max_size=4).map(tuple)
carried = st.fixed_dictionaries({"sector": codes, "region": codes})


def record(number: int, facets: Carried) -> Record:
    return Record(number, dict(facets), f"name {number % 3}", number % 4, number % 2, number % 3, 0, (1,) * 5)


def columns_of(segments: Sequence[Sequence[Carried]], live: Sequence[bool]) -> Columns:
    numbers = iter(range(1000))
    records = [[record(next(numbers), facets) for facets in segment] for segment in segments]
    parts = [SegmentColumns.from_records(part, FACETS) for part in records]
    return Columns(parts, np.array(live, dtype=bool))


def passes(document: Carried, filters: Carried, but: str = "") -> bool:
    return all(set(document[facet]) & set(wanted) for facet, wanted in filters.items() if wanted and facet != but)


@given(st.lists(st.lists(carried, max_size=8), min_size=1, max_size=3), carried, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_filters_and_counts_are_those_of_reading_every_document(segments, filters, random) -> None:  # type: ignore[no-untyped-def]
    documents = [document for segment in segments for document in segment]
    live = [random.random() < 0.8 for _ in documents]
    columns = columns_of(segments, live)
    matching, counts = columns.filter(columns.live, filters)

    alive = [(place, document) for place, document in enumerate(documents) if live[place]]
    assert np.flatnonzero(matching).tolist() == [place for place, document in alive if passes(document, filters)]
    for facet in FACETS:
        shown = [document for _, document in alive if passes(document, filters, but=facet)]
        assert counts[facet] == Counter(code for document in shown for code in document[facet])


def test_orders_break_ties_by_name_then_id() -> None:
    columns = columns_of([[{"sector": (), "region": ()}] * 12], [True] * 12)
    by_name = sorted(range(12), key=lambda number: (number % 3, number))
    assert columns.ordered(columns.live, "name").tolist() == by_name
    assert columns.ordered(columns.live, "newest").tolist() == sorted(by_name, key=lambda number: -(number % 4))
    assert columns.ordered(columns.live, "verified").tolist() == sorted(by_name, key=lambda number: -(number % 2))
    assert columns.ordered(columns.live, "relevance").tolist() == sorted(by_name, key=lambda number: number % 3)


def test_a_facet_that_the_index_does_not_have_passes_nothing() -> None:
    columns = columns_of([[{"sector": ("a",), "region": ()}]], [True])
    matching, _ = columns.filter(columns.live, {"colour": ("red",)})
    assert not matching.any()


def test_an_empty_index_has_empty_columns() -> None:
    columns = columns_of([[]], [])
    assert columns.count == 0
    assert columns.filter(columns.live, {"sector": ("a",)})[1] == {"sector": {}, "region": {}}
    assert columns.ordered(columns.live, "name").tolist() == []
