"""A description below a pitch that it begins with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.web.formats import paragraphs_beyond


@pytest.mark.parametrize(
    ("text", "said", "paragraphs"),
    [
        ("Water for all. We dig wells.", "Water for all.", ["We dig wells."]),
        ("Water for all.\nWe dig wells.\n\nAnd pumps.", "Water for all.", ["We dig wells.", "And pumps."]),
        ("Water  for\tall. We dig wells.", "Water for all.", ["We dig wells."]),
        ("ماء للجميع؟ نحفر الآبار.", "ماء للجميع؟", ["نحفر الآبار."]),
        ("Water for all", "Water for all", []),
        ("Water for all\nWe dig wells.", "Water for all", ["We dig wells."]),
        ("Water for all of us, every day.", "Water for all", ["Water for all of us, every day."]),
        ("Water for all of us, every day.", "Water for all…", ["Water for all of us, every day."]),
        ("We dig wells. Water for all.", "Water for all.", ["We dig wells. Water for all."]),
        ("We dig wells.", "", ["We dig wells."]),
        ("", "Water for all.", []),
    ],
)
def test_a_text_goes_on_after_what_was_said(text: str, said: str, paragraphs: list[str]) -> None:
    assert paragraphs_beyond(text, said) == paragraphs


WORDS = st.lists(st.sampled_from(["water", "wells.", "pumps!", "\n", "and"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_no_word_is_lost_but_those_that_were_said(text: str, said: str) -> None:
    shown = " ".join(paragraphs_beyond(text, said)).split()
    assert shown == text.split() or said.split() + shown == text.split()


def test_a_profile_shows_an_imported_pitch_once(
    visit: Visit, session: Session, make_startup: Callable[..., Any], make_partner: Callable[..., Any]
) -> None:
    texts = {"en": "Water for all."}, {"en": "Water for all. We dig wells."}
    startup = make_startup(pitch=texts[0], description=texts[1])
    partner = make_partner(summary=texts[0], description=texts[1])
    session.commit()
    for path in (f"/en/startups/{startup.slug}", f"/en/partners/{partner.slug}"):
        main = visit(path).html.split("<main", 1)[1].split('<aside class="facts"', 1)[0]
        assert main.count("Water for all.") == 1
        assert "<p>We dig wells.</p>" in main
