"""Applying for a place in a park: what is asked, the form in four steps, and how far an application is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from webapp.blueprints.applications import begin, documents, links, routes

blueprint = Blueprint("applications", __name__, url_prefix="/<lang>/apply", template_folder="templates")

FORM = ["GET", "POST"]
blueprint.add_url_rule("", "start", begin.start)
blueprint.add_url_rule("/new", "begin", begin.begin, methods=FORM)
blueprint.add_url_rule("/link", "send_link", begin.send_link, methods=FORM)
blueprint.add_url_rule("/<token>", "application", routes.application)
blueprint.add_url_rule("/<token>/<any(applicant,project,activity,company):step>", "step", routes.step, methods=FORM)
blueprint.add_url_rule("/<token>/documents", "documents", documents.documents, methods=FORM)
blueprint.add_url_rule("/<token>/documents/<file>", "document", documents.document)
blueprint.add_url_rule("/<token>/documents/<file>/remove", "remove_document", documents.remove, methods=["POST"])
blueprint.add_url_rule("/<token>/submit", "submit", routes.submit, methods=["POST"])
blueprint.add_url_rule("/<token>/withdraw", "withdraw", routes.withdraw, methods=["POST"])
blueprint.add_url_rule("/<token>/delete", "delete", routes.delete, methods=["POST"])
blueprint.after_request(links.keep_private)


@blueprint.context_processor
def _words() -> dict[str, Callable[..., object]]:
    """The addresses of attached files, for the templates of this blueprint only."""
    return {function.__name__: function for function in (documents.document_url, documents.document_removal)}
