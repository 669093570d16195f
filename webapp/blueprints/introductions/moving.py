"""The views that move an introduction on. All moves come through one route and one service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import DateField, HiddenField, StringField, TimeField

from webapp.blueprints.introductions.forms import (
    ChooseForm,
    DeclineForm,
    MoveForm,
    NotNowForm,
    OutcomeForm,
    TimesForm,
)
from webapp.blueprints.introductions.page import FORMS, IntroductionPage
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Introduction, utc_now
from webapp.permissions import Permission
from webapp.services import introductions, outcomes
from webapp.services.introduction_moves import Move
from webapp.services.introductions import get_introduction
from webapp.services.network import get_network
from webapp.web.access import allow, current_actor
from webapp.web.forms import SeenForm, options
from webapp.web.introduction_words import DONE, rule_text
from webapp.web.marks import today

_WRITTEN = (StringField, DateField, TimeField)
"""Fields that one writes into; a long text is a ``StringField`` too."""

SECOND_PRESS = timedelta(minutes=1)
"""Within this time the same move again is a button pressed twice."""

MEMBERS_MOVES = frozenset(DONE) - {Move.SUBMIT}
"""What the two sides do here; a request is submitted with its text, and staff have a page of their own."""


@allow(Permission.READ_INTRODUCTION)
def move(reference: str, move: str) -> ResponseReturnValue:
    """Make a move; what was wrong with it stands beside the fields, and nothing that was typed is lost."""
    actor = current_actor()
    found = get_introduction(db.session, actor, reference)
    if move not in Move._value2member_map_ or Move(move) not in MEMBERS_MOVES:
        raise NotFound("page")
    wanted = Move(move)
    form = FORMS.get(wanted, MoveForm)()
    page = IntroductionPage(found, actor, {move: form})
    if isinstance(form, ChooseForm):
        form.index.choices = options(page.times())
    if not form.validate_on_submit():
        return page.render(), 422
    try:
        introductions.move(db.session, actor, found, wanted, version=form.seen_version, today=today(), **_values(form))
    except Invalid as error:
        db.session.rollback()
        _place(form, error)
        return IntroductionPage(get_introduction(db.session, actor, reference), actor, {move: form}).render(), 422
    except Conflict as error:
        if _was_just_made(reference, wanted):
            return redirect(url_for("introductions.introduction", reference=reference), 303)
        return stands_otherwise(reference, error, _typed(form))
    db.session.commit()
    flash(str(DONE[wanted]), "success")
    return redirect(url_for("introductions.introduction", reference=reference), 303)


def _typed(form: SeenForm) -> str:
    """What was written into a form, days and times included, one field a line, as it was sent."""
    texts = [
        " ".join(field.raw_data or ())
        for field in form
        if isinstance(field, _WRITTEN) and not isinstance(field, HiddenField)
    ]
    return "\n".join(text for text in texts if text.strip())


def _was_just_made(reference: str, wanted: Move) -> bool:
    """Whether the same person made this very move a moment ago: then its button was pressed twice."""
    db.session.rollback()
    actor = current_actor()
    found = get_introduction(db.session, actor, reference)
    return any(
        made.move == wanted and made.person_id == actor.person_id and utc_now() - made.at < SECOND_PRESS
        for made in found.moves
    )


def _values(form: SeenForm) -> dict[str, Any]:
    """What a form says, as the service takes it."""
    if isinstance(form, DeclineForm):
        return {"decline_code": form.decline_code.data or None, "decline_note": form.decline_note.data or ""}
    if isinstance(form, NotNowForm):
        return {"until": form.until.data}
    if isinstance(form, TimesForm):
        network = get_network(db.session)
        moments = form.moments(network.timezone if network else "UTC")
        return {"times": moments, "minutes": form.minutes.data, "place": form.place.data or ""}
    if isinstance(form, ChooseForm):
        return {"index": int(form.index.data) if str(form.index.data).isdecimal() else -1}
    return {}


def _place(form: SeenForm, error: Invalid) -> None:
    """Put what a service found wrong beside the field that it is about."""
    about = {
        "times-number": "time_1",
        "times-same": "time_1",
        "time-past": "time_1" if isinstance(form, TimesForm) else "index",
        "no-such-time": "index",
        "minutes-out-of-range": "minutes",
        "place-too-long": "place",
    }
    form.refuse_at(str(error.values.get("field") or about.get(error.code, "")), rule_text(error))


def stands_otherwise(reference: str, error: Conflict, kept: str = "") -> ResponseReturnValue:
    """The page as it stands now, and that the move was not made; what was written is shown to be copied."""
    db.session.rollback()
    actor = current_actor()
    found: Introduction = get_introduction(db.session, actor, reference)
    page = IntroductionPage(found, actor, is_moved=error.code in ("introduction-moved", "illegal-move"), kept=kept)
    if not page.is_moved:
        flash(rule_text(error), "error")
    return page.render(), 409


@allow(Permission.READ_INTRODUCTION)
def outcome(reference: str, day: int) -> ResponseReturnValue:
    """Say what came of an introduction."""
    actor = current_actor()
    found = get_introduction(db.session, actor, reference)
    form = OutcomeForm()
    page = IntroductionPage(found, actor, {"outcome": form})
    if not form.validate_on_submit():
        return page.render(), 422
    met = form.met.data == "yes"
    # Who did not meet cannot have found it useful: whatever else was marked then is a slip.
    useful = {"yes": True, "no": False}.get(form.useful.data or "") if met else None
    step = (form.next_step.data or None) if met else None
    try:
        outcomes.answer_outcome(db.session, actor, found, page.side, day, met, useful, step, today=today())
    except Invalid as error:
        db.session.rollback()
        _place(form, error)
        return IntroductionPage(get_introduction(db.session, actor, reference), actor, {"outcome": form}).render(), 422
    except Conflict as error:
        return stands_otherwise(reference, error)
    db.session.commit()
    flash(gettext("Thank you. Your answers help the network to propose better."), "success")
    return redirect(url_for("introductions.introduction", reference=reference), 303)
