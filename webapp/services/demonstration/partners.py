"""The demonstration's partners: written out in the pack one by one, only brought into rows here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from webapp.models import Challenge, ChallengeState, Partner, PartnerKind, PartnerSite, PortfolioCompany, TermKind
from webapp.services.demonstration.pack_rows import PackRows

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


CLOSES_AFTER = 20
"""How many days after its deadline the invented partner has decided and closed a challenge."""
AS_WRITTEN = (
    *("slug", "name_latin", "name_arabic", "summary", "description", "city", "country", "languages"),
    *("ticket_min", "ticket_max", "currency", "capacity"),
)
"""Columns that an entry holds as the row does, or leaves out."""


def write_partner(entry: Mapping[str, Any], kind: PartnerKind, pack: PackRows, today: date) -> Partner:
    """A partner as its entry in the pack describes it."""
    partner = Partner(kind=kind, is_demo=True, **{name: entry.get(name) for name in AS_WRITTEN})
    partner.geography, partner.pilot_process = entry.get("geography", []), entry.get("pilot_process", {})
    if region := entry.get("region"):
        partner.region_id = pack.regions[region].id
    if month := entry.get("verified"):
        partner.verified_on = date.fromisoformat(f"{month}-15")
    _set_terms(partner, entry, pack)
    partner.site_links = [PartnerSite(site_id=pack.sites[code].id) for code in entry.get("sites", [])]
    partner.portfolio = [PortfolioCompany(**company) for company in entry.get("portfolio", [])]
    partner.challenges = [
        _challenge(f"{partner.slug}-{number}", item, today)
        for number, item in enumerate(entry.get("challenges", []), start=1)
    ]
    return partner


def _challenge(slug: str, item: Mapping[str, Any], today: date) -> Challenge:
    """A public challenge whose deadline is as far from the day on which it is made as its entry says."""
    deadline = today + timedelta(days=item["closes_in"])
    opened = datetime.combine(min(deadline - timedelta(days=60), today - timedelta(days=9)), time(9), UTC)
    closed = deadline + timedelta(days=CLOSES_AFTER)
    is_over = closed <= today
    return Challenge(
        slug=slug,
        state=ChallengeState.CLOSED if is_over else ChallengeState.OPEN,
        title=item["title"],
        problem=item["problem"],
        deadline=deadline,
        created_at=opened,
        submitted_at=opened,
        opened_at=opened,
        closed_at=datetime.combine(closed, time(9), UTC) if is_over else None,
    )


def _set_terms(partner: Partner, entry: Mapping[str, Any], pack: PackRows) -> None:
    for key, term_kind in TERM_KEYS.items():
        partner.set_terms(term_kind, pack.terms_of(term_kind, entry.get(key, [])))
    if investor_type := entry.get("investor_type"):
        partner.set_terms(TermKind.INVESTOR_TYPE, pack.terms_of(TermKind.INVESTOR_TYPE, [investor_type]))
    excluded = pack.terms_of(TermKind.SECTOR, entry.get("excluded_sectors", []))
    partner.set_terms(TermKind.SECTOR, excluded, excluded=True)
