"""What the fields and pages of a profile are called, and how they are explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from flask import Flask
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.models import Partner, PartnerKind, Startup
from webapp.services.profile_fields import ProfileField, Section
from webapp.web.formats import localized
from webapp.web.site import current_network

Text: TypeAlias = LazyString | str


class Words(NamedTuple):
    """A name and what helps to fill it in."""

    name: Text
    help: Text = ""


SECTIONS: Mapping[Section, Words] = {
    Section.IDENTITY: Words(lazy_gettext("Name and address")),
    Section.TEXTS: Words(
        lazy_gettext("Texts"),
        lazy_gettext("Each text in each language. Whoever reads the profile sees it in their own, where there is one."),
    ),
    Section.SECTORS: Words(lazy_gettext("Sectors and stage")),
    Section.NEEDS: Words(
        lazy_gettext("Needs and offers"),
        lazy_gettext("They hold for six months. Before they expire, you are asked whether they are still true."),
    ),
    Section.SEEKS: Words(lazy_gettext("What we look for")),
    Section.OFFERS: Words(lazy_gettext("What we offer")),
    Section.MONEY: Words(lazy_gettext("Money")),
    Section.TEAM: Words(lazy_gettext("Team and markets")),
    Section.CAPACITY: Words(lazy_gettext("Time and place")),
    Section.MILESTONES: Words(
        lazy_gettext("Milestones"),
        lazy_gettext(
            "What happened, and where that is known from. Rows that are left empty are removed; saving adds new ones."
        ),
    ),
    Section.PORTFOLIO: Words(
        lazy_gettext("Portfolio"),
        lazy_gettext("Rows that are left empty are removed; saving adds new ones."),
    ),
    Section.LOGO: Words(lazy_gettext("Logo")),
}

_MONEY = lazy_gettext("A whole amount, like 500,000 or 2 M.")
_COUNTRIES = lazy_gettext("Names of countries, one on each line or separated by commas.")

FIELDS: Mapping[str, Words] = {
    "name_latin": Words(lazy_gettext("Name in Latin letters")),
    "name_arabic": Words(lazy_gettext("Name in Arabic letters"), lazy_gettext("One of the two names is enough.")),
    "website": Words(lazy_gettext("Website")),
    "city": Words(lazy_gettext("City")),
    "region": Words(lazy_gettext("Region"), lazy_gettext("Where the seat is.")),
    "country": Words(lazy_gettext("Country")),
    "founded": Words(lazy_gettext("Founded"), lazy_gettext("The year.")),
    "company_number": Words(lazy_gettext("Company number")),
    "legal_forms": Words(lazy_gettext("Legal form")),
    "investor_types": Words(lazy_gettext("Type")),
    "languages": Words(lazy_gettext("Languages"), lazy_gettext("In which one can speak with you.")),
    "pitch": Words(
        lazy_gettext("In one sentence"), lazy_gettext("What do you do, and for whom? At most 140 characters.")
    ),
    "summary": Words(
        lazy_gettext("In one sentence"), lazy_gettext("Who are you, and for which startups? At most 140 characters.")
    ),
    "description": Words(
        lazy_gettext("Description"),
        lazy_gettext("Matching reads this text: the problem, the solution, customers, technology, what comes next."),
    ),
    "pilot_process": Words(
        lazy_gettext("How a pilot goes"),
        lazy_gettext("From the first talk to an order: who decides, how long it takes."),
    ),
    "sectors": Words(lazy_gettext("Sectors")),
    "excluded_sectors": Words(
        lazy_gettext("Sectors ruled out"), lazy_gettext("Startups of these sectors are never proposed to you.")
    ),
    "technologies": Words(lazy_gettext("Technologies")),
    "maturities": Words(lazy_gettext("Stage")),
    "funding_stages": Words(lazy_gettext("Funding")),
    "needs": Words(lazy_gettext("Looking for"), lazy_gettext("Whom you meet depends on this more than on most else.")),
    "offers": Words(lazy_gettext("Offers")),
    "geography": Words(
        lazy_gettext("Invests in"),
        lazy_gettext("Countries or regions, one on each line or separated by commas. Empty means anywhere."),
    ),
    "skills": Words(lazy_gettext("Mentoring in")),
    "formats": Words(lazy_gettext("Formats")),
    "instruments": Words(lazy_gettext("Ways to invest")),
    "raising_min": Words(lazy_gettext("Raising at least"), _MONEY),
    "raising_max": Words(lazy_gettext("Raising at most"), _MONEY),
    "ticket_min": Words(lazy_gettext("Usual ticket, at least"), _MONEY),
    "ticket_max": Words(lazy_gettext("Usual ticket, at most"), _MONEY),
    "currency": Words(lazy_gettext("Currency")),
    "business_models": Words(lazy_gettext("Business model")),
    "customers": Words(lazy_gettext("Customers")),
    "headcounts": Words(lazy_gettext("Team")),
    "women_founders": Words(lazy_gettext("Women among the founders")),
    "export_markets": Words(lazy_gettext("Sells in"), _COUNTRIES),
    "sdgs": Words(lazy_gettext("Sustainable Development Goals"), lazy_gettext("At most three.")),
    "monthly_introductions": Words(
        lazy_gettext("Requests a month"),
        lazy_gettext("How many new requests you want to receive in a month. Empty means without limit."),
    ),
    "capacity": Words(lazy_gettext("Startups at a time"), lazy_gettext("How many you can accompany at a time.")),
    "sites": Words(lazy_gettext("Meets at"), lazy_gettext("None means at a distance.")),
    "milestones": Words(lazy_gettext("Milestones")),
    "portfolio": Words(lazy_gettext("Portfolio")),
    "logo": Words(lazy_gettext("Logo")),
}

_OF_PARTNERS: Mapping[str, Words] = {
    "sectors": Words(lazy_gettext("Sectors sought")),
    "technologies": Words(lazy_gettext("Technologies of interest")),
    "maturities": Words(lazy_gettext("Stages sought")),
    "funding_stages": Words(lazy_gettext("Funding stages")),
    "offers": Words(lazy_gettext("Offers startups")),
    "region": Words(lazy_gettext("Region")),
}
"""The fields that are called otherwise with partners."""

_DESCRIPTIONS: Mapping[PartnerKind, Text] = {
    PartnerKind.INVESTOR: lazy_gettext("Your thesis: in what you invest and why, what you bring beside money."),
    PartnerKind.MENTOR: lazy_gettext("Your experience, and with which questions startups should come to you."),
    PartnerKind.CORPORATE: lazy_gettext("What you look for in startups, and what you have tried with some so far."),
}

ASPECTS: Mapping[str, Text] = {
    "pitch": lazy_gettext("Say in one sentence what you do."),
    "summary": lazy_gettext("Say in one sentence who you are."),
    "description": lazy_gettext("Write a longer description: matching reads it."),
    "translations": lazy_gettext("Write the texts in the languages that are missing: more people find you."),
    "sectors": lazy_gettext("Choose your sectors."),
    "sought-sectors": lazy_gettext("Say in which sectors you look."),
    "needs": lazy_gettext("Say what you are looking for."),
    "answers": lazy_gettext("Say what you offer startups."),
    "instruments": lazy_gettext("Say in which ways you invest."),
    "stage": lazy_gettext("Say at which stage you are."),
    "sought-stages": lazy_gettext("Say at which stages startups suit you."),
    "place": lazy_gettext("Say where you are."),
    "raising": lazy_gettext("Say how much you are raising, if you are."),
    "tickets": lazy_gettext("Say what your usual ticket is."),
    "funding": lazy_gettext("Say how you were funded so far."),
    "sought-funding": lazy_gettext("Say at which stages of funding you invest."),
    "technologies": lazy_gettext("Choose technologies."),
    "website": lazy_gettext("Add your website."),
    "team": lazy_gettext("Say how large the team is."),
    "capacity": lazy_gettext("Say how many requests a month you want."),
    "logo": lazy_gettext("Add a logo."),
}
"""What would make a profile more complete -> what to do."""


def field_name(profile: Startup | Partner, name: str) -> str:
    """What a field of a profile is called."""
    if name == "company_number" and (network := current_network()):
        return localized(network.company_number["names"]).text
    if isinstance(profile, Partner) and name in _OF_PARTNERS:
        return str(_OF_PARTNERS[name].name)
    return str(FIELDS[name].name)


def field_help(profile: Startup | Partner, field: ProfileField) -> str:
    """How a field of a profile is explained."""
    if field.name == "description" and isinstance(profile, Partner):
        return str(_DESCRIPTIONS[PartnerKind(profile.kind)])
    text = str(FIELDS[field.name].help)
    if field.name == "sectors" and field.most:
        return gettext("The main sector, and at most three others.")
    return text


def section_name(section: str) -> str:
    """What a page of a profile is called."""
    return str(SECTIONS[Section(section)].name)


def section_help(section: str) -> str:
    """How a page of a profile is explained."""
    return str(SECTIONS[Section(section)].help)


def aspect_text(code: str) -> str:
    """What to do to make a profile more complete."""
    return str(ASPECTS[code])


def init_app(app: Flask) -> None:
    """Give templates the names."""
    for function in (field_name, field_help, section_name, section_help, aspect_text):
        app.add_template_global(function)
