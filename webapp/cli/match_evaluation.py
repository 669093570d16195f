"""``flask matches evaluate``: the matcher and its peers on known pairs. Needs neither database nor site."""

from __future__ import annotations

import json
from pathlib import Path

import click

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
def evaluate(data: Path | None, tasks: tuple[str, ...], half: Half, wants_json: bool) -> None:
    """Compare the matcher with simpler and other ways on pairs that are known to have come together.

    Prints, for every task and both directions, each measure with its 95 % bootstrap interval, the difference to the
    best baseline that uses no neural network, and the macro average. Progress goes to standard error.
    """
    if data and tasks:
        raise click.UsageError("--task names sets of the source code; it cannot be combined with --data.")
    try:
        asked, tuning = _made(data, tasks, half), _made(data, tasks, "tune")
    except (DatasetError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    comparison = compare(roster(), asked, tuning, lambda what: click.echo(what, err=True))
    click.echo(json.dumps(as_json(comparison), ensure_ascii=False) if wants_json else as_text(comparison))


def _made(data: Path | None, tasks: tuple[str, ...], half: Half) -> list[Task]:
    if data:
        return [own_task(data, half)]
    return [TASKS[name](half, SETS) for name in tasks or TASKS]
