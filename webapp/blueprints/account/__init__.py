"""One's own account: settings and mails. The pages for signing in are Flask-Security's: ``webapp.web.accounts``."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.account import routes

blueprint = Blueprint("account", __name__, url_prefix="/<lang>/account", template_folder="templates")

blueprint.add_url_rule("", "home", routes.home)
blueprint.add_url_rule("/settings", "settings", routes.settings, methods=["GET", "POST"])
blueprint.add_url_rule("/mails", "mails", routes.mails, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-out-everywhere", "sign_out_everywhere", routes.sign_out_everywhere, methods=["POST"])
