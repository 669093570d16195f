"""The figures of the last evaluation of the matcher, as ``flask matches evaluate --save`` left them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.config import ROOT

FILE = ROOT / "webapp" / "matching" / "evaluation" / "last_run.json"

WAYS: Mapping[str, LazyString] = {
    "ours": lazy_gettext("Multaqa"),
    "MiniLM": lazy_gettext("A neural language model (MiniLM)"),
    "BM25": lazy_gettext("Word search (BM25)"),
    "plain TF-IDF": lazy_gettext("Shared words (TF-IDF)"),
    "popularity": lazy_gettext("The most popular for everybody"),
    "category overlap": lazy_gettext("Shared categories"),
    "random": lazy_gettext("Chance"),
}
"""The ways of matching that readers are told of; those of the evaluation that are not here are left out."""


@dataclass(frozen=True)
class Figures:
    """What an evaluation found."""

    on: date
    tasks: int
    """How many tasks the average is over; each direction counts."""
    rows: list[tuple[str, float, float, float]]
    """Way, nDCG@10 and its 95 % interval; the best first."""


@cache
def last_figures() -> Figures | None:
    """The figures of the last run; nothing if none was kept."""
    if not FILE.exists():
        return None
    run = json.loads(FILE.read_text(encoding="utf-8"))
    rows = [(name, *run["macro"][name]) for name in WAYS if name in run["macro"]]
    return Figures(date.fromisoformat(run["on"]), run["tasks"], sorted(rows, key=lambda row: -row[1]))
