from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from webapp.matching.mixing import (
    NEW,
    Mixture,
    centroid_likeness,
    histories,
    learn_mixture,
    nearest_likeness,
    standardised,
)

DEFAULTS = Mixture((0.5, 0.3, 0.2), -3)
NUMBERS = st.floats(-3, 3, width=32)
TRUTH = np.array([2.0, 0.0, 0.5])


@st.composite
def feedback(draw: st.DrawFn, most: int = 30) -> tuple[np.ndarray, np.ndarray]:
    count = draw(st.integers(0, most))
    features = draw(arrays(np.float64, (count, 3), elements=NUMBERS))
    return features, draw(arrays(np.bool_, count))


def drawn(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Feedback of somebody whose weights are ``TRUTH``."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(count, 3))
    return features, random.random(count) < 1 / (1 + np.exp(1 - features @ TRUTH))


def test_without_feedback_the_weights_are_the_defaults() -> None:
    assert learn_mixture(np.zeros((0, 3)), np.zeros(0, dtype=bool), DEFAULTS) == DEFAULTS


@settings(deadline=None)
@given(feedback(), st.floats(0.1, 1000))
def test_weights_are_never_negative_and_never_farther_from_the_defaults_than_the_loss_allows(
    given_: tuple[np.ndarray, np.ndarray], strength: float
) -> None:
    features, accepted = given_
    found = learn_mixture(features, accepted, DEFAULTS, strength)
    assert min(found.weights) >= 0
    margins = np.where(accepted, 1, -1) * (DEFAULTS.scores(features) + DEFAULTS.intercept)
    loss = np.logaddexp(0, -margins).sum()
    away = np.array([*found.weights, found.intercept]) - np.array([*DEFAULTS.weights, DEFAULTS.intercept])
    assert away @ away <= 2 * loss / strength + 1e-6


@settings(deadline=None)
@given(feedback())
def test_a_strong_prior_keeps_the_defaults(given_: tuple[np.ndarray, np.ndarray]) -> None:
    found = learn_mixture(*given_, DEFAULTS, 1e9)
    assert found.weights == pytest.approx(DEFAULTS.weights, abs=1e-4)


def test_fifty_introductions_already_order_new_pairs_better() -> None:
    wrong = Mixture((0.1, 1.0, 0.1), -1)
    found = learn_mixture(*drawn(50), wrong)
    features, _ = drawn(2000, seed=2)

    def agreement(mixture: Mixture) -> float:
        return float(np.corrcoef(mixture.scores(features), features @ TRUTH)[0, 1])

    assert agreement(found) > agreement(wrong) + 0.1


def test_much_feedback_finds_the_weights_that_made_it() -> None:
    found = learn_mixture(*drawn(20_000), DEFAULTS)
    assert found.weights == pytest.approx(TRUTH.tolist(), abs=0.1)
    assert found.intercept == pytest.approx(-1, abs=0.1)


@pytest.mark.parametrize(
    ("features", "strength"), [(np.zeros((2, 2)), 1.0), (np.full((2, 3), np.nan), 1.0), (np.zeros((2, 3)), 0.0)]
)
def test_feedback_that_cannot_be_is_refused(features: np.ndarray, strength: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        learn_mixture(features, np.zeros(2, dtype=bool), DEFAULTS, strength)


@given(arrays(np.float64, (3, 4), elements=NUMBERS), st.sampled_from([0, 1]))
def test_standardised_lists_have_mean_nothing_and_keep_their_order(block: np.ndarray, axis: int) -> None:
    found = standardised(block, axis)
    np.testing.assert_allclose(found.mean(axis=axis), 0, atol=1e-6)
    lists, scores = (block, found) if axis else (block.T, found.T)
    for before, after in zip(lists, scores, strict=True):
        order = np.argsort(before, kind="stable")
        assert (np.diff(after[order]) >= -1e-9).all()


pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=12)
shapes = arrays(np.float64, (6, 4), elements=st.sampled_from([0.0, 0.0, 1.0, 2.0]))


@given(shapes, pairs, st.booleans())
def test_likeness_to_a_history_is_that_of_the_companies_in_it_without_oneself(
    raw: np.ndarray, made: list[tuple[int, int]], is_sparse: bool
) -> None:
    dense = normalize(raw)
    rows = csr_matrix(dense) if is_sparse else dense
    history = histories(made, 3, 6)
    numbers = np.arange(6)
    centroid = centroid_likeness(rows, rows, history, numbers)
    nearest = nearest_likeness(rows, rows, history, numbers)
    for startup in range(6):
        for partner in range(3):
            others = [dense[one] for one in sorted({one for one, to in made if to == partner}) if one != startup]
            mean = np.sum(others, axis=0) if others else np.zeros(4)
            norm = np.linalg.norm(mean)
            assert centroid[startup, partner] == pytest.approx(dense[startup] @ mean / norm if norm else 0, abs=1e-6)
            cosines = sorted((dense[startup] @ other for other in others), reverse=True)[:3]
            assert nearest[startup, partner] == pytest.approx(np.mean(cosines) if cosines else 0, abs=1e-6)


@given(shapes, pairs)
def test_a_new_startup_is_in_no_history(raw: np.ndarray, made: list[tuple[int, int]]) -> None:
    rows, history, new = normalize(raw), histories(made, 3, 6), np.full(6, NEW)
    nearest = nearest_likeness(rows, rows, history, new)
    for startup, partner in made:
        if rows[startup].any() and len({one for one, to in made if to == partner}) == 1:
            assert nearest[startup, partner] == pytest.approx(1)
