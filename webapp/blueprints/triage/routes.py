"""The views of triage: the queue, one request on one screen, and what staff decide."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from webapp.blueprints.triage.forms import DecideForm, NoteForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Introduction, IntroductionState
from webapp.permissions import Permission
from webapp.services import introductions
from webapp.services.introduction_limits import monthly_incoming, open_requests
from webapp.services.introduction_moves import Move, allowed_moves
from webapp.services.introduction_rows import COLUMNS, introduction_rows
from webapp.services.introductions import (
    count_introductions,
    get_introduction,
    list_introductions,
    other_open_requests,
    save_staff_note,
)
from webapp.services.matches import match_of
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.introduction_links import DECLINE_WORDS
from webapp.web.introduction_words import rule_text
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings

DONE = {
    Move.TAKE_UP: lazy_gettext("You are checking it now."),
    Move.SEND: lazy_gettext("The request is on its way to the other side."),
    Move.RETURN: lazy_gettext("The request is back with its sender, with your words."),
    Move.REFUSE: lazy_gettext("The request is not passed on; its sender reads your words."),
    Move.CLOSE: lazy_gettext("The introduction is closed."),
}
"""What staff do here -> what the next page says."""


@allow(Permission.STAFF)
def queue() -> str:
    """What is to be checked, the oldest first."""
    return render_template("triage/queue.html", rows=introductions.queue(db.session))


@allow(Permission.STAFF)
def everything() -> str:
    """All requests that were ever submitted, the latest change first."""
    state, actor = _asked_state(), current_actor()
    cut = asked_cut(count_introductions(db.session, actor, box="staff", state=state), current_settings().page_size)
    rows = list_introductions(db.session, actor, box="staff", state=state, limit=cut.size, offset=cut.offset)
    return render_template(
        "triage/all.html",
        rows=rows,
        state=state,
        states=[each for each in IntroductionState if each != IntroductionState.DRAFT],
        cut=cut,
    )


@allow(Permission.STAFF)
def everything_file(form: str) -> Response:
    """All pages of the same list as a file."""
    found = list_introductions(db.session, current_actor(), box="staff", state=_asked_state())
    return download("introductions-all", COLUMNS, introduction_rows(found), form)


def _asked_state() -> IntroductionState | None:
    wanted = request.args.get("state", "")
    return IntroductionState(wanted) if wanted in IntroductionState._value2member_map_ else None


@allow(Permission.STAFF)
def one(reference: str) -> str:
    """A request with all that is needed to decide it."""
    return _page(get_introduction(db.session, current_actor(), reference))


def _page(found: Introduction, form: DecideForm | None = None, note_form: NoteForm | None = None) -> str:
    day = today()
    kept = {"staff_note": found.staff_note, "version": str(found.version)}
    return render_template(
        "triage/request.html",
        introduction=found,
        moves=allowed_moves(current_actor(), found),
        match=match_of(db.session, found.startup, found.partner, current_language().code),
        open_of_asking=open_requests(db.session, found.asking),
        others=other_open_requests(db.session, found),
        incoming=monthly_incoming(db.session, found.asked, day),
        form=form or DecideForm(formdata=None, data={"version": str(found.version)}),
        note_form=note_form or NoteForm(formdata=None, data=kept),
        decline_words=DECLINE_WORDS,
    )


@allow(Permission.STAFF)
def move(reference: str, move: str) -> ResponseReturnValue:
    """Decide a request."""
    if move not in DONE:
        raise NotFound("page")
    wanted, actor = Move(move), current_actor()
    found = get_introduction(db.session, actor, reference)
    form = DecideForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    values = _values(wanted, form)
    try:
        introductions.move(db.session, actor, found, wanted, version=form.seen_version, today=today(), **values)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        moved = error.code in ("introduction-moved", "illegal-move")
        text = gettext("Somebody else decided it meanwhile; this is how it stands.") if moved else rule_text(error)
        if isinstance(error, Invalid):
            form.refuse(form.return_note, text)
        else:
            form.refuse_whole(text)
        found = get_introduction(db.session, actor, reference)
        form.show_version(found.version)  # what is decided next is what this page shows
        return _page(found, form), 422 if isinstance(error, Invalid) else 409
    db.session.commit()
    flash(str(DONE[wanted]), "success")
    stays = wanted == Move.TAKE_UP
    return redirect(url_for("triage.request", reference=reference) if stays else url_for("triage.queue"), 303)


def _values(wanted: Move, form: DecideForm) -> dict[str, Any]:
    """What goes with a move."""
    if wanted in (Move.RETURN, Move.REFUSE):
        return {"return_note": form.return_note.data or ""}
    return {"days": current_settings().introduction_days} if wanted == Move.SEND else {}


def _show_both(form: NoteForm, found: Introduction) -> None:
    """Put what a colleague noted meanwhile above what was typed, so that neither is lost."""
    typed = form.staff_note.data or ""
    if found.staff_note not in typed:
        form.staff_note.data = f"{found.staff_note}\n\n{typed}"
    form.show_version(found.version)
    form.refuse_whole(
        gettext("A colleague changed this meanwhile. What you typed is still here: compare, then save again.")
    )


@allow(Permission.STAFF)
def note(reference: str) -> ResponseReturnValue:
    """Keep a note for staff."""
    found = get_introduction(db.session, current_actor(), reference)
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(found, note_form=form), 422
    try:
        save_staff_note(db.session, current_actor(), found, form.staff_note.data or "", version=form.seen_version)
    except Invalid as error:
        db.session.rollback()
        form.refuse_whole(rule_text(error))
        return _page(get_introduction(db.session, current_actor(), reference), note_form=form), 422
    except Conflict:
        db.session.rollback()
        found = get_introduction(db.session, current_actor(), reference)
        _show_both(form, found)
        return _page(found, note_form=form), 409
    db.session.commit()
    flash(gettext("The note is saved."), "success")
    return redirect(url_for("triage.request", reference=reference), 303)
