"""How answers go out: as JSON with a language, a tag and perhaps a date. What did not change is not sent again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import Response, g, request
from pydantic import BaseModel

from webapp.web.locale import current_language

A = TypeVar("A", bound=BaseModel)

FRESH_SECONDS = 60
"""How long anybody may keep what is public without asking again."""


@dataclass(frozen=True)
class Answer(Generic[A]):
    """What an operation answers."""

    content: A
    changed_at: datetime | None = None
    """When it last changed, where that is known for certain."""
    is_private: bool = False


def respond(answer: Answer[BaseModel], changed_at: datetime | None) -> Response:
    """The answer, or that it is still the one that the program has: by its tag or, without one, by its date."""
    text = answer.content.model_dump_json()
    response = Response(text, mimetype="application/json")
    if not g.get("speaks_all"):
        response.headers["Content-Language"] = current_language().code
    # A weak tag: the same answer may be compressed or not.
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
    if changed_at:
        response.last_modified = changed_at
    keep = "private, no-cache" if answer.is_private else f"public, max-age={FRESH_SECONDS}"
    response.headers["Cache-Control"] = keep
    if answer.is_private:
        response.vary.add("Authorization")
    response.make_conditional(request)
    return response
