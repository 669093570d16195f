"""What a load balancer asks: whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.system import routes

blueprint = Blueprint("system", __name__)

blueprint.add_url_rule("/healthz", "healthz", routes.healthz)
blueprint.add_url_rule("/readyz", "readyz", routes.readyz)
