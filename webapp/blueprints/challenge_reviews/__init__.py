"""Challenges, as staff check and publish them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.challenge_reviews import routes

blueprint = Blueprint("challenge_reviews", __name__, url_prefix="/<lang>/staff/challenges", template_folder="templates")

blueprint.add_url_rule("", "challenges", routes.challenges)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "challenges_file", routes.challenges_file)
blueprint.add_url_rule("/<slug>", "review", routes.review, methods=["GET", "POST"])
