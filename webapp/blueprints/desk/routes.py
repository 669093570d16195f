"""The view of the desk."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.desk import queues
from webapp.web.access import allow, current_actor

QUEUES = {
    "introductions": (lazy_gettext("Introductions to check"), "triage.queue"),
    "claims": (lazy_gettext("Claims of profiles"), "claims.claims"),
    "reviews": (lazy_gettext("Changes of profiles to review"), "reviews.reviews"),
    "mail": (lazy_gettext("Mail that was not delivered"), "mailroom.mails"),
}
"""Queue -> its name, and the page where it is decided."""


@allow(Permission.STAFF)
def desk() -> str:
    """What waits, the oldest first."""
    return render_template("desk/desk.html", queues=queues(db.session, current_actor()), names=QUEUES)
