"""What becomes of one invented introduction: its moves, one after the other, until today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from webapp.models import Introduction, IntroductionMove, IntroductionState, Meeting, Outcome, Person, Side
from webapp.services.introduction_effects import CLOSED_AFTER, DECLINE_CODES, OUTCOME_DAYS, USUAL_DAYS
from webapp.services.introduction_moves import TRANSITIONS, Move, Party, side_for

State = IntroductionState
REFUSED, RETURNED, SILENT, DECLINED, PUT_OFF, NO_SHOW = 0.05, 0.04, 0.18, 0.3, 0.08, 0.1
"""Shares: of the requests refused, returned, never answered; of the answers declined, put off; of the meetings."""
ANSWERED_DAYS = 4.0
"""Mean days until an answer."""


@dataclass
class Story:
    """An introduction and what is needed to tell on."""

    introduction: Introduction
    answerer: Person
    returned: str
    refused: str
    place: str


class _Teller:
    """Makes moves as long as their day is not after today."""

    def __init__(self, story: Story, random: Random, today: date) -> None:
        self.story, self.random, self.today = story, random, today
        self.introduction = story.introduction
        self.introduction.state = State.DRAFT
        self.on = story.introduction.created_at.date()

    def goes_on(self, move: Move, days: float, party: Party, person: Person | None = None) -> bool:
        """Make a move some days after the last one; not if that lies in the future."""
        on = self.on + timedelta(days=round(days))
        if on > self.today:
            return False
        self.on = on
        before = State(self.introduction.state)
        self.introduction.state = TRANSITIONS[move].paths[before]
        self.introduction.updated_at = self.at
        self.introduction.moves.append(
            IntroductionMove(
                move=move.value,
                from_state=before,
                to_state=self.introduction.state,
                side=side_for(party, self.introduction),
                person=person,
                at=self.at,
            )
        )
        return True

    @property
    def at(self) -> datetime:
        """The moment of the last move."""
        return datetime.combine(self.on, time(10), UTC)


def tell(story: Story, random: Random, today: date) -> None:
    """Let an introduction that was just written go on until today."""
    teller = _Teller(story, random, today)
    introduction = story.introduction
    if not teller.goes_on(Move.SUBMIT, 0, Party.ASKING, introduction.requester):
        return
    introduction.submitted_at = teller.at
    if not teller.goes_on(Move.TAKE_UP, random.choice((0, 1, 1, 2)), Party.STAFF):
        return
    luck = random.random()
    if luck < REFUSED + RETURNED:
        is_refused = luck < REFUSED
        if teller.goes_on(Move.REFUSE if is_refused else Move.RETURN, 1, Party.STAFF):
            introduction.return_note = story.refused if is_refused else story.returned
        return
    if teller.goes_on(Move.SEND, random.choice((0, 0, 1)), Party.STAFF):
        introduction.sent_at, introduction.due_on = teller.at, teller.on + timedelta(days=USUAL_DAYS)
        _answer(teller)


def _answer(teller: _Teller) -> None:
    introduction, random, person = teller.introduction, teller.random, teller.story.answerer
    if random.random() < SILENT:
        if teller.goes_on(Move.EXPIRE, USUAL_DAYS, Party.SYSTEM):
            introduction.due_on = None
        else:
            _note_reminders(teller)
        return
    wait, luck = min(random.expovariate(1 / ANSWERED_DAYS), USUAL_DAYS - 1), random.random()
    move = Move.DECLINE if luck < DECLINED else Move.NOT_NOW if luck < DECLINED + PUT_OFF else Move.ACCEPT
    if move == Move.NOT_NOW and (teller.today - teller.on).days > 45:
        move = Move.ACCEPT  # what was put off long ago was asked again since; told more simply
    if not teller.goes_on(move, wait, Party.ASKED, person):
        _note_reminders(teller)
        return
    introduction.due_on = None
    if move == Move.NOT_NOW:
        introduction.due_on = teller.today + timedelta(days=random.randrange(10, 60))
        return
    introduction.answered_at = teller.at
    if move == Move.DECLINE:
        introduction.decline_code = random.choice(DECLINE_CODES[:4])
        return
    introduction.answerer = person
    teller.goes_on(Move.INTRODUCE, 0, Party.SYSTEM)
    introduction.introduced_at = teller.at
    _meet(teller, teller.on)


def _note_reminders(teller: _Teller) -> None:
    """As many as the worker would have sent, so that it does not send them now."""
    waited = (teller.today - teller.on).days
    teller.introduction.reminders = (waited >= 5) + (waited >= 10)


def _meet(teller: _Teller, introduced_on: date) -> None:
    introduction, random = teller.introduction, teller.random
    introduction.due_on = introduced_on + timedelta(days=OUTCOME_DAYS[0])
    if random.random() < 0.9 and teller.goes_on(Move.PROPOSE_TIMES, 1, Party.ASKING, introduction.requester):
        begins = [datetime.combine(teller.on + timedelta(days=days), time(9 + days), UTC) for days in (4, 5, 6)]
        introduction.meeting = Meeting(
            proposed_by=introduction.asked_by,
            times=[moment.isoformat() for moment in begins],
            place=teller.story.place,
            uid=f"{introduction.reference}@multaqa",
        )
        if teller.goes_on(Move.CHOOSE_TIME, 1, Party.ASKED, teller.story.answerer):
            introduction.meeting.begins_at, introduction.meeting.sequence = begins[1], 1
            held = Move.REPORT_NO_SHOW if random.random() < NO_SHOW else Move.REPORT_MET
            teller.goes_on(held, 5, Party.ASKING, introduction.requester)
    _follow_up(teller, introduced_on)


def _follow_up(teller: _Teller, introduced_on: date) -> None:
    introduction = teller.introduction
    met = any(move.move == Move.REPORT_MET for move in introduction.moves)
    later = [*OUTCOME_DAYS[1:], OUTCOME_DAYS[-1] + CLOSED_AFTER]
    for day, next_day in zip(OUTCOME_DAYS, later, strict=True):
        wait = (introduced_on + timedelta(days=day) - teller.on).days
        if not teller.goes_on(Move.FOLLOW_UP, wait, Party.SYSTEM):
            return
        introduction.due_on = introduced_on + timedelta(days=next_day)
        for side in (Side.STARTUP, Side.PARTNER):
            introduction.outcomes.append(_outcome(teller, side, day, met))
    if teller.goes_on(Move.CLOSE, CLOSED_AFTER, Party.SYSTEM):
        introduction.due_on = None


def _outcome(teller: _Teller, side: Side, day: int, met: bool) -> Outcome:
    random = teller.random
    outcome = Outcome(side=side, day=day, asked_at=teller.at)
    if random.random() < 0.7:
        outcome.answered_at, outcome.met = teller.at, met
        outcome.useful = random.random() < 0.8 if met else None
        steps = ("none", "none", "none", "pilot", "mentoring", "investment", "hire")
        outcome.next_step = random.choice(steps) if met and outcome.useful else None
    return outcome
