"""Cursors: where a page of a list ended, signed, and good for that list alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.errors import NotFound
from webapp.search import Position


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="api-cursor")


def list_key(asked: Mapping[str, Any]) -> str:
    """What tells one list from another: all that was asked but for the page."""
    text = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_cursor(end: Position, key: str) -> str:
    """The cursor of a position in a list."""
    return str(_serializer().dumps([end.first, base64.b64encode(end.name).decode(), end.id, key]))


def from_cursor(cursor: str, key: str) -> Position:
    """The position that a cursor stands for.

    Raises:
        NotFound: ``cursor``: it was not made here, or for another list.
    """
    try:
        first, name, row_id, of = _serializer().loads(cursor)
    except (BadSignature, ValueError) as error:
        raise NotFound("cursor") from error
    if of != key:
        raise NotFound("cursor")
    return Position(first, base64.b64decode(name), row_id)
