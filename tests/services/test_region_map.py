from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from webapp.config import ROOT
from webapp.services.region_map import WIDTH, RegionMap, read_region_map

TECHNOPARK = ROOT / "networks" / "technopark" / "map.geojson"


def box(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(**geometries: Any) -> bytes:
    features = [{"type": "Feature", "id": code, "geometry": geometry} for code, geometry in geometries.items()]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def polygon(*corners: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": box(*corners)}


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def size(region_map: RegionMap) -> tuple[float, float]:
    _, _, width, height = map(float, region_map.viewbox.split())
    return width, height


def test_the_map_that_comes_with_the_product_is_drawn_within_its_viewbox() -> None:
    region_map = read_region_map(TECHNOPARK.read_bytes())
    width, height = size(region_map)
    drawn = [point for outline in region_map.outlines.values() for point in points(outline)]
    assert len(region_map.outlines) == 12
    assert all(0 <= x <= width and 0 <= y <= height for x, y in drawn)
    assert {min(x for x, _ in drawn), max(x for x, _ in drawn)} == {0, WIDTH}
    assert min(y for _, y in drawn) == 0


def test_north_is_up_and_west_is_left() -> None:
    outlines = read_region_map(collection(nw=polygon(0, 1, 1, 2), se=polygon(1, 0, 2, 1))).outlines
    (north_west, south_east) = (points(outlines[code])[0] for code in ("nw", "se"))
    assert north_west[0] < south_east[0]
    assert north_west[1] < south_east[1]


def test_a_degree_of_longitude_is_as_long_as_one_of_latitude_at_the_equator_and_half_as_long_at_sixty_degrees() -> None:
    assert size(read_region_map(collection(a=polygon(0, -1, 2, 1))))[1] == pytest.approx(WIDTH, abs=1)
    assert size(read_region_map(collection(a=polygon(0, 59, 2, 61))))[1] == pytest.approx(2 * WIDTH, abs=2)


def test_islands_and_holes_are_parts_of_one_outline() -> None:
    islands = {"type": "MultiPolygon", "coordinates": [box(0, 0, 1, 1), box(2, 0, 3, 1)]}
    lake = {"type": "Polygon", "coordinates": box(0, 2, 3, 5) + box(1, 3, 2, 4)}
    outlines = read_region_map(collection(islands=islands, lake=lake)).outlines
    assert outlines["islands"].count("M") == outlines["lake"].count("M") == 2
    assert outlines["islands"].endswith("Z")


def test_heights_are_ignored() -> None:
    high = [[[x, y, 4167] for x, y in box(0, 0, 1, 1)[0]]]
    assert read_region_map(collection(a={"type": "Polygon", "coordinates": high})) == read_region_map(
        collection(a=polygon(0, 0, 1, 1))
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (collection(a=polygon(1, 1, 1, 1)), "enclose no area"),
        (collection(a=polygon(0, 0, 400, 1)), "not degrees"),
        (collection(a=polygon(0, 0, 1, 1)).replace(b'"features": [', b'"features": [%s,' % json.dumps(
            {"id": "a", "geometry": polygon(2, 2, 3, 3)}
        ).encode()), "same id"),
    ],
    ids=["no area", "not degrees", "one id twice"],
)  # fmt: skip
def test_outlines_that_cannot_be_drawn_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_region_map(content)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", collection(), collection(a={"type": "LineString", "coordinates": [[0, 0], [1, 1]]})]
)
def test_what_is_no_collection_of_polygons_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        read_region_map(content)


@given(st.lists(st.tuples(*[st.floats(-179, 178), st.floats(-85, 84)]), min_size=1, max_size=6))
def test_every_outline_lies_within_the_drawing(corners: list[tuple[float, float]]) -> None:
    boxes = {f"r{n}": polygon(west, south, west + 1, south + 1) for n, (west, south) in enumerate(corners)}
    region_map = read_region_map(collection(**boxes))
    width, height = size(region_map)
    for outline in region_map.outlines.values():
        assert all(-0.1 <= x <= width + 0.1 and -0.1 <= y <= height + 0.1 for x, y in points(outline))
