"""Each request has an id, is logged once when it is answered, and hands its id to everything logged meanwhile."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request, request_started

logger = structlog.get_logger("webapp.request")

HEADER = "X-Request-ID"
MASK = "…"
_SECRET_ARGUMENT = re.compile("token|secret|key$")
_LOOKS_LIKE_A_TOKEN = re.compile(r"(?=[^A-Z]*[A-Z_.])[\w.~%=-]{24,}")
"""Long, and with a character that no address of ours has: those are lower-case words with hyphens."""
_QUIET = frozenset({"static", "system.healthz", "system.readyz"})


def _begin(_app: Flask) -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if re.fullmatch(r"[\w-]{8,64}", given, re.ASCII) else uuid.uuid4().hex
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def masked_path() -> str:
    """The path of this request without the tokens in it: whoever reads the log must not be able to use a link.

    Where no rule matches the path, whatever looks like a token is masked.
    """
    secret = {str(value) for name, value in (request.view_args or {}).items() if _SECRET_ARGUMENT.search(name)}
    segments = request.path.split("/")
    return "/".join(
        MASK if segment in secret or _LOOKS_LIKE_A_TOKEN.fullmatch(segment) else segment for segment in segments
    )


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.get("request_id", "")
    if request.endpoint not in _QUIET:
        logger.info(
            "answered",
            method=request.method,
            path=masked_path(),
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.request_began), 1),
        )
    return response


def init_app(app: Flask) -> None:
    """Number and log the requests."""
    # The signal comes before an address is looked at, which may already fail (an unknown language).
    request_started.connect(_begin, app)
    app.after_request(_end)
