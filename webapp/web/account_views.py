"""What we add to views of Flask-Security: links act on a button only, and some accidents are no errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import current_user, tf_disabled, tf_profile_changed, wan_deleted, wan_registered
from flask_security.signals import change_email_confirmed
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from webapp.extensions import db
from webapp.models import Account
from webapp.services.accounts import order_account_mail, record_new_address
from webapp.web.errors import error_page
from webapp.web.security_tokens import changes_email, confirms

View = Callable[..., Any]

CHANGES: tuple[tuple[Any, str], ...] = (
    (tf_profile_changed, "second-factor-set"),
    (tf_disabled, "second-factor-removed"),
    (wan_registered, "passkey-added"),
    (wan_deleted, "passkey-removed"),
)
"""Signal of Flask-Security -> what the owner of the account is told, in case it was somebody else."""


def _asking(view: View, is_good: Callable[[str], bool], template: str) -> View:
    """A view that acts when its button is pressed; programs that look at mails open every link in them."""

    @wraps(view)
    def ask(token: str) -> Any:
        if request.method == "GET" and is_good(token):
            return render_template(template, token=token)
        return view(token)

    return ask


def _once_more(view: View) -> View:
    """A view that is asked again when somebody else took the same address in the same moment."""

    @wraps(view)
    def repeat(*args: Any, **values: Any) -> Any:
        try:
            return view(*args, **values)
        except IntegrityError:
            db.session.rollback()
            return view(*args, **values)

    return repeat


def _csrf_error(error: CSRFError) -> Response | tuple[str, int]:
    """Whoever signs out twice is signed out; whoever signs in on an old page gets a new one."""
    if request.endpoint == "security.logout" and not current_user.is_authenticated:
        return redirect(url_for("pages.home"), 303)
    if request.endpoint == "security.login":
        flash(gettext("The page was open for too long. Please sign in once more."), "error")
        return redirect(url_for("security.login", next=request.args.get("next")), 303)
    return error_page(400)


def _tell(what: str) -> Callable[..., None]:
    def order(_app: Flask, user: Any, **_more: Any) -> None:
        account: Account = getattr(user, "_get_current_object", lambda: user)()
        order_account_mail(db.session, "account-changed", account, what=what)

    return order


def _follow_address(_app: Flask, user: Account, old_email: str, **_more: Any) -> None:
    record_new_address(db.session, user, old_email)


def init_app(app: Flask) -> None:
    """Wrap the views and listen to what they do."""
    views = app.view_functions
    views["security.confirm_email"] = _asking(views["security.confirm_email"], confirms, "security/confirm_email.html")
    views["security.change_email_confirm"] = _asking(
        views["security.change_email_confirm"], changes_email, "security/confirm_change_email.html"
    )
    app.add_url_rule("/<lang>/account/change-email/<token>", endpoint="security.change_email_confirm", methods=["POST"])
    views["security.register"] = _once_more(views["security.register"])
    app.register_error_handler(CSRFError, _csrf_error)
    # The functions are the application's own, so that a later application in the same process is not told.
    app.extensions["account_listeners"] = [(signal, _tell(what)) for signal, what in CHANGES]
    app.extensions["account_listeners"].append((change_email_confirmed, _follow_address))
    for signal, listener in app.extensions["account_listeners"]:
        signal.connect(listener, app)
