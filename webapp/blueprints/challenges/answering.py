"""Answering a challenge for a startup: choosing for which, writing, changing, taking back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.challenges.forms import AnswerForm, WithdrawForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import AnswerState, Challenge, ChallengeAnswer, Startup
from webapp.permissions import Permission
from webapp.services.challenge_answers import (
    Answerer,
    allowed_answer_moves,
    answerers,
    contact_for_startup,
    move_answer,
    send_answer,
)
from webapp.services.challenge_moves import AnswerMove
from webapp.services.challenges import get_public_challenge, takes_answers
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.locale import current_language
from webapp.web.marks import today


@allow(Permission.ASK)
def choose(slug: str) -> ResponseReturnValue:
    """For which of one's startups; straight on if there is one only."""
    challenge = get_public_challenge(db.session, slug)
    own = answerers(db.session, current_actor(), challenge)
    if len(own) == 1:
        return redirect(url_for("challenges.answer", slug=slug, startup=own[0].startup.slug), 303)
    return render_template("challenges/choose.html", challenge=challenge, answerers=own)


@allow(Permission.ASK)
def answer(slug: str, startup: str) -> ResponseReturnValue:
    """What a startup answers, or answered."""
    challenge = get_public_challenge(db.session, slug)
    own = _answerer(challenge, startup)
    form = AnswerForm()
    if not form.is_submitted():
        _fill(form, own)
        return _page(challenge, own, form)
    if not form.validate():
        return _page(challenge, own, form), 422
    try:
        _send(challenge, own.startup, form)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        challenge = get_public_challenge(db.session, slug)
        own = _answerer(challenge, startup)
        if isinstance(error, Invalid):
            form.refuse_at(error.values.get("field", ""), challenge_rule(error))
            return _page(challenge, own, form), 422
        form.refuse_whole(challenge_rule(error))
        _show_version(form, own)
        return _page(challenge, own, form, kept=form.text.data), 409
    flash(gettext("Your answer is with the company. You hear from us as soon as it decides."), "success")
    return redirect(url_for("challenges.answer", slug=slug, startup=startup), 303)


@allow(Permission.ASK)
def withdraw(slug: str, startup: str) -> ResponseReturnValue:
    """Take an answer back."""
    challenge = get_public_challenge(db.session, slug)
    own = _answerer(challenge, startup)
    form = WithdrawForm()
    if own.answer is None:
        raise NotFound("answer", startup=startup)
    if not form.validate():
        abort(400)
    try:
        move_answer(db.session, current_actor(), own.answer, AnswerMove.WITHDRAW, version=form.seen_version)
    except Conflict as error:
        db.session.rollback()
        flash(challenge_rule(error), "error")
    else:
        db.session.commit()
        flash(gettext("Your answer is taken back. The company does not see it any more."), "success")
    return redirect(url_for("challenges.answer", slug=slug, startup=startup), 303)


def _answerer(challenge: Challenge, slug: str) -> Answerer:
    own = answerers(db.session, current_actor(), challenge)
    found = next((each for each in own if each.startup.slug == slug), None)
    if found is None:
        raise NotFound("organisation", noun=Startup.noun, slug=slug)
    return found


def _send(challenge: Challenge, startup: Startup, form: AnswerForm) -> None:
    version = form.seen_version if form.version.data else None
    words = {"text": form.text.data, "language": form.language.data}
    send_answer(db.session, current_actor(), challenge, startup, **words, today=today(), version=version)
    db.session.commit()


def _fill(form: AnswerForm, own: Answerer) -> None:
    form.language.data = current_language().code
    if own.answer is not None:
        form.text.data, form.language.data = own.answer.text, own.answer.language
    _show_version(form, own)


def _show_version(form: AnswerForm, own: Answerer) -> None:
    form.version.raw_data, form.version.data = None, str(own.answer.version) if own.answer else ""


def _page(challenge: Challenge, own: Answerer, form: AnswerForm, kept: str = "") -> str:
    moves = allowed_answer_moves(current_actor(), own.answer) if own.answer else []
    can_write = takes_answers(challenge, today()) and _is_writable(own.answer, moves)
    contact = contact_for_startup(db.session, current_actor(), own.answer) if own.answer else None
    withdrawal = WithdrawForm(formdata=None)
    if own.answer is not None:
        withdrawal.show_version(own.answer.version)
    return render_template(
        "challenges/answer.html",
        challenge=challenge,
        own=own,
        form=form,
        kept="" if can_write else kept,
        can_write=can_write,
        can_withdraw=AnswerMove.WITHDRAW in moves,
        withdrawal=withdrawal,
        contact=contact,
    )


def _is_writable(answer: ChallengeAnswer | None, moves: list[AnswerMove]) -> bool:
    return answer is None or answer.state == AnswerState.WITHDRAWN or AnswerMove.CHANGE in moves
