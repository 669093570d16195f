"""Error pages: domain errors and HTTP errors put into the reader's words, with a way on."""

from __future__ import annotations

import structlog
from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response

from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from webapp.extensions import db
from webapp.search import IndexUnavailable
from webapp.services.actors import lacks_second_factor
from webapp.web import problems
from webapp.web.access import current_account

logger = structlog.get_logger(__name__)

_STATUS: dict[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
_WORDED = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
"""The statuses that ``errors/page.html`` has words for; others are told as 400 or 500."""


def error_page(status: int, error: DomainError | None = None, retry_after: int = 0) -> tuple[str, int]:
    """The page of an error; ``retry_after`` is in seconds."""
    worded = status if status in _WORDED else (400 if status < 500 else 500)
    page = render_template("errors/page.html", status=worded, error=error, minutes=-(-retry_after // 60))
    return page, status


def _domain_error(error: DomainError) -> tuple[str, int] | Response:
    if problems.is_program():
        return problems.domain_problem(error)
    if isinstance(error, NotAllowed) and (way := _way_in()):
        return redirect(way, 303)
    return error_page(_STATUS.get(type(error), 400), error)


def _way_in() -> str | None:
    """Where somebody who may not do something can become somebody who may: by signing in, by a second factor.

    What a visitor sent is not kept, so the page that says no stays where it is, with the way to sign in.
    """
    account = current_account()
    if account is None:
        asked = request.full_path.rstrip("?")
        return url_for("security.login", next=asked) if request.method in ("GET", "HEAD") else None
    if not lacks_second_factor(account):
        return None
    flash(gettext("For the work of the park you need a second factor beside your password. Set it up here."))
    return url_for("security.two_factor_setup")


def _http_error(error: HTTPException) -> Response | tuple[str, int] | tuple[str, int, dict[str, str]] | HTTPException:
    if error.code is None or error.code < 400:
        return error  # redirects are no errors
    if problems.is_program():
        return problems.http_problem(error)
    if isinstance(error, TooManyRequests) and isinstance(error.retry_after, int):
        return (*error_page(429, retry_after=error.retry_after), {"Retry-After": str(error.retry_after)})
    return error_page(error.code)


def _index_away(_error: IndexUnavailable) -> Response | tuple[str, int, dict[str, str]]:
    """Only programs ask what nothing but the index can answer; pages have another answer ready."""
    if problems.is_program():
        return problems.problem(503, "index", retry_after=10)
    return (*error_page(503), {"Retry-After": "10"})


def _database_away(error: DBAPIError) -> Response | tuple[str, int, dict[str, str]]:
    logger.error("database away", error=str(error.orig))
    db.session.rollback()
    if problems.is_program():
        return problems.problem(503, retry_after=10)
    return (*error_page(503), {"Retry-After": "10"})


def _unexpected(error: Exception) -> Response | tuple[str, int]:
    logger.exception("unexpected error", exc_info=error)
    db.session.rollback()
    if problems.is_program():
        return problems.problem(500)
    return error_page(500)


def init_app(app: Flask) -> None:
    """Answer every error with a page. While testing, unexpected errors surface."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(problems.BadParameters, problems.parameter_problem)
    app.register_error_handler(IndexUnavailable, _index_away)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
