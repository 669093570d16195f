"""What profiles say to programs that read pages: schema.org descriptions, and the pictures that go with links.

Only what the page itself shows. The description stands in a ``script`` element of a data type, which no browser runs
and no content security policy is asked about.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from webapp.models import Listed, Partner, Startup, TermKind
from webapp.services.cards import Card
from webapp.web.formats import localized, name_of, other_name_of
from webapp.web.locale import current_language
from webapp.web.marks import partner_kind
from webapp.web.site import current_network, site_url

Data = dict[str, Any]
CONTEXT = "https://schema.org"


def _without_nothing(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def profile_address(profile: Startup | Partner) -> str:
    """The full address of a profile in the reader's language."""
    endpoint = "directory.startup" if isinstance(profile, Startup) else "partners.partner"
    return site_url() + url_for(endpoint, slug=profile.slug)


def card_address(profile: Startup | Partner) -> str:
    """The full address of a profile's picture; another picture has another address."""
    endpoint = "sharing.startup_card" if isinstance(profile, Startup) else "sharing.partner_card"
    return site_url() + url_for(endpoint, slug=profile.slug, v=card_of(profile).digest)


def short_text(profile: Startup | Partner) -> str:
    """A startup's pitch, a partner's summary, in the reader's language where there is one."""
    return localized(profile.pitch if isinstance(profile, Startup) else profile.summary).text


def organisation_data(profile: Startup | Partner) -> Data:
    """A profile as schema.org's Organization (https://schema.org/Organization), or a mentor's as Person."""
    network = current_network()
    is_person = isinstance(profile, Partner) and profile.kind == "mentor"
    place = {
        "@type": "PostalAddress",
        "addressLocality": localized(profile.city).text,
        "addressRegion": localized(profile.region.names).text if profile.region else "",
        "addressCountry": profile.country or "",
    }
    data: Data = {
        "@context": CONTEXT,
        "@type": "Person" if is_person else "Organization",
        "@id": f"{profile_address(profile)}#it",
        "name": name_of(profile),
        "alternateName": other_name_of(profile),
        "description": short_text(profile),
        "url": profile_address(profile),
        "sameAs": profile.website,
        "image": card_address(profile),
        "logo": None if is_person or not profile.logo else _logo(profile),
        "knowsAbout": [localized(term.names).text for term in profile.terms(TermKind.SECTOR)],
        "address": _without_nothing(place) if len(_without_nothing(place)) > 1 else None,
    }
    if isinstance(profile, Startup):
        data["foundingDate"] = str(profile.founded) if profile.founded else None
        data["dissolutionDate"] = profile.closed_on.isoformat() if profile.closed_on else None
    if network and not is_person:
        member: Data = {"@type": "Organization", "name": localized(network.names).text, "url": network.website}
        data["memberOf"] = _without_nothing(member)
    return _without_nothing(data)


def _logo(profile: Listed) -> str:
    return site_url() + url_for("profiles.logo_file", name=profile.logo)


def site_data() -> Data:
    """The site with its search (https://schema.org/WebSite)."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": site_name(),
        "url": site_url() + url_for("pages.home"),
        "inLanguage": current_language().code,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{site_url()}{url_for('directory.startups')}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def site_name() -> str:
    """The name of the site with that of its network."""
    network = current_network()
    name = gettext("Multaqa")
    return f"{name} · {localized(network.names).text}" if network else name


def card_of(profile: Startup | Partner) -> Card:
    """What the picture of a profile says, in the reader's language."""
    sector = profile.term(TermKind.SECTOR) if isinstance(profile, Startup) else None
    facts = [localized(sector.names).text] if sector else []
    if isinstance(profile, Partner):
        facts.append(partner_kind(profile.kind))
    else:
        facts += [localized(site.names).text for site in profile.sites[:1]] or [
            localized(region.names).text for region in profile.regions[:1]
        ]
    return Card(
        title=name_of(profile),
        text=short_text(profile),
        facts=" · ".join(facts),
        site=site_name(),
        badge=gettext("Demonstration") if profile.is_demo else "",
        is_rtl=current_language().direction == "rtl",
    )


def site_card() -> Card:
    """What the picture of all other pages says."""
    network = current_network()
    return Card(
        title=localized(network.texts["headline"]).text if network else site_name(),
        text=localized(network.texts["lead"]).text if network else "",
        facts="",
        site=site_name(),
        is_rtl=current_language().direction == "rtl",
    )


def init_app(app: Flask) -> None:
    """Give templates the descriptions."""
    for function in (organisation_data, site_data, card_address, site_card):
        app.add_template_global(function)
