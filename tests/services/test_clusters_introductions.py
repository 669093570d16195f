"""How far introductions came is released by region, and no small number of them, nor a small difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sqlalchemy.orm import Session

from tests.populations import settle
from webapp.clusters.arrays import Ints
from webapp.models import Introduction, IntroductionState, Network, Side
from webapp.models.base import utc_now
from webapp.services.cluster_introductions import STEPS, furthest, public_introductions
from webapp.services.cluster_release import compute_figures
from webapp.services.cluster_stays import read_panel
from webapp.services.cluster_tables import place_row
from webapp.services.introduction_figures import Sent

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)
COUNTS = arrays(np.int64, (len(STEPS), 4), elements=st.integers(0, 9))


def sent(region: str, **steps: Any) -> Sent:
    values = {"answered": False, "accepted": False, "declined": False, "expired": False, "open": True} | steps
    return Sent("2026-11", "", region, "investor", 1, Side.STARTUP, 3.0, **values)


def test_a_request_counts_at_the_furthest_step_that_it_took() -> None:
    counts = furthest(
        [
            sent("MA-06"),
            sent("MA-06", answered=True, declined=True),
            sent("MA-06", answered=True, accepted=True, met=True, next_step="pilot"),
            sent("MA-06", answered=True, accepted=True, next_step="hire"),
            sent("", answered=True),
        ],
        ["MA-06", "MA-09"],
    )
    assert counts[:, 0].tolist() == [1, 1, 0, 0, 2]
    assert counts[:, 1].tolist() == [0, 0, 0, 0, 0]
    assert counts[:, 2].tolist() == [0, 1, 0, 0, 0]


def test_all_steps_before_the_furthest_were_taken() -> None:
    counts = np.array([[4, 4], [3, 3], [5, 5], [0, 0], [6, 6]])
    region, network = public_introductions(counts, 3)
    assert (region.asked, region.answered, region.agreed, region.met, region.led_on) == (18, 14, 11, 6, 6)
    assert network.asked == 36


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.integers(2, 4))
def test_no_small_number_and_no_small_difference_is_released(counts: Ints, threshold: int) -> None:
    for found in public_introductions(counts, threshold):
        numbers = [found.asked, found.answered, found.agreed, found.met, found.led_on, 0]
        for more, less in pairwise(number for number in numbers if number is not None):
            assert not 0 < more - less < threshold


@given(COUNTS)
def test_nothing_is_withheld_of_those_who_may_see_all(counts: Ints) -> None:
    *regions, network = public_introductions(counts, 1)
    assert [found.asked for found in regions] == counts.sum(0)[:-1].tolist()
    assert network.led_on == counts[-1].sum()


def test_regions_tell_how_far_the_introductions_of_their_startups_came(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startups = [startup for startup in settle(make_startup) if startup.sites[0].code == "casablanca"]
    for startup in startups[:7]:
        session.add(
            Introduction(
                reference=f"reference-{startup.id}",
                startup=startup,
                partner=make_partner(),
                asked_by=Side.STARTUP,
                state=IntroductionState.SENT,
                language="en",
                sent_at=utc_now(),
            )
        )
    session.flush()
    assert session.scalar(sa.select(sa.func.count()).select_from(Introduction)) == 7
    network = session.scalars(sa.select(Network)).one()
    figures = compute_figures(read_panel(session, network), TODAY, is_today=True)
    place = figures.region("MA-06")
    assert place is not None
    assert place.introductions is not None
    assert (place.introductions.asked, place.introductions.answered) == (7, 0)
    assert place_row("region", place)["introductions_asked"] == 7
    assert figures.network.place.introductions is not None
    assert figures.network.place.introductions.asked == 7
