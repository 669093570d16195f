"""A small network to compute figures of: few enough to count by hand, with small numbers to hide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

Maker = Callable[..., Any]

COUNTS = {
    ("casablanca", "software"): 9,
    ("casablanca", "fintech"): 6,
    ("casablanca", "edtech"): 4,
    ("casablanca", "agritech"): 1,
    ("agadir", "agritech"): 7,
    ("agadir", "software"): 3,
    ("agadir", "edtech"): 2,
    ("rabat", "software"): 5,
    ("rabat", "fintech"): 5,
    ("rabat", "edtech"): 6,
    ("rabat", "agritech"): 4,
}
REGIONS = {"casablanca": "MA-06", "agadir": "MA-09", "rabat": "MA-04"}
TOTAL = sum(COUNTS.values())


def settle(make_startup: Maker, entered: date = date(2024, 1, 1)) -> list[Any]:
    """Make all of them residents since a day; those of a cell came a day after one another."""
    return [
        make_startup(site=site, sectors=[sector], entered=date.fromordinal(entered.toordinal() + number))
        for (site, sector), count in COUNTS.items()
        for number in range(count)
    ]
