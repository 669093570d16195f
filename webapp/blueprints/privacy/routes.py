"""The views of privacy: two texts for everybody, and for each person what is kept about them."""

from __future__ import annotations

import json
from datetime import date, timedelta

from flask import Response, current_app, redirect, render_template, url_for
from flask_babel import gettext
from flask_security import auth_required, logout_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.blueprints.privacy.forms import EraseForm, erase_form
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.extensions import db
from webapp.models import Account, utc_now
from webapp.permissions import Permission
from webapp.services.erasure import erase_person
from webapp.services.personal_data import collect
from webapp.services.privacy import TERMS_VERSION
from webapp.services.retention import periods
from webapp.services.succession import list_ownerless
from webapp.web.access import allow, current_account, current_actor
from webapp.web.marks import today
from webapp.web.site import current_network, current_settings


def _freshness() -> timedelta:
    """How long ago one may have signed in for what is one's own only."""
    found: timedelta = current_app.config["SECURITY_FRESHNESS"]
    return found


def _own_account() -> Account:
    account = current_account()
    if account is None:
        raise NotAllowed(Permission.USE_ACCOUNT)
    return account


@allow(Permission.BROWSE)
def notice() -> str:
    """What is kept about people, why, for how long, who sees it, and what they can do about it."""
    kept = periods(current_settings().retention_months, current_network())
    return render_template("privacy/notice.html", version=_version(), periods=kept)


@allow(Permission.BROWSE)
def terms() -> str:
    """What one agrees to with an account."""
    return render_template("privacy/terms.html", version=_version())


@allow(Permission.BROWSE)
def erased() -> str:
    """That an account was erased; says nothing of whose."""
    return render_template("privacy/erased.html")


@allow(Permission.USE_ACCOUNT)
@auth_required("session", within=_freshness)
def my_data() -> Response:
    """Everything that is kept about whoever asks."""
    data = collect(db.session, current_actor(), _own_account().person)
    return _private(Response(render_template("privacy/my_data.html", data=data)))


@allow(Permission.USE_ACCOUNT)
@auth_required("session", within=_freshness)
def my_data_file() -> Response:
    """The same as a file."""
    data = collect(db.session, current_actor(), _own_account().person)
    content = {"made_at": utc_now().isoformat(timespec="seconds"), **data}
    response = Response(json.dumps(content, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{today().isoformat()}.json"'
    return _private(response)


@allow(Permission.USE_ACCOUNT)
@auth_required("session", within=_freshness)
def erase() -> AnyResponse:
    """Say what goes and what stays; after a confirmation erase whoever asks."""
    account = _own_account()
    ownerless = list_ownerless(db.session, account.person)
    form = erase_form(ownerless, has_password=bool(account.password))
    status = 200
    if form.is_submitted():
        if form.validate() and _is_the_owner(form, account) and _erased(form, account):
            return redirect(url_for("privacy.erased"), 303)
        status = 422
    page = render_template("privacy/erase.html", form=form, ownerless=ownerless, account=account)
    return _private(Response(page, status=status))


def _is_the_owner(form: EraseForm, account: Account) -> bool:
    """Whether the password is right, where the account has one."""
    if form.password is None or account.verify_and_update_password(form.password.data):
        return True
    form.refuse(form.password, gettext("This is not your password."))
    return False


def _erased(form: EraseForm, account: Account) -> bool:
    """Erase; if a rule stands in the way, the form says so."""
    try:
        erase_person(db.session, current_actor(), account.person, today=today(), choices=form.choices())
    except Conflict as error:
        db.session.rollback()
        if error.code == "last-administrator":
            form.refuse_whole(gettext("You are the last administrator. Make somebody else one first."))
        else:
            form.refuse_whole(gettext("Something changed while you were reading. Please look again and confirm."))
        return False
    except Invalid:
        db.session.rollback()
        form.refuse_whole(gettext("Your organisations changed while you were reading. Please choose again."))
        return False
    db.session.commit()
    logout_user()
    return True


def _version() -> date:
    return date.fromisoformat(TERMS_VERSION)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
