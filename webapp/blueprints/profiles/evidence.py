"""Files that members attach to the changes of a profile, for staff to check it against."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.profiles.parts import edit_url, get_profile
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.revisions import open_revision
from webapp.web.access import allow
from webapp.web.evidence_files import AttachForm, attached


@allow(Permission.EDIT_PROFILE)
def evidence(noun: str, slug: str) -> ResponseReturnValue:
    """The files of the changes that are being written or lie with the park, and attaching more."""
    profile = get_profile(noun, slug)
    revision = open_revision(db.session, profile)
    if revision is None:
        flash(gettext("Files go to the park with changes of the profile, and there are none at the moment."), "error")
        return redirect(edit_url(profile), 303)
    form = AttachForm()
    if attached(form, revision):
        return redirect(url_for("profiles.evidence", noun=noun, slug=profile.slug), 303)
    page = render_template("profiles/evidence.html", profile=profile, revision=revision, form=form)
    return page, 422 if form.is_submitted() else 200
