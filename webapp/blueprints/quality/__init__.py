"""For staff: the quality report of each quarter, and the register of non-conformities."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.quality import nonconformities, routes

blueprint = Blueprint("quality", __name__, url_prefix="/<lang>/staff/quality", template_folder="templates")

blueprint.add_url_rule("", "report", routes.report)
blueprint.add_url_rule("/report.<any(csv, xlsx, jsonl):form>", "file", routes.file)
blueprint.add_url_rule("/nonconformities", "nonconformities", nonconformities.register)
blueprint.add_url_rule(
    "/nonconformities.<any(csv, xlsx, jsonl):form>", "nonconformities_file", nonconformities.register_file
)
blueprint.add_url_rule("/nonconformities/new", "new", nonconformities.new, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/nonconformities/<reference>", "nonconformity", nonconformities.nonconformity, methods=["GET", "POST"]
)
