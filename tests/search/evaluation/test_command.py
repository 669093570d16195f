"""The command, and the set of queries that comes with the code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from tests.search.evaluation.test_judged import write_set
from webapp.cli.index_evaluation import demonstration, evaluate, judged_sets, server_url
from webapp.config import ROOT
from webapp.search.evaluation import JudgedSet, JudgementError, Profile, directory_sets, read_ruled_queries


@pytest.fixture(scope="module")
def profiles() -> Sequence[Profile]:
    return demonstration()[0]


@pytest.fixture(scope="module")
def ruled_sets(profiles: Sequence[Profile]) -> list[JudgedSet]:
    return directory_sets(read_ruled_queries(ROOT / "bench" / "data" / "directory"), profiles)


def test_every_query_of_the_directory_has_an_answer_in_the_demonstration(ruled_sets: list[JudgedSet]) -> None:
    queries = ruled_sets[0].parts[0].queries
    assert len(queries) == len({query.text for query in queries}) >= 220
    assert set(Counter(query.language for query in queries).values()) == {len(queries) / 3}
    assert Counter(query.kind for query in queries)["cross"] >= 60


def test_a_foreign_profile_is_silent_in_one_language_only(profiles: Sequence[Profile]) -> None:
    for profile in profiles[:50]:
        texts = profile.document.texts
        assert len(texts["pitch"]) == len(texts["description"]) == 3
        silent = {language: set(texts["pitch"]) - set(d.texts["pitch"]) for language, d in profile.foreign.items()}
        assert silent["en"] == {profile.pitch}
        assert set.union(*silent.values()) == set(texts["pitch"])
        assert all(d.texts["terms"] == texts["terms"] for d in profile.foreign.values())


def test_concepts_are_asked_across_in_each_language(ruled_sets: list[JudgedSet]) -> None:
    crossing = ruled_sets[1]
    assert [{query.language for query in part.queries} for part in crossing.parts] == [{"ar"}, {"fr"}, {"en"}]


def test_the_command_prints_a_table(app: Flask, tmp_path: Path) -> None:
    write_set(tmp_path / "search" / "press-en")
    result = app.test_cli_runner().invoke(evaluate, ["--data", str(tmp_path), "--postgresql", "", "--worst", "1"])
    assert result.exit_code == 0, result.output
    assert "press-en: 2 documents, 1 queries" in result.stdout
    assert "press-en 1/1: 1 queries to multaqa" in result.stderr
    assert "postgresql: left out, no server was named" in result.stdout


def test_the_command_prints_one_object(app: Flask, tmp_path: Path) -> None:
    write_set(tmp_path / "search" / "press-en")
    write_set(tmp_path / "search" / "press-fr")
    arguments = ["--data", str(tmp_path), "--postgresql", "", "--set", "press-fr", "--json"]
    result = app.test_cli_runner().invoke(evaluate, arguments)
    assert result.exit_code == 0, result.output
    assert list(json.loads(result.stdout)["sets"]) == ["press-fr"]


def test_unknown_sets_and_empty_folders_are_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match="there are: none"):
        list(judged_sets(tmp_path))
    write_set(tmp_path / "search" / "press-en")
    result = app.test_cli_runner().invoke(evaluate, ["--data", str(tmp_path), "--set", "press-de"])
    assert result.exit_code == 1
    assert "there is no set press-de; there are: press-en" in result.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:///x.db", ""),
        ("", ""),
    ],
)
def test_only_postgresql_is_a_server_to_compare_with(url: str, expected: str) -> None:
    assert server_url(url) == expected
