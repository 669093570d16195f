"""For administrators: who works for the network, and which accounts are closed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from webapp.blueprints.administration import routes, words

blueprint = Blueprint(
    "administration", __name__, url_prefix="/<lang>/administration/accounts", template_folder="templates"
)

blueprint.add_url_rule("", "accounts", routes.accounts)
blueprint.add_url_rule("/list.<any(csv, xlsx, jsonl):form>", "accounts_file", routes.accounts_file)
blueprint.add_url_rule("/<int:account_id>", "account", routes.account, methods=["GET", "POST"])
blueprint.add_url_rule("/<int:account_id>/close", "close", routes.close, methods=["POST"])
blueprint.add_url_rule("/<int:account_id>/open", "open", routes.open_, methods=["POST"])
blueprint.add_url_rule("/<int:account_id>/second-factor", "second_factor", routes.second_factor, methods=["POST"])


@blueprint.context_processor
def _words() -> dict[str, Callable[..., str]]:
    return {"network_role_name": words.network_role_name}
