from __future__ import annotations

import json

import pytest

from tests.search.conftest import document
from webapp.search.evaluation import Comparison, JudgedQuery, JudgedSet, Part, as_object, compare, table

QUERIES = [
    JudgedQuery("a", "olive", {1: 1}, "en", "topic"),
    JudgedQuery("b", "miel", {2: 1}, "fr", "topic"),
    JudgedQuery("c", "زيت", {1: 2}, "ar", "name"),
]
RECALL, MRR, NDCG = "recall@10", "MRR@10", "nDCG@10"


def scores(*values: float) -> dict[str, list[float]]:
    return {measure: list(values) for measure in (RECALL, MRR, NDCG)}


@pytest.fixture
def comparison() -> Comparison:
    found = {"multaqa": scores(1, 0, 0.5), "rival": scores(0, 1, 0.5), "other": scores(0, 0, 0)}
    return Comparison("fruit", "", 3, QUERIES, found, {"absent": "nobody came"})


def test_the_best_peer_is_never_ours(comparison: Comparison) -> None:
    assert comparison.best_peer(NDCG) == "rival"
    assert comparison.mean("multaqa", NDCG) == 0.5
    assert comparison.difference(NDCG).mean == 0


def test_the_best_peer_of_a_kind_may_be_another_one(comparison: Comparison) -> None:
    kinds = comparison.groups("kind")
    assert list(kinds) == ["topic", "name"]
    assert [query.id for query in kinds["topic"].queries] == ["a", "b"]
    assert kinds["name"].mean("rival", RECALL) == 0.5
    assert comparison.groups("language")["en"].difference(RECALL).mean == 1


def test_queries_answered_worst_come_first(comparison: Comparison) -> None:
    assert [query.id for query in comparison.worst(2)] == ["b", "c"]


def test_the_table_names_every_engine_and_who_was_left_out(comparison: Comparison) -> None:
    lines = list(table(comparison, worst=1))
    assert lines[0] == "fruit: 3 documents, 3 queries"
    assert [line.split()[0] for line in lines[2:5]] == ["multaqa", "rival", "other"]
    assert "absent: left out, nobody came" in lines
    assert any(line.startswith(f"{NDCG}: multaqa − rival = +0.000, 95 % interval") for line in lines)
    assert "0.00 / 1.00  b  miel" in lines


def test_the_object_says_the_same_and_is_json(comparison: Comparison) -> None:
    found = json.loads(json.dumps(as_object(comparison, worst=1)))
    assert found["engines"]["rival"][NDCG] == 0.5
    assert found["differences"][NDCG]["best_peer"] == "rival"
    assert found["kinds"]["topic"]["queries"] == 2
    assert found["languages"]["fr"]["engines"]["multaqa"][RECALL] == 0
    assert found["worst"] == [{"id": "b", "query": "miel"}]


def test_engines_are_built_for_each_part_and_asked_its_queries_only() -> None:
    english = Part([document(1, pitch="olive oil"), document(2, pitch="honey")], [QUERIES[0]])
    french = Part([document(1, pitch="huile"), document(2, pitch="miel")], [QUERIES[1]])
    told: list[str] = []
    found = compare(JudgedSet("fruit", "", [english, french]), "", told.append)
    assert (found.documents, [query.id for query in found.queries]) == (4, ["a", "b"])
    for engine in found.scores:
        assert found.scores[engine][RECALL] == [1, 1], engine
    assert told[:2] == ["fruit 1/2: 1 queries to multaqa", "fruit 2/2: 1 queries to multaqa"]
    assert list(found.skipped) == ["postgresql"]
