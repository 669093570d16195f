"""The catalogue of the site’s data sets as DCAT-AP 3.0 describes one, as a JSON-LD document (docs/data.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale
from flask import current_app, url_for
from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.blueprints.open_data.distributions import EU, directory_files, figures_files, licensed, whole_file
from webapp.i18n import LANGUAGES, Language, cldr_locale
from webapp.models import Network
from webapp.services.data_set import Extent
from webapp.web.locale import offered_languages
from webapp.web.marks import today
from webapp.web.site import site_url

CONTEXT: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

EU_LANGUAGES = {"ar": "ARA", "fr": "FRA", "en": "ENG"}
"""Language -> its code in the Publications Office's list of languages."""

Node = dict[str, Any]

_KEYWORDS = (lazy_gettext("startups"), lazy_gettext("innovation"), lazy_gettext("investment"))

DATA_SETS: Mapping[str, tuple[LazyString, LazyString]] = {
    "directory": (
        lazy_gettext("The whole directory"),
        lazy_gettext(
            "Startups, partners, parks, regions and the vocabulary as CSV tables in one file, with a dictionary."
        ),
    ),
    "startups": (
        lazy_gettext("Startups"),
        lazy_gettext("Startups by sector, region, stage and need: who they are, what they do and what they look for."),
    ),
    "partners": (
        lazy_gettext("Partners"),
        lazy_gettext("Investors, mentors and corporate partners of startups: what they look for and how they work."),
    ),
    "challenges": (
        lazy_gettext("Challenges"),
        lazy_gettext("Problems that companies ask startups to solve, with budget, conditions and deadline."),
    ),
    "regions": (
        lazy_gettext("Figures of the regions"),
        lazy_gettext(
            "How many startups reside in each region, their growth, turnover and variety. Small numbers are withheld."
        ),
    ),
}
"""Name -> title and description."""


def address(name: str) -> str:
    """The identity of something in the catalogue."""
    return f"{site_url()}/data#{name}"


def in_languages(network: Network, text: LazyString) -> list[Node]:
    """A text of the program in each language of the network."""
    return [_text(language, _spoken(network, language, text)) for language in offered_languages()]


def _spoken(network: Network, language: Language, text: LazyString) -> str:
    with force_locale(cldr_locale(language.code, network.country)):
        return str(text)


def _text(language: Language, text: str) -> Node:
    return {"@language": language.code, "@value": text}


def _names(texts: Mapping[str, str]) -> list[Node]:
    return [_text(LANGUAGES[code], text) for code, text in texts.items() if text]


def _typed(value: str, kind: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": value}


def describe_catalogue(network: Network, extent: Extent) -> Node:
    """The catalogue with all that it lists."""
    own = {
        "@id": address("catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": _names(network.names),
        "dct:description": in_languages(network, _DESCRIPTION),
        "foaf:homepage": {"@id": f"{site_url()}/data", "@type": "foaf:Document"},
        "dcat:themeTaxonomy": {"@id": f"{EU}/data-theme", "@type": "skos:ConceptScheme"},
        "dcat:dataset": [_data_set(network, extent, name) for name in DATA_SETS],
        **licensed(network),
        **_common(network, extent),
    }
    if "api.openapi" in current_app.view_functions:
        own["dcat:service"] = _service(network)
    return {"@context": CONTEXT, **own}


_DESCRIPTION = lazy_gettext(
    "Startups, investors, mentors and corporate partners, and what the network learns from them."
)


def _common(network: Network, extent: Extent) -> Node:
    """What holds for the catalogue and each data set alike."""
    found: Node = {
        "dct:publisher": _publisher(network),
        "dct:language": [
            {"@id": f"{EU}/language/{EU_LANGUAGES[language.code]}", "@type": "dct:LinguisticSystem"}
            for language in offered_languages()
        ],
        "dct:spatial": _country(network),
    }
    if extent.changed_at:
        found["dct:modified"] = _typed(extent.changed_at.isoformat(timespec="seconds"), "dateTime")
    return found


def _publisher(network: Network) -> Node:
    found: Node = {"@id": address("publisher"), "@type": "foaf:Agent", "foaf:name": _names(network.names)}
    if network.website:
        found["foaf:homepage"] = {"@id": network.website, "@type": "foaf:Document"}
    return found


def _country(network: Network) -> Node:
    """The country by its name in each language, and by its ISO code."""
    names = [
        _text(language, Locale.parse(language.code).territories[network.country]) for language in offered_languages()
    ]
    return {
        "@id": address("country"),
        "@type": "dct:Location",
        "skos:prefLabel": names,
        "dct:identifier": network.country,
    }


def _data_set(network: Network, extent: Extent, name: str) -> Node:
    title, description = DATA_SETS[name]
    found: Node = {
        "@id": address(name),
        "@type": "dcat:Dataset",
        "dct:identifier": address(name),
        "dct:title": in_languages(network, title),
        "dct:description": in_languages(network, description),
        "dcat:keyword": [text for keyword in _KEYWORDS for text in in_languages(network, keyword)],
        "dcat:theme": {"@id": f"{EU}/data-theme/ECON", "@type": "skos:Concept"},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/CONT", "@type": "dct:Frequency"},
        "dcat:landingPage": {"@id": f"{site_url()}/data", "@type": "foaf:Document"},
        "dcat:distribution": list(_distributions(network, name)),
        **_common(network, extent),
    }
    if network.founded:
        found["dct:temporal"] = {
            "@id": address("period"),
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(str(network.founded), "gYear"),
            "dcat:endDate": _typed(today().isoformat(), "date"),
        }
    if email := network.controller.get("email"):
        found["dcat:contactPoint"] = {
            "@id": address("contact"),
            "@type": "vcard:Organization",
            "vcard:fn": _names(network.controller["names"]),
            "vcard:hasEmail": {"@id": f"mailto:{email}"},
        }
    return found


def _distributions(network: Network, name: str) -> Iterator[Node]:
    if name == "directory":
        yield from whole_file(network)
    elif name == "regions":
        yield from figures_files(network)
    else:
        yield from directory_files(network, name)


def _service(network: Network) -> Node:
    return {
        "@id": address("api"),
        "@type": "dcat:DataService",
        "dct:title": in_languages(network, lazy_gettext("Interface for programs")),
        "dcat:endpointURL": {"@id": f"{site_url()}/api/v1", "@type": "rdfs:Resource"},
        "dcat:endpointDescription": {"@id": site_url() + url_for("api.openapi"), "@type": "rdfs:Resource"},
        "dcat:servesDataset": [{"@id": address(name)} for name in ("startups", "partners", "regions")],
        **licensed(network),
    }
