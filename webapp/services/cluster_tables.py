"""The figures of a page as tables, for files: columns with stable English names, numbers as they are.

An empty cell is withheld or not defined; ``status`` says of the number of residents which it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from webapp.services.cluster_figures import SPANS, Cell, Change, Curve, Estimate, Figures, Place
from webapp.services.cluster_today import Introductions, Relation
from webapp.services.clusters import ComparePage, NetworkPage, RegionPage, RegionsPage, SectorPage

Row = Mapping[str, Any]
Page = RegionsPage | RegionPage | SectorPage | ComparePage | NetworkPage


@dataclass(frozen=True)
class Tables:
    """The tables of a page by name; the first is the one that a CSV file holds."""

    figures: Figures
    tables: Mapping[str, Sequence[Row]]
    note: str = ""
    """What whoever opens the file must know; in CSV beside every row."""

    @property
    def main(self) -> Sequence[Row]:
        """The rows of the first table."""
        return next(iter(self.tables.values()))

    def named(self, name: str) -> Sequence[Row]:
        """The rows of a table; of the first, if there is none of that name."""
        return self.tables.get(name, self.main)


def tables_of(page: Page) -> Tables:
    """The tables of any page."""
    figures = page.figures
    if isinstance(page, RegionsPage):
        return Tables(figures, {"regions": [place_row("region", row.place) for row in page.rows]})
    tables: dict[str, Sequence[Row]]
    if isinstance(page, RegionPage):
        tables = {"sectors": [cell_row(cell) for cell in page.cells], "region": [place_row("region", page.place)]}
        tables |= {"survival": curve_rows(page.place.survival), "profiles": trait_rows(page.place)}
        return Tables(figures, tables | {"prospects": [vars(each) for each in page.place.prospects]})
    if isinstance(page, SectorPage):
        tables = {"regions": [cell_row(cell) for cell in page.cells], "sector": [place_row("sector", page.place)]}
        tables |= {"survival": curve_rows(page.place.survival)}
        return Tables(figures, tables | {"related": [relation_row(*each) for each in page.related]})
    if isinstance(page, ComparePage):
        cells = [cell_row(cell) for _, row in page.sectors for cell in row]
        return Tables(figures, {"sectors": cells, "regions": [place_row("region", place) for place in page.places]})
    return _network_tables(figures)


def _network_tables(figures: Figures) -> Tables:
    network = figures.network
    tables: dict[str, Sequence[Row]] = {
        "years": [vars(year) for year in network.years],
        "network": [place_row("network", network.place) | {"alumni": network.alumni}],
        "sectors": [place_row("sector", place) for place in figures.sectors],
        "survival": curve_rows(network.place.survival),
        "profiles": trait_rows(network.place),
        "graduation": curve_rows(network.graduation),
        "graduation_at_best": curve_rows(network.graduation_at_best),
        "reasons": [{"reason": each.reason} | vars(each.share) for each in network.reasons],
    }
    return Tables(figures, tables)


def place_row(kind: str, place: Place) -> dict[str, Any]:
    """A region, a sector or the network."""
    flows, found = place.flows, place.diversity
    return {
        kind: place.code,
        "status": _status(place.residents),
        "residents": place.residents,
        "share_of_network": place.share,
        "per_100000_inhabitants": place.per_inhabitants,
        "per_1000_establishments": place.per_establishments,
        **_changes(place.changes),
        "entered": flows.entered if flows else None,
        "left": flows.left if flows else None,
        "direction": flows.direction if flows else None,
        **_estimate("turnover", flows.turnover if flows else None),
        **_estimate("retention", flows.retention if flows else None),
        **_estimate("renewal", flows.renewal if flows else None),
        **_estimate("vacancies", flows.vacancies if flows else None),
        "capacity": place.capacity,
        "occupancy": place.occupancy,
        "effective_number": found.effective if found else None,
        "hhi": found.hhi if found else None,
        "entropy_bits": found.entropy if found else None,
        "unrelated_variety": found.unrelated if found else None,
        "related_variety": found.related if found else None,
        "krugman": found.krugman if found else None,
        "krugman_by_chance": found.krugman_by_chance if found else None,
        **_introductions(place.introductions),
    }


def _introductions(found: Introductions | None) -> dict[str, Any]:
    steps = fields(Introductions)
    return {f"introductions_{step.name}": getattr(found, step.name) if found else None for step in steps}


def cell_row(cell: Cell) -> dict[str, Any]:
    """A sector in a region."""
    return {
        "region": cell.region,
        "sector": cell.sector,
        "status": _status(cell.residents),
        "residents": cell.residents,
        "share_of_region": cell.share_of_region,
        "share_of_sector": cell.share_of_sector,
        **_estimate("location_quotient", cell.quotient),
        "location_quotient_3y_before": cell.quotient_before,
        "interval": ("exact" if cell.exact else "delta") if cell.quotient else None,
        **_estimate("shrunken_quotient", cell.shrunken),
        "specialised": cell.specialised if cell.quotient else None,
        "stars": " ".join(cell.stars),
        "quadrant": cell.quadrant,
        **_changes(cell.changes),
    }


def curve_rows(curve: Curve | None) -> Sequence[Row]:
    """A survival curve; no rows without one."""
    return [vars(point) for point in curve.points] if curve else []


def trait_rows(place: Place) -> Sequence[Row]:
    """What the profiles of a place's residents say, an answer a row."""
    return [
        {
            "place": place.code,
            "trait": trait.code,
            "answer": part.code,
            "status": _status(part.residents),
            "residents": part.residents,
            **_estimate("share", part.share),
        }
        for trait in place.traits
        for part in trait.parts
    ]


def relation_row(sector: str, found: Relation) -> dict[str, Any]:
    """A sector that goes with the one of the page."""
    return {
        "sector": sector,
        "together": found.together,
        "proximity": found.proximity,
        "association": found.association,
    }


def _status(residents: int | None) -> str:
    return "withheld" if residents is None else "shown"


def _changes(changes: Sequence[Change]) -> dict[str, Any]:
    by_years = {change.years: change for change in changes}
    return {
        f"{name}_{years}y": getattr(by_years[years], field) if years in by_years else None
        for years in SPANS
        for name, field in (("residents_before", "before"), ("change", "change"), ("yearly_growth", "yearly"))
    }


def _estimate(name: str, estimate: Estimate | None) -> dict[str, Any]:
    return {
        name: estimate.value if estimate else None,
        f"{name}_lower": estimate.lower if estimate else None,
        f"{name}_upper": estimate.upper if estimate else None,
        f"{name}_n": estimate.n if estimate else None,
    }


def dated_rows(tables: Tables, name: str = "") -> list[Row]:
    """The rows of one table for a file, the first table unless another is named; each row begins with the day."""
    note = {"note": tables.note} if tables.note else {}
    day = {"as_of": tables.figures.as_of.isoformat()}
    return [day | {column: _cell(value) for column, value in row.items()} | note for row in tables.named(name)]


def columns_of(rows: Sequence[Row]) -> list[str]:
    """The columns of such rows, which all have the same; of a table without rows only the day."""
    return list(rows[0]) if rows else ["as_of"]


def to_json(tables: Tables, **more: Any) -> str:
    """All tables with the day, the threshold and the network's totals."""
    figures = tables.figures
    content = {
        "as_of": figures.as_of.isoformat(),
        "threshold": figures.threshold,
        "specialised_from": figures.specialised_from,
        "residents": figures.network.startups,
        "counted": figures.network.counted,
    }
    if tables.note:
        content["note"] = tables.note
    return json.dumps(content | more | dict(tables.tables), ensure_ascii=False, default=list)


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value
