"""Pages that exist during development only: every component of the interface at a glance."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.development import mailbox, routes

blueprint = Blueprint("development", __name__, url_prefix="/<lang>/development", template_folder="templates")

blueprint.add_url_rule("/components", "components", routes.components)
blueprint.add_url_rule("/mail", "mailbox", mailbox.mailbox)
blueprint.add_url_rule("/mail/<int:mail_id>", "mail", mailbox.mail)
blueprint.add_url_rule("/mail/<int:mail_id>/html", "mail_html", mailbox.mail_html)

entrance = Blueprint("development_entrance", __name__)
"""What has no language in its address."""
entrance.add_url_rule("/dev/mail", "mail", mailbox.entrance)
