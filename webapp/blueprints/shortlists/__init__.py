"""One's shortlists: profiles with notes that nobody else reads, as pages and as files."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.shortlists import adding, routes

blueprint = Blueprint("shortlists", __name__, url_prefix="/<lang>/my/shortlists", template_folder="templates")

FORM = ["GET", "POST"]

blueprint.add_url_rule("", "shortlists", routes.shortlists, methods=FORM)
blueprint.add_url_rule("/<int:shortlist_id>", "shortlist", routes.shortlist)
blueprint.add_url_rule(
    '/<int:shortlist_id>.<any("csv", "xlsx", "jsonl", "json"):form>', "shortlist_file", routes.shortlist_file
)
blueprint.add_url_rule("/<int:shortlist_id>/rename", "rename", routes.rename, methods=FORM)
blueprint.add_url_rule("/<int:shortlist_id>/delete", "delete", routes.delete, methods=FORM)
blueprint.add_url_rule("/<int:shortlist_id>/<int:entry_id>/note", "note", routes.note, methods=FORM)
blueprint.add_url_rule("/<int:shortlist_id>/<int:entry_id>/remove", "remove", routes.remove, methods=["POST"])
blueprint.add_url_rule("/add/<noun>/<slug>", "add", adding.add, methods=FORM)
