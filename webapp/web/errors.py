"""Error pages: domain errors and HTTP errors put into the reader's words, with a way on."""

from __future__ import annotations

import structlog
from flask import Flask, render_template
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from webapp.extensions import db

logger = structlog.get_logger(__name__)

_STATUS: dict[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
_WORDED = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
"""The statuses that ``errors/page.html`` has words for; others are told as 400 or 500."""


def _page(status: int, error: DomainError | None = None) -> tuple[str, int]:
    worded = status if status in _WORDED else (400 if status < 500 else 500)
    return render_template("errors/page.html", status=worded, error=error), status


def _domain_error(error: DomainError) -> tuple[str, int]:
    return _page(_STATUS.get(type(error), 400), error)


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error  # redirects are no errors
    return _page(error.code)


def _database_away(error: DBAPIError) -> tuple[str, int, dict[str, str]]:
    logger.error("database away", error=str(error.orig))
    db.session.rollback()
    return (*_page(503), {"Retry-After": "10"})


def _unexpected(error: Exception) -> tuple[str, int]:
    logger.exception("unexpected error", exc_info=error)
    db.session.rollback()
    return _page(500)


def init_app(app: Flask) -> None:
    """Answer every error with a page. While testing, unexpected errors surface."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
