"""Access is explicit: every route states the permission that it asks for, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request

from webapp.permissions import VISITOR, Actor, Permission, require

P = ParamSpec("P")
R = TypeVar("R")

_ATTRIBUTE = "permission"


def allow(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say of a view who may use it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return mark


def current_actor() -> Actor:
    """Whoever makes this request."""
    return VISITOR


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission that a view asks for; Flask's own static files ask for none."""
    if endpoint == "static":
        return Permission.BROWSE
    return getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)


def _check() -> None:
    if request.endpoint is None:
        return
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        raise RuntimeError(f"{request.endpoint} does not say who may use it")
    require(current_actor(), permission)


def init_app(app: Flask) -> None:
    """Check the permission before every view."""
    app.before_request(_check)
