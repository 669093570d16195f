"""The fields of a profile: the one table from which forms, differences, completeness, publishing and history follow.

What a field is called and how it is explained stands in ``webapp.web.profile_words``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.models import AT_MOST, Partner, PartnerKind, Startup, TermKind
from webapp.services.imports.fields import PITCH_LENGTH, TEXT_LENGTH

MOST_GOALS = 3
MOST_COUNTRIES = 60
MOST_ITEMS = 30


class ValueKind(StrEnum):
    """What a field holds, and with it how its value looks in JSON."""

    TEXT = "text"
    """A line, or nothing."""
    LOCALIZED = "localized"
    """Language -> line."""
    PARAGRAPHS = "paragraphs"
    """Language -> text of several lines."""
    URL = "url"
    YEAR = "year"
    COUNT = "count"
    """A small number."""
    AMOUNT = "amount"
    """Whole units of the profile's currency."""
    CURRENCY = "currency"
    FLAG = "flag"
    """Yes, no, or not said."""
    COMPANY_NUMBER = "company-number"
    COUNTRY = "country"
    COUNTRIES = "countries"
    PLACES = "places"
    """Codes of countries or of regions of the network."""
    LANGUAGES = "languages"
    GOALS = "goals"
    REGION = "region"
    SITES = "sites"
    TERMS = "terms"
    """Codes, in their order."""
    LOGO = "logo"
    """Name of its file."""
    MILESTONES = "milestones"
    PORTFOLIO = "portfolio"


class Section(StrEnum):
    """The pages on which a profile is edited, in their order."""

    IDENTITY = "identity"
    TEXTS = "texts"
    SECTORS = "sectors"
    NEEDS = "needs"
    SEEKS = "seeks"
    OFFERS = "offers"
    MONEY = "money"
    TEAM = "team"
    CAPACITY = "capacity"
    MILESTONES = "milestones"
    PORTFOLIO = "portfolio"
    LOGO = "logo"


@dataclass(frozen=True)
class ProfileField:
    """A field of a profile."""

    name: str
    kind: ValueKind
    section: Section
    limit: int = 0
    """Most characters of a text (in each language), 0 if it has none."""
    most: int = 0
    """Most entries of a list, 0 if there is no limit."""
    term_kind: TermKind | None = None
    excluded: bool = False
    """Whether its terms are those ruled out."""
    expires: bool = False
    """Whether its terms hold for a time only."""
    required: bool = False
    """Whether a profile is not published without it."""
    only: frozenset[PartnerKind] = frozenset()
    """The kinds of partners that have it; all if empty."""

    @property
    def terms(self) -> TermKind:
        """The kind of its terms.

        Raises:
            ValueError: it has none.
        """
        if self.term_kind is None:
            raise ValueError(f"{self.name} holds no terms")
        return self.term_kind

    @property
    def is_localized(self) -> bool:
        """Whether it is a text in several languages."""
        return self.kind in (ValueKind.LOCALIZED, ValueKind.PARAGRAPHS)

    @property
    def is_list_of_rows(self) -> bool:
        """Whether its entries are records of their own."""
        return self.kind in (ValueKind.MILESTONES, ValueKind.PORTFOLIO)


def _text(name: str, section: Section, limit: int, *, required: bool = False) -> ProfileField:
    return ProfileField(name, ValueKind.LOCALIZED, section, limit=limit, required=required)


def _terms(
    kind: TermKind,
    section: Section,
    *only: PartnerKind,
    name: str = "",
    most: int = 0,
    excluded: bool = False,
    expires: bool = False,
    required: bool = False,
) -> ProfileField:
    return ProfileField(
        name or kind.value,
        ValueKind.TERMS,
        section,
        most=most,
        term_kind=kind,
        excluded=excluded,
        expires=expires,
        required=required,
        only=frozenset(only),
    )


def _startup_terms(kind: TermKind, section: Section, *, expires: bool = False, required: bool = False) -> ProfileField:
    return _terms(kind, section, most=AT_MOST.get(kind, 0), expires=expires, required=required)


_NAMES = (
    ProfileField("name_latin", ValueKind.TEXT, Section.IDENTITY, limit=160),
    ProfileField("name_arabic", ValueKind.TEXT, Section.IDENTITY, limit=160),
)
_ADDRESS = (
    ProfileField("website", ValueKind.URL, Section.IDENTITY, limit=300),
    ProfileField("city", ValueKind.LOCALIZED, Section.IDENTITY, limit=80),
    ProfileField("region", ValueKind.REGION, Section.IDENTITY),
    ProfileField("country", ValueKind.COUNTRY, Section.IDENTITY),
)
_LOGO = (ProfileField("logo", ValueKind.LOGO, Section.LOGO),)
_INVESTOR, _MENTOR, _CORPORATE = PartnerKind.INVESTOR, PartnerKind.MENTOR, PartnerKind.CORPORATE

STARTUP_FIELDS: tuple[ProfileField, ...] = (
    *_NAMES,
    *_ADDRESS,
    ProfileField("founded", ValueKind.YEAR, Section.IDENTITY),
    ProfileField("company_number", ValueKind.COMPANY_NUMBER, Section.IDENTITY, limit=40),
    _startup_terms(TermKind.LEGAL_FORM, Section.IDENTITY),
    _text("pitch", Section.TEXTS, PITCH_LENGTH, required=True),
    ProfileField("description", ValueKind.PARAGRAPHS, Section.TEXTS, limit=TEXT_LENGTH),
    _startup_terms(TermKind.SECTOR, Section.SECTORS, required=True),
    _startup_terms(TermKind.TECHNOLOGY, Section.SECTORS),
    _startup_terms(TermKind.MATURITY, Section.SECTORS),
    _startup_terms(TermKind.FUNDING_STAGE, Section.SECTORS),
    _startup_terms(TermKind.NEED, Section.NEEDS, expires=True),
    _startup_terms(TermKind.OFFER, Section.NEEDS, expires=True),
    ProfileField("raising_min", ValueKind.AMOUNT, Section.MONEY),
    ProfileField("raising_max", ValueKind.AMOUNT, Section.MONEY),
    ProfileField("currency", ValueKind.CURRENCY, Section.MONEY),
    _startup_terms(TermKind.BUSINESS_MODEL, Section.TEAM),
    _startup_terms(TermKind.CUSTOMER, Section.TEAM),
    _startup_terms(TermKind.HEADCOUNT, Section.TEAM),
    ProfileField("women_founders", ValueKind.FLAG, Section.TEAM),
    ProfileField("export_markets", ValueKind.COUNTRIES, Section.TEAM, most=MOST_COUNTRIES),
    ProfileField("sdgs", ValueKind.GOALS, Section.TEAM, most=MOST_GOALS),
    ProfileField("milestones", ValueKind.MILESTONES, Section.MILESTONES, limit=300, most=MOST_ITEMS),
    *_LOGO,
)

PARTNER_FIELDS: tuple[ProfileField, ...] = (
    *_NAMES,
    *_ADDRESS,
    _terms(TermKind.INVESTOR_TYPE, Section.IDENTITY, _INVESTOR),
    ProfileField("languages", ValueKind.LANGUAGES, Section.IDENTITY, most=12),
    _text("summary", Section.TEXTS, PITCH_LENGTH, required=True),
    ProfileField("description", ValueKind.PARAGRAPHS, Section.TEXTS, limit=TEXT_LENGTH),
    ProfileField("pilot_process", ValueKind.PARAGRAPHS, Section.TEXTS, limit=TEXT_LENGTH, only=frozenset({_CORPORATE})),
    _terms(TermKind.SECTOR, Section.SEEKS),
    _terms(TermKind.SECTOR, Section.SEEKS, name="excluded_sectors", excluded=True),
    _terms(TermKind.TECHNOLOGY, Section.SEEKS),
    _terms(TermKind.MATURITY, Section.SEEKS),
    _terms(TermKind.FUNDING_STAGE, Section.SEEKS, _INVESTOR),
    ProfileField("geography", ValueKind.PLACES, Section.SEEKS, most=MOST_COUNTRIES, only=frozenset({_INVESTOR})),
    _terms(TermKind.OFFER, Section.OFFERS, _CORPORATE, expires=True),
    _terms(TermKind.SKILL, Section.OFFERS, _MENTOR),
    _terms(TermKind.FORMAT, Section.OFFERS, _MENTOR),
    _terms(TermKind.INSTRUMENT, Section.MONEY, _INVESTOR),
    ProfileField("ticket_min", ValueKind.AMOUNT, Section.MONEY, only=frozenset({_INVESTOR})),
    ProfileField("ticket_max", ValueKind.AMOUNT, Section.MONEY, only=frozenset({_INVESTOR})),
    ProfileField("currency", ValueKind.CURRENCY, Section.MONEY, only=frozenset({_INVESTOR})),
    ProfileField("monthly_introductions", ValueKind.COUNT, Section.CAPACITY),
    ProfileField("capacity", ValueKind.COUNT, Section.CAPACITY, only=frozenset({_MENTOR})),
    ProfileField("sites", ValueKind.SITES, Section.CAPACITY, only=frozenset({_MENTOR})),
    ProfileField("portfolio", ValueKind.PORTFOLIO, Section.PORTFOLIO, limit=160, most=100, only=frozenset({_INVESTOR})),
    *_LOGO,
)

RANGES: tuple[tuple[str, str], ...] = (("raising_min", "raising_max"), ("ticket_min", "ticket_max"))
"""Fields of which the first must not be greater than the second."""


def fields_of(profile: Startup | Partner) -> tuple[ProfileField, ...]:
    """The fields that a profile has, in the order of its pages."""
    if isinstance(profile, Startup):
        return STARTUP_FIELDS
    return tuple(field for field in PARTNER_FIELDS if not field.only or profile.kind in field.only)


def field_table(profile: Startup | Partner) -> Mapping[str, ProfileField]:
    """The same by name."""
    return {field.name: field for field in fields_of(profile)}


def fields_in(profile: Startup | Partner, section: str) -> tuple[ProfileField, ...]:
    """The fields of one of its pages; none if it has no such page."""
    return tuple(field for field in fields_of(profile) if field.section == section)


def sections_of(profile: Startup | Partner) -> list[Section]:
    """The pages that a profile has, in their order."""
    found: Iterable[Section] = {field.section for field in fields_of(profile)}
    return [section for section in Section if section in found]
