"""Walking through an order by positions: nothing twice, nothing left out, whatever comes and goes meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.search.columns import SORTS, Columns
from webapp.search.schema import Record
from webapp.search.segment import assemble, empty_segment

Entry = tuple[int, int, int, int]
"""Name, published, verified, residency: few values of each, so that many are equal."""

entries = st.tuples(*(st.integers(0, 2) for _ in range(4)))
steps = st.lists(st.tuples(st.lists(entries, max_size=4), st.sets(st.integers(0, 30), max_size=3)), max_size=6)


def columns_of(segments: Sequence[Sequence[tuple[int, Entry]]], gone: set[int]) -> Columns:
    nothing = empty_segment().inverted
    records = [
        [Record(number, {}, f"name {name}", {}, (), (), published, verified, residency, 0)
         for number, (name, published, verified, residency) in segment]
        for segment in segments
    ]  # fmt: skip
    live = [record.id not in gone for segment in records for record in segment]
    return Columns([assemble(part, [1] * len(part), nothing) for part in records], np.array(live, dtype=bool))


@given(st.lists(entries, min_size=1, max_size=12), steps, st.sampled_from(SORTS), st.integers(1, 4))
@settings(max_examples=60)
def test_what_was_there_all_the_time_is_met_once_and_nothing_is_met_twice(
    first: list[Entry], changes: list[tuple[list[Entry], set[int]]], sort: str, length: int
) -> None:
    segments = [list(enumerate(first))]
    gone: set[int] = set()
    met: list[int] = []
    after = None
    pending = iter(changes)
    while True:
        columns = columns_of(segments, gone)
        places = columns.page_in_order(columns.live, sort, 0, length, after=after)
        met += columns.ids[places].tolist()
        if not len(places):
            break
        after = columns.position(int(places[-1]), sort)
        added, removed = next(pending, ([], set()))
        begin = sum(map(len, segments))
        segments.append(list(enumerate(added, begin)))
        gone |= removed
    stayed = set(range(len(first))) - gone
    assert len(met) == len(set(met))
    assert stayed <= set(met)


@given(st.lists(entries, min_size=1, max_size=12), st.sampled_from(SORTS), st.integers(1, 4))
@settings(max_examples=25)
def test_without_changes_the_walk_is_the_order(first: list[Entry], sort: str, length: int) -> None:
    columns = columns_of([list(enumerate(first))], set())
    whole = columns.page_in_order(columns.live, sort, 0, 100).tolist()
    walked: list[int] = []
    after = None
    while len(places := columns.page_in_order(columns.live, sort, 0, length, after=after)):
        walked += places.tolist()
        after = columns.position(int(places[-1]), sort)
    assert walked == whole
