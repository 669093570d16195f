"""The views of one's challenges: all of them with one's answers, one, and moving it on."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.own_challenges.finding import get_own_challenge
from webapp.blueprints.own_challenges.forms import MoveForm
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Challenge
from webapp.permissions import Permission
from webapp.services.challenge_lists import answers_to, count_answers, own_answers, own_invitations, posted_by
from webapp.services.challenge_moves import ENDED, UNDECIDED, Move
from webapp.services.challenges import allowed_moves, delete_draft, move_challenge
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.marks import today


@allow(Permission.USE_ACCOUNT)
def challenges() -> str:
    """What one's companies have posted, and what one's startups have answered or were invited to."""
    actor = current_actor()
    posted = posted_by(db.session, actor)
    return render_template(
        "own_challenges/challenges.html",
        posted=posted,
        counts=count_answers(db.session, [challenge for each in posted for challenge in each.challenges]),
        answers=own_answers(db.session, actor),
        invitations=own_invitations(db.session, actor, today()),
    )


@allow(Permission.POST_CHALLENGE)
def challenge(partner: str, slug: str) -> str:
    """How a challenge stands, with the answers to it."""
    return _page(get_own_challenge(partner, slug))


@allow(Permission.POST_CHALLENGE)
def move(partner: str, slug: str, move: str) -> ResponseReturnValue:
    """Submit, close or withdraw it."""
    found = get_own_challenge(partner, slug)
    form = MoveForm()
    if not form.validate():
        abort(400)
    try:
        move_challenge(db.session, current_actor(), found, Move(move), version=form.seen_version, today=today())
    except Conflict as error:
        db.session.rollback()
        return _page(get_own_challenge(partner, slug), hindrance=challenge_rule(error)), 409
    db.session.commit()
    flash(_done(Move(move)), "success")
    return redirect(url_for("own_challenges.challenge", partner=partner, slug=slug), 303)


@allow(Permission.POST_CHALLENGE)
def delete(partner: str, slug: str) -> ResponseReturnValue:
    """Delete a draft."""
    found = get_own_challenge(partner, slug)
    form = MoveForm()
    if not form.validate():
        abort(400)
    try:
        delete_draft(db.session, current_actor(), found, version=form.seen_version)
    except Conflict as error:
        db.session.rollback()
        return _page(get_own_challenge(partner, slug), hindrance=challenge_rule(error)), 409
    db.session.commit()
    flash(gettext("The draft is deleted."), "success")
    return redirect(url_for("own_challenges.challenges"), 303)


def _page(found: Challenge, hindrance: str = "") -> str:
    actor = current_actor()
    form = MoveForm(formdata=None)
    form.show_version(found.version)
    answers = answers_to(db.session, actor, found)
    return render_template(
        "own_challenges/challenge.html",
        challenge=found,
        moves=allowed_moves(actor, found),
        answers=answers,
        undecided=sum(answer.state in UNDECIDED for answer in answers),
        is_over=found.state in ENDED,
        invited=len(found.invitations),
        form=form,
        hindrance=hindrance,
    )


def _done(move: Move) -> str:
    texts = {
        Move.SUBMIT: gettext("The challenge is with the park. You hear from us as soon as it is published."),
        Move.CLOSE: gettext("The challenge is closed. Everybody who answered is told."),
        Move.WITHDRAW: gettext("The challenge is withdrawn."),
    }
    return texts[move]
