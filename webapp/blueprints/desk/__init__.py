"""The staff's desk: what waits, and where to decide it."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.desk import routes

blueprint = Blueprint("desk", __name__, url_prefix="/<lang>/staff", template_folder="templates")

blueprint.add_url_rule("", "desk", routes.desk)
