"""The public directory of startups: the list with its facets, and the profiles."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.directory import routes

blueprint = Blueprint("directory", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/startups", "startups", routes.startups)
blueprint.add_url_rule("/startups.<any(csv,xlsx,jsonl):form>", "startups_file", routes.startups_file)
blueprint.add_url_rule("/startups/<slug>", "startup", routes.startup)
