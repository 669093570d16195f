"""The query string of the partners' directory, and its facets as the page shows them."""

from __future__ import annotations

from functools import partial

from flask_babel import lazy_gettext

from webapp.models import PartnerKind
from webapp.web.facets import Facet
from webapp.web.formats import label, language_name
from webapp.web.listing_form import CodesField, ListingForm
from webapp.web.marks import partner_kinds
from webapp.web.site import current_vocabulary


class PartnersForm(ListingForm):
    """What a reader may ask of the directory."""

    kind = CodesField()
    sector = CodesField()
    stage = CodesField()
    region = CodesField()
    language = CodesField()
    instrument = CodesField()
    skill = CodesField()
    offer = CodesField()


def _kind_name(code: str) -> str:
    return partner_kinds(code) if code in PartnerKind._value2member_map_ else code


FACETS = (
    Facet("kind", lazy_gettext("Who"), _kind_name, lambda: list(PartnerKind)),
    Facet("sector", lazy_gettext("Sector"), partial(label, "sectors")),
    Facet(
        "stage", lazy_gettext("Stage"), partial(label, "maturities"), lambda: current_vocabulary().codes("maturities")
    ),
    Facet("region", lazy_gettext("Region"), partial(label, "regions")),
    Facet("language", lazy_gettext("Language"), language_name, is_open=False),
    Facet("instrument", lazy_gettext("Ways to invest"), partial(label, "instruments"), is_open=False),
    Facet("skill", lazy_gettext("Mentoring in"), partial(label, "skills"), is_open=False),
    Facet("offer", lazy_gettext("Corporate offers"), partial(label, "offers"), is_open=False),
)
NAMES = tuple(facet.name for facet in FACETS)
