"""Introductions as the two sides see them: asking, answering, meeting, and what came of it."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.introductions import asking, moving, routes

blueprint = Blueprint("introductions", __name__, url_prefix="/<lang>/introductions", template_folder="templates")

blueprint.add_url_rule("", "introductions", routes.introductions)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "introductions_file", routes.introductions_file)
blueprint.add_url_rule("/new", "new", asking.new, methods=["GET", "POST"])
blueprint.add_url_rule("/<reference>", "introduction", routes.introduction)
blueprint.add_url_rule("/<reference>/text", "save", asking.save, methods=["POST"])
blueprint.add_url_rule("/<reference>/calendar", "calendar", routes.calendar)
blueprint.add_url_rule("/<reference>/outcomes/<int:day>", "outcome", moving.outcome, methods=["POST"])
blueprint.add_url_rule("/<reference>/<move>", "move", moving.move, methods=["POST"])
