"""How well stems and sound keys do on the pairs; ``docs/stemming.md`` has the figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.language.pairs import Pair, read_pairs
from webapp.language import analyze, sound_key


def share_a_term(pair: Pair) -> bool:
    return bool(set(analyze(pair.left)) & set(analyze(pair.right)))


def sound_alike(pair: Pair) -> bool:
    left, right = (sound_key(name.removeprefix("El-")) for name in pair[:2])
    return left is not None and left == right


@pytest.mark.parametrize(
    ("name", "meet", "least_found", "most_false"),
    [
        ("arabic_pairs", share_a_term, 0.95, 0.03),
        ("latin_pairs", share_a_term, 0.95, 0.11),
        ("name_pairs", sound_alike, 0.88, 0.30),
    ],
)
def test_forms_of_a_word_meet_and_other_words_do_not(
    name: str, meet: Callable[[Pair], bool], least_found: float, most_false: float
) -> None:
    pairs = read_pairs(name)
    found = [meet(pair) for pair in pairs if pair.should_meet]
    false = [meet(pair) for pair in pairs if not pair.should_meet]
    assert sum(found) / len(found) >= least_found
    assert sum(false) / len(false) <= most_false


def test_words_drawn_from_running_text_find_their_basic_form() -> None:
    pairs = read_pairs("arabic_sample")
    assert sum(map(share_a_term, pairs)) / len(pairs) >= 0.93
