"""One side of the directory: its profiles, ordered by id, with their rows in the text spaces."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import PartnerFeatures, StartupFeatures
from webapp.matching.model import Rows

Profile = TypeVar("Profile", StartupFeatures, PartnerFeatures)
Places = NDArray[np.int64]


@dataclass
class Side(Generic[Profile]):
    """All profiles of one side."""

    rows: Rows
    profiles: list[Profile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids: Places = np.array([profile.id for profile in self.profiles], dtype=np.int64)

    def places(self, ids: Collection[int] | None) -> Places:
        """Where the profiles with these ids stand, ascending; all without ids. Ids that nobody has are ignored."""
        if ids is None:
            return np.arange(len(self.profiles))
        return np.flatnonzero(np.isin(self.ids, np.array(sorted(ids), dtype=np.int64)))

    def at(self, places: Places) -> list[Profile]:
        """The profiles at some places."""
        return [self.profiles[place] for place in places.tolist()]

    def replace(self, ids: Collection[int], profiles: Sequence[Profile], rows: Rows) -> None:
        """Put these profiles in place of those with the given ids; an id without a profile is gone."""
        kept: Places = np.flatnonzero(~np.isin(self.ids, np.array(sorted(ids), dtype=np.int64)))
        joined = [*(self.profiles[place] for place in kept.tolist()), *profiles]
        order = sorted(range(len(joined)), key=lambda place: joined[place].id)
        self.profiles = [joined[place] for place in order]
        self.rows = self.rows[kept].joined(rows)[np.array(order, dtype=np.int64)]
        self.ids = np.array([profile.id for profile in self.profiles], dtype=np.int64)
