"""The interface for programs: what the site publishes as JSON, and what a token's owner has (docs/api.md)."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.api import routes
from webapp.blueprints.api.table import OPERATIONS

blueprint = Blueprint("api", __name__, url_prefix="/api")

blueprint.add_url_rule("/openapi.json", "openapi", routes.openapi)
blueprint.add_url_rule("/docs", "docs", routes.docs)

for operation in OPERATIONS:
    blueprint.add_url_rule(f"/v1{operation.rule}", operation.name, operation.view)

blueprint.record_once(lambda state: state.app.extensions.update(openapi=routes.current_document))
