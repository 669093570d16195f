"""What the link of an application opens, and keeping it to whoever has it."""

from __future__ import annotations

from typing import NamedTuple

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models import Application
from webapp.services.applications import confirm_address, open_application
from webapp.web.access import current_actor
from webapp.web.signed_links import read_application_token


class Opened(NamedTuple):
    """An application, and through which link it was opened."""

    application: Application
    token: str
    proof: str | None


def keep_private(response: Response) -> Response:
    """Nobody else is to learn the link: no cache keeps the page, no other site is told of it, no robot lists it."""
    if (request.view_args or {}).get("token"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def opened_link(token: str) -> Opened:
    """What a link leads to. Pressing a button behind the mailed one confirms the address.

    Raises:
        NotFound: the link was not made here, or leads nowhere any more.
        Conflict: ``mailed-link``: one must come through the link in the mail now.
    """
    found = read_application_token(token)
    if found is None:
        raise NotFound("application")
    application = open_application(db.session, *found)
    if request.method == "POST" and found[1] is not None:
        confirm_address(db.session, current_actor(), application)
    return Opened(application, token, found[1])


def gone(error: DomainError) -> ResponseReturnValue:
    """A link that leads nowhere any more, with the way on."""
    return render_template("applications/gone.html", error=error), 404 if isinstance(error, NotFound) else 409
