"""Sign-in with Flask-Security: its settings, its routes' permissions, its sessions."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, current_app, g, render_template, request, session
from flask_security import user_authenticated
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp.config import ROOT, Settings
from webapp.extensions import db
from webapp.models import Account, Passkey, Role, utc_now
from webapp.permissions import Permission
from webapp.services.accounts import record_sign_in
from webapp.web import account_mails, account_views, limits
from webapp.web.access import declare
from webapp.web.account_forms import FORMS
from webapp.web.account_parts import (
    AccountDatastore,
    AccountSecurity,
    OneTimeCodes,
    Passkeys,
    PasswordRules,
    QueuedMail,
)
from webapp.web.demonstration_accounts import demonstration_accounts
from webapp.web.security_words import message_settings

HOME = "account.home"

ROUTES: dict[Permission, tuple[str, ...]] = {
    Permission.SIGN_IN: (
        "login",
        "logout",  # what it asks for is not to be signed in, and a second press of the button is no mistake
        "register",
        "forgot_password",
        "reset_password",
        "send_confirmation",
        "confirm_email",
        "change_email_confirm",
        "two_factor_setup",
        "two_factor_token_validation",
        "two_factor_rescue",
        "tf_select",
        "mf_recovery",
        "wan_signin",
        "wan_signin_response",
    ),
    Permission.USE_ACCOUNT: (
        "change_password",
        "change_email",
        "verify",
        "two_factor_setup_validate",
        "mf_recovery_codes",
        "wan_register",
        "wan_register_response",
        "wan_delete",
        "wan_verify",
        "wan_verify_response",
    ),
    Permission.BROWSE: ("static",),
}
"""The routes of Flask-Security, by what they ask for; some of those for visitors go on with what a session holds."""

KEPT_BY_BROWSERS = frozenset({"static", "profiles.logo_file"})
"""Files that are the same for everybody."""

EVEN_SECONDS = 0.25
"""How long an answer takes at least where its time could tell whether an address has an account."""

_EVEN = frozenset({"security.forgot_password", "security.send_confirmation"})


def security_config(settings: Settings) -> dict[str, object]:
    """What Flask-Security wants to know."""
    return {
        "SECURITY_URL_PREFIX": "/<lang>/account",
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_EMAIL": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_DATETIME_FACTORY": utc_now,
        "SECURITY_FRESHNESS": timedelta(hours=1),
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(ROOT / "translations")],
        **_views(),
        **_passwords(settings),
        **_second_factors(settings),
        **_mail_kinds(),
        **message_settings(),
        # A form may be open for a long time: its token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=1),
        "REMEMBER_COOKIE_DURATION": timedelta(days=settings.session_days),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.environment == "production",
    }


def _views() -> dict[str, object]:
    """Where one goes on."""
    return {
        "SECURITY_POST_LOGIN_VIEW": HOME,
        "SECURITY_POST_LOGOUT_VIEW": "pages.home",
        "SECURITY_POST_REGISTER_VIEW": "security.login",
        "SECURITY_POST_VERIFY_VIEW": HOME,
        "SECURITY_POST_CHANGE_VIEW": "account.settings",
        "SECURITY_POST_CHANGE_EMAIL_VIEW": "account.settings",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "account.settings",
        "SECURITY_WAN_POST_REGISTER_VIEW": "security.wan_register",
    }


def _passwords(settings: Settings) -> dict[str, object]:
    # Tests sign in thousands of times; there the hash need not be slow.
    quick = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    return {
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # argon2 takes passwords of any length and salts them itself, so that they do not depend on our secret.
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": quick if settings.environment == "test" else {},
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
    }


def _second_factors(settings: Settings) -> dict[str, object]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": {"1": _derived(settings, "totp").decode()},
        "SECURITY_TOTP_ISSUER": "Multaqa",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(settings, "recovery-codes")],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Multaqa",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
    }


def _mail_kinds() -> dict[str, object]:
    """Our kinds of mail in the places of Flask-Security's templates; see ``QueuedMail``."""
    return {
        "SECURITY_EMAIL_PLAINTEXT": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_REGISTER_EMAIL_TEMPLATE": "account-confirm",
        "SECURITY_REGISTER_EMAIL_EXISTING_TEMPLATE": "account-exists",
        "SECURITY_EMAIL_TEMPLATE_CONFIRM": "account-confirm",
        "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET": "account-reset",
        "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "account-password-changed",
        "SECURITY_EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "account-password-changed",
        "SECURITY_CHANGE_EMAIL_EMAIL_TEMPLATE": "account-email-change",
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL_TEMPLATE": "account-second-factor-lost",
    }


def _derived(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose, from the one secret of the site."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{settings.secret_key}".encode()).digest())


def _page(template: str, **context: Any) -> str:
    """A page of Flask-Security; with errors in what was sent its status is 422, as everywhere."""
    forms = [value for value in context.values() if isinstance(value, FlaskForm)]
    if request.method == "POST" and any(form.errors for form in forms):
        after_this_request(_unprocessable)
    return render_template(template, **context)


def _unprocessable(response: Response) -> Response:
    if response.status_code == 200:
        response.status_code = 422
    return response


def _signed_in(_app: Flask, user: Account, **_more: Any) -> None:
    record_sign_in(user)


def _even_out() -> None:
    g.even_until = time.monotonic() + EVEN_SECONDS if request.endpoint in _EVEN and request.method == "POST" else 0


def _keep_private(response: Response) -> Response:
    """Take as long either way where it matters; let no cache keep what somebody saw who was signed in."""
    if (wait := g.get("even_until", 0) - time.monotonic()) > 0:
        time.sleep(wait)
    if request.endpoint not in KEPT_BY_BROWSERS and "_user_id" in session:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def refuse_demonstration_accounts(app: Flask) -> None:
    """Stop a production site that holds accounts whose passwords everybody knows.

    Commands still run, so that ``flask accounts remove-demo`` can take them away.

    Raises:
        RuntimeError: there are such accounts.
    """
    settings: Settings = app.extensions["settings"]
    if settings.environment != "production" or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return
    with app.app_context():
        try:
            found = db.session.scalar(select(Account.id).where(Account.is_demo).limit(1))
        except DBAPIError:
            return  # no database or no tables yet; the state of readiness tells
        finally:
            db.session.remove()
            db.engine.dispose()
    if found is not None:
        raise RuntimeError(
            "This database holds demonstration accounts, whose passwords are public. "
            "Remove them with “flask accounts remove-demo” before starting in production."
        )


def init_app(app: Flask) -> None:
    """Bind Flask-Security and say who may use its routes."""
    settings: Settings = app.extensions["settings"]
    app.config.from_mapping(security_config(settings))
    security = AccountSecurity(
        mail_util_cls=QueuedMail,
        password_util_cls=PasswordRules,
        webauthn_util_cls=Passkeys,
        totp_cls=OneTimeCodes,
        render_template=_page,
    )
    forms: dict[str, Any] = {**FORMS}
    security.init_app(app, AccountDatastore(db, Account, Role, Passkey), **forms)
    security.want_json(lambda _request: False)  # pages only: what nobody uses need not be guarded
    for permission, routes in ROUTES.items():
        for route in routes:
            declare(f"security.{route}", permission)
    user_authenticated.connect(_signed_in, app)
    app.before_request(_even_out)
    app.after_request(_keep_private)
    app.add_template_global(demonstration_accounts)
    for part in (limits, account_mails, account_views):
        part.init_app(app)


def codes_of(app: Flask | None = None) -> OneTimeCodes:
    """What makes and checks the codes of authenticator apps."""
    codes: OneTimeCodes = (app or current_app).extensions["security"]._totp_factory
    return codes
