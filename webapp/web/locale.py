"""Which language a request speaks: that of its address, or else what the reader chose or the browser prefers."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, refresh

from webapp.errors import NotFound
from webapp.i18n import LANGUAGES, Language, cldr_locale
from webapp.web.site import current_network

COOKIE = "language"
YEAR = 365 * 24 * 3600


def offered_languages() -> list[Language]:
    """The languages that the network offers, in its order."""
    network = current_network()
    return [LANGUAGES[code] for code in (network.languages if network else LANGUAGES)]


def preferred_language() -> str:
    """The language for a reader whose address names none: chosen before, else the browser's, else the network's."""
    offered = [language.code for language in offered_languages()]
    chosen = request.cookies.get(COOKIE)
    if chosen in offered:
        return chosen
    return _preferred_by_browser(offered)


def _preferred_by_browser(offered: list[str]) -> str:
    # Not best_match(): for "ar-MA, fr;q=0.8" it prefers the exact but less wanted "fr".
    wanted = (code.partition("-")[0].lower() for code, quality in request.accept_languages if quality > 0)
    return next((code for code in wanted if code in offered), offered[0])


def current_language() -> Language:
    """The language of this request."""
    if "language" not in g:
        # An unknown address below /ar/ still deserves its error page in Arabic.
        code = request.path.strip("/").split("/", 1)[0]
        offered = {language.code: language for language in offered_languages()}
        g.language = offered.get(code) or LANGUAGES[preferred_language()]
    language: Language = g.language
    return language


def speak_to_program(asked: str = "") -> Language:
    """Give this request the language that a program asks for, or else prefers in its headers.

    No cookie counts: what a program is answered depends on nothing but what it asks.
    """
    offered = [language.code for language in offered_languages()]
    if asked in offered or "language" not in g:
        g.language = LANGUAGES[asked if asked in offered else _preferred_by_browser(offered)]
        refresh()
    language: Language = g.language
    return language


def _select_locale() -> str:
    network = current_network()
    language = current_language().code
    return cldr_locale(language, network.country) if network else language


def _select_timezone() -> str:
    network = current_network()
    return network.timezone if network else "UTC"


def _pull_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views need not take the language as an argument; an address whose language is not offered does not exist."""
    if values and "lang" in values:
        code = values.pop("lang")
        offered = {language.code: language for language in offered_languages()}
        if code not in offered:
            raise NotFound("page")
        g.language = offered[code]


def _add_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_language().code


def _remember(response: Response) -> Response:
    """Opening a page in a language is choosing it."""
    page_opened = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
    if page_opened and "language" in g and request.cookies.get(COOKIE) != g.language.code:
        response.set_cookie(COOKIE, g.language.code, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def init_app(app: Flask, babel: Babel) -> None:
    """Give every request its language."""
    babel.init_app(app, locale_selector=_select_locale, timezone_selector=_select_timezone)
    app.url_value_preprocessor(_pull_language)
    app.url_defaults(_add_language)
    app.after_request(_remember)
