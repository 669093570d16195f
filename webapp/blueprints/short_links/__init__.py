"""Short addresses of profiles: for cards, slides and whatever else is typed from paper."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.short_links import routes

blueprint = Blueprint("short_links", __name__)

blueprint.add_url_rule("/s/<code>", "startup", routes.startup)
blueprint.add_url_rule("/p/<code>", "partner", routes.partner)
