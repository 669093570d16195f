"""The view in which staff propose an introduction."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.triage.forms import ProposeForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Partner, Side, Startup
from webapp.permissions import Permission
from webapp.services.introductions import propose_introduction
from webapp.services.organisations import get_published
from webapp.web.access import allow, current_actor
from webapp.web.introduction_words import rule_text
from webapp.web.locale import current_language
from webapp.web.marks import today


@allow(Permission.STAFF)
def propose() -> ResponseReturnValue:
    """Write a request for one side, which may send it as it is, change it, or leave it."""
    form = ProposeForm()
    if request.method == "GET":
        form.startup.data, form.partner.data = request.args.get("startup", ""), request.args.get("partner", "")
        form.language.data = current_language().code
        return render_template("triage/propose.html", form=form)
    if not form.validate_on_submit():
        return render_template("triage/propose.html", form=form), 422
    startup, partner = _found(form, "startup"), _found(form, "partner")
    if not isinstance(startup, Startup) or not isinstance(partner, Partner):
        return render_template("triage/propose.html", form=form), 422
    try:
        made = propose_introduction(
            db.session,
            current_actor(),
            startup,
            partner,
            asked_by=Side(form.asked_by.data),
            reason=form.reason.data or "",
            message=form.message.data or "",
            language=form.language.data or "",
            today=today(),
        )
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_whole(rule_text(error))
        return render_template("triage/propose.html", form=form), 409
    db.session.commit()
    flash(gettext("The proposal is on its way."), "success")
    return redirect(url_for("triage.request", reference=made.reference), 303)


def _found(form: ProposeForm, noun: str) -> Startup | Partner | None:
    """A published profile by the slug, or the whole address, that was typed."""
    typed = str(form[noun].data).strip().rstrip("/").rpartition("/")[2]
    try:
        return get_published(db.session, noun, typed)
    except NotFound:
        form.refuse(form[noun], gettext("There is no published profile with this address."))
        return None
