"""Pages that exist during development only: every component of the interface at a glance."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.development import routes

blueprint = Blueprint("development", __name__, url_prefix="/<lang>/development", template_folder="templates")

blueprint.add_url_rule("/components", "components", routes.components)
