"""Matchmaking days for everybody: which ones come, as a page and as a calendar; and the calendars of single people."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.matchmaking_days import routes

blueprint = Blueprint("matchmaking_days", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/days", "days", routes.days)
blueprint.add_url_rule("/days.ics", "calendar", routes.calendar)
blueprint.add_url_rule("/calendar/<token>/meetings.ics", "feed", routes.feed)
