"""Writing a challenge."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.own_challenges.finding import get_own_challenge, get_partner
from webapp.blueprints.own_challenges.forms import ChallengeForm, challenge_form
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Challenge, Partner
from webapp.permissions import Permission
from webapp.services.challenge_moves import EDITABLE
from webapp.services.challenges import SUBJECT_KINDS, draft_challenge, save_challenge
from webapp.services.network import list_terms
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.marks import today

_FIELDS = {
    "deadline-passed": "deadline",
    "deadline-far": "deadline",
    "budget-reversed": "budget_max",
    "too-many-subjects": "sectors",
}
"""Code of a broken rule -> the field that it is about, where the error does not say."""


@allow(Permission.POST_CHALLENGE)
def create(partner: str) -> ResponseReturnValue:
    """Begin a challenge."""
    return _form_page(get_partner(partner), None)


@allow(Permission.POST_CHALLENGE)
def edit(partner: str, slug: str) -> ResponseReturnValue:
    """Change a challenge that is not published."""
    challenge = get_own_challenge(partner, slug)
    if challenge.state not in EDITABLE:
        flash(gettext("The challenge is no longer with you, so it cannot be changed."), "error")
        return redirect(url_for("own_challenges.challenge", partner=partner, slug=slug), 303)
    return _form_page(challenge.partner, challenge)


def _form_page(partner: Partner, challenge: Challenge | None) -> ResponseReturnValue:
    form = challenge_form(challenge)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            saved = _save(form, partner, challenge)
        except Conflict as error:
            db.session.rollback()
            form.refuse_whole(
                gettext(
                    "Somebody else changed this challenge meanwhile. What you typed is below; save again to keep yours."
                )
                if challenge is not None and challenge.state in EDITABLE
                else challenge_rule(error)
            )
            if challenge is not None:
                form.show_version(challenge.version)
            status = 409
        except Invalid as error:
            db.session.rollback()
            form.refuse_of(_FIELDS.get(error.code, error.values.get("field", "")), challenge_rule(error))
        else:
            flash(gettext("Saved. Look at it once more, then send it to the park."), "success")
            return redirect(url_for("own_challenges.challenge", partner=partner.slug, slug=saved.slug), 303)
    return render_template("own_challenges/form.html", form=form, challenge=challenge, partner=partner), status


def _save(form: ChallengeForm, partner: Partner, challenge: Challenge | None) -> Challenge:
    actor, values = current_actor(), form.values(list_terms(db.session, *SUBJECT_KINDS))
    if challenge is None:
        saved = draft_challenge(db.session, actor, partner, values, today=today())
    else:
        saved = save_challenge(db.session, actor, challenge, values, version=form.seen_version, today=today())
    db.session.commit()
    return saved
