"""How complete a profile is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from webapp.matching.scoring import Weights
from webapp.services.completeness import PART_WEIGHTS, aspects_of, completeness
from webapp.services.profile_fields import fields_of, sections_of
from webapp.services.profile_values import read_values
from webapp.services.translations_of_texts import TextState, text_states
from webapp.web.profile_words import ASPECTS

Maker = Callable[..., Any]
LANGUAGES = ["ar", "fr", "en"]


def test_the_weights_are_those_of_the_matcher() -> None:
    weights = asdict(Weights())
    assert dict(PART_WEIGHTS) == {name: weights[name] for name in PART_WEIGHTS}


def test_what_is_missing_comes_with_the_most_helpful_first(make_startup: Maker) -> None:
    startup = make_startup(sectors=["fintech"])
    found = completeness(startup, read_values(startup), LANGUAGES)
    assert [aspect.code for aspect in found.missing[:2]] == ["description", "needs"]
    assert 0 < found.percent < 50


def test_saying_more_never_makes_it_less_complete(make_startup: Maker) -> None:
    startup = make_startup()
    values, percent = read_values(startup), 0
    more = {
        "needs": ["equity"],
        "description": dict.fromkeys(LANGUAGES, "Long text. " * 40),
        "pitch": dict.fromkeys(LANGUAGES, "Short."),
        "maturities": ["idea"],
        "region": "MA-06",
        "raising_max": 5,
        "funding_stages": ["seed"],
        "technologies": ["ai"],
        "website": "https://nour.ma",
        "headcounts": ["1-10"],
        "logo": "x",
    }
    for name, value in more.items():
        values[name] = value
        now = completeness(startup, values, LANGUAGES).percent
        assert now >= percent
        percent = now
    assert percent == 100


def test_every_aspect_has_words_and_a_page_of_the_profile(make_startup: Maker, make_partner: Maker) -> None:
    profiles = [make_startup(), *(make_partner(kind=kind) for kind in ("investor", "mentor", "corporate"))]
    for profile in profiles:
        names = {field.name for field in fields_of(profile)}
        for aspect in aspects_of(profile):
            assert aspect.code in ASPECTS
            assert aspect.section in sections_of(profile)
            assert names & set(aspect.fields)


def test_translations_are_missing_or_older_than_another_language(make_startup: Maker) -> None:
    dates = {"pitch": {"en": "2026-02-01", "fr": "2025-02-01"}}
    startup = make_startup(pitch={"en": "New.", "fr": "Vieux."}, text_dates=dates)
    states = text_states(startup, read_values(startup), LANGUAGES, date(2026, 11, 28))
    assert states["pitch", "ar"] == TextState.MISSING
    assert states["pitch", "fr"] == TextState.OLDER
    assert states["pitch", "en"] == TextState.FINE
    assert states["description", "ar"] == TextState.FINE
    edited = read_values(startup) | {"pitch": {"en": "New.", "fr": "Nouveau."}}
    assert text_states(startup, edited, LANGUAGES, date(2026, 11, 28))["pitch", "en"] == TextState.OLDER
