"""Sign-in with Flask-Security: its settings, its routes' permissions, its sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_security import SQLAlchemyUserDatastore

from webapp.config import Settings
from webapp.extensions import db, security
from webapp.models import Account, Passkey, Role
from webapp.permissions import Permission
from webapp.web.access import declare

datastore = SQLAlchemyUserDatastore(db, Account, Role, Passkey)

SIGN_IN_ROUTES = ("login", "register", "forgot_password", "reset_password", "send_confirmation", "confirm_email")
ACCOUNT_ROUTES = ("logout", "change_password", "verify")


def security_config(settings: Settings) -> dict[str, object]:
    """What Flask-Security wants to know."""
    return {
        "SECURITY_URL_PREFIX": "/<lang>/account",
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_FRESHNESS": timedelta(hours=1),
    }


def init_app(app: Flask) -> None:
    """Bind Flask-Security and say who may use its routes."""
    settings: Settings = app.extensions["settings"]
    app.config.from_mapping(security_config(settings))
    security.init_app(app, datastore)
    for route in SIGN_IN_ROUTES:
        declare(f"security.{route}", Permission.SIGN_IN)
    for route in ACCOUNT_ROUTES:
        declare(f"security.{route}", Permission.USE_ACCOUNT)
    declare("security.static", Permission.BROWSE)
