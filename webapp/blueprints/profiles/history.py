"""What was published of a profile, when and by whom, and going back."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.profiles.parts import edit_url, flash_error, get_profile
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.merging import merges_of, what_was_said
from webapp.services.profile_review import differences_of, publish_directly
from webapp.services.revisions import go_back as propose_former
from webapp.services.revisions import history as published_revisions
from webapp.web.access import allow, current_actor
from webapp.web.marks import today
from webapp.web.profile_changes import shown_changes


@allow(Permission.EDIT_PROFILE)
def history(noun: str, slug: str) -> str:
    """The published changes, newest first."""
    profile = get_profile(noun, slug)
    revisions = published_revisions(db.session, current_actor(), profile)
    entries = [(revision, shown_changes(profile, differences_of(revision))) for revision in revisions]
    merges = merges_of(db.session, current_actor(), profile) if current_actor().is_staff else []
    return render_template(
        "profiles/history.html", profile=profile, entries=entries, merges=merges, what_was_said=what_was_said
    )


@allow(Permission.EDIT_PROFILE)
def go_back(noun: str, slug: str, revision_id: int) -> ResponseReturnValue:
    """Propose what the profile said before a change; staff publish it at once."""
    profile, actor = get_profile(noun, slug), current_actor()
    try:
        propose_former(db.session, actor, profile, revision_id)
        if actor.is_staff:
            publish_directly(db.session, actor, profile, today=today())
    except (Conflict, Invalid) as error:
        db.session.rollback()
        flash_error(profile, error)
    else:
        db.session.commit()
        if actor.is_staff:
            flash(gettext("The profile says again what it said before."), "success")
        else:
            flash(gettext("The former text is prepared as a change. Look at it, then send it to the park."), "success")
    return redirect(edit_url(profile), 303)
