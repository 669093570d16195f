"""The startups' directory: what it can be narrowed down by."""

from __future__ import annotations

from flask_babel import lazy_gettext

from webapp.services.directory import list_startups
from webapp.web.directory_page import Directory
from webapp.web.facets import vocabulary_facet

STARTUPS = Directory(
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
