"""Applications, as staff evaluate and decide them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.admissions import routes

blueprint = Blueprint("admissions", __name__, url_prefix="/<lang>/staff/applications", template_folder="templates")

blueprint.add_url_rule("", "applications", routes.applications)
blueprint.add_url_rule("/cohorts/<cohort>", "cohort", routes.cohort)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "applications_file", routes.applications_file)
blueprint.add_url_rule("/<reference>", "application", routes.application)
blueprint.add_url_rule("/<reference>/evaluation", "evaluate", routes.evaluate, methods=["POST"])
blueprint.add_url_rule("/<reference>/decision", "decide", routes.decide, methods=["POST"])
blueprint.add_url_rule("/<reference>/entry", "enter", routes.enter, methods=["POST"])
