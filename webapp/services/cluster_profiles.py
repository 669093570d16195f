"""What the profiles of today's residents say of their regions, and which sectors go together. The worker's business.

Profiles, and how far introductions came, are recorded as they are today, so none of this can be had of a past day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from webapp.clusters.arrays import NONE, Floats, Ints, Mask
from webapp.clusters.disclosure import audit, suppress
from webapp.clusters.intervals import proportion
from webapp.clusters.panel import Stays, table
from webapp.clusters.relatedness import Relatedness, density, relatedness
from webapp.clusters.release import two_way
from webapp.services.cluster_days import ALL, DayTable
from webapp.services.cluster_figures import Estimate, Figures, Part, Trait
from webapp.services.cluster_flows import is_small
from webapp.services.cluster_introductions import public_introductions
from webapp.services.cluster_stays import Panel, Profiles
from webapp.services.cluster_today import Prospect, Relation

MOST_PROSPECTS = 5
"""Sectors that a region's page names as near to what it has."""


@dataclass(frozen=True)
class Question:
    """A question to which each profile has one answer, or none that is known."""

    code: str
    answers: Sequence[str]
    index_of: Callable[[int], int]
    """Startup -> index of its answer; ``NONE`` if it is not known."""


@dataclass(frozen=True)
class Divided:
    """Residents by answer and region, with what may be published. The last column is the network.

    Rows are the answers, then those whose answer is known, then all.
    """

    counts: Ints
    shown: Mask

    def count(self, row: int, column: int) -> int | None:
        """A count, if it may be published."""
        return int(self.counts[row, column]) if self.shown[row, column] else None


def with_profiles(figures: Figures, panel: Panel, now: DayTable) -> Figures:
    """The figures of today with what the profiles say, and how far introductions came.

    Args:
        figures: of the day of the table.
        panel: with today's profiles.
        now: the table of sectors and regions that the figures are made from.
    """
    if not figures.is_protected:
        return figures
    traits: list[list[Trait]] = [[] for _ in range(len(panel.regions) + 1)]
    for question in _questions(panel.profiles):
        found = _divide(question, panel, now, figures)
        for column, place in enumerate(traits):
            place += _trait(question, found, column) if found else []
    relations = relations_of(panel.profiles.presence(len(panel.sectors)), panel.sectors, figures.threshold)
    prospects = _prospects(figures, panel, relations)
    whole = figures.network
    asked = public_introductions(panel.introductions, figures.threshold)
    return replace(
        figures,
        network=replace(whole, place=replace(whole.place, traits=traits[ALL], introductions=asked[ALL])),
        regions=[
            replace(place, traits=traits[index], prospects=prospects[index], introductions=asked[index])
            for index, place in enumerate(figures.regions)
        ],
        relations=relations,
        related_startups=len(panel.profiles.sectors),
    )


def _questions(profiles: Profiles) -> list[Question]:
    """A profile that names no export market may have forgotten it: there, nothing is known to be a no."""
    return [
        Question("headcount", profiles.bands, lambda startup: profiles.band.get(startup, NONE)),
        Question("women_founded", ("yes", "no"), lambda startup: _yes_or_no(profiles.women.get(startup))),
        Question("exporters", ("named", "none_named"), lambda startup: int(startup not in profiles.exporters)),
    ]


def _yes_or_no(answer: bool | None) -> int:
    return NONE if answer is None else int(not answer)


def _divide(question: Question, panel: Panel, now: DayTable, figures: Figures) -> Divided | None:
    """The residents of each region by their answers; nothing if small numbers cannot be hidden."""
    stays = panel.stays.where(panel.stays.sector != NONE)
    number = len(question.answers)
    answer = np.array([question.index_of(startup) for startup in stays.startup.tolist()], dtype=np.int64)
    asked = Stays(
        stays.startup, np.where(answer == NONE, number, answer), stays.place, stays.entered, stays.left, stays.reason
    )
    counts = table(asked, figures.as_of.toordinal(), number + 1, len(panel.regions))
    return divided(counts, now.shown[ALL, :ALL], figures.threshold)


def divided(counts: Ints, region_is_shown: Mask, threshold: int) -> Divided | None:
    """Decide what of a table of answers may be published beside the table of sectors; nothing if none of it may.

    The two share the regions' totals, and nothing else. A region whose total is withheld shows no answer either: all
    such are taken as one, whose total anybody can work out. Then all totals are known, whatever the answers are, and
    this table tells nothing of the other one: any two tables with the same totals can be had of the same startups.

    Args:
        counts: startups, answers by regions; the last row is those whose answer is not known.
        region_is_shown: whose total is published.
        threshold: fewest startups of a public count.
    """
    joint = np.hstack([counts[:, region_is_shown], counts[:, ~region_is_shown].sum(1, keepdims=True)])
    release, layout = two_way(joint, [0] * (len(counts) - 1) + [1])
    shown = np.ones(layout.shape, dtype=bool)
    if threshold > 1:
        known = release.known.reshape(layout.shape).copy()
        known[ALL] = True
        release = replace(release, known=known.ravel())
        chosen = suppress(release, threshold)
        if not audit(release, chosen).passes:
            return None
        shown = chosen.shown(layout)
    return _spread(release.values().reshape(layout.shape), shown, region_is_shown)


def _spread(values: Ints, shown: Mask, region_is_shown: Mask) -> Divided:
    """From the cells of the release, whose rows are answers, no answer, groups and all, to the regions in order."""
    number = len(values) - 4
    rows = [*range(number), number + 1, number + 3]
    found = np.zeros((len(rows), len(region_is_shown) + 1), dtype=np.int64)
    public = np.zeros(found.shape, dtype=bool)
    columns = [*np.flatnonzero(region_is_shown).tolist(), found.shape[1] - 1]
    inner = [*range(len(columns) - 1), values.shape[1] - 1]
    found[:, columns], public[:, columns] = values[rows][:, inner], shown[rows][:, inner]
    return Divided(found, public)


def _trait(question: Question, found: Divided, column: int) -> list[Trait]:
    """What is published of one place: nothing if it has no residents, or if their number is withheld."""
    number = len(question.answers)
    residents, known = found.count(number + 1, column), found.count(number, column)
    if not residents:
        return []
    parts = [_part(code, found.count(row, column), known) for row, code in enumerate(question.answers)]
    return [Trait(question.code, residents, known, parts)]


def _part(code: str, count: int | None, known: int | None) -> Part:
    if count is None or not known:
        return Part(code, count, None)
    share = proportion(count, known)
    return Part(code, count, Estimate(share.value or 0.0, share.lower, share.upper, known))


def relations_of(presence: Mask, sectors: Sequence[str], threshold: int) -> list[Relation]:
    """Pairs of sectors that occur together, the nearest first; those of few startups are left out.

    A pair is published only if neither those with both sectors are few, nor those with the larger sector alone.
    """
    found = relatedness(presence)
    numbers = presence.sum(0)
    alone = np.maximum.outer(numbers, numbers) - found.together
    shown = found.known & (found.together > 0)
    if threshold > 1:
        shown &= ~is_small(found.together, threshold) & ~is_small(alone, threshold)
    pairs = [_relation(found, sectors, *pair) for pair in np.argwhere(np.triu(shown)).tolist()]
    return sorted(pairs, key=lambda pair: (-pair.proximity, pair.sector, pair.other))


def _relation(found: Relatedness, sectors: Sequence[str], one: int, other: int) -> Relation:
    at = (one, other)
    return Relation(
        sectors[one], sectors[other], int(found.together[at]), float(found.proximity[at]), float(found.association[at])
    )


def _prospects(figures: Figures, panel: Panel, relations: Sequence[Relation]) -> list[list[Prospect]]:
    """Of each region, the sectors that go with what it is specialised in, from what is published alone."""
    sector_at = {code: index for index, code in enumerate(panel.sectors)}
    near, together = np.zeros((2, len(sector_at), len(sector_at)))
    for each in relations:
        one, other = sector_at[each.sector], sector_at[each.other]
        near[one, other] = near[other, one] = each.proximity
        together[one, other] = together[other, one] = each.together
    have = np.array([cell.specialised for cell in figures.cells], dtype=bool).reshape(len(sector_at), -1)
    share, _ = density(near, have)
    return [_prospects_in(panel.sectors, near, together, have[:, region], share[:, region])
            for region in range(len(panel.regions))]  # fmt: skip


def _prospects_in(sectors: Sequence[str], near: Floats, together: Floats, have: Mask, share: Floats) -> list[Prospect]:
    chosen = [sector for sector in np.argsort(-share, kind="stable").tolist() if share[sector] > 0 and not have[sector]]
    return [
        Prospect(
            sector=sectors[sector],
            density=float(share[sector]),
            together=int(together[sector, have].sum()),
            near_to=[
                sectors[other] for other in np.argsort(-near[sector], kind="stable").tolist()
                if have[other] and near[sector, other] > 0
            ],
        )
        for sector in chosen[:MOST_PROSPECTS]
    ]  # fmt: skip
