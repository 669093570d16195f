"""Challenges, as everybody reads and startups answer them."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.challenges import answering, routes

blueprint = Blueprint("challenges", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/challenges", "challenges", routes.challenges)
blueprint.add_url_rule("/challenges.<any(csv, xlsx, jsonl):form>", "challenges_file", routes.challenges_file)
blueprint.add_url_rule("/challenges/<slug>", "challenge", routes.challenge)
blueprint.add_url_rule("/challenges/<slug>/answer", "choose", answering.choose)
blueprint.add_url_rule("/challenges/<slug>/answer/<startup>", "answer", answering.answer, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/challenges/<slug>/answer/<startup>/withdrawal", "withdraw", answering.withdraw, methods=["POST"]
)
