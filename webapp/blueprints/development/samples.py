"""Entries that exist on the components page only; nothing of them reaches the database."""

from __future__ import annotations

from datetime import date

from webapp.models import Partner, PartnerKind, PublicationState, Residency, Startup, StartupTerm, Term, TermKind

_TEXTS = {
    "en": "Soil probes and a phone call that open the valves only when the plot is thirsty.",
    "fr": "Des sondes et un appel qui n’ouvrent les vannes que lorsque la parcelle a soif.",
    "ar": "مجسات في التربة ومكالمة هاتفية تفتح الصمامات حين يعطش الحقل فقط.",
}


def sample_startups(sector: Term | None) -> list[Startup]:
    """Startups in every state that an entry can have."""
    fresh = _startup("sample-fresh", "Tazrii", "تزريع", sector, Residency.RESIDENT, date(2026, 10, 1))
    stale = _startup("sample-stale", "Nabd Care", "نبض كير", sector, Residency.SUPPORTED, date(2024, 5, 1))
    former = _startup("sample-former", "Mersa Logistics", None, sector, Residency.ALUMNI, None)
    arabic = _startup("sample-arabic", None, "دفتري", sector, Residency.RESIDENT, None)
    arabic.pitch = {"ar": _TEXTS["ar"]}
    return [fresh, stale, former, arabic]


def _startup(
    slug: str, latin: str | None, arabic: str | None, sector: Term | None, residency: Residency, verified: date | None
) -> Startup:
    startup = Startup(slug=slug, name_latin=latin, name_arabic=arabic, pitch=dict(_TEXTS), residency=residency, city={})
    startup.state = PublicationState.DRAFT
    startup.verified_on = verified
    startup.is_demo = True
    if sector is not None:
        startup.term_links = [StartupTerm(term=Term(kind=TermKind.SECTOR, code=sector.code, names=sector.names))]
    return startup


def sample_partner() -> Partner:
    """An investor."""
    partner = Partner(slug="sample-partner", kind=PartnerKind.INVESTOR, name_latin="Sahel Green Fund")
    partner.summary, partner.city, partner.country = dict(_TEXTS), {}, None
    partner.ticket_min, partner.ticket_max, partner.currency = 1_000_000, 8_000_000, "MAD"
    partner.is_demo = False
    return partner
