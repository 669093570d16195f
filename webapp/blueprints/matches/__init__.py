"""The matches of one's own organisation: whom it should meet, why, and what it makes of that."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.matches import routes

blueprint = Blueprint("matches", __name__, url_prefix="/<lang>/my/<noun>/<slug>/matches", template_folder="templates")

blueprint.add_url_rule("", "matches", routes.matches)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "matches_file", routes.matches_file)
blueprint.add_url_rule("/<other>/set-aside", "set_aside", routes.set_aside, methods=["POST"])
blueprint.add_url_rule("/<other>/put-off", "put_off", routes.put_off, methods=["POST"])
blueprint.add_url_rule("/<other>/take-back", "take_back", routes.take_back, methods=["POST"])
