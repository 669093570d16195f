"""Files that an applicant attaches, for whoever has the link of the application."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.blueprints.applications.links import gone, opened_link
from webapp.errors import Conflict, NotFound
from webapp.extensions import db
from webapp.models import EvidenceFile
from webapp.permissions import Permission
from webapp.services.evidence import evidence_of, is_undecided
from webapp.web.access import allow
from webapp.web.evidence_files import AttachForm, attached, evidence_response, taken_away


@allow(Permission.APPLY)
def documents(token: str) -> ResponseReturnValue:
    """The files of an application, and attaching more as long as it is not decided."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    form = AttachForm()
    if attached(form, opened.application):
        return redirect(url_for("applications.documents", token=token), 303)
    page = render_template(
        "applications/documents.html",
        application=opened.application,
        token=token,
        is_undecided=is_undecided(opened.application),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@allow(Permission.APPLY)
def document(token: str, file: str) -> ResponseReturnValue:
    """A file of the application, for its applicant."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    return evidence_response(evidence_of(db.session, opened.application, file))


@allow(Permission.APPLY)
def remove(token: str, file: str) -> ResponseReturnValue:
    """Take a file away."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    taken_away(evidence_of(db.session, opened.application, file), has_link=True)
    return redirect(url_for("applications.documents", token=token), 303)


def document_url(token: str) -> Callable[[EvidenceFile], str]:
    """What gives the addresses of the files of the application that a link opens."""
    return lambda file: url_for("applications.document", token=token, file=file.reference)


def document_removal(token: str) -> Callable[[EvidenceFile], str]:
    """The same of their removal."""
    return lambda file: url_for("applications.remove_document", token=token, file=file.reference)
