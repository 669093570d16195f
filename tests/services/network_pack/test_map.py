from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.services.network_pack.conftest import problems, square, write_map
from webapp.services.network_pack import read_pack


def test_a_pack_with_a_map_has_an_outline_of_every_region(pack: Path) -> None:
    write_map(pack, **{f"IE-{letter}": square(-10 + n, 52) for n, letter in enumerate("CLMU")})
    columns = list(read_pack(pack).region_columns())
    assert all(row["outline"].startswith("M") for row in columns)


@pytest.mark.parametrize(
    ("features", "line", "key", "message"),
    [
        ({"IE-C": {"type": "Point", "coordinates": [1, 2]}}, 4, "features.0.geometry", "does not match"),
        ({"IE-C": square(0, 0), "IE-L": None}, 5, "features.1.geometry", "should be an object"),
        ({"IE-C": {"type": "Polygon", "coordinates": [[[1, 2]]]}}, 4, "features.0.geometry.Polygon", "at least 4"),
        ({"IE-C": square(0, 0), "FR-X": square(3, 3)}, 1, "", "FR-X is not a code of regions.yaml"),
        ({"IE-C": square(0, 0)}, 1, "", "the outline of IE-L is missing"),
        ({"IE-C": square(300, 0)}, 1, "", "the coordinates are not degrees"),
    ],
)
def test_a_bad_outline_names_file_line_and_key(
    pack: Path, features: dict[str, Any], line: int, key: str, message: str
) -> None:
    write_map(pack, **features)
    found = [problem for problem in problems(pack) if message in problem.message]
    assert [(problem.file, problem.line) for problem in found] == [("map.geojson", line)]
    assert found[0].key.startswith(key)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"type": "FeatureCollection", "features": []}'])
def test_a_map_that_is_no_geojson_is_reported(pack: Path, content: bytes) -> None:
    (pack / "map.geojson").write_bytes(content)
    assert {problem.file for problem in problems(pack)} == {"map.geojson"}
