"""Startups as answers tell them: what their public page shows, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from webapp.blueprints.api.lists import Page
from webapp.blueprints.api.profile_parts import Listed, Money, beyond, listed, money
from webapp.blueprints.api.texts import Coded, Words, all_coded, first_coded, words
from webapp.extensions import db
from webapp.models import Startup, TermKind
from webapp.services.data_sources import sources_of
from webapp.services.residency_days import ParksOn


class StartupEntry(Listed):
    """A startup in a list."""

    pitch: Words | None
    residency: str = Field(
        description="`resident`, `alumni` or `supported`; of the day that was asked for, if one was."
    )
    sites: list[Coded] = Field(description="The parks where it sits, or last sat.")
    regions: list[Coded]
    entered_on: date | None = Field(description="When it first entered a park.")
    sectors: list[Coded] = Field(description="The main one first.")
    stage: Coded | None
    funding: Coded | None
    technologies: list[Coded]
    needs: list[Coded] = Field(description="What it looks for.")


class Milestone(BaseModel):
    """Something that happened to a startup."""

    on: date
    text: Words | None
    source: str | None


class Source(BaseModel):
    """A data set that a profile comes from; its licence asks that this be said wherever the profile is shown."""

    attribution: str
    licence: str
    url: str | None


class StartupProfile(StartupEntry):
    """A startup with all that its page shows."""

    description: Words | None
    city: Words | None
    founded: int | None = Field(description="Year.")
    business_models: list[Coded]
    customers: list[Coded]
    headcount: Coded | None
    legal_form: Coded | None
    offers: list[Coded]
    women_founders: bool = Field(description="Whether it says that there are women among its founders.")
    export_markets: list[str] = Field(description="ISO 3166-1 codes of countries.")
    sdgs: list[int] = Field(description="Sustainable Development Goals, 1 to 17.")
    raising: Money | None
    company_number: str | None
    website: str | None
    milestones: list[Milestone]
    sources: list[Source]


class StartupPage(Page[StartupEntry]):
    """A page of the directory of startups."""

    as_of: date | None = Field(description="The day of residency, parks and regions, if one was asked for.")


class SimilarStartups(BaseModel):
    """Startups of the same sector that share most words, as the page of a startup names them."""

    items: list[StartupEntry]


def startup_entry(startup: Startup, parks: ParksOn | None = None) -> StartupEntry:
    """A startup in a list; its residency as of another day, if given."""
    return StartupEntry(**_entry(startup, parks))


def _entry(startup: Startup, parks: ParksOn | None = None) -> dict[str, Any]:
    residency, sites, regions = str(startup.residency), startup.sites, startup.regions
    if parks is not None:
        standing = parks.standing(startup)
        residency, sites = str(standing.residency), list(standing.sites)
        there = {site.region.id: site.region for site in sites}
        seat = [startup.region] if startup.region else []
        regions = sorted(there.values() or seat, key=lambda region: region.position)
    return listed(startup) | {
        "pitch": words(startup.pitch),
        "residency": residency,
        "sites": all_coded(sites),
        "regions": all_coded(regions),
        "entered_on": startup.entered_on,
        "sectors": all_coded(startup.terms(TermKind.SECTOR)),
        "stage": first_coded(startup.terms(TermKind.MATURITY)),
        "funding": first_coded(startup.terms(TermKind.FUNDING_STAGE)),
        "technologies": all_coded(startup.terms(TermKind.TECHNOLOGY)),
        "needs": all_coded(startup.terms(TermKind.NEED)),
    }


def startup_profile(startup: Startup) -> StartupProfile:
    """A startup with all that its page shows."""
    return StartupProfile(
        **_entry(startup),
        description=words(beyond(startup.description, startup.pitch)),
        city=None if startup.sites else words(startup.city),
        founded=startup.founded,
        business_models=all_coded(startup.terms(TermKind.BUSINESS_MODEL)),
        customers=all_coded(startup.terms(TermKind.CUSTOMER)),
        headcount=first_coded(startup.terms(TermKind.HEADCOUNT)),
        legal_form=first_coded(startup.terms(TermKind.LEGAL_FORM)),
        offers=all_coded(startup.terms(TermKind.OFFER)),
        women_founders=bool(startup.women_founders),
        export_markets=startup.export_markets,
        sdgs=startup.sdgs,
        raising=money(startup.raising_min, startup.raising_max, startup.currency),
        company_number=startup.company_number,
        website=startup.website,
        milestones=[Milestone(on=each.on, text=words(each.text), source=each.source) for each in startup.milestones],
        sources=[
            Source(attribution=each.attribution, licence=each.licence, url=each.url or None)
            for each in sources_of(db.session, startup)
        ],
    )
