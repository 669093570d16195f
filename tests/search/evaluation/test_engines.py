from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.search.conftest import document
from webapp.language import concept_vocabulary
from webapp.search.evaluation.engines import Engine, EngineKind, our_kind
from webapp.search.evaluation.peers import peers

SERVER = os.environ.get("MULTAQA_TEST_DATABASE_URL", "")
DOCUMENTS = [
    document(4, "Tazrii", pitch="Lanterns for gardens"),
    document(7, "Khazna", pitch="Des chaises pliantes"),
    document(9, "ساقية", pitch="حكايات الجدات"),
    document(12, "Wasla", description="Umbrellas, and once lanterns"),
]

KINDS = {kind.name: kind for kind in (our_kind(concept_vocabulary()), *peers("", SERVER)[0], *peers("en", "")[0])}
NASTY = [
    "",
    "  ",
    "?",
    "what?*",
    'a "b',
    "name:x",
    "-",
    "NOT",
    "AND OR",
    "(",
    "^2",
    "'",
    "\\",
    "l’eau",
    "NEAR(a b)",
    "a:*",
]


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> EngineKind:
    return KINDS[request.param]


@pytest.fixture
def engine(kind: EngineKind, tmp_path: Path) -> Iterator[Engine]:
    with closing(kind.build(DOCUMENTS, "", tmp_path)) as built:
        yield built


def test_every_engine_ranks_the_pitch_before_the_description(engine: Engine) -> None:
    assert list(engine.search("lanterns", 10)) == [4, 12]


def test_every_engine_answers_in_all_languages(engine: Engine) -> None:
    assert list(engine.search("chaises", 10)) == [7]
    assert list(engine.search("حكايات", 10)) == [9]


def test_every_engine_takes_a_question_as_alternatives(engine: Engine) -> None:
    assert set(engine.search("lanterns chaises", 10)) == {4, 7, 12}


def test_every_engine_gives_no_more_than_it_is_asked_for(engine: Engine) -> None:
    assert list(engine.search("lanterns", 1)) == [4]


@pytest.mark.parametrize("text", NASTY)
def test_no_engine_stumbles_over_its_own_syntax(engine: Engine, text: str) -> None:
    found = list(engine.search(text, 10))
    assert len(set(found)) == len(found)


def test_the_unfinished_last_word_is_only_for_the_peer_that_says_so(tmp_path: Path) -> None:
    with closing(KINDS["sqlite fts5, weights, prefix"].build(DOCUMENTS, "", tmp_path)) as engine:
        assert engine.search("lanter", 1) == [4]
    with closing(KINDS["sqlite fts5, weights"].build(DOCUMENTS, "", tmp_path)) as engine:
        assert engine.search("lanter", 1) == []


@pytest.mark.parametrize(("language", "word", "other"), [("fr", "factures", "facturer"), ("en", "orchards", "orchard")])
def test_the_language_setting_of_whoosh_knows_forms_of_a_word(
    tmp_path: Path, language: str, word: str, other: str
) -> None:
    build: Callable[..., Engine] = {kind.name: kind for kind in peers(language, "")[0]}["whoosh language"].build
    with closing(build([document(1, pitch=word)], language, tmp_path)) as engine:
        assert engine.search(other, 1) == [1]


def test_a_peer_that_is_not_there_is_named_with_the_reason() -> None:
    assert peers("fr", "")[1] == {"postgresql": "no server was named (--postgresql, or DATABASE_URL)"}
    kinds, skipped = peers("fr", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert skipped["postgresql"].startswith("no server answers: ")
    assert not any("postgresql" in kind.name for kind in kinds)


def test_the_stemmer_for_english_is_not_offered_to_other_languages() -> None:
    assert not any("porter" in kind.name for kind in peers("ar", "")[0])
