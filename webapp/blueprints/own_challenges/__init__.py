"""Challenges, as the partners that post them write them and decide on the answers."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.own_challenges import answers, editing, inviting, routes

blueprint = Blueprint("own_challenges", __name__, url_prefix="/<lang>/my/challenges", template_folder="templates")

blueprint.add_url_rule("", "challenges", routes.challenges)
blueprint.add_url_rule("/<partner>/new", "create", editing.create, methods=["GET", "POST"])
blueprint.add_url_rule("/<partner>/<slug>", "challenge", routes.challenge)
blueprint.add_url_rule("/<partner>/<slug>/text", "edit", editing.edit, methods=["GET", "POST"])
blueprint.add_url_rule("/<partner>/<slug>/<any(submit,close,withdraw):move>", "move", routes.move, methods=["POST"])
blueprint.add_url_rule("/<partner>/<slug>/draft", "delete", routes.delete, methods=["POST"])
blueprint.add_url_rule("/<partner>/<slug>/startups", "fitting", inviting.fitting, methods=["GET", "POST"])
blueprint.add_url_rule("/<partner>/<slug>/answers.<any(csv, xlsx, jsonl):form>", "answers_file", answers.answers_file)
blueprint.add_url_rule("/<partner>/<slug>/answers/<startup>", "answer", answers.answer, methods=["GET", "POST"])
