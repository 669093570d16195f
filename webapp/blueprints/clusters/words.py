"""What measures, quadrants, stars and directions are called."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from webapp.blueprints.clusters.formats import percent, ratio
from webapp.services.clusters import CLASSES, RegionRow
from webapp.web.formats import label, number


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


def survival_words(curve: str) -> tuple[str, str]:
    """Title and description of a curve of survival, by the name of its chart."""
    return {
        "survival": (
            gettext("Share of stays that last longer"),
            gettext("The share falls with the months since entry; upright lines are 95 %% intervals.") % {},
        ),
        "graduation-at-best": (
            gettext("Share still active, at best"),
            gettext("Companies that are not known to have closed count as active; upright lines are 95 %% intervals.")
            % {},
        ),
        "graduation": (
            gettext("Share still active, of those heard of"),
            gettext(
                "Each company is followed until somebody last confirmed its profile; upright lines are 95 %% intervals."
            )
            % {},
        ),
    }[curve]


def map_keys(rows: Sequence[RegionRow], measure: str) -> list[tuple[str, str]]:
    """The key of a map: class of a swatch, and the values that it stands for."""
    keys = []
    for rank in range(CLASSES + 1):
        values = sorted(row.value for row in rows if row.rank_class == rank and row.value is not None)
        if values:
            least, most = (measure_text(measure, value) for value in (values[0], values[-1]))
            text = least if least == most else gettext("%(least)s to %(most)s", least=least, most=most)
            keys.append((f"q{rank}", text))
    if any(row.rank_class is None for row in rows):
        keys.append(("unknown", gettext("withheld or not defined")))
    return keys


def trait_name(trait: str) -> str:
    """A question to which profiles have an answer."""
    return {
        "headcount": gettext("People employed"),
        "women_founded": gettext("At least one woman among the founders"),
        "exporters": gettext("Sells abroad"),
    }[trait]


def answer_name(trait: str, answer: str) -> str:
    """An answer of a profile."""
    if trait == "headcount":
        return label("headcounts", answer)
    return {
        "yes": gettext("Yes"),
        "no": gettext("No"),
        "named": gettext("Names a market abroad"),
        "none_named": gettext("Names none"),
    }[answer]


GLOBALS = (
    measure_name,
    measure_text,
    quadrant_name,
    star_name,
    direction_name,
    survival_words,
    map_keys,
    trait_name,
    answer_name,
)
