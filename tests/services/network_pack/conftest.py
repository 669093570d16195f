"""The small pack of the tests, to spoil, and what reading says of it then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webapp.config import ROOT
from webapp.services.network_pack import PackError, PackProblem, read_pack

HARBOUR = ROOT / "tests" / "packs" / "harbour"

Edit = Callable[..., int]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small pack, to spoil."""
    return shutil.copytree(HARBOUR, tmp_path / "harbour")


@pytest.fixture
def edit(pack: Path) -> Edit:
    """Replaces the first occurrence of a text in a file of the pack; gives the line where it stood."""

    def replace(file: str, old: str, new: str) -> int:
        path = pack / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


def problems(folder: Path) -> list[PackProblem]:
    with pytest.raises(PackError) as raised:
        read_pack(folder)
    return raised.value.problems


def write_map(folder: Path, **features: Any) -> None:
    """Write outlines, one feature a line from line 4 on."""
    lines = [json.dumps({"id": code, "geometry": geometry}) for code, geometry in features.items()]
    text = '{\n"type": "FeatureCollection",\n"features": [\n' + ",\n".join(lines) + "\n]}\n"
    (folder / "map.geojson").write_text(text, encoding="utf-8")


def square(west: float, south: float) -> dict[str, Any]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
