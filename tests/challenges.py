"""Challenges for tests: a company with one, a startup that can answer it, and somebody for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.models import (
    Account,
    Challenge,
    ChallengeAnswer,
    ChallengeState,
    NetworkRole,
    Partner,
    Startup,
    utc_now,
)
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.challenge_answers import move_answer, send_answer
from webapp.services.challenge_moves import AnswerMove, Move
from webapp.services.challenges import ChallengeValues, draft_challenge, move_challenge
from webapp.services.network import day_of

Maker = Callable[..., Any]

TODAY = date(2026, 11, 24)
LAST = TODAY + timedelta(days=30)


@dataclass
class Contest:
    """A challenge and everybody around it."""

    session: Session
    partner: Partner
    startup: Startup
    accounts: Mapping[str, Account]
    challenge: Challenge

    def actor(self, who: str) -> Actor:
        """``company``, ``founder``, ``stranger`` or ``staff``."""
        return actor_of(self.session, self.accounts[who])

    def move(self, who: str, move: Move, **values: Any) -> Challenge:
        """Somebody moves the challenge on, having seen it as it is."""
        seen: dict[str, Any] = {"version": self.challenge.version, "today": TODAY} | values
        return move_challenge(self.session, self.actor(who), self.challenge, move, **seen)

    def opened(self) -> Contest:
        """The same, published."""
        self.move("company", Move.SUBMIT)
        self.move("staff", Move.OPEN)
        return self

    def answered(self, text: str = "We would measure it.", today: date = TODAY) -> ChallengeAnswer:
        """The startup's answer, sent now."""
        actor = self.actor("founder")
        return send_answer(self.session, actor, self.challenge, self.startup, text, language="en", today=today)

    def decide(self, who: str, answer: ChallengeAnswer, move: AnswerMove, **values: Any) -> ChallengeAnswer:
        """Somebody moves an answer on, having seen it as it is."""
        return move_answer(self.session, self.actor(who), answer, move, **{"version": answer.version} | values)


def said(**values: Any) -> ChallengeValues:
    """What a company says of its challenge."""
    usual: dict[str, Any] = {
        "title": {"en": "Less water for tomatoes"},
        "problem": {"en": "We water greenhouses by timetable and lose a third."},
        "deadline": LAST,
    }
    return ChallengeValues(**usual | values)


def make_contest(session: Session, make_startup: Maker, make_partner: Maker, **values: Any) -> Contest:
    """A company with a draft of a challenge, a published startup, and a stranger with a startup of their own."""
    partner = make_partner("Atlas Farms", kind="corporate")
    startup = make_startup("Tazrii", sectors=["agritech"])
    accounts = {
        "company": make_account(person=make_person(name="Salma Company", phone="+212 111")),
        "founder": make_account(person=make_person(name="Idir Founder", phone="+212 222")),
        "stranger": make_account(),
        "staff": make_account(NetworkRole.STAFF),
    }
    join(accounts["company"], partner)
    join(accounts["founder"], startup)
    join(accounts["stranger"], make_startup("Elsewhere"))
    actor = actor_of(session, accounts["company"])
    challenge = draft_challenge(session, actor, partner, said(**values), today=TODAY)
    assert challenge.state == ChallengeState.DRAFT
    return Contest(session, partner, startup, accounts, challenge)


def make_answered(session: Session, startup: Startup, partner: Partner) -> Challenge:
    """An open challenge of a company, which a startup has answered; nobody of either side is told."""
    challenge = Challenge(
        slug="less-water",
        state=ChallengeState.OPEN,
        title={"en": "Less water"},
        problem={"en": "We lose a third."},
        deadline=day_of(None) + timedelta(days=20),
        submitted_at=utc_now(),
        opened_at=utc_now(),
    )
    partner.challenges.append(challenge)
    challenge.answers.append(ChallengeAnswer(startup_id=startup.id, language="en", text="We would measure it."))
    session.flush()
    return challenge
