"""From the outlines of regions in GeoJSON to SVG path data, so that pages draw a map without any library."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat

WIDTH = 520
"""Width of the drawing in SVG units; its height follows from the outlines."""

Position = Annotated[list[FiniteFloat], Field(min_length=2)]
"""Longitude, latitude and perhaps a height."""
Ring = Annotated[list[Position], Field(min_length=4)]
PolygonRings = Annotated[list[Ring], Field(min_length=1)]


class _Polygon(BaseModel):
    type: Literal["Polygon"]
    coordinates: PolygonRings

    def rings(self) -> Iterator[Ring]:
        yield from self.coordinates


class _MultiPolygon(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[PolygonRings], Field(min_length=1)]

    def rings(self) -> Iterator[Ring]:
        for polygon in self.coordinates:
            yield from polygon


class _Feature(BaseModel):
    id: str
    geometry: Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]


class _Collection(BaseModel):
    type: Literal["FeatureCollection"]
    features: Annotated[list[_Feature], Field(min_length=1)]


@dataclass(frozen=True)
class RegionMap:
    """The outlines of regions by code, as SVG path data within ``viewbox``."""

    viewbox: str
    outlines: dict[str, str]


def read_region_map(content: bytes) -> RegionMap:
    """Project the polygons of a GeoJSON file, whose features' ids are region codes, onto a drawing.

    The projection is equirectangular with true scale at the middle latitude, which keeps the familiar shape of a
    country and its areas nearly right.

    Raises:
        pydantic.ValidationError: the file is not a collection of polygons.
        ValueError: two outlines have one code, or lie outside the globe, or enclose no area.
    """
    features = _Collection.model_validate_json(content).features
    rings = {feature.id: list(feature.geometry.rings()) for feature in features}
    if len(rings) < len(features):
        raise ValueError("two features have the same id")
    xs, ys = zip(*((x, y) for region in rings.values() for ring in region for x, y, *_ in ring), strict=True)
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError("the coordinates are not degrees")
    shrink = math.cos(math.radians((south + north) / 2))
    if east - west < 1e-6 or north - south < 1e-6 or shrink < 1e-6:
        raise ValueError("the outlines enclose no area")
    scale = WIDTH / ((east - west) * shrink)

    def path_data(ring: Ring) -> str:
        steps = [f"{(x - west) * shrink * scale:.1f} {(north - y) * scale:.1f}" for x, y, *_ in ring]
        return "M" + "L".join(steps) + "Z"

    outlines = {code: "".join(path_data(ring) for ring in region) for code, region in rings.items()}
    return RegionMap(f"0 0 {WIDTH} {math.ceil((north - south) * scale)}", outlines)
