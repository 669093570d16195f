"""Matchmaking days, as staff plan them: who comes, who meets whom and when, and what came of it."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.matchmaking import editing, files, meetings, participants, routes

blueprint = Blueprint("matchmaking", __name__, url_prefix="/<lang>/staff/days", template_folder="templates")

FORM = ["GET", "POST"]

blueprint.add_url_rule("", "days", routes.days)
blueprint.add_url_rule("/new", "create", editing.create, methods=FORM)
blueprint.add_url_rule("/<code>", "day", routes.day)
blueprint.add_url_rule("/<code>/edit", "edit", editing.edit, methods=FORM)
blueprint.add_url_rule("/<code>/end", "end", editing.end, methods=FORM)
blueprint.add_url_rule("/<code>/do/<action>", "act", editing.act, methods=["POST"])
blueprint.add_url_rule("/<code>/timetable", "grid", routes.grid)
blueprint.add_url_rule("/<code>/timetable.<any(csv, xlsx, jsonl):form>", "grid_file", files.grid_file)
blueprint.add_url_rule("/<code>/print", "print_all", routes.print_all)
blueprint.add_url_rule("/<code>/slots/<int:slot>", "slot", meetings.slot, methods=FORM)
blueprint.add_url_rule("/<code>/participants", "participants", participants.add, methods=FORM)
blueprint.add_url_rule(
    "/<code>/participants.<any(csv, xlsx, jsonl):form>", "participants_file", files.participants_file
)
blueprint.add_url_rule("/<code>/participants/<int:participant_id>", "participant", participants.edit, methods=FORM)
blueprint.add_url_rule(
    "/<code>/participants/<int:participant_id>/remove", "remove_participant", participants.remove, methods=["POST"]
)
blueprint.add_url_rule(
    "/<code>/participants/<int:participant_id>/apart", "keep_apart", participants.keep_apart, methods=["POST"]
)
blueprint.add_url_rule("/<code>/participants/<int:participant_id>/meet", "add_meeting", meetings.add, methods=["POST"])
blueprint.add_url_rule(
    "/<code>/participants/<int:participant_id>/together", "allow_again", participants.allow_again, methods=["POST"]
)
blueprint.add_url_rule("/<code>/meetings/<int:meeting_id>", "meeting", meetings.meeting, methods=FORM)
blueprint.add_url_rule("/<code>/meetings/<int:meeting_id>/lock", "lock", meetings.lock, methods=["POST"])
blueprint.add_url_rule("/<code>/meetings/<int:meeting_id>/remove", "remove_meeting", meetings.remove, methods=["POST"])
