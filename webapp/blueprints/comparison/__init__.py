"""Up to four startups side by side, for everybody."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.comparison import routes

blueprint = Blueprint("comparison", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/compare", "compare", routes.compare)
blueprint.add_url_rule("/compare.<any(csv, xlsx, jsonl):form>", "compare_file", routes.compare_file)
