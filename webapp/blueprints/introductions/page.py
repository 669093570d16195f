"""What the page of one introduction shows a member: how it stands, the one thing to do next, what else can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from webapp.blueprints.introductions.forms import (
    ChooseForm,
    DeclineForm,
    MoveForm,
    NotNowForm,
    OutcomeForm,
    RequestForm,
    TimesForm,
)
from webapp.extensions import db
from webapp.models import Introduction, IntroductionState, Outcome, Side
from webapp.permissions import Actor, side_of
from webapp.services.introduction_matches import alternatives_to
from webapp.services.introduction_moves import ENDED, UNSUBMITTED, Move, allowed_moves
from webapp.services.introductions import answer_shown, contacts_for, timeline
from webapp.services.outcomes import outcome_to_answer
from webapp.web.forms import SeenForm, options
from webapp.web.introduction_messages import time_in_words
from webapp.web.locale import current_language

FORMS: Mapping[Move, type[SeenForm]] = {
    Move.DECLINE: DeclineForm,
    Move.NOT_NOW: NotNowForm,
    Move.PROPOSE_TIMES: TimesForm,
    Move.CHOOSE_TIME: ChooseForm,
}
"""Moves that need something said, and the form for it; the others are a button."""

_FIRST = (Move.ACCEPT, Move.CHOOSE_TIME, Move.REPORT_MET, Move.PROPOSE_TIMES)
"""What is the one thing to do, where several can be done: the first that can."""


@dataclass
class IntroductionPage:
    """An introduction as one of its two sides sees it."""

    introduction: Introduction
    actor: Actor
    bound: dict[str, SeenForm] = field(default_factory=dict)
    """Forms that came back with errors, by move; ``text`` and ``outcome`` are the other two."""
    is_moved: bool = False
    """Whether somebody else changed it while this reader was at it."""
    kept: str = ""
    """What the reader had written when it was changed, so that nothing is lost."""

    def __post_init__(self) -> None:
        side = side_of(self.actor, self.introduction)
        self.side = side if side in (Side.STARTUP, Side.PARTNER) else Side(self.introduction.asked_by)
        self.moves = [move for move in allowed_moves(self.actor, self.introduction) if move != Move.SUBMIT]
        self.is_asking = self.side == self.introduction.asked_by

    @property
    def is_open_to_write(self) -> bool:
        """Whether the request is with the asking side, which may still write it."""
        return self.is_asking and IntroductionState(self.introduction.state) in UNSUBMITTED

    @property
    def primary(self) -> Move | None:
        """The one thing to do next, if it is this side's turn."""
        if self.is_open_to_write:
            return None
        return next((move for move in _FIRST if move in self.moves), None)

    @property
    def secondary(self) -> list[Move]:
        """What else can be done."""
        return [move for move in self.moves if move != self.primary]

    @property
    def outcome(self) -> Outcome | None:
        """The question to this side that waits for an answer."""
        return outcome_to_answer(self.introduction, self.side)

    def form(self, name: str) -> SeenForm:
        """The form of a move; of ``text``, the request's; of ``outcome``, the answers'. As it came back, or fresh."""
        if name not in self.bound:
            self.bound[name] = self._fresh(name)
        return self.bound[name]

    def _fresh(self, name: str) -> SeenForm:
        values: dict[str, Any] = {"version": str(self.introduction.version)}
        if name == "text":
            values |= {key: getattr(self.introduction, key) for key in ("reason", "message", "language")}
            return RequestForm(formdata=None, data=values)
        if name == "outcome":
            return OutcomeForm(formdata=None, data=values)
        form = FORMS.get(Move(name), MoveForm)(formdata=None, data=values)
        if isinstance(form, ChooseForm):
            form.index.choices = options(self.times())
        return form

    def times(self) -> list[tuple[str, str]]:
        """The proposed times, to choose from."""
        meeting = self.introduction.meeting
        return [(str(index), time_in_words(time)) for index, time in enumerate(meeting.times)] if meeting else []

    def render(self) -> str:
        """The page."""
        introduction = self.introduction
        shown = answer_shown(introduction, self.side)
        ended_without = IntroductionState(introduction.state) in ENDED and introduction.introduced_at is None
        language = current_language().code
        return render_template(
            "introductions/introduction.html",
            page=self,
            introduction=introduction,
            other=introduction.asked if self.is_asking else introduction.asking,
            own=introduction.asking if self.is_asking else introduction.asked,
            shown=shown,
            timeline=timeline(introduction, self.side),
            contact=contacts_for(self.actor, introduction),
            alternatives=alternatives_to(db.session, introduction, language)
            if ended_without and self.is_asking
            else [],
        )
