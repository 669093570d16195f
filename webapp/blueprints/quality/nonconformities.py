"""The views of the register of non-conformities."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.quality.forms import NonconformityForm
from webapp.blueprints.quality.routes import QUEUES
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Nonconformity
from webapp.permissions import Permission
from webapp.services.nonconformities import (
    COLUMNS,
    close_nonconformity,
    edit_nonconformity,
    get_nonconformity,
    list_nonconformities,
    nonconformity_rows,
    open_nonconformity,
    reopen_nonconformity,
)
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import label
from webapp.web.forms import unknown_rule
from webapp.web.marks import today
from webapp.web.site import current_vocabulary

FIELDS = {"not-yet": "found_on", "due-before-found": "due_on", "no-cause": "cause", "no-action": "action"}
"""Rule -> the field that breaks it."""


def service_names() -> dict[str, str]:
    """Code and name of where something can go wrong: the queues of the desk and the network's services."""
    queues = {code: str(name) for code, name in QUEUES.items()}
    return queues | {code: label("services", code) for code in current_vocabulary().codes("services")}


def _form(**values: object) -> NonconformityForm:
    form = NonconformityForm(**values)
    form.offer(service_names())
    return form


def _rule_text(error: Invalid) -> str:
    texts = {
        "not-yet": gettext("This day is still to come."),
        "due-before-found": gettext("It cannot be due before it was found."),
        "no-cause": gettext("Write down the cause before you close it."),
        "no-action": gettext("Write down what was done before you close it."),
    }
    return texts.get(error.code) or unknown_rule(error)


@allow(Permission.STAFF)
def register() -> str:
    """All of them, open ones first."""
    rows = list_nonconformities(db.session, current_actor())
    return render_template("quality/register.html", rows=rows, names=service_names(), today=today())


@allow(Permission.STAFF)
def register_file(form: str) -> ResponseReturnValue:
    """The register as a file."""
    rows = list_nonconformities(db.session, current_actor())
    return download("nonconformities", COLUMNS, nonconformity_rows(rows, today()), form)


@allow(Permission.STAFF)
def new() -> ResponseReturnValue:
    """Record one; ``service=`` of the address says where it was found."""
    form = _form(data={"found_on": today(), "service": request.args.get("service", "")})
    if form.validate_on_submit():
        try:
            found = open_nonconformity(db.session, current_actor(), form.draft(), today=today())
        except Invalid as error:
            db.session.rollback()
            form.refuse_at(FIELDS.get(error.code, ""), _rule_text(error))
        else:
            db.session.commit()
            flash(gettext("The non-conformity is in the register."), "success")
            return redirect(url_for("quality.nonconformity", reference=found.reference), 303)
    page = render_template("quality/nonconformity.html", form=form, found=None, names=service_names())
    return page, 422 if form.is_submitted() else 200


@allow(Permission.STAFF)
def nonconformity(reference: str) -> ResponseReturnValue:
    """Look at one, change what is written of it, close it or open it again."""
    found = get_nonconformity(db.session, current_actor(), reference)
    form = _form(obj=found)
    status = 200
    if form.is_submitted():
        if form.validate() and (answer := _changed(found, form)):
            return answer
        status = form.status
        found = get_nonconformity(db.session, current_actor(), reference)
        form.show_version(found.version)
    page = render_template("quality/nonconformity.html", form=form, found=found, names=service_names())
    return page, status


def _changed(found: Nonconformity, form: NonconformityForm) -> ResponseReturnValue | None:
    """Do what the pressed button says; nothing if something stands in its way, which the form then says."""
    actor, version, reference = current_actor(), form.seen_version, found.reference
    deed = request.form.get("deed", "save")
    try:
        if deed == "reopen":
            reopen_nonconformity(db.session, actor, found, version=version)
        else:
            edit_nonconformity(db.session, actor, found, form.draft(), version=version, today=today())
            if deed == "close":
                close_nonconformity(db.session, actor, found, version=found.version)
    except Invalid as error:
        db.session.rollback()
        form.refuse_at(FIELDS.get(error.code, ""), _rule_text(error))
        return None
    except Conflict:
        db.session.rollback()
        form.status = 409
        form.refuse_whole(
            gettext("A colleague changed this meanwhile. What you typed is still here: compare, then save again.")
        )
        return None
    db.session.commit()
    done = {
        "close": gettext("The non-conformity is closed."),
        "reopen": gettext("The non-conformity is open again."),
    }
    flash(done.get(deed) or gettext("Saved."), "success")
    return redirect(url_for("quality.nonconformity", reference=reference), 303)
