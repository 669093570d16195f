"""The fields that a mapping can fill, and what each of them takes. Documented for readers in ``docs/data.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.models import TermKind


class FieldKind(StrEnum):
    """How a field's text becomes a value."""

    TEXT = "text"
    LOCALIZED = "localized"
    URL = "url"
    COUNTRY = "country"
    CURRENCY = "currency"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    COMPANY_NUMBER = "company number"
    COUNTRIES = "countries"
    GOALS = "goals"
    REGION = "region"
    TERMS = "terms"
    STAY = "stay"
    """A part of a single stay in a park; see ``webapp.services.imports.stays``."""
    EVENTS = "events"
    MILESTONES = "milestones"
    NOTE = "note"


class Transform(StrEnum):
    """What is done to a cell's text before the field reads it."""

    STRIP = "strip"
    YEAR = "year"
    URL = "url"
    MONEY = "money"
    BOOLEAN = "boolean"
    COUNTRY = "country"


@dataclass(frozen=True)
class Field:
    """What a field takes."""

    kind: FieldKind
    transform: Transform = Transform.STRIP
    """The transform unless the mapping asks for another."""
    multiple: bool = False
    limit: int = 0
    """Most characters, 0 if there is no limit."""


TERM_FIELDS: tuple[TermKind, ...] = (
    TermKind.SECTOR,
    TermKind.TECHNOLOGY,
    TermKind.MATURITY,
    TermKind.FUNDING_STAGE,
    TermKind.BUSINESS_MODEL,
    TermKind.CUSTOMER,
    TermKind.HEADCOUNT,
    TermKind.NEED,
    TermKind.OFFER,
    TermKind.LEGAL_FORM,
)
"""The kinds of terms that a startup carries; their fields have the names of the pack's files."""

PITCH_LENGTH = 140
TEXT_LENGTH = 20_000
"""Longer descriptions are cut; no page could show them."""

FIELDS: Mapping[str, Field] = {
    "slug": Field(FieldKind.TEXT, limit=80),
    "name_latin": Field(FieldKind.TEXT, limit=160),
    "name_arabic": Field(FieldKind.TEXT, limit=160),
    "pitch": Field(FieldKind.LOCALIZED, limit=PITCH_LENGTH),
    "description": Field(FieldKind.LOCALIZED, limit=TEXT_LENGTH),
    "website": Field(FieldKind.URL, Transform.URL, limit=300),
    "founded": Field(FieldKind.NUMBER, Transform.YEAR),
    "closed_on": Field(FieldKind.DATE),
    "company_number": Field(FieldKind.COMPANY_NUMBER, limit=40),
    "city": Field(FieldKind.LOCALIZED, limit=160),
    "country": Field(FieldKind.COUNTRY, Transform.COUNTRY),
    "region": Field(FieldKind.REGION),
    **{kind.value: Field(FieldKind.TERMS, multiple=True) for kind in TERM_FIELDS},
    "women_founders": Field(FieldKind.FLAG, Transform.BOOLEAN),
    "export_markets": Field(FieldKind.COUNTRIES, Transform.COUNTRY, multiple=True),
    "sdgs": Field(FieldKind.GOALS, multiple=True),
    "raising_min": Field(FieldKind.NUMBER, Transform.MONEY),
    "raising_max": Field(FieldKind.NUMBER, Transform.MONEY),
    "currency": Field(FieldKind.CURRENCY),
    "site": Field(FieldKind.STAY),
    "entered_on": Field(FieldKind.STAY),
    "left_on": Field(FieldKind.STAY),
    "leaving_reason": Field(FieldKind.STAY),
    "residency_events": Field(FieldKind.EVENTS, multiple=True),
    "milestones": Field(FieldKind.MILESTONES),
    "is_demo": Field(FieldKind.FLAG, Transform.BOOLEAN),
    "note": Field(FieldKind.NOTE, multiple=True),
}
DATE_FIELDS = frozenset({"closed_on", "entered_on", "left_on"})
