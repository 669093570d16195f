"""The pairs of words in ``data/``: which ones have to meet, and which ones must not."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"
MEETING = ("variant", "same")


class Pair(NamedTuple):
    left: str
    right: str
    relation: str
    kind: str

    @property
    def should_meet(self) -> bool:
        return self.relation in MEETING


def read_pairs(name: str) -> list[Pair]:
    lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    return [Pair(*line.split("\t")) for line in lines[1:]]
