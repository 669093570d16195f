"""Attached files as their senders and staff receive them, and those of one's own claims."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.evidence import routes

blueprint = Blueprint("evidence", __name__, url_prefix="/<lang>/evidence", template_folder="templates")

blueprint.add_url_rule("/<file>", "file", routes.file)
blueprint.add_url_rule("/<file>/remove", "remove", routes.remove, methods=["POST"])
blueprint.add_url_rule("/claims/<int:claim_id>", "claim", routes.claim, methods=["GET", "POST"])
