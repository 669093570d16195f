"""The matchmaking days of those who come to them: own timetables, calendar files, and what a meeting was worth."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.timetables import routes

blueprint = Blueprint("timetables", __name__, url_prefix="/<lang>/my/days", template_folder="templates")

blueprint.add_url_rule("", "timetables", routes.timetables)
blueprint.add_url_rule("/<code>", "timetable", routes.timetable)
blueprint.add_url_rule("/<code>/timetable.<any(csv, xlsx, jsonl):form>", "timetable_file", routes.timetable_file)
blueprint.add_url_rule("/<code>/meetings.ics", "calendar", routes.calendar)
blueprint.add_url_rule("/<code>/meetings/<int:meeting_id>", "feedback", routes.feedback, methods=["GET", "POST"])
