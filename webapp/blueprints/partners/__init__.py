"""The public directory of investors, mentors and corporate partners: the list with its facets, and the profiles."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.partners import routes

blueprint = Blueprint("partners", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/partners", "partners", routes.partners)
blueprint.add_url_rule("/partners.<any(csv,xlsx,jsonl):form>", "partners_file", routes.partners_file)
blueprint.add_url_rule("/partners/<slug>", "partner", routes.partner)
