"""The network itself with all its codes, and what a search box can offer."""

from __future__ import annotations

from pydantic import BaseModel, Field

from webapp.blueprints.api.answering import Answer
from webapp.blueprints.api.asking import Asked, AskedToComplete
from webapp.blueprints.api.texts import Coded, Words, coded_of, words
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.services.network import list_regions, list_sites
from webapp.services.profiles import count_profiles
from webapp.services.suggestions import suggest
from webapp.web.listing_form import printable
from webapp.web.locale import current_language
from webapp.web.phrases import phrases
from webapp.web.site import current_network, current_search, current_vocabulary


class Site(Coded):
    """A park."""

    region: str
    city: Words | None
    status: str = Field(description="`operating`, `announced` or `closed`.")
    opened: int | None
    closed: int | None
    latitude: float | None
    longitude: float | None
    capacity: int | None


class Network(BaseModel):
    """The network, and what all codes of the interface are called."""

    code: str
    name: Words | None
    languages: list[str] = Field(description="Languages of the site; the first one is the default.")
    country: str
    currency: str
    timezone: str
    founded: int | None
    website: str | None
    profiles: int = Field(description="How many startups and partners are published.")
    sites: list[Site]
    vocabulary: dict[str, list[Coded]] = Field(description="Kind of code, and its codes in the network's order.")


class Suggestion(BaseModel):
    """Something that a beginning can be completed to."""

    kind: str = Field(description="`startup`, `partner`, `concept`, or the facet that the code belongs to.")
    code: str = Field(description="A profile's slug, or a code.")
    text: str
    count: int = Field(description="How many profiles it leads to.")


class Suggestions(BaseModel):
    """What a beginning can be completed to: names of profiles first."""

    items: list[Suggestion]


def network(_query: Asked) -> Answer[Network]:
    """The network with all its codes."""
    found = current_network()
    if found is None:
        raise NotFound("not-found")
    vocabulary = current_vocabulary()
    return Answer(
        Network(
            code=found.code,
            name=words(found.names),
            languages=found.languages,
            country=found.country,
            currency=found.currency,
            timezone=found.timezone,
            founded=found.founded,
            website=found.website,
            profiles=count_profiles(db.session),
            sites=_sites(),
            vocabulary={kind: [coded_of(kind, code) for code in names] for kind, names in vocabulary.names.items()},
        )
    )


def _sites() -> list[Site]:
    regions = {region.id: region.code for region in list_regions(db.session)}
    return [
        Site(
            code=site.code,
            name=words(site.names),
            region=regions[site.region_id],
            city=words(site.city),
            status=site.status,
            opened=site.opened,
            closed=site.closed,
            latitude=site.latitude,
            longitude=site.longitude,
            capacity=site.capacity,
        )
        for site in list_sites(db.session)
    ]


def suggestions(query: AskedToComplete) -> Answer[Suggestions]:
    """What a search box can offer."""
    text = printable(query.q)
    found = suggest(db.session(), current_search(), phrases(), text, current_language().script, query.of)
    return Answer(Suggestions(items=[Suggestion(**vars(each)) for each in found]))
