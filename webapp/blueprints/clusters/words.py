"""What measures, quadrants, stars and directions are called."""

from __future__ import annotations

from flask_babel import gettext

from webapp.blueprints.clusters.formats import percent, ratio
from webapp.web.formats import number


def measure_name(measure: str) -> str:
    """What the map of regions shows."""
    return {
        "density": gettext("Residents per 100,000 inhabitants"),
        "residents": gettext("Residents"),
        "establishments": gettext("Residents per 1,000 establishments"),
        "growth": gettext("Growth in a year"),
        "turnover": gettext("Turnover in a year"),
        "effective": gettext("Effective number of sectors"),
        "quotient": gettext("Location quotient"),
    }[measure]


def measure_text(measure: str, value: float) -> str:
    """A value of a measure."""
    if measure in ("growth", "turnover"):
        return percent(value)
    return number(value) if measure == "residents" else ratio(value)


def quadrant_name(quadrant: str) -> str:
    """A quadrant in a word."""
    return {
        "star": gettext("Strong and gaining"),
        "mature": gettext("Strong and losing"),
        "emerging": gettext("Weak and gaining"),
        "transforming": gettext("Weak and losing"),
    }[quadrant]


def star_name(star: str) -> str:
    """A distinction in a word."""
    return {
        "size": gettext("Size"),
        "specialisation": gettext("Specialisation"),
        "focus": gettext("Focus"),
    }[star]


def direction_name(direction: str) -> str:
    """Whether entries surely outnumber departures."""
    return {
        "growing": gettext("surely growing"),
        "shrinking": gettext("surely shrinking"),
        "unclear": gettext("no clear direction"),
    }[direction]


GLOBALS = (measure_name, measure_text, quadrant_name, star_name, direction_name)
