"""Programs that ask below ``/api/``: who they are, how often they may ask, and what browsers let their scripts read.

A program is known by its token alone. A signed-in browser that opens an address of the interface is a visitor there, so
that no page of another site can read through somebody's session.
"""

from __future__ import annotations

import time
from datetime import datetime

import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from werkzeug.exceptions import NotAcceptable, TooManyRequests

from webapp.errors import NotAllowed
from webapp.extensions import db, limiter
from webapp.models import utc_now
from webapp.services.api_tokens import Program, note_use, program_of
from webapp.web.limits import by_place
from webapp.web.problems import ROOT, is_program

logger = structlog.get_logger(__name__)

VISITORS, TOKENS = "120 per minute", "600 per minute"
"""How often a visitor, known by the address on the net, and a token may ask."""
JSON = "application/json"
OPEN_HEADERS = (
    "ETag, Last-Modified, Content-Language, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
)


def current_program() -> Program:
    """What asks."""
    program: Program = g.program
    return program


def _begin() -> None:
    """Know who asks, count the request, and see whether they can read the answer.

    Raises:
        NotAllowed: ``token``.
        TooManyRequests: with the seconds to wait.
        NotAcceptable: they do not take JSON.
    """
    if not is_program():
        return
    g.program = Program()
    try:
        g.program = _program(utc_now())
    finally:
        _count()  # also who only tries tokens
    if request.accept_mimetypes and not request.accept_mimetypes[JSON] and request.path != f"{ROOT}/docs":
        raise NotAcceptable


def _program(now: datetime) -> Program:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return Program()
    if scheme.lower() != "bearer" or not text.strip():
        raise NotAllowed("token")
    program = program_of(db.session, text.strip(), now)
    if note_use(db.session, program, now):
        db.session.commit()
    return program


def _count() -> None:
    """Count the request. Nobody is kept out because the counting fails."""
    if not limiter.enabled or request.method == "OPTIONS":
        return
    token = current_program().token_id
    amount, key = (parse(TOKENS), f"token-{token}") if token else (parse(VISITORS), by_place())
    try:
        allowed = limiter.limiter.hit(amount, "api", key)
        stats = limiter.limiter.get_window_stats(amount, "api", key)
    except StorageError as error:
        logger.error("requests cannot be counted", error=str(error))
        return
    wait = max(1, round(stats.reset_time - time.time()))
    g.counted = _counted(amount, stats.remaining, wait)
    if not allowed:
        raise TooManyRequests(retry_after=wait)


def _counted(amount: RateLimitItem, remaining: int, wait: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(amount.amount),
        "RateLimit-Remaining": str(max(0, remaining)),
        "RateLimit-Reset": str(wait),
        "RateLimit-Policy": f"{amount.amount};w={amount.get_expiry()}",
    }


def _mark(response: Response) -> Response:
    """Say how often one may still ask, and open what is public to scripts of all sites."""
    if not is_program():
        return response
    response.headers.update(g.pop("counted", {}))
    response.vary.add("Accept-Language")
    if request.path.startswith(f"{ROOT}/v1/me/"):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = OPEN_HEADERS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match, If-Modified-Since"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def init_app(app: Flask) -> None:
    """Know programs before it is asked what they may do."""
    app.before_request(_begin)
    app.after_request(_mark)
