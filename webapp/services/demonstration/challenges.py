"""What makes the invented challenges live: budgets, conditions, subjects, invitations, and answers in every state.

They are written as what ``services.challenges`` and its neighbours would have left; no mail is ordered for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from webapp.models import (
    Account,
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeInvitation,
    ChallengeState,
    DbSession,
    Localized,
    Membership,
    Partner,
    PublicationState,
    Residency,
    Startup,
    TermKind,
)
from webapp.services.demonstration.content import read_words
from webapp.services.network import get_network
from webapp.services.network_schema import Entry

TO_CHECK = (2, 9)
"""For how many days the challenges that wait for staff have waited."""
SEVERAL = (AnswerState.SHORTLISTED, AnswerState.SENT, AnswerState.DECLINED, AnswerState.SENT, AnswerState.CHOSEN)
"""The answers to the challenge of the company that one can sign in as."""
ANSWERED_DAYS = 8
"""Within how many last days the answers came."""


class Words(Entry):
    """challenges.yaml."""

    budgets: list[tuple[int, int]]
    terms: list[Localized]
    answers: list[Localized]
    notes: dict[str, Localized]
    """State of an answer -> what the company says with it."""


def make_demonstration_challenges(session: DbSession, folder: Path, *, seed: int, today: date) -> int:
    """Complete the demonstration's challenges and answer some; gives how many answers.

    Nothing happens a second time, nor where the pack has no words.

    Args:
        folder: the pack's ``demo`` folder.
        seed: the same seed and day give the same answers.
        today: the day on which the invented past ends.
    """
    file = folder / "challenges.yaml"
    if not file.exists() or session.scalar(select(ChallengeAnswer.id).limit(1)) is not None:
        return 0
    words = read_words(file, Words)
    maker = _Maker(session, words, Random(seed), today)  # noqa: S311 - a reproducible choice is wanted, not a secret
    return maker.make()


class _Maker:
    """Completes one challenge after the other, always in the same order."""

    def __init__(self, session: DbSession, words: Words, random: Random, today: date) -> None:
        self.session, self.words, self.random, self.today = session, words, random, today
        network = get_network(session)
        self.currency = network.currency if network else None
        self.startups = self._startups()
        self.people = {row.startup_id: row.person for row in session.scalars(select(Membership))}

    def make(self) -> int:
        """All of them; those of the company with an account first."""
        demo = select(Challenge).join(Partner).where(Partner.is_demo).order_by(Challenge.id)
        challenges = self.session.scalars(demo).all()
        for challenge in challenges:
            self._complete(challenge)
        with_account = self._with_account()
        running = [each for each in challenges if each.state == ChallengeState.OPEN]
        own = [each for each in running if each.partner_id in with_account]
        others = [each for each in running if each.partner_id not in with_account]
        made = sum(self._answer(each, SEVERAL) for each in own[:1])
        for ago, challenge in zip(TO_CHECK, others[-len(TO_CHECK) :], strict=False):
            self._submit(challenge, ago)
        for challenge in others[: -len(TO_CHECK)]:
            states = self.random.choices(
                (AnswerState.SENT, AnswerState.SHORTLISTED), (3, 1), k=self.random.randrange(4)
            )
            made += self._answer(challenge, states)
        self.session.flush()
        return made

    def _startups(self) -> Sequence[Startup]:
        demo = select(Startup).filter_by(is_demo=True, state=PublicationState.PUBLISHED, residency=Residency.RESIDENT)
        members = select(Membership.startup_id).where(Membership.startup_id.is_not(None))
        return self.session.scalars(
            Startup.with_listing(demo.where(Startup.id.in_(members)).order_by(Startup.id))
        ).all()

    def _with_account(self) -> set[int]:
        """The partners of which somebody can sign in."""
        members = select(Membership.partner_id).join(Account, Account.person_id == Membership.person_id)
        return {row_id for row_id in self.session.scalars(members) if row_id}

    def _complete(self, challenge: Challenge) -> None:
        challenge.subjects = [
            *challenge.partner.terms(TermKind.SECTOR)[:2],
            *challenge.partner.terms(TermKind.TECHNOLOGY)[:2],
        ]
        challenge.terms = self.random.choice(self.words.terms)
        if self.random.random() < 0.8:
            challenge.budget_min, challenge.budget_max = self.random.choice(self.words.budgets)
            challenge.currency = self.currency

    def _submit(self, challenge: Challenge, ago: int) -> None:
        challenge.state, challenge.opened_at = ChallengeState.SUBMITTED, None
        challenge.submitted_at = self._moment(ago)
        challenge.created_at = self._moment(ago + 1)

    def _answer(self, challenge: Challenge, states: Sequence[AnswerState]) -> int:
        """Answers of startups that do what the challenge is about; others of them are only invited."""
        asked = {term.code for term in challenge.subjects}
        fitting = [each for each in self.startups if asked & {link.term.code for link in each.term_links}]
        chosen = self.random.sample(fitting, min(len(fitting), 2 * len(states)))
        for startup in chosen:
            score = round(self.random.uniform(0.35, 0.8), 3)
            challenge.invitations.append(
                ChallengeInvitation(startup_id=startup.id, score=score, at=self._moment(ANSWERED_DAYS))
            )
        for startup, state in zip(chosen, states, strict=False):
            self._write(challenge, startup, state)
        return min(len(chosen), len(states))

    def _write(self, challenge: Challenge, startup: Startup, state: AnswerState) -> None:
        person = self.people[startup.id]
        ago = self.random.randrange(2, ANSWERED_DAYS)
        answer = ChallengeAnswer(
            startup_id=startup.id,
            state=state,
            language=person.language,
            text=_text(self.random.choice(self.words.answers), person.language),
            person=person,
            at=self._moment(ago),
        )
        if state != AnswerState.SENT:
            answer.decided_at = self._moment(ago - 1)
            answer.note = _text(self.words.notes[state.value], person.language)
        challenge.answers.append(answer)

    def _moment(self, ago: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=ago), time(9), UTC)


def _text(texts: Localized, language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
