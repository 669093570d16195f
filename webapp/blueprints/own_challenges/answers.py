"""One answer to a challenge, and the partner's decision on it; all answers as a file."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.own_challenges.finding import get_own_challenge
from webapp.blueprints.own_challenges.forms import DecisionForm, decision_form
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import AnswerState, ChallengeAnswer
from webapp.permissions import Permission
from webapp.services.challenge_answers import allowed_answer_moves, contact_for_partner, get_answer, move_answer
from webapp.services.challenge_lists import ANSWER_COLUMNS, answer_rows, answers_to
from webapp.services.challenge_moves import AnswerMove
from webapp.web.access import allow, current_actor
from webapp.web.challenge_words import challenge_rule
from webapp.web.downloads import download


@allow(Permission.POST_CHALLENGE)
def answer(partner: str, slug: str, startup: str) -> ResponseReturnValue:
    """What a startup answers, and the decision."""
    found = _find(partner, slug, startup)
    form = decision_form(allowed_answer_moves(current_actor(), found))
    if not form.is_submitted():
        form.show_version(found.version)
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    try:
        move = AnswerMove(form.decision.data)
        move_answer(db.session, current_actor(), found, move, version=form.seen_version, note=form.note.data)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        found = _find(partner, slug, startup)
        form.refuse_whole(challenge_rule(error))
        form.show_version(found.version)
        return _page(found, form), 409 if isinstance(error, Conflict) else 422
    db.session.commit()
    flash(gettext("Decided. The startup is told by mail."), "success")
    return redirect(url_for("own_challenges.answer", partner=partner, slug=slug, startup=startup), 303)


@allow(Permission.POST_CHALLENGE)
def answers_file(partner: str, slug: str, form: str) -> Response:
    """All answers to a challenge that stand."""
    found = get_own_challenge(partner, slug)
    rows = answer_rows(answers_to(db.session, current_actor(), found))
    return download(f"{found.slug}-answers", ANSWER_COLUMNS, rows, form)


def _find(partner: str, slug: str, startup: str) -> ChallengeAnswer:
    """The answer of an address. One that was withdrawn is not the partner's to read, whoever else the reader is."""
    found = get_answer(db.session, current_actor(), get_own_challenge(partner, slug), startup)
    if found.state == AnswerState.WITHDRAWN:
        raise NotFound("answer", startup=startup)
    return found


def _page(found: ChallengeAnswer, form: DecisionForm) -> str:
    return render_template(
        "own_challenges/answer.html",
        challenge=found.challenge,
        answer=found,
        form=form,
        can_decide=bool(form.decision.choices),
        contact=contact_for_partner(db.session, current_actor(), found),
    )
