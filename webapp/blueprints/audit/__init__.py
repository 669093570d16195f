"""For staff: the audit trail, who did what when on which record."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.audit import routes

blueprint = Blueprint("audit", __name__, url_prefix="/<lang>/staff/audit", template_folder="templates")

blueprint.add_url_rule("", "entries", routes.entries)
blueprint.add_url_rule("/trail.<any(csv, xlsx, jsonl):form>", "file", routes.file)
