"""The network pack, for staff: what is loaded, what its files say now, and loading them again."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.pack import routes

blueprint = Blueprint("pack", __name__, url_prefix="/<lang>/staff/pack", template_folder="templates")

blueprint.add_url_rule("", "pack", routes.pack)
blueprint.add_url_rule("/reload", "reload", routes.reload, methods=["POST"])
