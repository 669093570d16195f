"""For staff: who resides where and until when, what happened to each, how full the parks are, and how alumni do."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.residents import files, history, routes

blueprint = Blueprint("residents", __name__, url_prefix="/<lang>/staff/residency", template_folder="templates")

blueprint.add_url_rule("", "residents", routes.residents)
blueprint.add_url_rule("/residents.<any(csv, xlsx, jsonl):form>", "file", routes.file)
blueprint.add_url_rule("/renewals", "renewals", routes.renewals)
blueprint.add_url_rule("/occupancy", "occupancy", routes.occupancy)
blueprint.add_url_rule("/occupancy.<any(csv, xlsx, jsonl):form>", "occupancy_file", files.occupancy_file)
blueprint.add_url_rule("/vacancies.<any(csv, xlsx, jsonl):form>", "vacancies_file", files.vacancies_file)
blueprint.add_url_rule("/pulse.<any(csv, xlsx, jsonl):form>", "pulse_file", files.pulse_file)
blueprint.add_url_rule("/pulse", "pulse", routes.pulse)
blueprint.add_url_rule("/pulse/<slug>/closed", "closed", routes.closed, methods=["POST"])
blueprint.add_url_rule("/startups/<slug>", "startup", history.startup, methods=["GET", "POST"])
blueprint.add_url_rule("/startups/<slug>/correct/<int:event_id>", "correct", history.correct, methods=["GET", "POST"])
