"""Access is explicit: every route states the permission that it asks for, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, has_request_context, request
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from webapp.extensions import db
from webapp.models import DOER, Account
from webapp.permissions import VISITOR, Actor, Permission, can, require
from webapp.services.actors import actor_of

P = ParamSpec("P")
R = TypeVar("R")

_ATTRIBUTE = "permission"

_EXTENSION_ROUTES: dict[str, Permission] = {"static": Permission.BROWSE}
"""The routes that Flask itself and its extensions bring; see also ``webapp.web.accounts``."""


def allow(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say of a view who may use it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return mark


def current_account() -> Account | None:
    """The account that is signed in."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    account: Account = current_user._get_current_object()
    return account


def account_shown() -> Account | None:
    """The account that is signed in, for the frame of every page: error pages have it too, also without a database."""
    try:
        return current_account()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def current_actor() -> Actor:
    """Whoever makes this request. Visitors cost no query."""
    if "program" in g:
        program: Actor = g.program.actor  # known by a token (``webapp.web.programs``), and by nothing else
        return program
    account = current_account()
    if account is None:
        return VISITOR
    if "actor" not in g or g.actor.account_id != account.id:
        g.actor = actor_of(db.session, account)
        db.session().info[DOER] = g.actor
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """Read anew who asks, after a request changed their memberships."""
    g.pop("actor", None)


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission that a view asks for."""
    return _EXTENSION_ROUTES.get(endpoint) or getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)


def declare(endpoint: str, permission: Permission) -> None:
    """Say of a view that an extension brings who may use it."""
    _EXTENSION_ROUTES[endpoint] = permission


def _check() -> None:
    if request.endpoint is None:
        return
    db.session().info[DOER] = VISITOR  # until it is known who asks
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        raise RuntimeError(f"{request.endpoint} does not say who may use it")
    if can(VISITOR, permission):
        if request.method not in ("GET", "HEAD"):
            current_actor()  # whoever it is may change something, and the audit trail says who
        return
    require(current_actor(), permission)


def may(permission: str, subject: object = None) -> bool:
    """Whether whoever reads this page has a permission, for templates."""
    return can(current_actor(), Permission(permission), subject)


def init_app(app: Flask) -> None:
    """Check the permission before every view."""
    app.before_request(_check)
    app.add_template_global(may)
    app.add_template_global(current_account)
    app.add_template_global(account_shown)
    app.add_template_global(current_actor)
