"""The views of introductions that only read."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from webapp.blueprints.introductions.page import IntroductionPage
from webapp.extensions import db
from webapp.permissions import Permission, side_of
from webapp.services.introductions import (
    answer_shown,
    get_introduction,
    list_introductions,
    waits_for,
)
from webapp.services.meetings import calendar_event
from webapp.web.access import allow, current_actor
from webapp.web.introduction_words import STANDINGS
from webapp.web.locale import current_language
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings

BOXES = ("in", "out")


@allow(Permission.READ_INTRODUCTION)
def introductions() -> str:
    """The introductions of all organisations that somebody acts for; what waits for them stands first."""
    actor = current_actor()
    box = request.args.get("box", "")
    chosen = box if box in BOXES else None
    rows = []
    for introduction in list_introductions(db.session, actor, box=chosen):  # type: ignore[arg-type]
        side = side_of(actor, introduction)
        if side is not None:
            is_asking = side == introduction.asked_by
            other = introduction.asked if is_asking else introduction.asking
            rows.append(
                (introduction, other, is_asking, answer_shown(introduction, side), waits_for(actor, introduction))
            )
    # By the words that each side reads, not by the state behind them: the list must not tell more than its lines.
    standings = [code for code in STANDINGS if any(row[3].code == code for row in rows)]
    wanted = request.args.get("standing", "")
    standing = wanted if wanted in STANDINGS else None
    rows = [row for row in rows if standing is None or row[3].code == standing]
    # Sorted before it is cut into pages: what waits must not stand on the second one. The rest stays in its order.
    rows.sort(key=lambda row: not row[4])
    cut = asked_cut(len(rows), current_settings().page_size)
    return render_template(
        "introductions/introductions.html",
        rows=rows[cut.offset : cut.offset + cut.size],
        box=chosen,
        standing=standing,
        standings=standings,
        cut=cut,
    )


@allow(Permission.READ_INTRODUCTION)
def introduction(reference: str) -> str:
    """One introduction, as the reader's side sees it."""
    actor = current_actor()
    return IntroductionPage(get_introduction(db.session, actor, reference), actor).render()


@allow(Permission.READ_INTRODUCTION)
def calendar(reference: str) -> Response:
    """The meeting that was agreed on, for a calendar."""
    found = get_introduction(db.session, current_actor(), reference)
    response = make_response(calendar_event(found, current_language().code))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response
