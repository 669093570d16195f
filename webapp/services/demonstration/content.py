"""What the demonstration is made from: the files in the ``demo`` folder of a network pack.

They hold text and proportions; this module only reads them and says what is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter

from webapp.models import Localized
from webapp.services.network_schema import Entry

Words = TypeVar("Words", bound=Entry)


class Idea(Entry):
    """A product that up to as many startups are made from as it has segments."""

    key: str
    sectors: list[str]
    technologies: list[str]
    business_model: str
    customers: list[str]
    needs: list[str]
    offers: list[str] = []
    sdgs: list[int] = []
    segments: list[Localized]
    pitch: list[Localized]
    product: Localized
    edge: Localized
    traction: Localized


class BrandWord(Entry):
    """A word of brand names, in both scripts, with the sectors that it suits (none: any)."""

    latin: str
    arabic: str
    sectors: list[str] = []


class Names(Entry):
    """names.yaml."""

    roots: list[BrandWord]
    suffixes: list[BrandWord]


class Phrases(Entry):
    """phrases.yaml: sentences that are not about a product."""

    early: list[Localized]
    ask: list[Localized]
    team: list[Localized]
    alumni: list[Localized]
    closed: list[Localized]
    milestones: dict[str, list[Localized]]


class StayFigures(Entry):
    """How long startups stay."""

    early_leavers: float
    early_months: tuple[int, int]
    later_years: float
    lease_months: int
    two_sites: float
    moves: float


class SiteFigures(Entry):
    """How much of the network a site is, and since when."""

    since: int
    weight: float


class MaturityStep(Entry):
    """The mix of maturities up to a time since entry, in months."""

    until: int
    weights: dict[str, float]


class PopulationFigures(Entry):
    """population.yaml; its comments explain the keys."""

    residents: int
    former_residents: int
    supported: int
    stay: StayFigures
    later_reasons: dict[str, float]
    early_reasons: dict[str, float]
    closes_within_five_years: float
    sites: dict[str, SiteFigures]
    affinities: dict[str, dict[str, float]]
    maturity_by_months: list[MaturityStep]
    funding_by_maturity: dict[str, dict[str, float]]
    headcount_by_maturity: dict[str, dict[str, float]]
    legal_forms: dict[str, float]
    legal_form_before_founding: str
    not_founded_yet: list[str]
    early_maturities: list[str]
    raising: dict[str, tuple[int, int]]
    raising_share: float
    raising_needs: list[str]
    raising_next: dict[str, str]
    export_markets: dict[str, float]
    export_share: dict[str, float]
    women_founders: float
    company_number: str


@dataclass(frozen=True)
class Content:
    """All that a demonstration is made from."""

    ideas: list[Idea]
    names: Names
    phrases: Phrases
    figures: PopulationFigures
    partners: dict[str, list[dict[str, Any]]]
    """Partners by kind, as written."""

    @property
    def size(self) -> int:
        """How many startups and partners are made from it."""
        startups = self.figures.residents + self.figures.former_residents + self.figures.supported
        return startups + sum(len(entries) for entries in self.partners.values())


def read_content(folder: Path) -> Content:
    """Read a pack's ``demo`` folder.

    Raises:
        FileNotFoundError: a file is missing.
        pydantic.ValidationError: a file does not fit its schema.
    """
    ideas = [
        idea
        for path in sorted((folder / "ideas").glob("*.yaml"))
        for idea in TypeAdapter(list[Idea]).validate_python(_load(path))
    ]
    return Content(
        ideas=ideas,
        names=Names.model_validate(_load(folder / "names.yaml")),
        phrases=Phrases.model_validate(_load(folder / "phrases.yaml")),
        figures=PopulationFigures.model_validate(_load(folder / "population.yaml")),
        partners={
            "investor": _load(folder / "investors.yaml"),
            "mentor": _load(folder / "mentors.yaml"),
            "corporate": _load(folder / "corporates.yaml"),
        },
    )


def read_words(path: Path, kind: type[Words]) -> Words:
    """What one file holds."""
    return kind.model_validate(_load(path))


def _load(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)
