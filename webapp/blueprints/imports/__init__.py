"""Imports in the browser, as staff make them: a file, what its columns are, a trial, the import, its left-over rows."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.imports import deciding, files, routes, rows, unknown

blueprint = Blueprint("imports", __name__, url_prefix="/<lang>/staff/imports", template_folder="templates")

blueprint.add_url_rule("", "imports", routes.imports)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "imports_file", files.imports_file)
blueprint.add_url_rule("/new", "upload", routes.upload, methods=["GET", "POST"])
blueprint.add_url_rule("/unknown", "unknown", unknown.unknown)
blueprint.add_url_rule("/unknown.<any(csv, xlsx, jsonl):form>", "unknown_file", unknown.unknown_file)
blueprint.add_url_rule("/unknown/<int:term_id>", "unknown_term", unknown.unknown_term)
blueprint.add_url_rule("/unknown/<int:term_id>/ignore", "ignore", unknown.ignore, methods=["POST"])
blueprint.add_url_rule("/runs/<reference>", "run", routes.run)
blueprint.add_url_rule("/runs/<reference>/report.<any(csv, xlsx, jsonl):form>", "report", routes.report)
blueprint.add_url_rule("/runs/<reference>/columns", "mapping", deciding.mapping, methods=["GET", "POST"])
blueprint.add_url_rule("/runs/<reference>/known", "use_known", deciding.use_known, methods=["POST"])
blueprint.add_url_rule("/runs/<reference>/check", "check", deciding.check, methods=["POST"])
blueprint.add_url_rule("/runs/<reference>/import", "carry_out", deciding.carry_out, methods=["POST"])
blueprint.add_url_rule("/runs/<reference>/drop", "drop", deciding.drop, methods=["POST"])
blueprint.add_url_rule("/runs/<reference>/rows/<int:row_id>", "row", rows.row, methods=["GET", "POST"])
