"""Claims, as staff decide them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.claims import routes

blueprint = Blueprint("claims", __name__, url_prefix="/<lang>/staff/claims", template_folder="templates")

blueprint.add_url_rule("", "claims", routes.claims)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "claims_file", routes.claims_file)
blueprint.add_url_rule("/<int:claim_id>", "claim", routes.claim, methods=["GET", "POST"])
