"""How far introductions came, by region of the startup, and what of it may be published. The worker's business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from webapp.clusters.arrays import Ints, Mask
from webapp.clusters.disclosure import suppress
from webapp.clusters.release import two_way
from webapp.services.cluster_days import ALL
from webapp.services.cluster_today import Introductions
from webapp.services.introduction_figures import Sent

STEPS = ("asked", "answered", "agreed", "met", "led_on")
"""How far a request came; each step has taken the ones before."""


def furthest(requests: Iterable[Sent], regions: Sequence[str]) -> Ints:
    """Requests by the furthest step that they took, by region; the last column is those without a region."""
    column = {code: index for index, code in enumerate(regions)}
    counts = np.zeros((len(STEPS), len(regions) + 1), dtype=np.int64)
    for request in requests:
        counts[_step(request), column.get(request.region, len(regions))] += 1
    return counts


def _step(request: Sent) -> int:
    taken = (request.answered, request.accepted, request.met, request.next_step is not None)
    return max((step for step, is_taken in enumerate(taken, start=1) if is_taken), default=0)


def public_introductions(counts: Ints, threshold: int) -> list[Introductions]:
    """What may be published of each region, and, last, of the network.

    Requests divide by their furthest step, so a number and its difference to the next are looked after together. What
    is published is added up from steps that are, so it tells no more than they do.

    Args:
        counts: as ``furthest`` gives them.
        threshold: fewest requests of a public count.
    """
    whole = np.vstack([counts, counts.sum(0)])
    whole = np.hstack([whole, whole.sum(1, keepdims=True)])
    shown = np.ones(whole.shape, dtype=bool)
    if threshold > 1:
        release, layout = two_way(counts, total_is_known=False)
        shown = suppress(release, threshold).shown(layout)
    columns = [*range(counts.shape[1] - 1), counts.shape[1]]
    return [_reached(whole[:, column], shown[:, column]) for column in columns]


def _reached(counts: Ints, shown: Mask) -> Introductions:
    """Those that took each step: the sum of those that came so far or further, or all but those that did not."""
    found: list[int | None] = []
    for step in range(len(STEPS)):
        if shown[step:ALL].all():
            found.append(int(counts[step:ALL].sum()))
        else:
            known = shown[ALL] and shown[:step].all()
            found.append(int(counts[ALL] - counts[:step].sum()) if known else None)
    return Introductions(*found)
