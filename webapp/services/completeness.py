"""How complete a profile is, weighed by what its fields do for matching.

The weights are those of the matcher's parts (``docs/matching.md``); a test compares them with ``webapp.matching``,
which pages do not load. What matching does not look at but readers do counts a little.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.models import Partner, PartnerKind, Startup
from webapp.services.profile_fields import Section, field_table
from webapp.services.profile_values import Values

PART_WEIGHTS: Mapping[str, float] = {
    "words": 0.08,
    "concepts": 0.08,
    "topics": 0.15,
    "sector": 0.17,
    "needs": 0.15,
    "stage": 0.08,
    "place": 0.06,
    "ticket": 0.05,
    "funding": 0.03,
    "technology": 0.03,
}
"""Part of the matcher -> its weight."""

READERS = 0.02
"""The weight of what helps readers only."""
ENOUGH_TEXT = 300
"""Characters of a description, in its longest language, that say enough."""


@dataclass(frozen=True)
class Aspect:
    """Something that makes a profile more complete."""

    code: str
    section: Section
    weight: float
    fields: tuple[str, ...]
    """Of which one is enough; those that the profile does not have are passed over."""


_STARTUP = (
    Aspect("pitch", Section.TEXTS, PART_WEIGHTS["concepts"], ("pitch",)),
    Aspect("description", Section.TEXTS, PART_WEIGHTS["topics"], ("description",)),
    Aspect("translations", Section.TEXTS, PART_WEIGHTS["words"], ("pitch", "description")),
    Aspect("sectors", Section.SECTORS, PART_WEIGHTS["sector"], ("sectors",)),
    Aspect("needs", Section.NEEDS, PART_WEIGHTS["needs"], ("needs",)),
    Aspect("stage", Section.SECTORS, PART_WEIGHTS["stage"], ("maturities",)),
    Aspect("place", Section.IDENTITY, PART_WEIGHTS["place"], ("region",)),
    Aspect("raising", Section.MONEY, PART_WEIGHTS["ticket"], ("raising_min", "raising_max")),
    Aspect("funding", Section.SECTORS, PART_WEIGHTS["funding"], ("funding_stages",)),
    Aspect("technologies", Section.SECTORS, PART_WEIGHTS["technology"], ("technologies",)),
    Aspect("website", Section.IDENTITY, READERS, ("website",)),
    Aspect("team", Section.TEAM, READERS, ("headcounts",)),
    Aspect("logo", Section.LOGO, READERS, ("logo",)),
)

_PARTNER = (
    Aspect("summary", Section.TEXTS, PART_WEIGHTS["concepts"], ("summary",)),
    Aspect("description", Section.TEXTS, PART_WEIGHTS["topics"], ("description",)),
    Aspect("translations", Section.TEXTS, PART_WEIGHTS["words"], ("summary", "description")),
    Aspect("sought-sectors", Section.SEEKS, PART_WEIGHTS["sector"], ("sectors",)),
    Aspect("answers", Section.OFFERS, PART_WEIGHTS["needs"], ("offers", "skills")),
    Aspect("instruments", Section.MONEY, PART_WEIGHTS["needs"], ("instruments",)),
    Aspect("sought-stages", Section.SEEKS, PART_WEIGHTS["stage"], ("maturities",)),
    Aspect("place", Section.IDENTITY, PART_WEIGHTS["place"], ("region", "sites")),
    Aspect("tickets", Section.MONEY, PART_WEIGHTS["ticket"], ("ticket_min", "ticket_max")),
    Aspect("sought-funding", Section.SEEKS, PART_WEIGHTS["funding"], ("funding_stages",)),
    Aspect("technologies", Section.SEEKS, PART_WEIGHTS["technology"], ("technologies",)),
    Aspect("website", Section.IDENTITY, READERS, ("website",)),
    Aspect("capacity", Section.CAPACITY, READERS, ("monthly_introductions",)),
    Aspect("logo", Section.LOGO, READERS, ("logo",)),
)


@dataclass(frozen=True)
class Completeness:
    """How complete a profile is, in percent, and what would help most, the most helpful first."""

    percent: int
    missing: Sequence[Aspect]


def aspects_of(profile: Startup | Partner) -> list[Aspect]:
    """What makes a profile complete. Whoever only sends money is not asked for a place."""
    fields = field_table(profile)
    aspects = _STARTUP if isinstance(profile, Startup) else _PARTNER
    found = [aspect for aspect in aspects if any(name in fields for name in aspect.fields)]
    if isinstance(profile, Partner) and profile.kind == PartnerKind.INVESTOR:
        return [aspect for aspect in found if aspect.code != "place"]
    return found


def completeness(profile: Startup | Partner, values: Values, languages: Collection[str]) -> Completeness:
    """How complete a profile with these values is.

    Args:
        languages: those that the network offers; each of them in which a text is missing counts.
    """
    total = reached = 0.0
    missing = []
    for aspect in aspects_of(profile):
        share = _share(profile, aspect, values, languages)
        total += aspect.weight
        reached += share * aspect.weight
        if share < 1:
            missing.append(((1 - share) * aspect.weight, aspect))
    missing.sort(key=lambda each: -each[0])
    percent = round(100 * reached / total)
    return Completeness(min(percent, 99) if missing else 100, [aspect for _, aspect in missing])


def _share(profile: Startup | Partner, aspect: Aspect, values: Values, languages: Collection[str]) -> float:
    """How much of an aspect is there, from 0 to 1."""
    if aspect.code == "translations":
        return _translated(aspect, values, languages)
    if aspect.code == "description":
        longest = max((len(text) for text in (values.get("description") or {}).values()), default=0)
        return min(longest / ENOUGH_TEXT, 1)
    if aspect.code == "place" and profile.sites:
        return 1
    return float(any(_is_said(values.get(name)) for name in aspect.fields))


def _translated(aspect: Aspect, values: Values, languages: Collection[str]) -> float:
    texts: list[Mapping[str, str]] = [values.get(name) or {} for name in aspect.fields]
    there = [text for text in texts if text] or texts[:1]
    return sum(language in text for text in there for language in languages) / (len(there) * max(len(languages), 1))


def _is_said(value: Any) -> bool:
    return value not in (None, "", [], {})
