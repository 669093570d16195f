from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.cli.back_off import LONGEST_PAUSE_SECONDS, BackOff


def test_pauses_double_up_to_a_minute_and_begin_anew_after_a_success() -> None:
    now = [0.0]
    back_off = BackOff(1.0, lambda: now[0])
    pauses = []
    for _ in range(8):
        back_off.failed(OSError("away"))
        began = now[0]
        while not back_off.is_due:
            now[0] += 0.5
        pauses.append(now[0] - began)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    back_off.succeeded()
    back_off.failed(OSError("away"))
    now[0] += 1
    assert back_off.is_due


def test_only_the_first_failure_another_reason_and_the_first_success_are_news() -> None:
    back_off = BackOff(1.0)
    assert not back_off.succeeded()
    assert [back_off.failed(OSError("away")) for _ in range(3)] == [True, False, False]
    assert back_off.failed(OSError("full"))
    assert [back_off.succeeded() for _ in range(2)] == [True, False]


@given(st.floats(min_value=0.01, max_value=3600), st.lists(st.booleans(), max_size=30))
def test_no_pause_is_longer_than_a_minute(first_pause: float, failures: list[bool]) -> None:
    now = [0.0]
    back_off = BackOff(first_pause, lambda: now[0])
    for fails in failures:
        if fails:
            back_off.failed(OSError())
        else:
            back_off.succeeded()
        now[0] += LONGEST_PAUSE_SECONDS
        assert back_off.is_due
