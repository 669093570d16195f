"""All operations of the interface, in the order in which they are explained."""

from __future__ import annotations

from webapp.blueprints.api import directory, figures, mine, site
from webapp.blueprints.api.asking import (
    Asked,
    AskedOfDay,
    AskedOfMine,
    AskedOfPartners,
    AskedOfStartups,
    AskedToComplete,
)
from webapp.blueprints.api.dates import figures_date, no_date
from webapp.blueprints.api.operations import REGION, SECTOR, SLUG, Operation
from webapp.blueprints.api.partner_models import PartnerPage, PartnerProfile
from webapp.blueprints.api.startup_models import SimilarStartups, StartupPage, StartupProfile
from webapp.services.api_tokens import Scope

_FIGURES, _SITE, _MINE = "Regions and sectors", "The network", "Your own"

OPERATIONS = (
    Operation(
        "/startups",
        "startups",
        directory.startups,
        StartupPage,
        AskedOfStartups,
        "Search the directory of startups.",
        "Codes of one facet are alternatives; facets all apply. The counts of a facet ignore its own selection.",
    ),
    Operation(
        "/startups/{slug}",
        "startup",
        directory.startup,
        StartupProfile,
        Asked,
        "Read a startup's profile.",
        "What the public page shows. Contact details are nowhere in the interface.",
        parameters={"slug": SLUG},
        changed=no_date,
    ),
    Operation(
        "/startups/{slug}/matches",
        "startup_matches",
        directory.startup_matches,
        directory.MatchesOfStartup,
        Asked,
        "Read which partners a startup should meet, and why.",
        parameters={"slug": SLUG},
    ),
    Operation(
        "/startups/{slug}/similar",
        "startup_similar",
        directory.similar,
        SimilarStartups,
        Asked,
        "Read which startups are similar.",
        parameters={"slug": SLUG},
    ),
    Operation(
        "/partners",
        "partners",
        directory.partners,
        PartnerPage,
        AskedOfPartners,
        "Search the directory of partners.",
        "Investors, mentors and corporate partners. Facets work as for startups.",
    ),
    Operation(
        "/partners/{slug}",
        "partner",
        directory.partner,
        PartnerProfile,
        Asked,
        "Read a partner's profile.",
        "What the public page shows. Contact details are nowhere in the interface.",
        parameters={"slug": SLUG},
    ),
    Operation(
        "/partners/{slug}/matches",
        "partner_matches",
        directory.partner_matches,
        directory.MatchesOfPartner,
        Asked,
        "Read which startups a partner should meet, and why.",
        parameters={"slug": SLUG},
    ),
    Operation(
        "/regions",
        "regions",
        figures.regions,
        figures.Regions,
        AskedOfDay,
        "Read the figures of all regions.",
        tag=_FIGURES,
        changed=figures_date,
    ),
    Operation(
        "/regions/{code}/clusters",
        "region_clusters",
        figures.region_clusters,
        figures.RegionClusters,
        AskedOfDay,
        "Read the sectors of a region.",
        tag=_FIGURES,
        changed=figures_date,
        parameters={"code": REGION},
    ),
    Operation(
        "/sectors/{code}/clusters",
        "sector_clusters",
        figures.sector_clusters,
        figures.SectorClusters,
        AskedOfDay,
        "Read the regions of a sector.",
        tag=_FIGURES,
        changed=figures_date,
        parameters={"code": SECTOR},
    ),
    Operation(
        "/suggest",
        "suggest",
        site.suggestions,
        site.Suggestions,
        AskedToComplete,
        "Complete what somebody types.",
        "Names of profiles first, then sectors, technologies, places and topics, in whichever language they are typed.",
        tag=_SITE,
    ),
    Operation(
        "/network",
        "network",
        site.network,
        site.Network,
        Asked,
        "Read the network and what all codes are called.",
        tag=_SITE,
    ),
    Operation(
        "/me/introductions",
        "my_introductions",
        mine.introductions,
        mine.OwnIntroductions,
        AskedOfMine,
        "Read your introductions.",
        "Those of all organisations that you act for, as your side reads of them.",
        tag=_MINE,
        scope=Scope.INTRODUCTIONS,
    ),
    Operation(
        "/me/saved-searches",
        "my_saved_searches",
        mine.saved_searches,
        mine.OwnSearches,
        Asked,
        "Read your saved searches.",
        tag=_MINE,
        scope=Scope.SAVED_SEARCHES,
    ),
)
"""What programs can ask."""
