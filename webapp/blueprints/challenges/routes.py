"""The public views of challenges: the list, and one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request

from webapp.extensions import db
from webapp.models import Challenge, Term
from webapp.permissions import Permission
from webapp.services.challenge_answers import answerers
from webapp.services.challenge_lists import closed_challenges, open_challenges, subjects_of_open
from webapp.services.challenges import get_public_challenge
from webapp.web.access import allow, current_actor
from webapp.web.links import keep_parameters
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.public_files import challenge_file

A_PAGE = 20


@dataclass(frozen=True)
class Asked:
    """What the query string asks for, and what answers it."""

    subjects: Sequence[Term]
    chosen: Term | None
    with_closed: bool
    open: Sequence[Challenge]
    closed: Sequence[Challenge]

    @property
    def kept(self) -> dict[str, str]:
        """The query string of the same list."""
        return ({"subject": self.chosen.code} if self.chosen else {}) | ({"closed": "1"} if self.with_closed else {})


def _asked() -> Asked:
    day, with_closed = today(), "closed" in request.args
    subjects = subjects_of_open(db.session, day)
    chosen = next((term for term in subjects if term.code == request.args.get("subject")), None)
    still = open_challenges(db.session, day, [chosen.code] if chosen else ())
    return Asked(subjects, chosen, with_closed, still, closed_challenges(db.session, day) if with_closed else ())


@allow(Permission.BROWSE)
def challenges() -> str:
    """Those that one can answer, the next deadline first; on request also those that are over."""
    asked = _asked()
    keep_parameters(asked.kept)
    cut = asked_cut(len(asked.open), A_PAGE)
    return render_template(
        "challenges/challenges.html",
        rows=asked.open[cut.offset : cut.offset + cut.size],
        count=len(asked.open),
        cut=cut,
        subjects=asked.subjects,
        chosen=asked.chosen,
        closed=asked.closed,
        with_closed=asked.with_closed,
        kept=asked.kept,
    )


@allow(Permission.BROWSE)
def challenges_file(form: str) -> Response:
    """All pages of the same list as a file."""
    asked = _asked()
    return challenge_file([*asked.open, *asked.closed], form)


@allow(Permission.BROWSE)
def challenge(slug: str) -> str:
    """One challenge, and what those who act for a startup can do about it."""
    found = get_public_challenge(db.session, slug)
    return render_template(
        "challenges/challenge.html", challenge=found, answerers=answerers(db.session, current_actor(), found)
    )
