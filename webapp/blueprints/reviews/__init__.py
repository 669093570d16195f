"""Changes of profiles, as staff decide them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.reviews import routes

blueprint = Blueprint("reviews", __name__, url_prefix="/<lang>/staff/reviews", template_folder="templates")

blueprint.add_url_rule("", "reviews", routes.reviews)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "reviews_file", routes.reviews_file)
blueprint.add_url_rule("/<int:revision_id>", "review", routes.review, methods=["GET", "POST"])
