"""The public figures of regions and sectors as plain data, and how they are kept. docs/clusters.md defines them.

What is ``None`` is withheld or not defined; nothing here can be subtracted into a count that is withheld.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pydantic import TypeAdapter, ValidationError

from webapp.services.cluster_today import Introductions, Prospect, Relation

FORM = 2
"""Version of the form of the figures. Releases in another form are not read, and made anew."""

YEARS = 5
"""Years that a history goes back; it has one number more, oldest first."""
SPANS = (1, 3, 5)
"""Years over which growth is shown."""
QUADRANT_YEARS = 3
"""Years over which a quadrant compares."""
INHABITANTS = 100_000
ESTABLISHMENTS = 1_000
"""What densities are relative to."""
AGES = (6, 12, 18, 24, 36, 48, 60, 84, 120)
"""Months at which survival is shown."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval and the number that it rests on."""

    value: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True)
class Change:
    """From ``before``, some years ago, to now, in startups. Ratios are nothing where nothing was before."""

    years: int
    before: int
    change: int
    relative: float | None
    yearly: float | None


@dataclass(frozen=True)
class Cell:
    """A sector in a region."""

    sector: str
    region: str
    residents: int | None
    history: list[int | None]
    changes: list[Change]
    share_of_region: float | None
    share_of_sector: float | None
    quotient: Estimate | None
    """Location quotient."""
    quotient_before: float | None
    """The same ``QUADRANT_YEARS`` ago, if it may be published."""
    exact: bool
    """Whether its interval is the exact one, else the delta method's."""
    shrunken: Estimate | None
    specialised: bool
    stars: list[str]
    """Those of ``size``, ``specialisation`` and ``focus`` that it has."""
    quadrant: str | None
    """Whatever the interval: claim it only where ``is_sure``."""

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the location quotient excludes 1."""
        return self.quotient is not None and (self.quotient.lower > 1 or self.quotient.upper < 1)


@dataclass(frozen=True)
class Diversity:
    """Over sectors, from what is published: withheld cells are taken as equal parts of what is left of the total."""

    startups: int
    effective: float
    """Effective number of sectors."""
    hhi: float
    entropy: float
    """Bits; the sum of the next two."""
    unrelated: float
    related: float
    krugman: float
    krugman_by_chance: float


@dataclass(frozen=True)
class Flows:
    """The twelve months up to the day of the figures."""

    since: date
    entered: int
    left: int
    direction: str
    """``growing``, ``shrinking`` or ``unclear``."""
    turnover: Estimate
    """Departures a year and resident; n are departures."""
    retention: Estimate | None
    """n were there at the start."""
    renewal: Estimate | None
    """n are renewals and departures."""
    vacancies: Estimate | None
    """Residents expected to leave within twelve months; n are residents."""


@dataclass(frozen=True)
class AgeShare:
    """A share at an age in months, with its interval and who is at risk then."""

    months: int
    value: float
    lower: float
    upper: float
    at_risk: int


@dataclass(frozen=True)
class Curve:
    """A survival curve at some ages, as far as enough are at risk."""

    lives: int
    points: list[AgeShare]


@dataclass(frozen=True)
class ReasonShare:
    """The share of stays that had ended for a reason by an age."""

    reason: str
    share: AgeShare


@dataclass(frozen=True)
class Part:
    """Residents whose profile gives one answer."""

    code: str
    residents: int | None
    share: Estimate | None
    """Of those whose answer is known, who are n."""


@dataclass(frozen=True)
class Trait:
    """How the residents of a place divide by what their profiles say today."""

    code: str
    """``headcount``, ``women_founded`` or ``exporters``; of exporters only the markets that are named are known."""
    residents: int
    known: int | None
    """Those whose answer is known. The others did not answer: that is no "no"."""
    parts: list[Part]

    @property
    def is_told(self) -> bool:
        """Whether any of it may be published, and is known."""
        return any(part.residents is not None for part in self.parts) and self.known != 0


@dataclass(frozen=True)
class Place:
    """A region, a sector, or (without a code) the network."""

    code: str
    residents: int | None
    history: list[int | None]
    changes: list[Change]
    share: float | None
    """Of all that the table counts."""
    per_inhabitants: float | None
    per_establishments: float | None
    capacity: int | None
    occupancy: float | None
    diversity: Diversity | None
    flows: Flows | None
    survival: Curve | None
    traits: list[Trait] = field(default_factory=list)
    """Of regions and the network, as of today only."""
    prospects: list[Prospect] = field(default_factory=list)
    """Of regions, as of today only."""
    introductions: Introductions | None = None
    """Of regions and the network, as of today only; of the startup's region."""


@dataclass(frozen=True)
class Year:
    """The network at the end of a year, or, of the last one, on the day of the figures."""

    year: int
    residents: int | None
    entered: int | None
    left: int | None


@dataclass(frozen=True)
class Network:
    """The network as a whole."""

    place: Place
    """Its residents are counted once each, those without a sector too."""
    startups: int
    """As many as the residents of ``place``, which are never withheld."""
    counted: int
    """What the table adds up to: a startup counts once in each of its regions."""
    alumni: int | None
    years: list[Year]
    graduation: Curve | None
    """Of companies that completed their stay, from then until they close: each followed until last heard of."""
    graduation_at_best: Curve | None
    """The same if every company that is not known to have closed is still active."""
    reasons: list[ReasonShare]


@dataclass(frozen=True)
class Figures:
    """Everything that is published together as of one day."""

    as_of: date
    threshold: int
    """Fewest startups that a public count may be of, besides none."""
    is_protected: bool
    """Whether small counts can be hidden at all. If not, there is no table of sectors and regions."""
    specialised_from: float
    network: Network
    regions: list[Place]
    sectors: list[Place]
    cells: list[Cell]
    relations: list[Relation] = field(default_factory=list)
    """As of today only, the nearest first; of each two sectors one."""
    related_startups: int = 0
    """Startups that the relations are found from."""

    def region(self, code: str) -> Place | None:
        """A region's figures."""
        return next((place for place in self.regions if place.code == code), None)

    def sector(self, code: str) -> Place | None:
        """A sector's figures."""
        return next((place for place in self.sectors if place.code == code), None)

    def cell(self, sector: str, region: str) -> Cell:
        """A sector in a region.

        Raises:
            StopIteration: there is no such sector or region.
        """
        return next(cell for cell in self.cells if (cell.sector, cell.region) == (sector, region))

    def related_to(self, sector: str) -> list[tuple[str, Relation]]:
        """The sectors that go with one, each with their relation, the nearest first."""
        pairs = [(pair, {pair.sector, pair.other}) for pair in self.relations]
        return [((both - {sector}).pop(), pair) for pair, both in pairs if sector in both]

    def cells_of(self, *, region: str | None = None, sector: str | None = None) -> list[Cell]:
        """The cells of a region or of a sector that are not empty, withheld ones last, the largest first."""
        chosen = [cell for cell in self.cells if region in (None, cell.region) and sector in (None, cell.sector)]
        chosen = [cell for cell in chosen if cell.residents != 0]
        return sorted(chosen, key=lambda cell: -(cell.residents or 0))


_ADAPTER: TypeAdapter[Figures] = TypeAdapter(Figures)


def to_json(figures: Figures) -> str:
    """The figures as a text to keep."""
    return _ADAPTER.dump_json(figures).decode()


def from_json(text: str) -> Figures:
    """The figures from a text that was kept.

    Raises:
        pydantic.ValidationError: it has another form.
    """
    return _ADAPTER.validate_json(text)


def is_readable(text: str) -> bool:
    """Whether a text that was kept has the form of today."""
    try:
        from_json(text)
    except ValidationError:
        return False
    return True
