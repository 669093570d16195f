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
from webapp.services.profile_finder import profiles_named
from webapp.web.access import allow, current_actor
from webapp.web.formats import name_of
from webapp.web.forms import options
from webapp.web.introduction_words import rule_text
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.site import current_search


@allow(Permission.STAFF)
def propose() -> ResponseReturnValue:
    """Write a request for one side, which may send it as it is, change it, or leave it."""
    form = ProposeForm()
    if request.method == "GET":
        form.startup.data, form.partner.data = request.args.get("startup", ""), request.args.get("partner", "")
        form.language.data = current_language().code
        return render_template("triage/propose.html", form=form)
    is_complete = form.validate_on_submit()
    startup, partner = _found(form, "startup"), _found(form, "partner")
    if not is_complete or not isinstance(startup, Startup) or not isinstance(partner, Partner):
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
    """The published profile whose slug, whole address or name was typed; of several with the name, the one chosen.

    Without one the form says so, and offers those that may be meant.
    """
    typed = (form[noun].data or "").strip()
    if not typed:
        return None
    slug = typed.rstrip("/").rpartition("/")[2]
    try:
        return get_published(db.session, noun, slug)
    except NotFound:
        pass
    name = slug.replace("-", " ") if "://" in typed else typed
    likely = profiles_named(db.session, current_search(), noun, name)
    choice = form[f"{noun}_choice"]
    choice.choices = options((each.slug, name_of(each)) for each in likely)
    # A choice counts only while it belongs to what is typed: whoever types another name is asked again.
    chosen = next((each for each in likely if each.slug == choice.data), None)
    if chosen is None and likely:
        choice.data = likely[0].slug if len(likely) == 1 else None
        said = gettext("%(field)s: please choose the one you mean, or type another name.", field=form[noun].label.text)
        form.refuse(choice, said)
    elif chosen is None:
        form.refuse(form[noun], gettext("There is no published profile with this name or address."))
    return chosen
