from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import match_evaluation
from webapp.cli.match_evaluation import evaluate

TOPICS = {"farm": "drip irrigation of olive orchards", "clinic": "video visits to the doctor"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty companies of two topics and a partner for each topic."""
    companies = [
        {"id": f"{topic}{number}", "texts": {"en": f"{text} number{number}"}, "categories": [topic]}
        for topic, text in TOPICS.items()
        for number in range(30)
    ]
    pairs = [{"company": row["id"], "partner": f"{row['categories'][0]} fund"} for row in companies]
    partners = [{"id": f"{topic} fund"} for topic in TOPICS]
    for name, rows in (("companies", companies), ("partners", partners), ("pairs", pairs)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_other_data_are_evaluated_and_easy_ones_are_solved(folder: Path) -> None:
    result = CliRunner().invoke(evaluate, ["--data", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {cell["direction"] for cell in found["cells"]} == {"startup to partner", "partner to startup"}
    for cell in found["cells"]:
        for family in ("ours", "learned", "plain TF-IDF", "category overlap"):
            assert cell["families"][family]["MRR"] == [1, 1, 1]


def test_the_table_names_the_task_every_family_and_who_is_missing(folder: Path) -> None:
    result = CliRunner().invoke(evaluate, ["--data", str(folder)])
    assert f"{folder.name}, startup to partner" in result.stdout
    assert "macro average of 2" in result.stdout
    for family in ("random", "popularity", "BM25", "MiniLM", "ours"):
        assert family in result.stdout


def test_an_error_in_the_data_is_a_message_and_not_a_traceback(folder: Path) -> None:
    (folder / "pairs.jsonl").write_text('{"company": "nobody", "partner": "farm fund"}')
    result = CliRunner().invoke(evaluate, ["--data", str(folder)])
    assert result.exit_code == 1
    assert "pairs.jsonl:1: company: there is no company nobody" in result.stderr


def test_a_set_of_the_source_code_and_other_data_cannot_be_asked_at_once(folder: Path) -> None:
    result = CliRunner().invoke(evaluate, ["--data", str(folder), "--task", "acquisitions"])
    assert result.exit_code == 2
    assert "--task" in result.stderr


def test_the_same_run_gives_the_same_figures(folder: Path) -> None:
    first, second = (CliRunner().invoke(evaluate, ["--data", str(folder), "--json"]).stdout for _ in range(2))
    assert first == second


def test_only_a_whole_comparison_is_kept_for_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "last_run.json"
    monkeypatch.setattr(match_evaluation, "LAST_RUN", kept)
    for arguments in (["--task", "acquisitions"], ["--half", "tune"]):
        result = CliRunner().invoke(evaluate, ["--save", *arguments])
        assert result.exit_code == 2
        assert "--save" in result.output
    assert not kept.exists()
