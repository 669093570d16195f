"""The files that the catalogue's data sets can be had as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from webapp.models import Network
from webapp.services.data_set import FOLDER, data_file
from webapp.web.locale import offered_languages
from webapp.web.site import current_settings, site_url

EU = "http://publications.europa.eu/resource/authority"
"""Where the Publications Office keeps the lists of codes that DCAT-AP asks for."""
_IANA = "http://www.iana.org/assignments/media-types"

FORMATS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
    "zip": ("ZIP", "application/zip"),
}
"""The end of a file's name -> its code in the list of file types, its media type. JSON lines are in neither list."""
ENDPOINTS = {
    "startups": ("directory.startups", "directory.startups_file"),
    "partners": ("partners.partners", "partners.partners_file"),
    "challenges": ("challenges.challenges", "challenges.challenges_file"),
}
"""Data set -> its page and its files."""
_WHOLE: Mapping[str, dict[str, Any]] = {"challenges": {"closed": "1"}}
"""Data set -> what to ask for so that nothing of it is left out."""

Node = dict[str, Any]


def licensed(network: Network) -> Node:
    """The licence, where the network gives one."""
    if not network.data_licence:
        return {}
    return {"dct:license": {"@id": network.data_licence["url"], "@type": "dct:LicenseDocument"}}


def directory_files(network: Network, name: str) -> Iterator[Node]:
    """A public list, in each language as CSV, workbook and JSON lines."""
    page, file = ENDPOINTS[name]
    for language in offered_languages():
        for form in ("csv", "xlsx", "jsonl"):
            access = url_for(page, lang=language.code, **_WHOLE.get(name, {}))
            download = url_for(file, lang=language.code, form=form, **_WHOLE.get(name, {}))
            yield _distribution(network, form, access, download, language.code)


def figures_files(network: Network) -> Iterator[Node]:
    """The figures of the regions; their columns have English names, whatever the language of the page."""
    language = offered_languages()[0].code
    for form in ("csv", "xlsx", "jsonl", "json"):
        download = url_for("clusters.regions_file", lang=language, form=form)
        yield _distribution(network, form, url_for("clusters.regions", lang=language), download, language)


def whole_file(network: Network) -> Iterator[Node]:
    """All tables in one file; nothing before it was made for the first time."""
    file = data_file(current_settings().data_dir / FOLDER)
    if file is not None:
        found = _distribution(network, "zip", "/data", url_for("open_data.data_set", name=file.path.stem), "")
        yield found | {"dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)}}


def _distribution(network: Network, form: str, access: str, download: str, language: str) -> Node:
    found: Node = {
        "@id": site_url() + download + "#distribution",
        "@type": "dcat:Distribution",
        "dct:title": [{"@language": "en", "@value": f"{form.upper()} ({language})" if language else form.upper()}],
        "dcat:accessURL": {"@id": site_url() + access, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": site_url() + download, "@type": "rdfs:Resource"},
        "dcatap:availability": {"@id": f"{EU}/planned-availability/STABLE", "@type": "skos:Concept"},
        **licensed(network),
    }
    if form in FORMATS:
        kind, media_type = FORMATS[form]
        found["dct:format"] = {"@id": f"{EU}/file-type/{kind}", "@type": "dct:MediaTypeOrExtent"}
        found["dcat:mediaType"] = {"@id": f"{_IANA}/{media_type}", "@type": "dct:MediaType"}
    else:
        found["dct:format"] = {
            "@id": "https://jsonlines.org/",
            "@type": "dct:MediaTypeOrExtent",
            "rdfs:label": "JSON Lines",
        }
    return found
