"""The mailroom: mails that could not be sent, for staff."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.mailroom import routes

blueprint = Blueprint("mailroom", __name__, url_prefix="/<lang>/staff/mail", template_folder="templates")

blueprint.add_url_rule("", "mails", routes.mails)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "mails_file", routes.mails_file)
blueprint.add_url_rule("/<int:mail_id>/retry", "retry", routes.retry, methods=["POST"])
blueprint.add_url_rule("/<int:mail_id>/give-up", "give_up", routes.give_up, methods=["POST"])
