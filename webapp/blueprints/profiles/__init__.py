"""Profiles as their members and staff edit them: pages, preview, submission, history, logos."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.profiles import editing, evidence, history, logos, routes, staff

blueprint = Blueprint("profiles", __name__, template_folder="templates")

FORM = ["GET", "POST"]
POST = ["POST"]
ONE = "/<lang>/my/<any(startup, partner):noun>/<slug>/profile"

blueprint.add_url_rule(ONE, "edit", routes.edit)
blueprint.add_url_rule(f"{ONE}/sections/<section>", "section", editing.section, methods=FORM)
blueprint.add_url_rule(f"{ONE}/sections/<section>/autosave", "autosave", editing.autosave, methods=POST)
blueprint.add_url_rule(f"{ONE}/logo", "logo", logos.logo, methods=FORM)
blueprint.add_url_rule(f"{ONE}/logo/remove", "remove_logo", logos.remove, methods=POST)
blueprint.add_url_rule(f"{ONE}/evidence", "evidence", evidence.evidence, methods=FORM)
blueprint.add_url_rule(f"{ONE}/preview", "preview", routes.preview)
blueprint.add_url_rule(f"{ONE}/changes", "changes", routes.changes)
blueprint.add_url_rule(f"{ONE}/submit", "submit", routes.submit, methods=POST)
blueprint.add_url_rule(f"{ONE}/publish", "publish", routes.publish, methods=POST)
blueprint.add_url_rule(f"{ONE}/take-back", "take_back", routes.take_back, methods=POST)
blueprint.add_url_rule(f"{ONE}/discard", "discard", routes.discard, methods=FORM)
blueprint.add_url_rule(f"{ONE}/confirm", "confirm", routes.confirm, methods=POST)
blueprint.add_url_rule(f"{ONE}/verify", "verify", staff.verify, methods=FORM)
blueprint.add_url_rule(f"{ONE}/address", "rename", staff.rename, methods=FORM)
blueprint.add_url_rule(f"{ONE}/history", "history", history.history)
blueprint.add_url_rule(f"{ONE}/history/<int:revision_id>/go-back", "go_back", history.go_back, methods=POST)
blueprint.add_url_rule("/logos/<name>", "logo_file", logos.logo_file)
