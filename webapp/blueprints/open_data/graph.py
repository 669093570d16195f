"""The catalogue's description in the formats of linked data; all are written from one JSON-LD document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

FORMATS: Mapping[str, str] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
"""The end of a file's name -> media type."""
_SERIALIZERS = {"ttl": "turtle", "rdf": "pretty-xml"}


def serialize(document: Mapping[str, Any], form: str) -> str:
    """A JSON-LD document whose context it holds itself, as Turtle, RDF/XML, or as it is.

    rdflib is loaded when it is needed: few ask, and every web process would carry it.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if form == "jsonld":
        return text
    from rdflib import Graph

    return str(Graph().parse(data=text, format="json-ld").serialize(format=_SERIALIZERS[form]))
