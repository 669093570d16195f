"""The facts of a profile as its page shows them, as plain texts: what comparisons set side by side and files hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.models import Partner, Startup, TermKind
from webapp.web.formats import (
    country_name,
    host_of,
    label,
    language_name,
    localized,
    money_range,
    month,
    place_name,
)
from webapp.web.goals import goal_name
from webapp.web.marks import freshness, partner_kind


@dataclass(frozen=True)
class Fact:
    """A fact that profiles of a noun may have."""

    code: str
    """What it is called in files for programs."""
    title: LazyString
    values: Callable[[Any], list[str]]
    """What a profile says, in the reader's words; nothing if that is not known."""


def _terms(code: str, title: LazyString, kind: TermKind) -> Fact:
    return Fact(code, title, lambda profile: [localized(term.names).text for term in profile.terms(kind)])


def _known(*texts: str | None) -> list[str]:
    return [text for text in texts if text]


def _names(rows: Iterable[Any]) -> list[str]:
    return [localized(row.names).text for row in rows]


def _verified(profile: Startup | Partner) -> list[str]:
    mark = freshness(profile)
    return [mark.text] if mark else []


def _raising(startup: Startup) -> list[str]:
    return _known(money_range(startup.raising_min, startup.raising_max, startup.currency))


def _based_in(partner: Partner) -> list[str]:
    return _known(localized(partner.city).text, country_name(partner.country) if partner.country else None)


_FRESHNESS = Fact("confirmed", lazy_gettext("Last checked"), _verified)
_WEBSITE = Fact(
    "website", lazy_gettext("Website"), lambda profile: _known(profile.website and host_of(profile.website))
)

STARTUP_FACTS: Sequence[Fact] = (
    _terms("sectors", lazy_gettext("Sectors"), TermKind.SECTOR),
    _terms("stage", lazy_gettext("Stage"), TermKind.MATURITY),
    Fact("regions", lazy_gettext("Region"), lambda startup: _names(startup.regions)),
    Fact("parks", lazy_gettext("Park"), lambda startup: _names(startup.sites)),
    Fact("city", lazy_gettext("City"), lambda startup: _known(localized(startup.city).text)),
    Fact(
        "residency",
        lazy_gettext("In the parks"),
        lambda startup: [label("residency_statuses", startup.residency)],
    ),
    Fact(
        "since",
        lazy_gettext("In the network since"),
        lambda startup: _known(startup.entered_on and month(startup.entered_on)),
    ),
    Fact("founded", lazy_gettext("Founded"), lambda startup: _known(startup.founded and str(startup.founded))),
    _terms("team", lazy_gettext("Team"), TermKind.HEADCOUNT),
    _terms("funding", lazy_gettext("Funding"), TermKind.FUNDING_STAGE),
    Fact("raising", lazy_gettext("Raising"), _raising),
    _terms("needs", lazy_gettext("Looking for"), TermKind.NEED),
    _terms("offers", lazy_gettext("Offers"), TermKind.OFFER),
    _terms("technologies", lazy_gettext("Technologies"), TermKind.TECHNOLOGY),
    _terms("business_models", lazy_gettext("Business model"), TermKind.BUSINESS_MODEL),
    _terms("customers", lazy_gettext("Customers"), TermKind.CUSTOMER),
    Fact(
        "export_markets",
        lazy_gettext("Sells in"),
        lambda startup: [country_name(code) for code in startup.export_markets],
    ),
    Fact(
        "founders",
        lazy_gettext("Founders"),
        lambda startup: _known(gettext("Women among the founders") if startup.women_founders else None),
    ),
    Fact(
        "goals",
        lazy_gettext("Sustainable Development Goals"),
        lambda startup: [goal_name(goal) for goal in startup.sdgs],
    ),
    _FRESHNESS,
    _WEBSITE,
)

PARTNER_FACTS: Sequence[Fact] = (
    Fact("kind", lazy_gettext("Who"), lambda partner: [partner_kind(partner.kind)]),
    Fact(
        "ticket",
        lazy_gettext("Usual ticket"),
        lambda partner: _known(money_range(partner.ticket_min, partner.ticket_max, partner.currency)),
    ),
    _terms("instruments", lazy_gettext("Ways to invest"), TermKind.INSTRUMENT),
    _terms("stages_sought", lazy_gettext("Stages sought"), TermKind.MATURITY),
    _terms("sectors_sought", lazy_gettext("Sectors sought"), TermKind.SECTOR),
    _terms("skills", lazy_gettext("Mentoring in"), TermKind.SKILL),
    _terms("offers_to_startups", lazy_gettext("Offers startups"), TermKind.OFFER),
    Fact(
        "invests_in",
        lazy_gettext("Invests in"),
        lambda partner: [place_name(code) for code in partner.geography],
    ),
    Fact("based_in", lazy_gettext("Based in"), _based_in),
    Fact(
        "languages",
        lazy_gettext("Languages"),
        lambda partner: [language_name(code) for code in partner.languages],
    ),
    _FRESHNESS,
    _WEBSITE,
)

FACTS: Mapping[str, Sequence[Fact]] = {Startup.noun: STARTUP_FACTS, Partner.noun: PARTNER_FACTS}
"""Noun -> its facts, in the order of pages and files."""
