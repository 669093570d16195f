"""From the outlines of regions in GeoJSON to SVG path data, so that pages draw a map without any library."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WIDTH = 520
"""Width of the drawing in SVG units; its height follows from the outlines."""

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class RegionMap:
    """The outlines of regions by code, as SVG path data within ``viewbox``."""

    viewbox: str
    outlines: dict[str, str]


def read_region_map(path: Path) -> RegionMap:
    """Project the polygons of a GeoJSON file, whose features' ids are region codes, onto a drawing.

    The projection is equirectangular with true scale at the middle latitude, which keeps the familiar shape of a
    country and its areas nearly right.

    Raises:
        ValueError, KeyError, TypeError: the file is not such a collection.
    """
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    rings = {feature["id"]: list(_rings(feature["geometry"])) for feature in features}
    points = [point for region in rings.values() for ring in region for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)

    def path_data(ring: Ring) -> str:
        steps = [f"{(x - west) * shrink * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring]
        return "M" + "L".join(steps) + "Z"

    height = math.ceil((north - south) * scale)
    outlines = {code: "".join(path_data(ring) for ring in region) for code, region in rings.items()}
    return RegionMap(f"0 0 {WIDTH} {height}", outlines)


def _rings(geometry: dict[str, object]) -> Iterator[Ring]:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if geometry["type"] not in ("Polygon", "MultiPolygon") or not isinstance(polygons, list):
        raise ValueError(f"a {geometry['type']} is no area")
    for polygon in polygons:
        for ring in polygon:
            yield [(float(x), float(y)) for x, y, *_ in ring]
