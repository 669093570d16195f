"""Where the marks of charts stand: geometry only, in SVG units. Templates draw it, tables say the same in numbers.

Time and size grow in the direction of reading: in a language written from right to left all charts are mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2

from webapp.services.cluster_figures import AgeShare, Cell, Curve, Estimate, Year
from webapp.web.locale import current_language

BAR_WIDTH, BAR_HEIGHT = 150, 18
LEAST, MOST = 1 / 8, 16
"""Ends of the scale of location quotients, which is logarithmic."""
SPARK_WIDTH, SPARK_HEIGHT = 76, 22
WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 16, 40


@dataclass(frozen=True)
class Point:
    """A place in a chart."""

    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A place on an axis and the value there."""

    at: float
    value: float


@dataclass(frozen=True)
class Interval:
    """A quotient with its interval along a line on which 1 is marked."""

    at: float
    begin: float
    width: float
    one: float
    is_sure: bool
    """Whether the interval excludes 1."""


@dataclass(frozen=True)
class Spark:
    """A history in miniature: runs of known numbers, and the last one."""

    runs: Sequence[str]
    dots: Sequence[Point]


@dataclass(frozen=True)
class Mark:
    """A sector in the chart of quadrants, by its number in the legend."""

    number: int
    cell: Cell
    at: Point
    dot: Point


@dataclass(frozen=True)
class Quadrants:
    """The chart of quadrants; the two lines part it."""

    marks: Sequence[Mark]
    line_x: float
    line_y: float


@dataclass(frozen=True)
class Whisker:
    """A share with its interval at an age."""

    x: float
    y: float
    upper: float
    lower: float


@dataclass(frozen=True)
class SurvivalChart:
    """A survival curve from the origin on, with its intervals."""

    path: str
    whiskers: Sequence[Whisker]
    months: Sequence[Tick]
    shares: Sequence[Tick]


@dataclass(frozen=True)
class Column:
    """Those that came and those that left in a year, side by side."""

    year: int
    entered_x: float
    entered_height: float
    left_x: float
    left_height: float
    width: float
    base: float


@dataclass(frozen=True)
class YearsChart:
    """Residents as a line, entries and departures as columns."""

    path: str
    columns: Sequence[Column]
    years: Sequence[Tick]
    numbers: Sequence[Tick]
    last: Point | None


def _turned(x: float, width: float) -> float:
    """The place in the direction of reading."""
    return round(width - x if current_language().direction == "rtl" else x, 1)


def _log_place(value: float, width: float) -> float:
    share = (log2(min(max(value, LEAST), MOST)) - log2(LEAST)) / (log2(MOST) - log2(LEAST))
    return share * width


def interval_bar(estimate: Estimate) -> Interval:
    """A location quotient on its logarithmic scale."""
    ends = [_turned(_log_place(value, BAR_WIDTH), BAR_WIDTH) for value in (estimate.lower, estimate.upper)]
    at, one = (_turned(_log_place(value, BAR_WIDTH), BAR_WIDTH) for value in (estimate.value, 1.0))
    width = round(max(ends) - min(ends), 1)
    return Interval(at, min(ends), width, one, estimate.lower > 1 or estimate.upper < 1)


def sparkline(history: Sequence[int | None]) -> Spark:
    """A history, oldest first; what is withheld is a gap."""
    top = max((value for value in history if value is not None), default=0) or 1
    step = (SPARK_WIDTH - 6) / max(len(history) - 1, 1)
    places = [
        None if value is None else Point(_turned(3 + index * step, SPARK_WIDTH), round(19 - 16 * value / top, 1))
        for index, value in enumerate(history)
    ]
    runs: list[list[Point]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    alone = [run[0] for run in runs if len(run) == 1]
    last = [places[-1]] if places and places[-1] and places[-1] not in alone else []
    return Spark([_points(run) for run in runs if len(run) > 1], [*alone, *last])


def quadrant_chart(cells: Sequence[Cell]) -> Quadrants | None:
    """Sectors by their quotient and its change in three years, both as logarithms; nothing of fewer than two."""
    known = [
        (cell, log2(cell.quotient.value), log2(cell.quotient.value / cell.quotient_before))
        for cell in cells
        if cell.quadrant and cell.quotient and cell.quotient_before
    ]
    if len(known) < 2:
        return None
    wide = max(0.5, *(abs(size) for _, size, _ in known)) * 1.1
    # The names of the quadrants stand in the corners; marks stay below and above them.
    high = max(0.5, *(abs(rise) for _, _, rise in known)) * 1.35
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    reach_x, reach_y = (WIDTH - LEFT - RIGHT) / 2, (HEIGHT - TOP - BOTTOM) / 2
    dots = [
        Point(middle_x + size / wide * reach_x, round(middle_y - rise / high * reach_y, 1)) for _, size, rise in known
    ]
    marks = [
        Mark(number, cell, _beside(dot, dots), Point(_turned(dot.x, WIDTH), dot.y))
        for number, ((cell, _, _), dot) in enumerate(zip(known, dots, strict=True), start=1)
    ]
    return Quadrants(marks, _turned(middle_x, WIDTH), middle_y)


def _beside(dot: Point, dots: Sequence[Point]) -> Point:
    """Where the number of a dot stands: after it, or before it if another dot is in the way."""
    crowded = any(0 <= other.x - dot.x < 28 and abs(other.y - dot.y) < 13 and other != dot for other in dots)
    return Point(_turned(dot.x + (-13 if crowded else 13), WIDTH), dot.y + 4)


def survival_chart(curve: Curve) -> SurvivalChart:
    """The share that is left, by months."""
    longest = max(point.months for point in curve.points)

    def x(months: float) -> float:
        return _turned(LEFT + months / longest * (WIDTH - LEFT - RIGHT), WIDTH)

    def y(share: float) -> float:
        return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)

    whiskers = [Whisker(x(each.months), y(each.value), y(each.upper), y(each.lower)) for each in curve.points]
    path = _points([Point(x(0), y(1)), *(Point(each.x, each.y) for each in whiskers)])
    months = [Tick(x(value), value) for value in range(0, longest + 1, 12 if longest <= 72 else 24)]
    return SurvivalChart(path, whiskers, months, [Tick(y(value / 4), value / 4) for value in range(5)])


def years_chart(years: Sequence[Year]) -> YearsChart | None:
    """Residents, entries and departures by year; nothing of fewer than two years."""
    if len(years) < 2:
        return None
    step = (WIDTH - LEFT - RIGHT) / len(years)
    most = max([1, *(max(year.residents or 0, year.entered or 0, year.left or 0) for year in years)])
    unit = _unit(most)
    top = unit * ceil(most / unit)
    base, high = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM
    columns, line = [], []
    width = round(step * 0.36, 1)
    for index, year in enumerate(years):
        middle = LEFT + (index + 0.5) * step
        first, second = (_turned(middle + side * step * 0.2, WIDTH) - width / 2 for side in (-1, 1))
        heights = [round((value or 0) / top * high, 1) for value in (year.entered, year.left)]
        columns.append(Column(year.year, round(first, 1), heights[0], round(second, 1), heights[1], width, base))
        if year.residents is not None:
            line.append(Point(_turned(middle, WIDTH), round(base - year.residents / top * high, 1)))
    every = max(1, ceil(len(years) / 9))
    named = [
        Tick(_turned(LEFT + (index + 0.5) * step, WIDTH), year.year)
        for index, year in enumerate(years)
        if (len(years) - 1 - index) % every == 0
    ]
    numbers = [Tick(round(base - value / top * high, 1), value) for value in range(0, top + 1, unit)]
    return YearsChart(_points(line), columns, named, numbers, line[-1] if line else None)


def point_at(curve: Curve | None, months: int) -> AgeShare | None:
    """What a curve says of an age, if it says anything."""
    return next((point for point in curve.points if point.months == months), None) if curve else None


def chart_start() -> float:
    """Where the axis of numbers stands: at the side where reading begins."""
    return _turned(LEFT, WIDTH)


def chart_end() -> float:
    """The side where reading ends."""
    return _turned(WIDTH - RIGHT, WIDTH)


def chart_labels() -> float:
    """Where the numbers of the axis end."""
    return _turned(LEFT - 8, WIDTH)


def _unit(most: int) -> int:
    """A round number of which four to eight make the most."""
    power = 10 ** max(len(str(most)) - 1, 0)
    return next(unit for unit in (power // 5, power // 2, power, 2 * power) if unit and most / unit <= 6)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)


GLOBALS = (
    interval_bar,
    sparkline,
    quadrant_chart,
    survival_chart,
    years_chart,
    point_at,
    chart_start,
    chart_end,
    chart_labels,
)
