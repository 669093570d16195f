"""Links in mails that act: a page that says what will be done, and a button that does it."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.mail_links import routes

blueprint = Blueprint("mail_links", __name__, url_prefix="/<lang>", template_folder="templates")

blueprint.add_url_rule("/links/<token>", "link", routes.link, methods=["GET", "POST"])
blueprint.add_url_rule("/unsubscribe/<token>", "unsubscribe", routes.unsubscribe, methods=["GET", "POST"])
blueprint.after_request(routes.keep_private)
