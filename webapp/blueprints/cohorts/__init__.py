"""Cohorts, as staff plan them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.cohorts import routes

blueprint = Blueprint("cohorts", __name__, url_prefix="/<lang>/staff/cohorts", template_folder="templates")

blueprint.add_url_rule("", "cohorts", routes.cohorts)
blueprint.add_url_rule("/new", "create", routes.create, methods=["GET", "POST"])
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "cohorts_file", routes.cohorts_file)
blueprint.add_url_rule("/<cohort>", "edit", routes.edit, methods=["GET", "POST"])
