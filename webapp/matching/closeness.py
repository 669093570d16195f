"""How close texts are: a startup's to a partner's own, and to those of the companies that the partner accepted before.

Each gives a part of the score, a value between 0 and 1, known where both sides say something that can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import PartnerFeatures, StartupFeatures, languages
from webapp.matching.model import Block, Rows, likeness
from webapp.matching.structure import Value, overlap

FULL = {"words": 0.15, "concepts": 0.6, "topics": 0.6, "terms": 0.8}
"""Likeness in each space from which on two count as wholly alike; higher ones are rare even for close pairs."""

NEAREST = 3
"""How many of the nearest companies of a history count."""

OWN = ("words", "concepts", "topics")
"""The spaces in which a startup is compared with what the partner says itself."""

HISTORY = {f"history_{space}": space for space in ("words", "concepts", "topics", "terms")}
"""Part of the score -> the space in which a startup is compared with the partner's history."""

Places = NDArray[np.int64]


def closeness(space: str, left: Rows, right: Rows) -> Block:
    """Likeness as a share of a full one, from 0 to 1."""
    return np.clip(likeness(space, left, right) / np.float32(FULL[space]), 0, 1)


def own_texts(
    startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], rows: Rows, columns: Rows
) -> dict[str, Value]:
    """The parts of the score that come from the partner's own texts.

    Words are compared where the pair shares a language, as the mean over the languages shared. A pair without a common
    language is compared by concepts and topics only, which then weigh more, as the mean is taken over what is known.
    """
    shared = overlap([languages(startup) for startup in startups], [languages(partner) for partner in partners])
    values = {}
    for space in OWN:
        known = np.logical_and.outer(rows.speaks(space), columns.speaks(space))
        value = likeness(space, rows, columns)
        if space == "words":
            known = shared > 0
            value = np.divide(value, np.maximum(shared, 1), dtype=np.float32)
        value = np.clip(value / np.float32(FULL[space]), np.float32(0), np.float32(1))
        values[space] = Value(np.where(known, value, 0).astype(np.float32), known)
    return values


@dataclass(frozen=True)
class History:
    """Who accepted whom, with the rows that the companies had at the fit, so that a change of one moves no others."""

    ids: Places
    """Ids of the companies, ascending."""
    rows: Rows

    @classmethod
    def of(cls, partners: Sequence[PartnerFeatures], ids: Places, rows: Rows) -> History:
        """The companies in the histories of these partners; ``ids`` are the startups of the directory, ascending."""
        wanted = np.array(sorted({company for partner in partners for company in partner.history}), dtype=np.int64)
        present = np.isin(ids, wanted)
        return cls(ids[present], rows[np.flatnonzero(present)])

    def companies(self, partner: PartnerFeatures) -> Places:
        """Where the companies of a partner's history stand among all of them."""
        return np.flatnonzero(np.isin(self.ids, np.array(partner.history, dtype=np.int64)))

    def parts(
        self, startups: Sequence[StartupFeatures], partners: Sequence[PartnerFeatures], rows: Rows
    ) -> dict[str, Value]:
        """The parts of the score that come from partners' histories: the mean closeness to the nearest three.

        A startup is left out of its own comparison, so that a pair does not foretell itself.
        """
        shape = (len(startups), len(partners))
        columns = [(column, self.companies(partner)) for column, partner in enumerate(partners) if partner.history]
        columns = [(column, companies) for column, companies in columns if len(companies)]
        if not columns:
            nothing = Value(np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool))
            return dict.fromkeys(HISTORY, nothing)
        found = {}
        for part, space in HISTORY.items():
            near = self.closeness(space, startups, rows)
            value, known = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool)
            for column, companies in columns:
                value[:, column], known[:, column] = _nearest(near[:, companies])
            found[part] = Value(value, known)
        return found

    def closeness(self, space: str, startups: Sequence[StartupFeatures], rows: Rows) -> Block:
        """Startups by companies; minus infinity where both are the same."""
        near = closeness(space, rows, self.rows)
        near[np.array([startup.id for startup in startups], dtype=np.int64)[:, np.newaxis] == self.ids] = -np.inf
        return near


def _nearest(near: Block) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The mean of the highest few of each row, and whether there is any."""
    count = min(NEAREST, near.shape[1])
    best = -np.sort(-near, axis=1)[:, :count]
    counted = np.isfinite(best)
    total = np.where(counted, best, 0).sum(axis=1) / np.maximum(1, counted.sum(axis=1))
    return total.astype(np.float32), np.asarray(counted.any(axis=1))


def nearest_company(gains: Mapping[str, float], near: Mapping[str, NDArray[np.float32]]) -> int:
    """Which of a partner's companies accounts for most of what its history adds.

    Args:
        gains: part of the score -> its weight.
        near: the same parts -> closeness to each company.
    """
    total = sum(weight * np.where(np.isfinite(near[part]), near[part], -1.0) for part, weight in gains.items())
    return int(np.argmax(total))
