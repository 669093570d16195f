"""For staff: changing many profiles at once, with a preview, and undoing it."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.bulk_edits import routes

blueprint = Blueprint("bulk_edits", __name__, url_prefix="/<lang>/staff/bulk", template_folder="templates")

OF = "/<any(startup, partner):noun>"

blueprint.add_url_rule("", "edits", routes.edits)
blueprint.add_url_rule(f"{OF}/choose", "choose", routes.choose)
blueprint.add_url_rule(f"{OF}/preview", "preview", routes.preview, methods=["GET", "POST"])
blueprint.add_url_rule("/edits/<reference>", "edit", routes.edit)
blueprint.add_url_rule("/edits/<reference>/undo", "undo", routes.undo, methods=["POST"])
