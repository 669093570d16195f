from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.clusters.strategies import tables
from webapp.clusters.arrays import Ints, Mask
from webapp.clusters.disclosure import THRESHOLD, Suppression, audit, suppress
from webapp.clusters.release import Release, two_way, with_part

SPARSE = tables(most=8, side=4)

TINY = arrays(np.int64, (2, 3), elements=st.integers(0, 4)).filter(lambda table: table.sum() <= 9)


def ways(total: int, parts: int) -> list[tuple[int, ...]]:
    """All ways to write a total as a sum of so many numbers."""
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in ways(total - first, parts - 1)]


def brute_force(release: Release, withheld: Mask) -> tuple[Ints, Ints]:
    """The least and the most of every cell over all tables of the same total that look the same."""
    every = np.array(ways(int(release.atoms.sum()), len(release.atoms)))
    cells = np.asarray(every @ release.members.toarray().T, dtype=np.int64)
    alike = cells[(cells[:, ~withheld] == release.values()[~withheld]).all(1)]
    return alike.min(0), alike.max(0)


def test_a_small_cell_takes_three_others_with_it() -> None:
    release, layout = two_way([[20, 5, 1], [4, 10, 8], [7, 9, 6]])
    chosen = suppress(release)
    shown = chosen.shown(layout)
    assert not shown[0, 2]
    assert (~shown).sum() == 4
    assert shown[-1].all()
    assert shown[:, -1].all()
    assert audit(release, chosen).passes


def test_withholding_small_cells_alone_would_not_do() -> None:
    release, _ = two_way([[20, 5, 1], [4, 10, 8], [7, 9, 6]])
    small = release.values() == 1
    found = audit(release, Suppression(small, small, THRESHOLD))
    assert not found.passes
    assert (found.lower[small], found.upper[small]) == (pytest.approx(1), pytest.approx(1))


def test_two_small_cells_in_a_row_may_not_protect_each_other() -> None:
    """1 and 2 add up to 3: neither is pinned, but both stay at most 3, and the columns give them back."""
    release, _ = two_way([[1, 2, 9], [7, 5, 9]])
    small = (release.values() > 0) & (release.values() < THRESHOLD)
    assert not audit(release, Suppression(small, small, THRESHOLD)).passes
    assert audit(release, suppress(release)).passes


def test_a_table_without_small_cells_is_shown_whole() -> None:
    release, layout = two_way([[3, 0, 5], [4, 7, 0]])
    assert suppress(release).shown(layout).all()


def test_a_small_margin_is_withheld_with_another_one() -> None:
    release, layout = two_way([[1, 10, 5], [0, 8, 7]])
    shown = suppress(release).shown(layout)
    assert not shown[-1, 0]
    assert (~shown[-1, :3]).sum() >= 2
    assert shown[-1, -1]


@settings(deadline=None, max_examples=150)
@given(SPARSE, st.integers(2, 5))
def test_no_withheld_cell_can_be_recovered(table: Ints, threshold: int) -> None:
    release, _ = two_way(table, total_is_known=False)
    chosen = suppress(release, threshold)
    found = audit(release, chosen)
    assert found.passes
    assert (found.lower[chosen.primary] <= 1e-6).all()
    assert (found.upper[chosen.primary] >= threshold - 1e-6).all()
    assert (found.upper - found.lower > 1e-6)[chosen.withheld].all()
    assert chosen.withheld[chosen.primary].all()


@settings(deadline=None, max_examples=60)
@given(SPARSE, st.data())
def test_nor_from_subtotals_of_groups(table: Ints, data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(0, 2), min_size=len(table), max_size=len(table)))
    release, layout = two_way(table, groups, total_is_known=False)
    chosen = suppress(release)
    assert audit(release, chosen).passes
    assert chosen.shown(layout).shape == (len(table) + max(groups) + 2, table.shape[1] + 1)


@settings(deadline=None, max_examples=60)
@given(SPARSE, st.data())
def test_nor_from_a_second_table_that_counts_a_part(table: Ints, data: st.DataObject) -> None:
    part = np.minimum(data.draw(arrays(np.int64, table.shape, elements=st.integers(0, 8))), table)
    release, _ = with_part(table, part, total_is_known=False)
    chosen = suppress(release)
    found = audit(release, chosen)
    assert found.passes
    assert (found.upper - found.lower)[chosen.primary].min(initial=THRESHOLD) >= THRESHOLD - 1e-6


def test_the_difference_between_two_tables_is_looked_after() -> None:
    """Ten of all and nine of a part: both are large, and tell that one is not of the part."""
    release, layout = with_part([[10, 9], [8, 9]], [[9, 4], [3, 4]])
    chosen = suppress(release)
    assert not (chosen.shown(layout)[0, 0] and chosen.shown(layout, 1)[0, 0])
    assert audit(release, chosen).passes


@settings(deadline=None, max_examples=25)
@given(TINY)
def test_the_audit_finds_the_limits_that_trying_all_tables_finds(table: Ints) -> None:
    release, _ = two_way(table)
    chosen = suppress(release)
    least, most = brute_force(release, chosen.withheld)
    found = audit(release, chosen)
    assert found.lower == pytest.approx(least, abs=1e-6)
    assert found.upper == pytest.approx(most, abs=1e-6)


def test_the_known_total_is_never_withheld_and_the_audit_says_what_that_costs() -> None:
    release, layout = two_way([[1, 0], [0, 1]])
    chosen = suppress(release)
    assert chosen.shown(layout)[-1, -1]
    assert not chosen.shown(layout)[:-1, :-1].any()
    assert not audit(release, chosen).passes


@given(SPARSE)
@settings(deadline=None, max_examples=30)
def test_the_same_table_is_treated_the_same_every_time(table: Ints) -> None:
    release, _ = two_way(table)
    assert (suppress(release).withheld == suppress(release).withheld).all()


@given(SPARSE)
def test_margins_and_cells_are_where_the_layout_says(table: Ints) -> None:
    release, layout = two_way(table, np.zeros(len(table)))
    cells = release.values().reshape(layout.shape)
    assert (cells[: len(table), :-1] == table).all()
    assert (cells[: len(table), -1] == table.sum(1)).all()
    assert (cells[len(table), :-1] == table.sum(0)).all()
    assert (cells[-1, :-1] == table.sum(0)).all()
    assert cells[-1, -1] == table.sum()


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(ValueError):
        suppress(two_way([[1]])[0], threshold=1)
    with pytest.raises(ValueError):
        with_part([[1]], [[2]])
    with pytest.raises(ValueError):
        two_way([[1], [2]], [0])
