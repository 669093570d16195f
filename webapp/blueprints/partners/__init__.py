"""The public directory of investors, mentors and corporate partners: the list with its facets, and the profiles."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.partners import routes

blueprint = Blueprint("partners", __name__, url_prefix="/<lang>/partners", template_folder="templates")

blueprint.add_url_rule("", "partners", routes.partners)
blueprint.add_url_rule(".<any(csv,xlsx,jsonl):form>", "partners_file", routes.partners_file)
blueprint.add_url_rule("/<slug>", "partner", routes.partner)
