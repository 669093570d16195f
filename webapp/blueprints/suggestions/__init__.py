"""What a search box offers while somebody types."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.suggestions import routes

blueprint = Blueprint("suggestions", __name__, url_prefix="/<lang>/suggestions", template_folder="templates")

blueprint.add_url_rule("", "suggestions", routes.suggestions)
