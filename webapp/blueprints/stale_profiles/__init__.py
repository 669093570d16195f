"""For staff: the profiles that nobody stood by for a year."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.stale_profiles import routes

blueprint = Blueprint("stale_profiles", __name__, url_prefix="/<lang>/staff/stale", template_folder="templates")

blueprint.add_url_rule("", "profiles", routes.profiles)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "stale_file", routes.stale_file)
blueprint.add_url_rule("/<any(startup, partner):noun>/<slug>/ask", "ask", routes.ask, methods=["POST"])
blueprint.add_url_rule("/<any(startup, partner):noun>/<slug>/vouch", "vouch", routes.vouch, methods=["POST"])
