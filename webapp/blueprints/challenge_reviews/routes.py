"""The queue of challenges, and one on one screen."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.challenge_reviews.files import COLUMNS, challenge_rows
from webapp.blueprints.challenge_reviews.forms import ReviewForm
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Challenge, ChallengeState
from webapp.permissions import Permission
from webapp.services.challenge_lists import count_answers, running_challenges, waiting_challenges
from webapp.services.challenge_matching import fitting_startups
from webapp.services.challenge_moves import Move
from webapp.services.challenges import get_challenge, move_challenge
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.downloads import download
from webapp.web.marks import today
from webapp.web.site import current_search

BEST = 5
"""How many of the startups that fit the screen shows."""


@allow(Permission.STAFF)
def challenges() -> str:
    """What waits, the oldest first, and what is open."""
    running = running_challenges(db.session, current_actor())
    return render_template(
        "challenge_reviews/challenges.html",
        waiting=waiting_challenges(db.session, current_actor()),
        running=running,
        counts=count_answers(db.session, running),
    )


@allow(Permission.STAFF)
def challenges_file(form: str) -> Response:
    """The same as a file: what waits, then what is open."""
    actor = current_actor()
    running = running_challenges(db.session, actor)
    counts = count_answers(db.session, running)
    found = [*waiting_challenges(db.session, actor), *running]
    return download("challenges-to-check", COLUMNS, challenge_rows(found, counts), form)


@allow(Permission.STAFF)
def review(slug: str) -> ResponseReturnValue:
    """What a challenge says and whom it suits, and the decision."""
    challenge = get_challenge(db.session, current_actor(), slug)
    form = ReviewForm()
    if not form.is_submitted():
        form.show_version(challenge.version)
        return _page(challenge, form)
    if not form.validate():
        return _page(challenge, form), 422
    move = Move(form.decision.data)
    try:
        _decide(challenge, move, form)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        form.refuse_whole(challenge_rule(error))
        form.show_version(challenge.version)
        return _page(challenge, form), 409 if isinstance(error, Conflict) else 422
    if move == Move.OPEN:
        flash(gettext("Published. The partner is told by mail. Now choose whom to invite."), "success")
        return redirect(url_for("own_challenges.fitting", partner=challenge.partner.slug, slug=slug), 303)
    flash(gettext("Returned. The partner is told by mail."), "success")
    return redirect(url_for("challenge_reviews.challenges"), 303)


def _decide(challenge: Challenge, move: Move, form: ReviewForm) -> None:
    seen = {"version": form.seen_version, "today": today(), "note": form.note.data}
    move_challenge(db.session, current_actor(), challenge, move, **seen)
    db.session.commit()


def _page(challenge: Challenge, form: ReviewForm) -> str:
    fits = fitting_startups(db.session, current_search(), current_actor(), challenge)
    return render_template(
        "challenge_reviews/review.html",
        challenge=challenge,
        form=form,
        is_waiting=challenge.state == ChallengeState.SUBMITTED,
        fits=fits[:BEST],
        suggested=sum(fit.is_suggested for fit in fits),
    )
