"""Two of the staff at the residency of one startup in the same second; workers and colleagues beside one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from tests.accounts import join, make_account
from tests.races import race, together
from webapp.config import Settings
from webapp.matching import Matcher
from webapp.models import NetworkRole, OutgoingMail, Pulse, ResidencyEvent, ResidencyEventKind, Site, Startup
from webapp.permissions import SYSTEM, Actor
from webapp.search import Search
from webapp.services.actors import actor_of
from webapp.services.network import day_of, get_network
from webapp.services.pulse import answer_pulse, ask_pulse
from webapp.services.residency import (
    EventDraft,
    correct_residency,
    derive_stays,
    last_event,
    list_events,
    record_residency,
)
from webapp.work import Workplace, freshen

Maker = Callable[..., Any]
Kind = ResidencyEventKind
TODAY = date(2026, 11, 27)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def resident(make_startup: Maker) -> Startup:
    return make_startup("Tazrii", site="rabat", entered=date(2024, 1, 1))


def reading(startup: Startup) -> Any:
    """Reads a startup's history as its page does."""
    row_id = startup.id

    def read(own: Session) -> tuple[Startup, int]:
        found = own.get_one(Startup, row_id)
        assert found.site_links is not None
        return found, last_event(list_events(own, found))

    return read


def recording(staff: Actor, kind: Kind, *, to: str = "rabat", until: int | None = None) -> Any:
    def act(own: Session, shown: tuple[Startup, int]) -> None:
        startup, seen = shown
        sites = {site.code: site for site in own.scalars(sa.select(Site))}
        draft = EventDraft(
            TODAY,
            kind,
            sites[to],
            from_site=sites["rabat"] if kind == Kind.MOVED else None,
            until=TODAY + timedelta(days=until) if until else None,
        )
        record_residency(own, staff, startup, draft, today=TODAY, seen=seen)

    return act


def correcting(staff: Actor) -> Any:
    def act(own: Session, shown: tuple[Startup, int]) -> None:
        startup, seen = shown
        wrong = list_events(own, startup)[0]
        right = EventDraft(date(2025, 1, 1), Kind.ENTERED, own.get_one(Site, wrong.site_id))
        correct_residency(own, staff, startup, wrong, right, today=TODAY, seen=seen)

    return act


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((Kind.RENEWED, {"until": 365}), (Kind.RENEWED, {"until": 730})),
        ((Kind.EXTENDED, {"until": 90}), (Kind.EXTENDED, {"until": 90})),
        ((Kind.LEFT, {}), (Kind.LEFT, {})),
        ((Kind.MOVED, {"to": "casablanca"}), (Kind.LEFT, {})),
    ],
    ids=["two renewals", "two extensions", "two exits", "a move and an exit"],
)
def test_of_two_events_at_once_one_is_recorded(
    session: Session, staff: Actor, resident: Startup, one: Any, other: Any
) -> None:
    acts = [recording(staff, kind, **values) for kind, values in (one, other)]
    results = together(session, reading(resident), *acts)
    assert sorted(results) == ["done", "residency-changed"]
    events = list_events(session, resident)
    assert [event.kind for event in events] == [Kind.ENTERED, (one, other)[results.index("done")][0]]
    sitting = {stay.site_id for stay in derive_stays(events) if stay.left is None}
    assert {link.site_id for link in resident.site_links} >= sitting


@pytest.mark.parametrize("kind", [Kind.RENEWED, Kind.LEFT])
def test_a_correction_and_a_new_event_do_not_both_happen_unseen(
    session: Session, staff: Actor, resident: Startup, kind: Kind
) -> None:
    results = together(session, reading(resident), correcting(staff), recording(staff, kind))
    assert sorted(results) == ["done", "residency-changed"]


def test_an_event_is_corrected_once(session: Session, staff: Actor, resident: Startup) -> None:
    results = together(session, reading(resident), correcting(staff), correcting(staff))
    assert sorted(results) == ["done", "residency-changed"]
    assert session.scalar(sa.select(sa.func.count()).select_from(ResidencyEvent)) == 3


def test_two_workers_remind_of_a_lease_and_ask_those_who_left_once(
    session: Session, settings: Settings, resident: Startup, make_startup: Maker
) -> None:
    today = day_of(get_network(session))
    rabat = session.scalars(sa.select(Site).where(Site.code == "rabat")).one()
    join(make_account(), resident)
    renewal = EventDraft(today - timedelta(days=300), Kind.RENEWED, rabat, until=today + timedelta(days=25))
    record_residency(session, SYSTEM, resident, renewal, today=today)
    left = make_startup("Nabd", site="rabat", entered=date(2020, 1, 1))
    join(make_account(), left)
    exit_ = EventDraft(today - timedelta(days=800), Kind.LEFT, rabat)
    record_residency(session, SYSTEM, left, exit_, today=today)

    def working(own: Session) -> None:
        matcher = Matcher(per_profile=3, pack_digest="pack")
        sessions = sessionmaker(own.get_bind())
        freshen(Workplace(sessions, Search(settings.index_dir, "pack"), matcher, settings.data_dir))

    assert race(session, working, working) == ["done"] * 2
    kinds = list(session.scalars(sa.select(OutgoingMail.kind)))
    assert (kinds.count("lease-ending"), kinds.count("pulse-question")) == (1, 1)


def test_of_two_answers_to_the_yearly_question_the_first_holds(session: Session, make_startup: Maker) -> None:
    left = make_startup("Nabd", site="rabat", entered=date(2020, 1, 1))
    rabat = session.scalars(sa.select(Site).where(Site.code == "rabat")).one()
    record_residency(session, SYSTEM, left, EventDraft(date(2023, 1, 1), Kind.LEFT, rabat), today=TODAY)
    accounts = [make_account(), make_account()]
    for account in accounts:
        join(account, left)
    assert ask_pulse(session, TODAY) == 1
    actors = [actor_of(session, account) for account in accounts]

    def answering(actor: Actor, answer: str) -> Any:
        return lambda own, pulse: answer_pulse(own, actor, pulse, answer, today=TODAY)

    acts = [answering(actors[0], "active"), answering(actors[0], "active"), answering(actors[1], "closed")]
    results = together(session, lambda own: own.scalars(sa.select(Pulse)).one(), *acts)
    assert sorted(results) == ["done", "pulse-answered", "pulse-answered"]
    answer = session.scalars(sa.select(Pulse.answer)).one()
    assert answer == ("closed" if results[2] == "done" else "active")
