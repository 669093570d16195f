"""The partners' directory: what it can be narrowed down by."""

from __future__ import annotations

from flask_babel import lazy_gettext

from webapp.models import PartnerKind
from webapp.services.directory import list_partners
from webapp.web.directory_page import Directory
from webapp.web.facets import Facet, vocabulary_facet
from webapp.web.formats import language_name
from webapp.web.marks import partner_kinds


def _kind_name(code: str) -> str:
    return partner_kinds(code) if code in PartnerKind._value2member_map_ else code


PARTNERS = Directory(
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
