"""The views of the entrance, the home page and the about page."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.blueprints.pages.matching_figures import WAYS, last_figures
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.data_sources import published_sources
from webapp.services.network import list_sites
from webapp.services.profiles import newest_residents
from webapp.services.statistics import network_figures, residents_by_region
from webapp.web.access import allow
from webapp.web.locale import preferred_language
from webapp.web.marks import today

NEWEST_RESIDENTS = 5


@allow(Permission.BROWSE)
def entrance() -> Response:
    """Lead to the home page in the reader's language."""
    response = redirect(url_for("pages.home", lang=preferred_language()))
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "private, max-age=0"
    return response


@allow(Permission.BROWSE)
def home() -> str:
    """The home page."""
    return render_template(
        "pages/home.html",
        figures=network_figures(db.session),
        regions=residents_by_region(db.session, today()),
        newest=newest_residents(db.session, NEWEST_RESIDENTS),
    )


@allow(Permission.BROWSE)
def about() -> str:
    """What the site is, how it works, and where its figures come from."""
    return render_template("pages/about.html", sites=list_sites(db.session), sources=published_sources(db.session))


@allow(Permission.BROWSE)
def matching() -> str:
    """How matches are made, in plain words, and how well that works."""
    return render_template("pages/matching.html", figures=last_figures(), way_names=WAYS)
