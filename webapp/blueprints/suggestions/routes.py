"""The view of suggestions: a fragment of a page, which the script of the search box puts under it."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.suggestions import CONCEPT, Suggested, suggest
from webapp.web.access import allow
from webapp.web.listing_form import LONGEST_TEXT, printable
from webapp.web.locale import current_language
from webapp.web.phrases import phrases
from webapp.web.site import current_search

FRESH_SECONDS = 60
"""How long a browser may keep an answer: who deletes a letter asks the same again."""


DIRECTORIES = {Startup.noun: "directory.startups", Partner.noun: "partners.partners"}


def _address(suggested: Suggested, noun: str) -> str:
    if suggested.kind == Startup.noun:
        return url_for("directory.startup", slug=suggested.code)
    if suggested.kind == Partner.noun:
        return url_for("partners.partner", slug=suggested.code)
    if suggested.kind == CONCEPT:
        return url_for(DIRECTORIES[noun], q=suggested.text)
    chosen: dict[str, Any] = {suggested.kind: suggested.code}
    return url_for(DIRECTORIES[noun], **chosen)


def _kind(suggested: Suggested) -> str:
    names = {
        Startup.noun: gettext("Startup"),
        Partner.noun: gettext("Partner"),
        "sector": gettext("Sector"),
        "technology": gettext("Technology"),
        "site": gettext("Park"),
        "region": gettext("Region"),
        "stage": gettext("Stage"),
        CONCEPT: gettext("Topic"),
    }
    return names[suggested.kind]


@allow(Permission.BROWSE)
def suggestions() -> ResponseReturnValue:
    """What the text in ``q`` can be completed to, as the options of a listbox; empty if there is nothing.

    ``of=partner`` asks for the partners' directory.
    """
    noun = Partner.noun if request.args.get("of") == Partner.noun else Startup.noun
    text = printable(request.args.get("q", ""))[:LONGEST_TEXT]
    found = suggest(db.session(), current_search(), phrases(), text, current_language().script, noun)
    options = [(each, _kind(each), _address(each, noun)) for each in found]
    response = make_response(render_template("suggestions/options.html", options=options, nouns=tuple(DIRECTORIES)))
    response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
