"""The queue of changes, and the changes of one profile on one screen."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.reviews.files import COLUMNS, change_rows
from webapp.blueprints.reviews.forms import PUBLISH, ReviewForm
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Revision, RevisionState
from webapp.permissions import Permission
from webapp.services.profile_review import (
    differences_of,
    get_review,
    give_back,
    list_waiting_reviews,
    publish,
)
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.forms import unknown_rule
from webapp.web.marks import today
from webapp.web.profile_changes import shown_changes
from webapp.web.profile_words import field_name


def _state_name(state: str) -> str:
    names = {
        RevisionState.DRAFT: gettext("Being edited"),
        RevisionState.SUBMITTED: gettext("Waiting"),
        RevisionState.RETURNED: gettext("Returned"),
        RevisionState.PUBLISHED: gettext("Published"),
        RevisionState.DISCARDED: gettext("Dropped"),
    }
    return names[RevisionState(state)]


@allow(Permission.STAFF)
def reviews() -> str:
    """What waits, oldest first."""
    waiting = list_waiting_reviews(db.session, current_actor())
    return render_template("reviews/reviews.html", revisions=waiting)


@allow(Permission.STAFF)
def reviews_file(form: str) -> Response:
    """The same as a file: which fields change, but not to what."""
    return download("changes", COLUMNS, change_rows(list_waiting_reviews(db.session, current_actor())), form)


@allow(Permission.STAFF)
def review(revision_id: int) -> ResponseReturnValue:
    """What changes, field by field, and the decision."""
    revision = get_review(db.session, current_actor(), revision_id)
    form = ReviewForm()
    if not form.is_submitted():
        form.show_version(revision.version)
        form.status = 200
    elif form.validate() and _decided(revision, form):
        return redirect(url_for("reviews.reviews"), 303)
    profile = revision.organisation
    page = render_template(
        "reviews/review.html",
        revision=revision,
        profile=profile,
        changes=shown_changes(profile, differences_of(revision)),
        state_name=_state_name,
        form=form,
    )
    return page, form.status


def _decided(revision: Revision, form: ReviewForm) -> bool:
    """Decide, if the revision is still as the page showed it; otherwise the form says what stands in the way."""
    actor, version = current_actor(), form.seen_version
    try:
        if form.decision.data == PUBLISH:
            checked = {"verified": form.verified.data, "evidence": form.evidence.data}
            publish(db.session, actor, revision, version=version, today=today(), **checked)
        else:
            give_back(db.session, actor, revision, version=version, note=form.note.data)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        form.show_version(revision.version)
        form.refuse_whole(_hindrance(revision, error))
        form.status = 409 if isinstance(error, Conflict) else 422
        return False
    db.session.commit()
    if form.decision.data == PUBLISH:
        flash(gettext("Published. The members are told by mail."), "success")
    else:
        flash(gettext("Returned. The members are told by mail."), "success")
    return True


def _hindrance(revision: Revision, error: Conflict | Invalid) -> str:
    if error.code == "revision-changed" and revision.state == RevisionState.SUBMITTED:
        return gettext("The changes are no longer as you saw them. Please look at them again, then decide.")
    if error.code == "revision-changed":
        return gettext("This was decided or taken back meanwhile: %(state)s.", state=_state_name(revision.state))
    if error.code == "incomplete":
        names = gettext(", ").join(field_name(revision.organisation, name) for name in error.values["missing"])
        return gettext("Before it can be published, this is missing: %(names)s.", names=names)
    if error.code == "company-number-taken":
        return gettext("Another profile has this company number.")
    return unknown_rule(error)
