"""The privacy notice and the terms of use; one's own data, to read, to download, to erase."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from webapp.blueprints.privacy import mails, routes, words

blueprint = Blueprint("privacy", __name__, url_prefix="/<lang>", template_folder="templates")
mails.register()

blueprint.add_url_rule("/privacy", "notice", routes.notice)
blueprint.add_url_rule("/terms", "terms", routes.terms)
blueprint.add_url_rule("/privacy/erased", "erased", routes.erased)
blueprint.add_url_rule("/account/data", "my_data", routes.my_data)
blueprint.add_url_rule("/account/data.json", "my_data_file", routes.my_data_file)
blueprint.add_url_rule("/account/erase", "erase", routes.erase, methods=["GET", "POST"])


@blueprint.context_processor
def _words() -> dict[str, Callable[..., str]]:
    """The words for the templates of this blueprint only; other areas have sections and fields of their own."""
    return {function.__name__: function for function in words.FUNCTIONS}
