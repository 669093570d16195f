"""Marks, reasons, names of goals: what pages say in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g

from webapp.matching.explanation import COUNTERS, REASONS
from webapp.models import Residency, Startup
from webapp.services.matches import Reason
from webapp.web.goals import GOALS, goal_name
from webapp.web.marks import FRESH_MONTHS, freshness, monogram, months_between, standing, today, tone
from webapp.web.reasons import WORDING, reason_text, strength_text


@pytest.fixture
def speak(app: Flask) -> Iterator[Any]:
    contexts = []

    def begin(language: str) -> None:
        for name in list(g):
            g.pop(name)
        context = app.test_request_context(f"/{language}/")
        context.push()
        contexts.append(context)

    yield begin
    for context in reversed(contexts):
        context.pop()


def _startup(**values: Any) -> Startup:
    return Startup(**{"slug": "tazrii", "name_latin": "Tazrii"} | values)


def test_every_reason_that_the_matcher_gives_has_words() -> None:
    assert set(WORDING) == REASONS | COUNTERS


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("shared-words", {"words": ["eau", "water", "ماء"], "languages": ["fr", "en", "ar"]}),
        ("same-sector", {"codes": ["fintech", "edtech", "agritech"]}),
        ("stage-sought", {"codes": ["growth"]}),
        ("funding-sought", {"codes": ["seed"]}),
        (
            "ticket-fits",
            {"least": 2_000_000, "most": 5_000_000, "currency": "MAD", "ticket_min": None, "ticket_max": 8_000_000},
        ),
        ("needs-answered", {"codes": ["equity"]}),
        ("needs-answered", {"codes": ["equity", "grant"]}),
        ("same-region", {"codes": ["MA-09"]}),
        ("same-site", {"codes": ["agadir"]}),
        ("technology", {"codes": ["iot"]}),
        ("stage-differs", {"codes": ["growth", "scale"]}),
        ("sector-not-sought", {"codes": ["fintech"]}),
        ("region-outside", {"codes": ["MA-01", "FR"]}),
        ("needs-unanswered", {"codes": ["equity", "grant"]}),
    ],
)
def test_reasons_name_things_in_the_readers_language(
    speak: Any, language: str, code: str, values: dict[str, Any]
) -> None:
    speak(language)
    text = reason_text(Reason(code, values))
    assert text
    assert not any(each in text for each in values.get("codes", ()) if each != "growth")


def test_shared_words_are_those_of_the_readers_language(speak: Any) -> None:
    speak("fr")
    reason = Reason("shared-words", {"words": ["eau", "water"], "languages": ["fr", "en"]})
    assert "eau" in reason_text(reason)
    assert "water" not in reason_text(reason)


def test_a_reason_that_names_nothing_is_not_told(speak: Any) -> None:
    speak("en")
    assert reason_text(Reason("same-sector", {"codes": []})) == ""


def test_strengths_are_words(speak: Any) -> None:
    speak("en")
    assert len({strength_text(strength) for strength in ("strong", "good", "possible")}) == 3


def test_a_profile_is_marked_by_its_last_check_or_confirmation(speak: Any) -> None:
    speak("en")
    recent, old = today() - timedelta(days=40), today() - timedelta(days=800)
    assert freshness(_startup()) is None
    assert freshness(_startup(verified_on=recent)).tone == "good"
    assert freshness(_startup(verified_on=old, confirmed_on=recent)).text.startswith("Confirmed")
    assert freshness(_startup(verified_on=old)).tone == "alert"
    assert "26 months" in freshness(_startup(confirmed_on=old)).text


def test_the_last_day_of_freshness(speak: Any) -> None:
    speak("en")
    day = today().replace(day=1)
    just = day.replace(year=day.year - FRESH_MONTHS // 12)
    assert months_between(just, day) == FRESH_MONTHS
    assert months_between(just + timedelta(days=1), day) == FRESH_MONTHS - 1
    assert freshness(_startup(verified_on=just)).tone == "alert"


def test_only_those_who_are_no_residents_are_marked(speak: Any) -> None:
    speak("en")
    assert standing(Residency.RESIDENT) is None
    assert standing(Residency.ALUMNI).text == "Former resident"


@pytest.mark.parametrize(
    ("language", "latin", "arabic", "letters"),
    [
        ("en", "Tazrii", "تزريع", "TA"),
        ("ar", "Tazrii", "تزريع", "تز"),
        ("ar", "Nabd Care", "نبض كير", "نك"),
        ("ar", None, "الأطلس", "أط"),
        ("en", "M", None, "M"),
        ("en", "« 4 » !", None, "4"),
        ("en", "!!!", None, "·"),
    ],
)
def test_monograms_follow_the_script_shown(
    speak: Any, language: str, latin: str | None, arabic: str | None, letters: str
) -> None:
    speak(language)
    assert monogram(_startup(name_latin=latin, name_arabic=arabic)) == letters


def test_a_tile_has_the_same_colour_everywhere() -> None:
    assert tone(_startup()) == tone(_startup())
    assert 0 <= tone(_startup()) < 4


def test_goals_have_names(speak: Any) -> None:
    speak("en")
    assert len(GOALS) == 17
    assert goal_name(2) == "Zero hunger"
    assert goal_name(99) == "99"
