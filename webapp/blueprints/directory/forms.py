"""The query string of the startups' directory, and its facets as the page shows them."""

from __future__ import annotations

from functools import partial

from flask_babel import lazy_gettext

from webapp.web.facets import Facet
from webapp.web.formats import label
from webapp.web.listing_form import CodesField, ListingForm
from webapp.web.site import current_vocabulary


class StartupsForm(ListingForm):
    """What a reader may ask of the directory."""

    region = CodesField()
    site = CodesField()
    sector = CodesField()
    stage = CodesField()
    funding = CodesField()
    technology = CodesField()
    need = CodesField()
    residency = CodesField()


def _facet(name: str, title: str, kind: str, *, ordered: bool = False, is_open: bool = True) -> Facet:
    in_order = (lambda: current_vocabulary().codes(kind)) if ordered else None
    return Facet(name, title, partial(label, kind), in_order, is_open)


FACETS = (
    _facet("region", lazy_gettext("Region"), "regions"),
    _facet("site", lazy_gettext("Park"), "sites"),
    _facet("sector", lazy_gettext("Sector"), "sectors"),
    _facet("stage", lazy_gettext("Stage"), "maturities", ordered=True),
    _facet("funding", lazy_gettext("Funding"), "funding_stages", ordered=True, is_open=False),
    _facet("technology", lazy_gettext("Technology"), "technologies", is_open=False),
    _facet("need", lazy_gettext("Looking for"), "needs", is_open=False),
    _facet("residency", lazy_gettext("In the parks"), "residency_statuses", ordered=True),
)
NAMES = tuple(facet.name for facet in FACETS)
