"""For staff: profiles that may be one organisation twice."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.duplicates import routes

blueprint = Blueprint("duplicates", __name__, url_prefix="/<lang>/staff/duplicates", template_folder="templates")

ONE = "/<any(startup, partner):noun>/<int:kept_id>/<int:gone_id>"

blueprint.add_url_rule("", "duplicates", routes.duplicates)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "duplicates_file", routes.duplicates_file)
blueprint.add_url_rule(ONE, "pair", routes.pair, methods=["GET", "POST"])
blueprint.add_url_rule(f"{ONE}/apart", "apart", routes.apart, methods=["POST"])
