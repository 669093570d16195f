"""The public views of challenges: the list, and one."""

from __future__ import annotations

from flask import render_template, request

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.challenge_answers import answerers
from webapp.services.challenge_lists import closed_challenges, open_challenges, subjects_of_open
from webapp.services.challenges import get_public_challenge
from webapp.web.access import allow, current_actor
from webapp.web.links import keep_parameters
from webapp.web.marks import today
from webapp.web.paging import asked_cut

A_PAGE = 20


@allow(Permission.BROWSE)
def challenges() -> str:
    """Those that one can answer, the next deadline first; on request also those that are over."""
    day, with_closed = today(), "closed" in request.args
    subjects = subjects_of_open(db.session, day)
    chosen = next((term for term in subjects if term.code == request.args.get("subject")), None)
    rows = open_challenges(db.session, day, [chosen.code] if chosen else ())
    kept = ({"subject": chosen.code} if chosen else {}) | ({"closed": "1"} if with_closed else {})
    keep_parameters(kept)
    cut = asked_cut(len(rows), A_PAGE)
    return render_template(
        "challenges/challenges.html",
        rows=rows[cut.offset : cut.offset + cut.size],
        count=len(rows),
        cut=cut,
        subjects=subjects,
        chosen=chosen,
        closed=closed_challenges(db.session, day) if with_closed else (),
        with_closed=with_closed,
        kept=kept,
    )


@allow(Permission.BROWSE)
def challenge(slug: str) -> str:
    """One challenge, and what those who act for a startup can do about it."""
    found = get_public_challenge(db.session, slug)
    return render_template(
        "challenges/challenge.html", challenge=found, answerers=answerers(db.session, current_actor(), found)
    )
