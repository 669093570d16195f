"""Marks in entries' texts, and the passage shown beside a text that has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g

from webapp.language import analyze
from webapp.web.highlights import Highlighter, Passage


@pytest.fixture
def reader(app: Flask) -> Iterator[Any]:
    """Begins a request in a language: ``reader("fr")``."""
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


def looking_for(text: str, *concepts: str) -> Highlighter:
    return Highlighter(frozenset(analyze(text)), frozenset(concepts))


def hits(found: Passage | None) -> list[str]:
    assert found is not None
    return [piece.text for piece in found.pieces if piece.is_hit]


IDLE = Highlighter(frozenset(), frozenset())
TEXTS = {"fr": "Irrigation des vergers.", "ar": "سقي البساتين.", "en": "Irrigation of orchards."}


def test_without_a_search_nothing_is_marked_and_no_passage_shown(reader: Any) -> None:
    reader("fr")
    assert IDLE.is_idle
    assert [(piece.text, piece.is_hit) for piece in IDLE.marked("Irrigation")] == [("Irrigation", False)]
    assert IDLE.passage("Livraison", TEXTS) is None


def test_words_are_marked_in_any_form_and_the_text_stays_whole(reader: Any) -> None:
    reader("fr")
    pieces = looking_for("verger irrigation").marked("L’irrigation <des> vergers")
    assert "".join(piece.text for piece in pieces) == "L’irrigation <des> vergers"
    assert [piece.text for piece in pieces if piece.is_hit] == ["irrigation", "vergers"]


def test_a_concept_is_marked_in_other_words_and_languages(reader: Any) -> None:
    reader("ar")
    pieces = looking_for("", "irrigation").marked("سقي الحقول")
    assert [piece.text for piece in pieces if piece.is_hit] == ["سقي"]


def test_a_text_with_a_hit_needs_no_passage(reader: Any) -> None:
    reader("fr")
    assert looking_for("vergers").passage("Des vergers irrigués", TEXTS) is None


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_passage_is_in_the_readers_language_if_it_can_be(reader: Any, language: str) -> None:
    reader(language)
    found = looking_for("", "irrigation").passage("…", TEXTS)
    assert found is not None
    assert (found.language.code, found.is_foreign) == (language, False)
    assert "".join(piece.text for piece in found.pieces) == TEXTS[language]


def test_a_passage_in_another_language_says_so(reader: Any) -> None:
    reader("ar")
    found = looking_for("vergers").passage("…", {"ar": "بساتين", "fr": "Irrigation des vergers."})
    assert hits(found) == ["vergers"]
    assert found is not None
    assert (found.language.code, found.is_foreign) == ("fr", True)


def test_texts_are_looked_through_in_the_order_given(reader: Any) -> None:
    reader("fr")
    found = looking_for("vergers").passage("…", {"fr": "Premier verger."}, {"fr": "Second verger."})
    assert found is not None
    assert found.pieces[0].text == "Premier "


def test_a_profile_that_says_nothing_of_it_has_no_passage(reader: Any) -> None:
    reader("fr")
    assert looking_for("livraison").passage("…", TEXTS, {}) is None
