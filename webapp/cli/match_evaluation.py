"""``flask matches evaluate``: the matcher and its peers on known pairs. Needs neither database nor site."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from webapp.config import ROOT
from webapp.matching.evaluation import (
    SETS,
    TASKS,
    DatasetError,
    Half,
    Task,
    as_json,
    as_text,
    compare,
    own_task,
    roster,
)

LAST_RUN = ROOT / "webapp" / "matching" / "evaluation" / "last_run.json"
"""What ``webapp.blueprints.pages.matching_figures`` reads."""


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with companies.jsonl, partners.jsonl and pairs.jsonl, in place of the sets of the source code.",
)
@click.option("--task", "tasks", multiple=True, type=click.Choice(list(TASKS)), help="Only this task; repeatable.")
@click.option(
    "--half",
    type=click.Choice(["tune", "report"]),
    default="report",
    show_default=True,
    help="Which half of the companies is asked. Settings are chosen on tune, figures quoted from report.",
)
@click.option("--json", "wants_json", is_flag=True, help="Print all numbers as one JSON object.")
@click.option("--save", is_flag=True, help="Keep the macro average for the page on matching (all sets, report half).")
def evaluate(data: Path | None, tasks: tuple[str, ...], half: Half, wants_json: bool, save: bool) -> None:
    """Compare the matcher with simpler and other ways on pairs that are known to have come together.

    Prints, for every task and both directions, each measure with its 95 % bootstrap interval, the difference to the
    best baseline that uses no neural network, and the macro average. Progress goes to standard error.
    """
    if data and tasks:
        raise click.UsageError("--task names sets of the source code; it cannot be combined with --data.")
    if save and (data or tasks or half != "report"):
        raise click.UsageError("--save keeps the whole comparison only: all sets, report half.")
    try:
        asked, tuning = _made(data, tasks, half), _made(data, tasks, "tune")
    except (DatasetError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    comparison = compare(roster(), asked, tuning, lambda what: click.echo(what, err=True))
    if save:
        _save(as_json(comparison))
    click.echo(json.dumps(as_json(comparison), ensure_ascii=False) if wants_json else as_text(comparison))


def _save(found: dict[str, Any]) -> None:
    """Write what the page on matching tells: the day, how many tasks, and each way's nDCG@10 with its interval."""
    macro = {name: figures["nDCG@10"] for name, figures in found["macro"]["families"].items()}
    kept = {"on": datetime.now(UTC).date().isoformat(), "tasks": len(found["cells"]), "macro": macro}
    LAST_RUN.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _made(data: Path | None, tasks: tuple[str, ...], half: Half) -> list[Task]:
    if data:
        return [own_task(data, half)]
    return [TASKS[name](half, SETS) for name in tasks or TASKS]
