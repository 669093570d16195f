"""The interface for programs, for people: the page that explains it, and one's own tokens."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.api_tokens import routes

blueprint = Blueprint("api_tokens", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/api", "documentation", routes.documentation)
blueprint.add_url_rule("/my/tokens", "tokens", routes.tokens, methods=["GET", "POST"])
blueprint.add_url_rule("/my/tokens/<int:token_id>/revoke", "revoke", routes.revoke, methods=["GET", "POST"])
