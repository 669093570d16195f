"""The view of the desk."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.audit import own_deeds
from webapp.services.desk import queues
from webapp.web.access import allow, current_actor
from webapp.web.audit_words import deeds
from webapp.web.marks import today
from webapp.web.site import current_network
from webapp.web.workspace import has_page

QUEUES = {
    "applications": (lazy_gettext("Applications to decide"), "admissions.applications"),
    "introductions": (lazy_gettext("Introductions to check"), "triage.queue"),
    "claims": (lazy_gettext("Claims of profiles"), "claims.claims"),
    "reviews": (lazy_gettext("Changes of profiles to review"), "reviews.reviews"),
    "challenges": (lazy_gettext("Challenges to check"), "challenge_reviews.challenges"),
    "renewals": (lazy_gettext("Leases that end and incubations to review"), "residents.renewals"),
    "duplicates": (lazy_gettext("Profiles that look alike"), "duplicates.duplicates"),
    "imports": (lazy_gettext("Rows of imports that need somebody"), "imports.imports"),
    "stale": (lazy_gettext("Profiles that nobody confirmed for a year"), "stale_profiles.profiles"),
    "mail": (lazy_gettext("Mail that was not delivered"), "mailroom.mails"),
}
"""Queue -> its name, and the page where it is decided."""


@allow(Permission.STAFF)
def desk() -> str:
    """What waits, the oldest first, and what one did today."""
    actor = current_actor()
    waiting = [queue for queue in queues(db.session, actor) if has_page(QUEUES[queue.code][1])]
    return render_template(
        "desk/desk.html",
        queues=[queue for queue in waiting if queue.count],
        empty=[queue for queue in waiting if not queue.count],
        names=QUEUES,
        deeds=deeds(own_deeds(db.session, actor, current_network(), today())),
    )
