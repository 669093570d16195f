"""The two public directories: what each can be narrowed down by, and which service answers."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from webapp.models import Partner, PartnerKind, Startup
from webapp.services.directory import list_partners, list_startups
from webapp.web.directory_page import Directory
from webapp.web.facets import Facet, vocabulary_facet
from webapp.web.formats import language_name
from webapp.web.marks import partner_kinds

STARTUPS = Directory(
    Startup.noun,
    "directory.startups",
    (
        vocabulary_facet("region", lazy_gettext("Region"), "regions"),
        vocabulary_facet("site", lazy_gettext("Park"), "sites"),
        vocabulary_facet("sector", lazy_gettext("Sector"), "sectors"),
        vocabulary_facet("stage", lazy_gettext("Stage"), "maturities", in_order=True),
        vocabulary_facet("funding", lazy_gettext("Funding"), "funding_stages", in_order=True, is_open=False),
        vocabulary_facet("technology", lazy_gettext("Technology"), "technologies", is_open=False),
        vocabulary_facet("need", lazy_gettext("Looking for"), "needs", is_open=False),
        vocabulary_facet("residency", lazy_gettext("In the parks"), "residency_statuses", in_order=True),
    ),
    list_startups,
)


def _kind_name(code: str) -> str:
    return partner_kinds(code) if code in PartnerKind._value2member_map_ else code


PARTNERS = Directory(
    Partner.noun,
    "partners.partners",
    (
        Facet("kind", lazy_gettext("Who"), _kind_name, lambda: list(PartnerKind)),
        vocabulary_facet("sector", lazy_gettext("Sector"), "sectors"),
        vocabulary_facet("stage", lazy_gettext("Stage"), "maturities", in_order=True),
        vocabulary_facet("region", lazy_gettext("Region"), "regions"),
        Facet("language", lazy_gettext("Language"), language_name, is_open=False),
        vocabulary_facet("instrument", lazy_gettext("Ways to invest"), "instruments", is_open=False),
        vocabulary_facet("skill", lazy_gettext("Mentoring in"), "skills", is_open=False),
        vocabulary_facet("offer", lazy_gettext("Corporate offers"), "offers", is_open=False),
    ),
    list_partners,
)

DIRECTORIES: Mapping[str, Directory] = {Startup.noun: STARTUPS, Partner.noun: PARTNERS}
"""Noun -> its directory."""
