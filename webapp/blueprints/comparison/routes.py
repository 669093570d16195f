"""The views of the comparison. Which startups it is of stands in its address alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, request, url_for
from flask_babel import gettext

from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.directory import similar_startups
from webapp.services.profile_finder import profiles_named
from webapp.services.profiles import startups_with_slugs
from webapp.web.access import allow
from webapp.web.compared import MOST
from webapp.web.compared import compare as compared
from webapp.web.downloads import download
from webapp.web.formats import name_of
from webapp.web.links import keep_parameters
from webapp.web.listing_form import LONGEST_TEXT, printable
from webapp.web.site import current_search, site_url

MOST_READ = 20
"""How many slugs of an address are looked at."""
MOST_OFFERED = 5


def _asked() -> list[str]:
    """The slugs in the query string, each once."""
    return list(dict.fromkeys(request.args.getlist("startup")))[:MOST_READ]


@allow(Permission.BROWSE)
def compare() -> str:
    """Startups side by side, and others that can be added."""
    found = startups_with_slugs(db.session, _asked())
    startups = found[:MOST]
    slugs = [startup.slug for startup in startups]
    only_differences = request.args.get("only") == "differences"
    keep_parameters({"startup": slugs} | ({"only": "differences"} if only_differences else {}))
    text = printable(request.args.get("q", ""))[:LONGEST_TEXT]
    return render_template(
        "comparison/compare.html",
        comparison=compared(startups),
        slugs=slugs,
        left_out=len(found) - len(startups),
        only_differences=only_differences,
        text=text,
        offered=_offered(startups, text) if len(startups) < MOST else [],
        most=MOST,
    )


def _offered(startups: Sequence[Startup], text: str) -> list[Startup]:
    """Others to add: those with the name that was typed, or else those that are similar to the first."""
    others: Sequence[Startup | Partner]
    if text:
        others = profiles_named(db.session, current_search(), Startup.noun, text)
    elif startups:
        others = similar_startups(db.session, current_search(), startups[0], limit=MOST_OFFERED + MOST)
    else:
        return []
    there = {startup.id for startup in startups}
    return [other for other in others if isinstance(other, Startup) and other.id not in there][:MOST_OFFERED]


@allow(Permission.BROWSE)
def compare_file(form: str) -> Response:
    """The same table as a file. Its columns are named by slugs, which no two startups share."""
    comparison = compared(startups_with_slugs(db.session, _asked())[:MOST])
    slugs = [startup.slug for startup in comparison.startups]
    first = gettext("Startup")
    rows = [{first: str(row.fact.title), **dict(zip(slugs, row.cells, strict=True))} for row in comparison.rows]
    names = {first: gettext("Name"), **{startup.slug: name_of(startup) for startup in comparison.startups}}
    addresses = {slug: site_url() + url_for("directory.startup", slug=slug) for slug in slugs}
    table = [names, *rows, {first: gettext("Address"), **addresses}]
    return download("comparison", [first, *slugs], table, form)
