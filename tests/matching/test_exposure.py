from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from webapp.matching import Matcher, PartnerFeatures, StartupFeatures
from webapp.matching.exposure import CAP, FAIR_SHARE, Exposure, caps, partner_prices, shown, startup_prices

COUNT = 10
LEAST = 0.2


def popular(lists: int, columns: int, seed: int = 1) -> np.ndarray:
    """Scores by which a few columns are liked by all rows."""
    random = np.random.default_rng(seed)
    return np.clip(random.normal(0.4, 0.05, (lists, columns)) + np.linspace(0, 0.4, columns) ** 2, 0, 1)


def test_prices_keep_the_popular_from_standing_on_all_lists() -> None:
    scores = popular(400, 150)
    most = caps(400, 150, COUNT, [None] * 150)
    prices = partner_prices(scores, most, COUNT, LEAST, 400)
    assert shown(scores, np.zeros(150), COUNT, LEAST).max() > 0.25 * 400
    assert shown(scores, prices, COUNT, LEAST).max() <= 0.15 * 400


def test_who_takes_few_startups_stands_on_fewer_lists() -> None:
    scores = popular(400, 150)
    places: list[int | None] = [None] * 149 + [1]
    prices = partner_prices(scores, caps(400, 150, COUNT, places), COUNT, LEAST, 400)
    assert shown(scores, prices, COUNT, LEAST)[-1] <= 40


def test_every_site_is_shown_in_proportion() -> None:
    random = np.random.default_rng(2)
    sites = random.choice(["big", "small"], 500, p=[0.9, 0.1]).tolist()
    scores = random.normal(0.4, 0.1, (120, 500)) + 0.1 * np.array([site == "big" for site in sites])
    prices, by_site = startup_prices(scores, [(site,) for site in sites], COUNT, LEAST, 120)
    times = shown(scores, prices, COUNT, LEAST)
    share = times[[site == "small" for site in sites]].sum() / times.sum()
    assert abs(share / (sites.count("small") / 500) - 1) < 0.2
    assert by_site["small"] < by_site["big"]


@given(st.integers(1, 5000), st.integers(1, 300), st.integers(1, 20))
def test_caps_leave_room_for_all_lists(lists: int, columns: int, count: int) -> None:
    most = caps(lists, columns, count, [None] * columns)
    assert most.sum() >= min(1.0, CAP * columns / count) * lists * min(count, columns) * (1 - 1e-9) or (
        most[0] >= FAIR_SHARE * lists * min(count, columns) / columns * (1 - 1e-9)
    )


def test_prices_of_nobody_are_none() -> None:
    assert partner_prices(np.zeros((0, 3)), np.ones(3), COUNT, LEAST, 0).tolist() == [0, 0, 0]
    assert startup_prices(np.zeros((0, 2)), [("a",), ("b",)], COUNT, LEAST, 0)[1] == {"a": 0, "b": 0}


def test_who_came_after_the_fit_pays_the_price_of_its_site() -> None:
    exposure = Exposure({1: 0.5}, {2: 0.3}, {"north": 0.1})
    startups = [StartupFeatures(2, sites=("north",)), StartupFeatures(3, sites=("north",)), StartupFeatures(4)]
    assert exposure.of_startups(startups).tolist() == [0.3, 0.1, 0.0]
    assert exposure.of_partners([1, 9]).tolist() == [0.5, 0.0]


def test_prices_move_places_on_lists_and_no_score() -> None:
    startups = [StartupFeatures(number, {"en": "farm"}, {"sectors": ("agritech",)}) for number in range(1, 31)]
    partners = [
        PartnerFeatures(number, "mentor", {"en": "farm"}, {"sectors": ("agritech",)}) for number in range(1, 13)
    ]
    matcher = Matcher(per_profile=2, pack_digest="pack")
    matcher.fit(startups, partners)
    ranking = matcher.rank()
    assert len(set(ranking.scores.tolist())) == 1
    assert (ranking.startup_ranks > 0).sum() == 60
