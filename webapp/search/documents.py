"""What the index knows of a startup or a partner: its texts, facet codes and sort keys.

Rows must be loaded with ``with_listing``; nothing here queries. How documents are stored is ``webapp.search.schema``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from webapp.i18n import LANGUAGES
from webapp.models import ChallengeState, Partner, Region, Residency, Site, Startup, Term, TermKind

STARTUP_TERM_FACETS: Mapping[str, TermKind] = {
    "sector": TermKind.SECTOR,
    "stage": TermKind.MATURITY,
    "funding": TermKind.FUNDING_STAGE,
    "technology": TermKind.TECHNOLOGY,
    "need": TermKind.NEED,
}
"""The facets of startups whose codes are terms of one kind."""

PARTNER_TERM_FACETS: Mapping[str, TermKind] = {
    "sector": TermKind.SECTOR,
    "stage": TermKind.MATURITY,
    "instrument": TermKind.INSTRUMENT,
    "skill": TermKind.SKILL,
    "offer": TermKind.OFFER,
}
"""The facets of partners whose codes are terms of one kind; what a partner rules out does not count."""

FACETS: Mapping[str, tuple[str, ...]] = {
    Startup.noun: ("region", "site", "residency", *STARTUP_TERM_FACETS),
    Partner.noun: ("kind", "region", "language", *PARTNER_TERM_FACETS),
}
"""All facets of a noun."""

RESIDENCY_ORDER: Mapping[Residency, int] = {Residency.RESIDENT: 0, Residency.ALUMNI: 1, Residency.SUPPORTED: 2}
"""Who comes first among equals."""

NEVER = -1
"""Sort key of a date that there is not; before all dates."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of the index."""

    id: int
    texts: Mapping[str, tuple[str, ...]]
    """Field name -> its texts, in all languages; a phrase never spans two of them."""
    facets: Mapping[str, tuple[str, ...]]
    """Facet -> stable codes, each at most once."""
    name: str
    """The row's ``sort_name``."""
    published: int
    """Microseconds since 1970, or ``NEVER``."""
    verified: int
    """Proleptic ordinal of the day, or ``NEVER``."""
    residency: int
    """Place in ``RESIDENCY_ORDER``; 0 for partners."""
    stamp: int
    """Microseconds since 1970 of the row's last change."""
    titles: tuple[str, ...] = ()
    """Names as they are shown, for completion."""
    languages: tuple[str, ...] = ()
    """Languages in which there is a pitch."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Language -> the name that its readers are shown, and by which theirs is sorted; ``name`` where there is none."""


def microseconds(moment: datetime | None) -> int:
    """A moment as whole microseconds since 1970, exactly; ``NEVER`` if there is none."""
    return NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _ordinal(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()


def _texts(*values: str | Mapping[str, str] | None) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif value:
            yield from value.values()


def _term_texts(terms: Iterable[Term]) -> tuple[str, ...]:
    """The names of terms. Their aliases are for imports: as texts, they would make every agritech irrigate smartly."""
    return tuple(text for term in terms for text in _texts(term.names))


NEED_KINDS = frozenset((TermKind.NEED, TermKind.OFFER))
"""What is asked for and offered: a zone of its own, after what somebody is."""


def _sorted_terms(terms: Iterable[Term]) -> dict[str, tuple[str, ...]]:
    """The texts of terms by zone."""
    listed = list(terms)
    return {
        "terms": _term_texts(term for term in listed if term.kind not in NEED_KINDS),
        "needs": _term_texts(term for term in listed if term.kind in NEED_KINDS),
    }


def _names(listed: Startup | Partner) -> dict[str, str]:
    return {code: listed.name_for(language.script) for code, language in LANGUAGES.items()}


def _languages(*texts: Mapping[str, str]) -> tuple[str, ...]:
    """The languages in which any of these texts is written."""
    return tuple(dict.fromkeys(language for text in texts for language, value in text.items() if value))


def _place_texts(regions: Iterable[Region], sites: Iterable[Site], city: Mapping[str, str]) -> tuple[str, ...]:
    texts = [*_texts(city)]
    for region in regions:
        texts += (*_texts(region.names), *region.aliases)
    for site in sites:
        texts += (*_texts(site.names, site.city), *site.aliases)
    # A city is repeated by its site's name and its site's city; once is enough.
    return tuple(dict.fromkeys(texts))


def startup_document(startup: Startup) -> Document:
    """The document of a startup that was loaded with ``Startup.with_listing``."""
    facets = {facet: tuple(term.code for term in startup.terms(kind)) for facet, kind in STARTUP_TERM_FACETS.items()}
    facets["region"] = tuple(region.code for region in startup.regions)
    facets["site"] = tuple(site.code for site in startup.sites)
    facets["residency"] = (str(startup.residency),)
    return Document(
        id=startup.id,
        texts={
            "name": tuple(_texts(startup.name_latin, startup.name_arabic)),
            "pitch": tuple(_texts(startup.pitch)),
            **_sorted_terms(link.term for link in startup.term_links),
            "places": _place_texts(startup.regions, startup.sites, startup.city),
            "description": tuple(_texts(startup.description)),
        },
        facets=facets,
        name=startup.sort_name,
        published=microseconds(startup.published_at),
        verified=_ordinal(startup.verified_on),
        residency=RESIDENCY_ORDER[Residency(startup.residency)],
        stamp=microseconds(startup.updated_at),
        titles=tuple(dict.fromkeys(_texts(startup.name_latin, startup.name_arabic))),
        languages=_languages(startup.pitch),
        names=_names(startup),
    )


def partner_document(partner: Partner, sectors: Collection[str] = ()) -> Document:
    """The document of a partner that was loaded with ``Partner.with_listing``.

    Args:
        partner: the row.
        sectors: the codes of all sectors. Who names none is open to all of them but those that it rules out.
    """
    regions = [partner.region] if partner.region else []
    facets = {facet: tuple(term.code for term in partner.terms(kind)) for facet, kind in PARTNER_TERM_FACETS.items()}
    if not facets["sector"]:
        ruled_out = {term.code for term in partner.excluded(TermKind.SECTOR)}
        facets["sector"] = tuple(code for code in sectors if code not in ruled_out)
    facets["kind"] = (str(partner.kind),)
    facets["region"] = tuple(region.code for region in regions)
    facets["language"] = tuple(dict.fromkeys(partner.languages))
    open_ones = (row for row in partner.challenges if row.state == ChallengeState.OPEN)
    challenges = (text for row in open_ones for text in _texts(row.title, row.problem))
    return Document(
        id=partner.id,
        texts={
            "name": tuple(_texts(partner.name_latin, partner.name_arabic)),
            "pitch": tuple(_texts(partner.summary)),
            **_sorted_terms(link.term for link in partner.term_links if not link.excluded),
            "places": _place_texts(regions, partner.sites, partner.city),
            "description": (*_texts(partner.description, partner.pilot_process), *challenges),
        },
        facets=facets,
        name=partner.sort_name,
        published=microseconds(partner.published_at),
        verified=_ordinal(partner.verified_on),
        residency=0,
        stamp=microseconds(partner.updated_at),
        titles=tuple(dict.fromkeys(_texts(partner.name_latin, partner.name_arabic))),
        languages=_languages(partner.summary),
        names=_names(partner),
    )
