"""The demonstration's partners: written out in the pack one by one, only brought into rows here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.models import Challenge, Partner, PartnerKind, PartnerSite, PortfolioCompany, Region, Site, Term, TermKind

TERM_KEYS: Mapping[str, TermKind] = {
    "sectors": TermKind.SECTOR,
    "technologies": TermKind.TECHNOLOGY,
    "maturities": TermKind.MATURITY,
    "funding_stages": TermKind.FUNDING_STAGE,
    "instruments": TermKind.INSTRUMENT,
    "skills": TermKind.SKILL,
    "formats": TermKind.FORMAT,
    "offers": TermKind.OFFER,
}


def write_partner(
    entry: Mapping[str, Any],
    kind: PartnerKind,
    terms: Mapping[tuple[str, str], Term],
    regions: Mapping[str, Region],
    sites: Mapping[str, Site],
) -> Partner:
    """A partner as its entry in the pack describes it."""
    partner = Partner(
        kind=kind,
        slug=entry["slug"],
        name_latin=entry["name_latin"],
        name_arabic=entry.get("name_arabic"),
        summary=entry["summary"],
        description=entry["description"],
        city=entry["city"],
        country=entry["country"],
        region_id=regions[entry["region"]].id if entry.get("region") else None,
        languages=entry["languages"],
        geography=entry.get("geography", []),
        ticket_min=entry.get("ticket_min"),
        ticket_max=entry.get("ticket_max"),
        currency=entry.get("currency"),
        capacity=entry.get("capacity"),
        pilot_process=entry.get("pilot_process", {}),
        verified_on=date.fromisoformat(f"{entry['verified']}-15") if entry.get("verified") else None,
        is_demo=True,
    )
    for key, term_kind in TERM_KEYS.items():
        partner.set_terms(term_kind, [terms[term_kind, code] for code in entry.get(key, [])])
    if investor_type := entry.get("investor_type"):
        partner.set_terms(TermKind.INVESTOR_TYPE, [terms[TermKind.INVESTOR_TYPE, investor_type]])
    excluded = [terms[TermKind.SECTOR, code] for code in entry.get("excluded_sectors", [])]
    partner.set_terms(TermKind.SECTOR, excluded, excluded=True)
    partner.site_links = [PartnerSite(site_id=sites[code].id) for code in entry.get("sites", [])]
    partner.portfolio = [PortfolioCompany(**company) for company in entry.get("portfolio", [])]
    partner.challenges = [
        Challenge(title=item["title"], problem=item["problem"], deadline=date.fromisoformat(str(item["deadline"])))
        for item in entry.get("challenges", [])
    ]
    return partner
