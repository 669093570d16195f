"""The startups that fit a challenge, and inviting them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from webapp.blueprints.own_challenges.finding import get_own_challenge
from webapp.blueprints.own_challenges.forms import InviteForm
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.challenge_matching import fitting_startups, invite_startups
from webapp.services.challenges import takes_answers
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.formats import number
from webapp.web.marks import today
from webapp.web.site import current_search


@allow(Permission.POST_CHALLENGE)
def fitting(partner: str, slug: str) -> ResponseReturnValue:
    """Which startups fit and why; those that are ticked are told of the challenge."""
    challenge = get_own_challenge(partner, slug)
    fits = fitting_startups(db.session, current_search(), current_actor(), challenge)
    form, hindrance, status = InviteForm(), "", 200
    chosen = set(request.form.getlist("startup")) if form.is_submitted() else None
    if form.validate_on_submit():
        scores = {fit.startup.id: fit.score for fit in fits if fit.startup.slug in (chosen or ())}
        try:
            count = invite_startups(db.session, current_actor(), challenge, scores, today=today())
        except (Conflict, Invalid) as error:
            db.session.rollback()
            hindrance, status = challenge_rule(error), 409 if isinstance(error, Conflict) else 422
        else:
            db.session.commit()
            flash(_told(count), "success" if count else "error")
            return redirect(url_for("own_challenges.fitting", partner=partner, slug=slug), 303)
    return (
        render_template(
            "own_challenges/fitting.html",
            challenge=challenge,
            fits=fits,
            chosen=chosen,
            form=form,
            hindrance=hindrance,
            can_invite=takes_answers(challenge, today()),
        ),
        status,
    )


def _told(count: int) -> str:
    if not count:
        return gettext("No startup was chosen.")
    return ngettext("%(count)s startup is invited.", "%(count)s startups are invited.", count, count=number(count))
