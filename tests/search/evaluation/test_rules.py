from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.search.conftest import document
from webapp.search.evaluation import JudgementError, Profile, directory_sets, read_ruled_queries

PROFILES = [
    Profile(document(1), {}, "Tazrii One", "drip", ("agritech",), ("Agadir",), "Irrigation for citrus farms."),
    Profile(document(2), {}, "Tazrii Sud", "drip", ("agritech", "greentech"), ("Rabat",), "Olive groves, watered."),
    Profile(document(3), {}, "Saqia", "soil", ("agritech",), ("Agadir", "Rabat"), "Soil for citrus farms."),
]
SILENT = [replace(profile, foreign={"fr": document(9 + profile.document.id)}) for profile in PROFILES]


def write_queries(folder: Path, *rules: Any, **values: str) -> Path:
    entries = [
        {"id": f"q{number}", "query": "water", "language": "en", "kind": "topic", "relevant": rule} | values
        for number, rule in enumerate(rules)
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, entries)), "utf-8")
    return folder


def judged(folder: Path, rule: Any) -> dict[int, int]:
    (whole,) = directory_sets(read_ruled_queries(write_queries(folder, rule)), PROFILES)
    return dict(whole.parts[0].queries[0].relevant)


@pytest.mark.parametrize(
    ("rule", "grades"),
    [
        ({"names": ["Saqia"]}, {3: 2}),
        ({"words": ["Tazrii"]}, {1: 2, 2: 2}),
        ({"ideas": ["drip"]}, {1: 2, 2: 2}),
        ({"ideas": ["drip"], "related": ["soil"]}, {1: 2, 2: 2, 3: 1}),
        ({"ideas": ["drip"], "segment": "olive groves"}, {1: 1, 2: 2}),
        ({"sectors": ["greentech"]}, {2: 2}),
        ({"sectors": ["agritech"], "city": "Agadir"}, {1: 2, 3: 2}),
    ],
)
def test_a_rule_finds_whom_it_means(tmp_path: Path, rule: Any, grades: dict[int, int]) -> None:
    assert judged(tmp_path, rule) == grades


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "must be a rule with at least one of"),
        ({"related": ["soil"]}, "must be a rule with at least one of"),
        ("drip", "must be a rule"),
        ({"ideas": "drip"}, "“ideas” must be a list of texts"),
        ({"ideas": []}, "“ideas” must be a list of texts"),
        ({"ideas": ["drip"], "town": "Agadir"}, "a rule has no key “town”"),
        ({"ideas": ["drip"], "city": ""}, "“city” must be a text"),
        ({"ideas": ["drip", "drop"]}, "“ideas” has “drop”, which no startup has"),
        ({"ideas": ["drip"], "related": ["drop"]}, "“related” has “drop”, which no startup has"),
        ({"ideas": ["drip"], "city": "Fès"}, "no startup answers “water”"),
        ({"ideas": ["drip"], "segment": "vineyards"}, "no startup answers “water”"),
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(tmp_path: Path, rule: Any, message: str) -> None:
    with pytest.raises(JudgementError, match=rf"queries\.jsonl:1: .*{message}"):
        judged(tmp_path, rule)


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match="“xx” is not one of ar, fr, en"):
        read_ruled_queries(write_queries(tmp_path, {"ideas": ["drip"]}, language="xx"))


def test_an_id_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match="the query “q” occurs twice"):
        read_ruled_queries(write_queries(tmp_path, {"ideas": ["drip"]}, {"ideas": ["drip"]}, id="q"))


def test_concepts_are_also_asked_of_profiles_that_are_silent_in_their_language(tmp_path: Path) -> None:
    queries = read_ruled_queries(write_queries(tmp_path, {"ideas": ["drip"]}, language="fr", kind="cross"))
    whole, crossing = directory_sets(queries, SILENT)
    assert (whole.name, crossing.name) == ("directory", "crossing")
    (part,) = crossing.parts
    assert list(part.documents) == [profile.foreign["fr"] for profile in SILENT]
    assert part.queries == whole.parts[0].queries
