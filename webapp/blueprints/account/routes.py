"""The views of one's own account."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from flask_security import logout_user
from werkzeug.wrappers import Response

from webapp.blueprints.account.forms import MailsForm, SettingsForm
from webapp.errors import NotAllowed
from webapp.extensions import db
from webapp.models import Account
from webapp.permissions import Permission
from webapp.services import accounts
from webapp.services.actors import lacks_second_factor
from webapp.web.access import allow, current_account, current_actor, may
from webapp.web.forms import language_choices, options
from webapp.web.mail_words import kind_name

OVERVIEW, DESK = "organisations.overview", "desk.desk"
LED = "led-to-second-factor"
"""Key of the session: whether one was sent to set up a second factor instead of arriving."""


def _own_account() -> Account:
    account = current_account()
    if account is None:
        raise NotAllowed(Permission.USE_ACCOUNT)
    return account


@allow(Permission.USE_ACCOUNT)
def home() -> Response:
    """Where one arrives after signing in: the second factor if the work needs one, else the desk or one’s own pages."""
    if lacks_second_factor(_own_account()):
        session[LED] = True
        flash(gettext("For the work of the park you need a second factor beside your password. Set it up here."))
        return redirect(url_for("security.two_factor_setup"), 303)
    wanted = DESK if may(Permission.STAFF) else OVERVIEW
    return redirect(url_for(wanted if wanted in current_app.view_functions else "account.settings"), 303)


@allow(Permission.USE_ACCOUNT)
def settings() -> str | Response | tuple[str, int]:
    """Who one is, how one is written to, and how the account is kept safe."""
    account = _own_account()
    if session.pop(LED, False) and account.has_second_factor:
        return redirect(url_for("account.home"), 303)  # set up on the way to work, which goes on now
    form = SettingsForm(obj=account.person)
    form.language.choices = language_choices()
    status = 200
    if form.is_submitted():
        if form.validate():
            values = {field: form[field].data or "" for field in ("name", "position", "phone", "language")}
            accounts.change_settings(db.session, current_actor(), account, **values)
            db.session.commit()
            flash(gettext("Your settings are saved."), "success")
            return redirect(url_for("account.settings"), 303)
        status = 422
    return render_template("account/settings.html", form=form, account=account), status


@allow(Permission.USE_ACCOUNT)
def mails() -> str | Response | tuple[str, int]:
    """Which kinds of mail one gets."""
    account = _own_account()
    kinds = accounts.refusable_kinds()
    refused = accounts.refused_kinds(db.session, account.person)
    form = MailsForm(data={"kinds": [kind for kind in kinds if kind not in refused]})
    form.kinds.choices = options([(kind, kind_name(kind)) for kind in kinds])
    status = 200
    if form.is_submitted():
        if form.validate():
            unwanted = set(kinds) - set(form.kinds.data or ())
            accounts.refuse_kinds(db.session, current_actor(), account, unwanted)
            db.session.commit()
            flash(gettext("Your settings are saved."), "success")
            return redirect(url_for("account.mails"), 303)
        status = 422
    return render_template("account/mails.html", form=form), status


@allow(Permission.USE_ACCOUNT)
def sign_out_everywhere() -> Response:
    """End one's sessions on every device, this one included."""
    accounts.sign_out_everywhere(db.session, current_actor(), _own_account())
    db.session.commit()
    logout_user()
    flash(gettext("You are signed out on all devices."), "success")
    return redirect(url_for("security.login"), 303)
