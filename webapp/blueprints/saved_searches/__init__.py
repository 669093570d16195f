"""One's saved searches: what is new in each, how often one is told, and saving another."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.saved_searches import changing, reading, saving

blueprint = Blueprint("saved_searches", __name__, url_prefix="/<lang>/my/searches", template_folder="templates")

FORM = ["GET", "POST"]

blueprint.add_url_rule("", "searches", reading.searches)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "searches_file", reading.searches_file)
blueprint.add_url_rule("/<int:search_id>", "news", reading.news)
blueprint.add_url_rule("/new/<noun>", "save", saving.save, methods=FORM)
blueprint.add_url_rule("/new/<noun>/<slug>", "save_matches", saving.save_matches, methods=FORM)
blueprint.add_url_rule("/<int:search_id>/edit", "edit", changing.edit, methods=FORM)
blueprint.add_url_rule("/<int:search_id>/delete", "delete", changing.delete, methods=FORM)
blueprint.add_url_rule("/<int:search_id>/seen", "mark_seen", changing.mark_seen, methods=["POST"])
blueprint.add_url_rule("/<int:search_id>/pause", "pause", changing.pause, methods=["POST"])
blueprint.add_url_rule("/<int:search_id>/resume", "resume", changing.resume, methods=["POST"])
