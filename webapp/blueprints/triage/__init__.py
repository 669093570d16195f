"""Triage: staff check requests for introductions, pass them on or give them back, and propose introductions."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.triage import figures, proposing, routes

blueprint = Blueprint("triage", __name__, url_prefix="/<lang>/staff/introductions", template_folder="templates")

blueprint.add_url_rule("", "queue", routes.queue)
blueprint.add_url_rule("/all", "all", routes.everything)
blueprint.add_url_rule("/all.<any(csv, xlsx, jsonl):form>", "all_file", routes.everything_file)
blueprint.add_url_rule("/propose", "propose", proposing.propose, methods=["GET", "POST"])
blueprint.add_url_rule("/figures", "figures", figures.figures)
blueprint.add_url_rule("/figures.<any(csv, xlsx, jsonl):form>", "figures_file", figures.figures_file)
blueprint.add_url_rule("/<reference>", "request", routes.one)
blueprint.add_url_rule("/<reference>/note", "note", routes.note, methods=["POST"])
blueprint.add_url_rule("/<reference>/<move>", "move", routes.move, methods=["POST"])
