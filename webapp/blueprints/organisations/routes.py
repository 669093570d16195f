"""The first page after signing in, and giving up a draft."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.blueprints.organisations.forms import ConfirmForm
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import utc_now
from webapp.permissions import Permission
from webapp.services.claims import own_claims
from webapp.services.organisations import discard_draft, get_organisation, is_new
from webapp.services.overview import list_own
from webapp.web.access import allow, current_actor, forget_actor
from webapp.web.formats import name_of
from webapp.web.locale import offered_languages

REFUSED_SHOWN = timedelta(days=60)
"""How long a refused claim stands on the overview."""


@allow(Permission.USE_ACCOUNT)
def overview() -> str:
    """One's organisations, one's claims, and how to get an organisation."""
    actor = current_actor()
    return render_template(
        "organisations/overview.html",
        own=list_own(db.session, actor, [language.code for language in offered_languages()]),
        claims=own_claims(db.session, actor, since=utc_now() - REFUSED_SHOWN),
        is_new=is_new,
    )


@allow(Permission.MANAGE_MEMBERS)
def discard(noun: str, slug: str) -> str | Response:
    """Ask whether a draft shall go, and delete it."""
    organisation = get_organisation(db.session, current_actor(), noun, slug, Permission.MANAGE_MEMBERS)
    name = name_of(organisation)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            discard_draft(db.session, current_actor(), organisation)
        except Conflict:
            db.session.rollback()
            flash(gettext("The public has seen this profile. Ask the park to withdraw it."), "error")
        else:
            db.session.commit()
            flash(gettext("The draft of %(name)s is deleted.", name=f"\u2068{name}\u2069"), "success")
        forget_actor()
        return redirect(url_for("organisations.overview"), 303)
    return render_template("organisations/discard.html", organisation=organisation, form=form)
