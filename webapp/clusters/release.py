"""What is published together: tables of counts as sums of atoms, so that every difference between them is in sight.

An atom is a count that no published number divides further, for instance of a sector in a region. Each cell is a sum of
atoms: an atom itself, a margin, a group of sectors, a cell of another table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

from webapp.clusters.arrays import Ints, Mask, counts_of


@dataclass(frozen=True)
class Release:
    """Cells that are published together.

    Hidden cells are not published, but must not be found by subtraction either: startups not founded by women, if a
    table of all and one of those founded by women are published.
    """

    atoms: Ints
    members: csr_array
    """Cells by atoms, 1 where an atom is part of a cell."""
    hidden: Mask
    """By cell."""
    known: Mask
    """By cell: published in any case, for instance because the number stands elsewhere."""

    def values(self) -> Ints:
        """The true counts of the cells."""
        return np.asarray(self.members @ self.atoms, dtype=np.int64)


@dataclass(frozen=True)
class Layout:
    """How the cells of a two-way table lie in a release: sectors (and groups, and all) by regions (and all)."""

    sectors: int
    regions: int
    groups: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """Rows by columns: sectors, then groups, then their total, by regions and then their total."""
        return self.sectors + self.groups + 1, self.regions + 1

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.shape[0] * self.shape[1]


def two_way(
    counts: ArrayLike, groups: ArrayLike | None = None, *, total_is_known: bool = True
) -> tuple[Release, Layout]:
    """A table with its margins, and with subtotals if sectors have groups.

    Args:
        counts: startups, sectors by regions.
        groups: index of the group of each sector, from 0 on; nothing without subtotals.
        total_is_known: the number of all startups is published whatever happens.
    """
    table = counts_of(counts, 2)
    members, layout = _members(table.shape, groups)
    known = np.zeros(layout.size, dtype=bool)
    known[-1] = total_is_known
    return Release(table.ravel(), members, np.zeros(layout.size, dtype=bool), known), layout


def with_part(
    counts: ArrayLike, part: ArrayLike, groups: ArrayLike | None = None, *, total_is_known: bool = True
) -> tuple[Release, Layout]:
    """A table of all startups and one of a part of them, each with its margins; the rest is hidden.

    Its cells are those of the first table, then of the second, then of the rest, each in the same layout.

    Args:
        counts: startups, sectors by regions.
        part: those of them that are counted in the second table, in the same shape.
        groups: as in ``two_way``.
        total_is_known: the number of all startups is published whatever happens.

    Raises:
        ValueError: shapes differ, or a part is more than the whole.
    """
    table, inner = counts_of(counts, 2), counts_of(part, 2)
    if table.shape != inner.shape or (inner > table).any():
        raise ValueError("the second table counts a part of the first")
    members, layout = _members(table.shape, groups)
    nothing = csr_array(members.shape)
    cells = csr_array(vstack([hstack([members, members]), hstack([members, nothing]), hstack([nothing, members])]))
    known = np.zeros(3 * layout.size, dtype=bool)
    known[layout.size - 1] = total_is_known
    hidden = np.repeat([False, False, True], layout.size)
    return Release(np.concatenate([inner.ravel(), (table - inner).ravel()]), cells, hidden, known), layout


def _members(shape: tuple[int, ...], groups: ArrayLike | None) -> tuple[csr_array, Layout]:
    sectors, regions = shape
    rows = [eye_array(sectors)]
    number = 0
    if groups is not None:
        group = counts_of(groups, 1)
        if group.shape != (sectors,):
            raise ValueError("every sector has one group")
        number = int(group.max(initial=-1)) + 1
        rows.append(csr_array((np.ones(sectors), (group, np.arange(sectors))), shape=(number, sectors)))
    rows.append(csr_array(np.ones((1, sectors))))
    columns = vstack([eye_array(regions), csr_array(np.ones((1, regions)))])
    return csr_array(kron(vstack(rows), columns)), Layout(sectors, regions, number)
