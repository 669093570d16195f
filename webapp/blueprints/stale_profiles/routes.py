"""The list of stale profiles, and what staff do about each: ask its members again, or check it themselves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from webapp.blueprints.stale_profiles.files import COLUMNS, stale_rows
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services import stale_profiles
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import name_of, number
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings


@allow(Permission.STAFF)
def profiles() -> str:
    """What is stale, that which is so for longest first."""
    found = stale_profiles.list_stale(db.session, current_actor(), today())
    cut = asked_cut(len(found), current_settings().page_size)
    shown = found[cut.offset : cut.offset + cut.size]
    return render_template(
        "stale_profiles/profiles.html",
        rows=shown,
        total=len(found),
        cut=cut,
        unclaimed=stale_profiles.without_members(db.session, shown),
        today=today(),
    )


@allow(Permission.STAFF)
def stale_file(form: str) -> ResponseReturnValue:
    """The whole list as a file."""
    found = stale_profiles.list_stale(db.session, current_actor(), today())
    return download("stale-profiles", COLUMNS, stale_rows(db.session, found), form)


@allow(Permission.STAFF)
def ask(noun: str, slug: str) -> Response:
    """Ask the members once more."""
    try:
        number_asked = stale_profiles.ask_again(db.session, current_actor(), noun, slug, today=today())
    except Conflict as error:
        db.session.rollback()
        texts = {
            "no-members": gettext("Nobody acts for this profile, so there is nobody to ask. Check it yourself."),
            "asked-today": gettext("Its members have been asked today already."),
        }
        flash(texts[error.code], "error")
        return _back()
    db.session.commit()
    flash(
        ngettext(
            "One member is asked by mail.",
            "%(count)s members are asked by mail.",
            number_asked,
            count=number(number_asked),
        ),
        "success",
    )
    return _back()


@allow(Permission.STAFF)
def vouch(noun: str, slug: str) -> Response:
    """Note that staff checked it."""
    profile = stale_profiles.vouch(db.session, current_actor(), noun, slug, today=today())
    db.session.commit()
    flash(gettext("%(name)s is verified as of today.", name=name_of(profile)), "success")
    return _back()


def _back() -> Response:
    """The page of the list from which one came."""
    page = request.form.get("page", 1, type=int)
    return redirect(url_for("stale_profiles.profiles", page=page if page > 1 else None), 303)
