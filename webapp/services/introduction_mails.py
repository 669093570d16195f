"""Whom a move of an introduction tells by mail, and which waiting mails it makes untrue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from webapp.models import DbSession, Introduction, IntroductionState, Outcome, Person, Side
from webapp.services.actors import members_of
from webapp.services.introduction_moves import TRANSITIONS, Move, Party, party_for, side_for
from webapp.services.mail import cancel_mails, make_link, order_mail

State = IntroductionState

ANSWERS = {"accept": "introduction-accept", "decline": "introduction-decline", "not_now": "introduction-not-now"}
"""Name of a link in a mail -> its purpose: what the asked side can answer with one click."""
OUTCOME_LINK = "outcome-answer"

LINKS_VALID = timedelta(days=30)
OUTCOME_LINKS_VALID = timedelta(days=60)

_ASKS_FOR_ANSWER = frozenset({"introduction-request", "introduction-reminder"})
_NOT_TO_ACTING = frozenset({"meeting-proposed"})
_UNTRUE_AFTER: Mapping[Move, frozenset[str]] = {
    Move.SUBMIT: frozenset({"introduction-proposed", "introduction-returned"}),
    Move.ACCEPT: _ASKS_FOR_ANSWER,
    Move.DECLINE: _ASKS_FOR_ANSWER,
    Move.NOT_NOW: _ASKS_FOR_ANSWER,
    Move.EXPIRE: _ASKS_FOR_ANSWER,
    Move.PROPOSE_TIMES: frozenset({"meeting-proposed"}),
    Move.CHOOSE_TIME: frozenset({"meeting-proposed"}),
    Move.CLOSE: frozenset({"meeting-proposed", "outcome-question"}),
    Move.WITHDRAW: _ASKS_FOR_ANSWER
    | {"introduction-proposed", "introduction-returned", "introduction-sent", "meeting-proposed"},
}
"""Move -> kinds of waiting mail that say what is no longer so."""


def recipients(session: DbSession, introduction: Introduction, party: Party) -> list[Person]:
    """Who is written to of a side: who asks or who agreed, as long as they are its members; otherwise all members."""
    asks = party == Party.ASKING
    members = members_of(session, introduction.asking if asks else introduction.asked)
    person_id = introduction.requester_id if asks else introduction.answerer_id
    return [person for person in members if person.id == person_id] or members


def order_move_mails(session: DbSession, introduction: Introduction, move: Move, acting: Party) -> None:
    """Cancel what a move made untrue, and order what it tells."""
    for kind in sorted(_UNTRUE_AFTER.get(move, ())):
        cancel_mails(session, kind, introduction_id=introduction.id)
    for kind, parties in TRANSITIONS[move].mails.items():
        for party in sorted(parties, key=list(Party).index):
            if _is_told(introduction, kind, party, acting):
                _order(session, introduction, kind, party)


def order_cancellation(session: DbSession, introduction: Introduction) -> None:
    """Tell both sides that the meeting they agreed on does not take place at that time."""
    for party in (Party.ASKING, Party.ASKED):
        _order(session, introduction, "meeting-cancelled", party)


def _is_told(introduction: Introduction, kind: str, party: Party, acting: Party) -> bool:
    if kind in _NOT_TO_ACTING:
        return party != acting
    if kind == "introduction-withdrawn":
        return introduction.sent_at is not None
    # Who submits a proposal of staff sees at once that it was sent.
    return not (kind == "introduction-sent" and introduction.is_proposal)


def _order(session: DbSession, introduction: Introduction, kind: str, party: Party) -> None:
    values: dict[str, Any] = {"introduction_id": introduction.id, "reference": introduction.reference}
    values |= {"party": party.value, **_meeting_values(introduction, kind)}
    outcome = _newest_outcome(introduction, side_for(party, introduction)) if kind == "outcome-question" else None
    if outcome is not None:
        values["day"] = outcome.day
    for person in recipients(session, introduction, party):
        own = values | _links(session, introduction, kind, person, outcome)
        order_mail(session, kind, person, own)


def _links(
    session: DbSession, introduction: Introduction, kind: str, person: Person, outcome: Outcome | None
) -> dict[str, Any]:
    """The links of one person: of each mail its own, as each can be used once."""
    if kind in _ASKS_FOR_ANSWER:
        made = {
            name: make_link(session, purpose, introduction.id, person=person, valid=LINKS_VALID).id
            for name, purpose in ANSWERS.items()
        }
        return {"links": made}
    if outcome is not None:
        link = make_link(session, OUTCOME_LINK, outcome.id, person=person, valid=OUTCOME_LINKS_VALID)
        return {"links": {"answer": link.id}}
    return {}


def _meeting_values(introduction: Introduction, kind: str) -> dict[str, Any]:
    """The meeting as it is now: a mail that is sent later, or again, still tells of this version of it."""
    meeting = introduction.meeting
    if meeting is None or not kind.startswith("meeting-"):
        return {}
    begins = meeting.begins_at.isoformat() if meeting.begins_at else None
    proposing = party_for(Side(meeting.proposed_by), introduction)
    return {
        "times": list(meeting.times),
        "begins_at": begins,
        "minutes": meeting.minutes,
        "place": meeting.place,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "proposed_by": proposing.value,
    }


def _newest_outcome(introduction: Introduction, side: Side) -> Outcome | None:
    asked = [outcome for outcome in introduction.outcomes if outcome.side == side]
    return max(asked, key=lambda outcome: outcome.day, default=None)
