"""The bridge between languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.matching.bridge import TEXTS_FILE, UNIT, bridge
from webapp.matching.bridge_files import main
from webapp.matching.features import StartupFeatures, said

FAST = settings(max_examples=25, deadline=None)


def topics(*texts: str) -> np.ndarray:
    return bridge().topics([said(StartupFeatures(1, {"und": text})) for text in texts])


def test_texts_of_three_languages_about_one_thing_are_closer_than_those_of_one_about_two() -> None:
    rows = topics(
        "Sensors that tell olive growers when to irrigate",
        "Des capteurs qui disent aux oléiculteurs quand irriguer",
        "مجسات تخبر منتجي الزيتون بوقت السقي",
        "Loans for small merchants, paid back by phone",
    )
    alike = rows @ rows.T / UNIT**2
    assert alike[0, 1] > 0.4
    assert alike[0, 2] > 0.3
    assert alike[0, 3] < 0.2


@FAST
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_rows_are_whole_numbers_of_length_one_or_nothing(texts: list[str]) -> None:
    rows = topics(*texts)
    assert (rows == np.rint(rows)).all()
    lengths = np.linalg.norm(rows, axis=1) / UNIT
    assert all(length == 0 or abs(length - 1) < 0.02 for length in lengths.tolist())


def test_a_pair_is_as_close_alone_as_among_many() -> None:
    rows = topics("irrigation of orchards", "irriguer les vergers", "ضيعات", "payment by phone", "school lessons")
    together = rows @ rows.T
    assert all(together[one, other] == (rows[[one]] @ rows[[other]].T)[0, 0] for one in range(5) for other in range(5))


def test_the_texts_are_those_of_the_demonstration(tmp_path: Path) -> None:
    target = tmp_path / "texts.json"
    assert main(target=target) == 0
    assert target.read_bytes() == TEXTS_FILE.read_bytes()
