"""Addresses of the page being shown: in the other languages, its canonical one, and with another query string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for

from webapp.i18n import Language
from webapp.web.locale import current_language, offered_languages
from webapp.web.site import site_url

HOME = "pages.home"
ENTRANCE = "pages.entrance"


class LanguageLink(NamedTuple):
    """This page in a language."""

    language: Language
    url: str
    is_current: bool


def keep_parameters(parameters: Mapping[str, Any]) -> None:
    """Say which part of the query string belongs to this page, in canonical form.

    The other languages' links and the canonical address carry it; whatever else stood in the query string is dropped.
    """
    g.kept_parameters = dict(parameters)


def _address(language: str) -> str:
    """The path and query of this page in a language; that of the home page where this one has no languages."""
    endpoint = request.endpoint
    if endpoint is None or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        return url_for(HOME, lang=language)
    return url_for(endpoint, **(request.view_args or {}) | {"lang": language} | g.get("kept_parameters", {}))


def language_links() -> list[LanguageLink]:
    """This page, with its filters, in each language that the network offers."""
    current = current_language()
    return [LanguageLink(each, _address(each.code), each == current) for each in offered_languages()]


def canonical_url() -> str:
    """The one full address under which this page should be known."""
    return site_url() + _address(current_language().code)


def default_url() -> str:
    """The full address for readers whose language is unknown (``x-default``)."""
    if request.endpoint == HOME:
        return site_url() + url_for(ENTRANCE)
    return site_url() + _address(offered_languages()[0].code)


def with_query(**changes: Any) -> str:
    """The address of this page with some parameters of its canonical query string changed."""
    return url_for(request.endpoint or HOME, **(request.view_args or {}) | g.get("kept_parameters", {}) | changes)


def init_app(app: Flask) -> None:
    """Give templates the addresses."""
    for function in (language_links, canonical_url, default_url, with_query):
        app.add_template_global(function)
