"""Partners as answers tell them: what their public page shows, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from webapp.blueprints.api.lists import Page
from webapp.blueprints.api.profile_parts import Listed, Money, beyond, listed, money
from webapp.blueprints.api.texts import Coded, Words, all_coded, coded, words
from webapp.extensions import db
from webapp.models import ChallengeState, Partner, PartnerKind, TermKind
from webapp.services.profiles import portfolio_slugs

_TOLD = frozenset({ChallengeState.OPEN, ChallengeState.CLOSED})
"""Challenges that the public knows of."""


class PartnerEntry(Listed):
    """A partner in a list."""

    kind: str = Field(description="`investor`, `mentor` or `corporate`.")
    summary: Words | None
    region: Coded | None
    city: Words | None
    country: str | None = Field(description="ISO 3166-1 code.")
    languages: list[str] = Field(description="In which it works.")
    sectors: list[Coded] = Field(description="That it seeks; none means all but those ruled out.")
    stages: list[Coded]
    instruments: list[Coded] = Field(description="Ways to invest.")
    skills: list[Coded] = Field(description="What it helps with as a mentor.")
    offers: list[Coded]


class Challenge(BaseModel):
    """A problem that a corporate partner asks startups to solve."""

    title: Words | None
    problem: Words | None
    deadline: date


class PortfolioCompany(BaseModel):
    """A company that an investor has put money into."""

    name: str
    year: int | None
    startup: str | None = Field(description="Its slug, if it has a profile here.")


class PartnerProfile(PartnerEntry):
    """A partner with all that its page shows."""

    description: Words | None
    investor_types: list[Coded]
    ticket: Money | None
    funding_stages: list[Coded]
    sectors_ruled_out: list[Coded]
    technologies: list[Coded]
    geography: list[str] = Field(description="Where an investor invests, codes; none means anywhere.")
    formats: list[Coded]
    capacity: int | None = Field(description="Startups that a mentor takes at a time.")
    sites: list[Coded] = Field(description="Parks where a mentor can meet; none means at a distance.")
    website: str | None
    challenges: list[Challenge]
    pilot_process: Words | None
    portfolio: list[PortfolioCompany]


class PartnerPage(Page[PartnerEntry]):
    """A page of the directory of partners."""


def partner_entry(partner: Partner) -> PartnerEntry:
    """A partner in a list."""
    return PartnerEntry(**_entry(partner))


def _entry(partner: Partner) -> dict[str, Any]:
    return listed(partner) | {
        "kind": partner.kind,
        "summary": words(partner.summary),
        "region": coded(partner.region) if partner.region else None,
        "city": words(partner.city),
        "country": partner.country,
        "languages": partner.languages,
        "sectors": all_coded(partner.terms(TermKind.SECTOR)),
        "stages": all_coded(partner.terms(TermKind.MATURITY)),
        "instruments": all_coded(partner.terms(TermKind.INSTRUMENT)),
        "skills": all_coded(partner.terms(TermKind.SKILL)),
        "offers": all_coded(partner.terms(TermKind.OFFER)),
    }


def partner_profile(partner: Partner) -> PartnerProfile:
    """A partner with all that its page shows."""
    slugs = portfolio_slugs(db.session, partner)
    kind = PartnerKind(partner.kind)
    return PartnerProfile(
        **_entry(partner),
        description=words(beyond(partner.description, partner.summary)),
        investor_types=all_coded(partner.terms(TermKind.INVESTOR_TYPE)),
        ticket=money(partner.ticket_min, partner.ticket_max, partner.currency),
        funding_stages=all_coded(partner.terms(TermKind.FUNDING_STAGE)),
        sectors_ruled_out=all_coded(partner.excluded(TermKind.SECTOR)),
        technologies=all_coded(partner.terms(TermKind.TECHNOLOGY)),
        geography=partner.geography if kind == PartnerKind.INVESTOR else [],
        formats=all_coded(partner.terms(TermKind.FORMAT)),
        capacity=partner.capacity,
        sites=all_coded(partner.sites) if kind == PartnerKind.MENTOR else [],
        website=partner.website,
        challenges=[
            Challenge(title=words(each.title), problem=words(each.problem), deadline=each.deadline)
            for each in partner.challenges
            if each.state in _TOLD
        ],
        pilot_process=words(partner.pilot_process),
        portfolio=[
            PortfolioCompany(name=each.name, year=each.year, startup=slugs.get(each.startup_id or 0))
            for each in partner.portfolio
        ],
    )
