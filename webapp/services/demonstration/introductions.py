"""Invented introductions of the last year between demonstration profiles, so that queues and figures are not empty.

They are written as what the moves of ``webapp.services.introductions`` would have left, at dates of the past; no mail
is ordered for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, select

from webapp.models import (
    Account,
    DbSession,
    Introduction,
    Listed,
    Localized,
    Membership,
    MembershipRole,
    Partner,
    Person,
    PublicationState,
    Residency,
    Startup,
    TermKind,
)
from webapp.services.demonstration.content import read_words
from webapp.services.demonstration.introduction_story import Story, tell
from webapp.services.network_schema import Entry

STARTUPS, PARTNERS, REQUESTS = 60, 40, 150
FOR_ACCOUNTS = 0.2
"""Share of the choices that fall on an organisation in which somebody can sign in."""
DAYS = 400
"""How far back the first request lies."""
RECENT, RECENT_DAYS = 40, 14
"""How many of them were asked in the last days, so that queues and lists have something to do."""
DOMAIN = "demo.example.com"


class PersonName(Entry):
    """Somebody invented."""

    latin: str
    arabic: str


class Words(Entry):
    """introductions.yaml."""

    people: list[PersonName]
    reasons: dict[str, list[Localized]]
    """Kind of whoever is asked -> why."""
    messages: list[Localized]
    returned: Localized
    refused: Localized
    place: Localized


def make_demonstration_introductions(session: DbSession, folder: Path, *, seed: int, today: date) -> int:
    """Write introductions between demonstration profiles; gives how many. Nothing happens where the pack has no words.

    Args:
        folder: the pack's ``demo`` folder.
        seed: the same seed and day give the same introductions.
        today: the day on which the invented past ends.
    """
    file = folder / "introductions.yaml"
    if not file.exists() or session.scalar(select(Introduction.id).limit(1)) is not None:
        return 0
    words = read_words(file, Words)
    maker = _Maker(session, words, Random(seed), today)  # noqa: S311 - a reproducible choice is wanted, not a secret
    return maker.make()


class _Maker:
    """Makes people for some profiles, and requests between those."""

    def __init__(self, session: DbSession, words: Words, random: Random, today: date) -> None:
        self.session, self.words, self.random, self.today = session, words, random, today
        self.people: dict[tuple[str, int], Person] = {}
        self.taken: set[tuple[int, int]] = set()
        self.with_accounts = self._with_accounts()

    def make(self) -> int:
        """All of them, the oldest first."""
        startups, partners = self._startups(), self._partners()
        if not startups or not partners:
            return 0
        long_ago = [self.random.randrange(DAYS) for _ in range(REQUESTS - RECENT)]
        days = sorted([*long_ago, *(self.random.randrange(RECENT_DAYS) for _ in range(RECENT))], reverse=True)
        made = 0
        for number, ago in enumerate(days):
            pair = self._pair(startups, partners)
            if pair is not None:
                self._write(*pair, self.today - timedelta(days=ago), number)
                made += 1
        self.session.flush()
        return made

    def _with_accounts(self) -> set[tuple[str, int]]:
        """The organisations of which somebody can sign in."""
        of = select(Membership.startup_id, Membership.partner_id).join(
            Account, Account.person_id == Membership.person_id
        )
        rows = self.session.execute(of)
        return {("startup", startup) if startup else ("partner", partner or 0) for startup, partner in rows}

    def _startups(self) -> Sequence[Startup]:
        demo = select(Startup).filter_by(is_demo=True, state=PublicationState.PUBLISHED, residency=Residency.RESIDENT)
        rows = self.session.scalars(Startup.with_listing(demo.order_by(Startup.id).limit(STARTUPS))).all()
        self._give_people(rows)
        return rows

    def _partners(self) -> Sequence[Partner]:
        demo = select(Partner).filter_by(is_demo=True, state=PublicationState.PUBLISHED)
        rows = self.session.scalars(Partner.with_listing(demo.order_by(Partner.id))).all()
        chosen = self.random.sample(rows, min(PARTNERS, len(rows)))
        chosen += [row for row in rows if ("partner", row.id) in self.with_accounts and row not in chosen]
        self._give_people(chosen)
        return chosen

    def _give_people(self, rows: Sequence[Startup] | Sequence[Partner]) -> None:
        """One person for each profile that has none yet; whoever is there already acts in the introductions."""
        for row in rows:
            of_row = select(Person).join(Membership, Membership.person_id == Person.id)
            person = self.session.scalar(of_row.where(*_belongs(row)).order_by(Membership.id).limit(1))
            if person is None:
                person = self._person(row)
                self.session.add(Membership(person=person, role=MembershipRole.OWNER, **Membership.columns_for(row)))
            self.people[row.noun, row.id] = person

    def _person(self, row: Startup | Partner) -> Person:
        name, language = self.random.choice(self.words.people), self.random.choice(("fr", "fr", "ar", "en"))
        person = Person(
            name=name.arabic if language == "ar" else name.latin,
            email=f"{row.slug}@{DOMAIN}",
            phone=f"+212 600 {self.random.randrange(100):02d} {self.random.randrange(10_000):04d}",
            language=language,
            is_demo=True,
        )
        self.session.add(person)
        self.session.flush()
        return person

    def _pair(self, startups: Sequence[Startup], partners: Sequence[Partner]) -> tuple[Startup, Partner] | None:
        """Two that share a sector, never the same two twice; a few partners are asked much more often than others."""
        for _ in range(40):
            startup, partner = self._choice(startups), self._choice(partners)
            sectors = {term.code for term in partner.terms(TermKind.SECTOR)}
            fits = not sectors or sectors & {term.code for term in startup.terms(TermKind.SECTOR)}
            if fits and (startup.id, partner.id) not in self.taken:
                self.taken.add((startup.id, partner.id))
                return startup, partner
        return None

    def _choice(self, rows: Sequence[Listed]) -> Any:
        """One of them: often one with an account, so that whoever signs in finds something; of the rest early ones."""
        known = [row for row in rows if (row.noun, row.id) in self.with_accounts]
        if known and self.random.random() < FOR_ACCOUNTS:
            return self.random.choice(known)
        return rows[min(int(self.random.expovariate(6) * len(rows)), len(rows) - 1)]

    def _write(self, startup: Startup, partner: Partner, on: date, number: int) -> None:
        asks = "partner" if self.random.random() < 0.12 else "startup"
        asking, asked = (startup, partner) if asks == "startup" else (partner, startup)
        requester = self.people[asking.noun, asking.id]
        language = requester.language
        reasons = self.words.reasons["startup" if asks == "partner" else str(partner.kind)]
        introduction = Introduction(
            reference=f"demo{number:05d}{self.random.randrange(10**6):06d}",
            startup=startup,
            partner=partner,
            asked_by=asks,
            requester=requester,
            language=language,
            reason=_text(self.random.choice(reasons), language),
            message=_text(self.random.choice(self.words.messages), language),
            created_at=datetime.combine(on, time(9), UTC),
        )
        story = Story(
            introduction,
            answerer=self.people[asked.noun, asked.id],
            returned=_text(self.words.returned, language),
            refused=_text(self.words.refused, language),
            place=_text(self.words.place, language),
        )
        tell(story, self.random, self.today)
        self.session.add(introduction)


def _belongs(row: Startup | Partner) -> tuple[ColumnElement[bool], ...]:
    return tuple(getattr(Membership, name) == value for name, value in Membership.columns_for(row).items())


def _text(texts: Localized, language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
