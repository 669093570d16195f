from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.clusters.arrays import Mask
from webapp.clusters.relatedness import candidates, density, relatedness

STARTUPS = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1], [0, 0, 1]])

PRESENCES = arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 5)))


def test_proximity_and_association_by_hand() -> None:
    found = relatedness(STARTUPS)
    assert found.together[0].tolist() == [0, 2, 0]
    assert found.proximity[0, 1] == pytest.approx(2 / 3)
    assert found.proximity[1, 2] == pytest.approx(1 / 3)
    assert found.association[0, 1] == pytest.approx(2 * 6 / 9)
    assert found.proximity[0, 2] == 0


@given(PRESENCES)
def test_proximity_is_the_lesser_chance_of_finding_one_with_the_other(presence: Mask) -> None:
    found = relatedness(presence, fewest=1)
    for one, other in np.argwhere(found.known):
        chances = [presence[presence[:, a]][:, b].mean() for a, b in ((one, other), (other, one))]
        assert found.proximity[one, other] == pytest.approx(min(chances))
    assert (found.proximity == found.proximity.T).all()
    assert not found.proximity[~found.known].any()


def test_a_sector_seen_twice_is_related_to_none() -> None:
    found = relatedness([[1, 1], [1, 1], [1, 0]])
    assert not found.known.any()
    assert not found.proximity.any()


def test_density_by_hand() -> None:
    proximity = np.array([[0, 0.6, 0.2], [0.6, 0, 0.4], [0.2, 0.4, 0]])
    found, known = density(proximity, [[1, 0], [0, 0], [0, 1]])
    assert known.all()
    assert found[:, 0] == pytest.approx([0, 0.6, 1 / 3])
    assert found[:, 1] == pytest.approx([0.25, 0.4, 0])


@given(PRESENCES, st.data())
def test_density_is_a_share_and_never_falls_with_more_specialisations(presence: Mask, data: st.DataObject) -> None:
    near = relatedness(presence, fewest=1).proximity
    have = data.draw(arrays(np.bool_, (len(near), 2)))
    found, known = density(near, have)
    more, _ = density(near, np.ones_like(have))
    assert ((found >= 0) & (found <= more + 1e-12)).all()
    assert more[known] == pytest.approx(np.ones(known.sum()))
    assert not found[~known].any()


def test_what_could_come_next_is_what_is_nearest_to_what_there_is() -> None:
    proximity = np.array([[0, 0.6, 0.2, 0], [0.6, 0, 0.4, 0], [0.2, 0.4, 0, 0], [0, 0, 0, 0]])
    found = candidates(proximity, [[1], [0], [0], [0]], 0)
    assert [item.sector for item in found] == [1, 2]
    assert found[0].density == pytest.approx(0.6)


def test_presence_is_a_table() -> None:
    with pytest.raises(ValueError):
        relatedness([1, 0])
