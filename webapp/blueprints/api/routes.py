"""The OpenAPI document, and the way to the page that explains the interface to people."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blueprints.api.document import document
from webapp.blueprints.api.table import OPERATIONS
from webapp.permissions import Permission
from webapp.web.access import allow
from webapp.web.formats import localized
from webapp.web.locale import offered_languages, preferred_language
from webapp.web.site import current_network, site_url


def current_document() -> dict[str, Any]:
    """The document of this site."""
    network = current_network()
    name = network.names.get("en") or localized(network.names).text if network else ""
    languages = [language.code for language in offered_languages()]
    return document(OPERATIONS, title=f"{name} API".strip(), url=f"{site_url()}/api/v1", languages=languages)


@allow(Permission.BROWSE)
def openapi() -> Response:
    """The document."""
    response = jsonify(current_document())
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.make_conditional(request)
    return response


@allow(Permission.BROWSE)
def docs() -> ResponseReturnValue:
    """To the page in the reader's language."""
    return redirect(url_for("api_tokens.documentation", lang=preferred_language()), 302)
