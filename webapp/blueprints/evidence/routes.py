"""The file itself, taking it away, and the files of one's own claim."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import db
from webapp.models import Application, Claim, Revision
from webapp.permissions import Permission
from webapp.services.evidence import Holder, get_evidence, is_undecided, own_claim
from webapp.web.access import allow, current_actor
from webapp.web.evidence_files import AttachForm, attached, evidence_response, taken_away


@allow(Permission.USE_ACCOUNT)
def file(file: str) -> Response:
    """A file, for staff and for whoever sent it."""
    return evidence_response(get_evidence(db.session, current_actor(), file))


@allow(Permission.USE_ACCOUNT)
def remove(file: str) -> ResponseReturnValue:
    """Take away a file that one has sent."""
    found = get_evidence(db.session, current_actor(), file)
    back = _page_of(found.holder)
    taken_away(found)
    return redirect(back, 303)


def _page_of(holder: Holder) -> str:
    """Where one attaches files to something."""
    if isinstance(holder, Claim):
        return url_for("evidence.claim", claim_id=holder.id)
    if isinstance(holder, Revision):
        return url_for("profiles.evidence", noun=holder.organisation.noun, slug=holder.organisation.slug)
    if isinstance(holder, Application):
        return url_for("applications.start")
    return url_for("organisations.claim", noun=holder.noun, slug=holder.slug)


@allow(Permission.USE_ACCOUNT)
def claim(claim_id: int) -> ResponseReturnValue:
    """The files of one's claim, and attaching more as long as the park has not decided."""
    found = own_claim(db.session, current_actor(), claim_id)
    form = AttachForm()
    if attached(form, found):
        return redirect(url_for("evidence.claim", claim_id=claim_id), 303)
    page = render_template(
        "evidence/claim.html",
        claim=found,
        is_undecided=is_undecided(found),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
