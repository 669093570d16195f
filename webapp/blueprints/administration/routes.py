"""The views of the administration of accounts."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.blueprints.administration.forms import RolesForm
from webapp.errors import Conflict, DomainError, Invalid
from webapp.extensions import db
from webapp.models import Account, NetworkRole, Region
from webapp.permissions import Permission
from webapp.services import administration
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import localized
from webapp.web.forms import options, unknown_rule
from webapp.web.links import keep_parameters


@allow(Permission.ADMINISTER)
def accounts() -> str:
    """All accounts, or those whose name or address contains what was asked for."""
    text = _asked_text()
    page = request.args.get("page", 1, type=int)
    found = administration.list_accounts(db.session, current_actor(), text, page=page)
    keep_parameters({"q": text} if text else {})
    return render_template("administration/accounts.html", found=found, text=text, page=page)


@allow(Permission.ADMINISTER)
def accounts_file(form: str) -> Response:
    """All pages of the same list as a file."""
    rows = administration.account_rows(db.session(), current_actor(), _asked_text())
    return download("accounts", administration.COLUMNS, rows, form)


def _asked_text() -> str:
    return request.args.get("q", "").strip()[:100]


@allow(Permission.ADMINISTER)
def account(account_id: int) -> str | Response | tuple[str, int]:
    """One account: what it is for the network, and whether it is open."""
    shown = administration.get_account(db.session, current_actor(), account_id)
    regions = {region.code: region for region in db.session.scalars(select(Region).order_by(Region.id))}
    region = shown.region.code if shown.region else ""
    values = {"roles": [role.value for role in shown.network_roles], "region": region}
    form = RolesForm(data=values | {"mark": administration.mark_of_roles(shown)})
    names = [(code, localized(each.names).text) for code, each in regions.items()]
    form.region.choices = options([("", gettext("None")), *names])
    status = 200
    if form.is_submitted():
        if form.validate() and _changed(form, shown, regions.get(form.region.data)):
            return redirect(url_for("administration.account", account_id=account_id), 303)
        status = 409 if form.form_errors else 422
        form.mark.raw_data, form.mark.data = None, administration.mark_of_roles(shown)
    return render_template("administration/account.html", form=form, account=shown), status


def _changed(form: RolesForm, account: Account, region: Region | None) -> bool:
    roles = [NetworkRole(role) for role in form.roles.data or ()]
    try:
        administration.set_network_roles(db.session, current_actor(), account, roles, region, mark=form.mark.data or "")
    except Invalid:
        form.refuse(form.region, gettext("An authority needs its region."))
        return False
    except Conflict as error:
        db.session.rollback()
        if error.code == "changed-meanwhile":
            form.refuse_whole(
                gettext("A colleague changed this meanwhile. What you typed is still here: compare, then save again.")
            )
        else:
            form.refuse(form.roles, _rule_text(error))
        return False
    db.session.commit()
    flash(gettext("The roles are saved."), "success")
    return True


def _rule_text(error: DomainError) -> str:
    if error.code == "last-administrator":
        return gettext("This is the last administrator. Give somebody else the role first.")
    return unknown_rule(error)


def _do(account_id: int, act: Callable[[Account], None], done: str) -> Response:
    """Do something with an account and say so, or say why not."""
    try:
        act(administration.get_account(db.session, current_actor(), account_id))
        db.session.commit()
        flash(done, "success")
    except Conflict as error:
        db.session.rollback()
        flash(_rule_text(error), "error")
    return redirect(url_for("administration.account", account_id=account_id), 303)


@allow(Permission.ADMINISTER)
def close(account_id: int) -> Response:
    """Nobody can sign in with the account any more."""
    actor = current_actor()
    return _do(
        account_id,
        lambda account: administration.set_active(db.session, actor, account, False),
        gettext("The account is closed."),
    )


@allow(Permission.ADMINISTER)
def open_(account_id: int) -> Response:
    """One can sign in with the account again."""
    actor = current_actor()
    return _do(
        account_id,
        lambda account: administration.set_active(db.session, actor, account, True),
        gettext("The account is open."),
    )


@allow(Permission.ADMINISTER)
def second_factor(account_id: int) -> Response:
    """Somebody who lost the phone signs in with the password and sets up a new second factor."""
    actor = current_actor()
    return _do(
        account_id,
        lambda account: administration.reset_second_factor(db.session, actor, account),
        gettext("The second factor is taken away."),
    )
