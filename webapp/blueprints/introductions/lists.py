"""The list of own introductions as its page and its file ask for it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flask import request

from webapp.extensions import db
from webapp.models import Introduction, Partner, Startup
from webapp.permissions import Actor, side_of
from webapp.services.introductions import Answer, answer_shown, list_introductions, waits_for
from webapp.web.introduction_words import STANDINGS


class Listed(NamedTuple):
    """An introduction as the reader's side sees it in a list."""

    introduction: Introduction
    other: Startup | Partner
    is_asking: bool
    shown: Answer
    waits: bool


class OwnList(NamedTuple):
    """What was asked for, and what there is."""

    rows: list[Listed]
    box: Literal["in", "out"] | None
    standing: str | None
    standings: list[str]
    """All that there are in the box."""


def asked_list(actor: Actor) -> OwnList:
    """The introductions of all organisations that somebody acts for; what waits for them stands first."""
    asked = request.args.get("box", "")
    box: Literal["in", "out"] | None = "in" if asked == "in" else "out" if asked == "out" else None
    rows = []
    for introduction in list_introductions(db.session, actor, box=box):
        side = side_of(actor, introduction)
        if side is not None:
            is_asking = side == introduction.asked_by
            other = introduction.asked if is_asking else introduction.asking
            shown = answer_shown(introduction, side)
            rows.append(Listed(introduction, other, is_asking, shown, waits_for(actor, introduction)))
    # By the words that each side reads, not by the state behind them: the list must not tell more than its lines.
    standings = [code for code in STANDINGS if any(row.shown.code == code for row in rows)]
    wanted = request.args.get("standing", "")
    standing = wanted if wanted in STANDINGS else None
    rows = [row for row in rows if standing is None or row.shown.code == standing]
    # Sorted before it is cut into pages: what waits must not stand on the second one. The rest stays in its order.
    rows.sort(key=lambda row: not row.waits)
    return OwnList(rows, box, standing, standings)
