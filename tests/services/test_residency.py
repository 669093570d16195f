from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp.errors import Invalid, NotAllowed
from webapp.models import Change, Residency, ResidencyEvent, ResidencyEventKind, Site, Startup, Term
from webapp.permissions import SYSTEM, VISITOR
from webapp.services.residency import (
    EventDraft,
    Stay,
    derive_stays,
    list_events,
    record_residency,
    refresh_residency,
    residency_on,
    sites_on,
)

ENTERED, RENEWED, EXTENDED, REVIEWED, MOVED, LEFT, CORRECTED = ResidencyEventKind
TODAY = date(2026, 11, 24)
START = date(2020, 1, 1)

Maker = Callable[..., Any]


def day(number: int) -> date:
    return START + timedelta(days=number)


def event(kind: ResidencyEventKind, on: int, site: int, from_site: int | None = None) -> ResidencyEvent:
    return ResidencyEvent(kind=kind, on=day(on), site_id=site, from_site_id=from_site, reason_id=None)


def stays(*events: ResidencyEvent) -> list[tuple[int, int, int | None]]:
    """The derived stays as site, first day and last day."""
    derived = derive_stays(events)
    return [(s.site_id, (s.entered - START).days, (s.left - START).days if s.left else None) for s in derived]


def test_without_events_there_is_no_stay() -> None:
    assert stays() == []
    assert residency_on([], TODAY) == Residency.SUPPORTED
    assert sites_on([], TODAY) == set()


def test_an_entry_begins_a_stay_and_a_departure_ends_it() -> None:
    assert stays(event(ENTERED, 0, 1)) == [(1, 0, None)]
    assert stays(event(ENTERED, 0, 1), event(LEFT, 90, 1)) == [(1, 0, 90)]


def test_a_renewal_changes_nothing() -> None:
    assert stays(event(ENTERED, 0, 1), event(RENEWED, 50, 1)) == [(1, 0, None)]


def test_a_move_ends_one_stay_and_begins_another_on_the_same_day() -> None:
    assert stays(event(ENTERED, 0, 1), event(MOVED, 50, 2, 1), event(LEFT, 90, 2)) == [(1, 0, 50), (2, 50, 90)]


def test_a_startup_may_sit_at_two_sites() -> None:
    assert stays(event(ENTERED, 0, 1), event(ENTERED, 20, 2), event(LEFT, 90, 1)) == [(1, 0, 90), (2, 20, None)]


def test_a_startup_may_come_back() -> None:
    assert stays(event(ENTERED, 0, 1), event(LEFT, 30, 1), event(ENTERED, 60, 1)) == [(1, 0, 30), (1, 60, None)]


def test_events_may_be_told_in_any_order_of_days() -> None:
    assert stays(event(LEFT, 90, 1), event(ENTERED, 0, 1)) == [(1, 0, 90)]


def test_events_of_one_day_happened_in_the_order_given() -> None:
    assert stays(event(ENTERED, 0, 1), event(LEFT, 5, 1), event(ENTERED, 5, 1)) == [(1, 0, 5), (1, 5, None)]


def test_a_stay_keeps_the_reason_for_leaving() -> None:
    departure = event(LEFT, 9, 1)
    departure.reason_id = 7
    assert derive_stays([event(ENTERED, 0, 1), departure]) == [Stay(1, day(0), day(9), 7)]


@pytest.mark.parametrize(
    ("events", "code", "on"),
    [
        ([event(ENTERED, 0, 1), event(ENTERED, 5, 1)], "already-there", 5),
        ([event(ENTERED, 0, 1), event(ENTERED, 2, 2), event(MOVED, 5, 2, 1)], "already-there", 5),
        ([event(ENTERED, 0, 1), event(MOVED, 5, 1, 1)], "already-there", 5),
        ([event(LEFT, 5, 1)], "not-there", 5),
        ([event(ENTERED, 0, 1), event(LEFT, 5, 2)], "not-there", 5),
        ([event(ENTERED, 0, 1), event(LEFT, 3, 1), event(LEFT, 5, 1)], "not-there", 5),
        ([event(RENEWED, 5, 1)], "not-there", 5),
        ([event(MOVED, 5, 2, 1)], "not-there", 5),
        ([event(ENTERED, 0, 1), event(MOVED, 5, 2)], "not-there", 5),
    ],
)
def test_a_contradiction_is_refused_with_its_day(events: list[ResidencyEvent], code: str, on: int) -> None:
    with pytest.raises(Invalid) as refused:
        derive_stays(events)
    assert (refused.value.code, refused.value.values) == (code, {"on": day(on)})


@pytest.mark.parametrize(
    ("on", "residency", "sites"),
    [
        (-1, Residency.SUPPORTED, set()),
        (0, Residency.RESIDENT, {1}),
        (20, Residency.RESIDENT, {1, 2}),
        (60, Residency.RESIDENT, {2}),
        (90, Residency.ALUMNI, {2}),
        (500, Residency.ALUMNI, {2}),
    ],
)
def test_how_it_stood_to_the_parks_on_a_day(on: int, residency: Residency, sites: set[int]) -> None:
    derived = derive_stays([event(ENTERED, 0, 1), event(ENTERED, 20, 2), event(LEFT, 60, 1), event(LEFT, 90, 2)])
    assert residency_on(derived, day(on)) == residency
    assert sites_on(derived, day(on)) == sites


@st.composite
def histories(draw: st.DrawFn) -> list[ResidencyEvent]:
    """Event lists without contradictions, over three sites, some of them on the same day."""
    present: set[int] = set()
    events: list[ResidencyEvent] = []
    on = 0
    for _ in range(draw(st.integers(0, 14))):
        on += draw(st.integers(0, 40))
        absent = {1, 2, 3} - present
        kinds = [ENTERED] * bool(absent) + [RENEWED, LEFT] * bool(present) + [MOVED] * bool(absent and present)
        kind = draw(st.sampled_from(kinds))
        site = draw(st.sampled_from(sorted(absent if kind in (ENTERED, MOVED) else present)))
        origin = draw(st.sampled_from(sorted(present))) if kind == MOVED else None
        present = (present | {site}) - ({origin} if kind == MOVED else {site} if kind == LEFT else set())
        events.append(event(kind, on, site, origin))
    return events


@given(histories())
def test_stays_at_one_site_never_overlap(events: list[ResidencyEvent]) -> None:
    derived = derive_stays(events)
    for site in (1, 2, 3):
        for earlier, later in pairwise(stay for stay in derived if stay.site_id == site):
            assert earlier.left is not None
            assert earlier.entered <= earlier.left <= later.entered


@given(histories())
def test_a_startup_is_a_resident_exactly_while_a_stay_is_open(events: list[ResidencyEvent]) -> None:
    derived = derive_stays(events)
    is_open = any(stay.left is None for stay in derived)
    assert (residency_on(derived, TODAY) == Residency.RESIDENT) == is_open
    assert (residency_on(derived, TODAY) == Residency.SUPPORTED) == (not derived)
    if is_open:
        assert sites_on(derived, TODAY) == {stay.site_id for stay in derived if stay.left is None}


@given(histories())
def test_every_entry_and_move_begins_a_stay(events: list[ResidencyEvent]) -> None:
    assert len(derive_stays(events)) == sum(event.kind in (ENTERED, MOVED) for event in events)


@given(histories())
def test_what_is_derived_step_by_step_equals_what_is_derived_at_once(events: list[ResidencyEvent]) -> None:
    grown = Startup(site_links=[])
    for number in range(len(events) + 1):
        refresh_residency(grown, derive_stays(events[:number]), TODAY)
    fresh = Startup(site_links=[])
    refresh_residency(fresh, derive_stays(events), TODAY)
    assert (grown.residency, grown.entered_on) == (fresh.residency, fresh.entered_on)
    assert {link.site_id for link in grown.site_links} == {link.site_id for link in fresh.site_links}
    assert len(grown.site_links) == len({link.site_id for link in grown.site_links})


@pytest.fixture
def sites(session: Session) -> dict[str, Site]:
    return {site.code: site for site in session.scalars(sa.select(Site))}


def test_recording_events_keeps_the_row_in_step(
    session: Session, make_startup: Maker, sites: dict[str, Site], terms: Callable[..., list[Term]]
) -> None:
    startup = make_startup()
    rabat, agadir = sites["rabat"], sites["agadir"]

    record_residency(session, SYSTEM, startup, EventDraft(day(0), ENTERED, rabat), today=TODAY)
    assert (startup.residency, startup.entered_on, startup.sites) == (Residency.RESIDENT, day(0), [rabat])

    record_residency(session, SYSTEM, startup, EventDraft(day(50), MOVED, agadir, from_site=rabat), today=TODAY)
    session.expire_all()
    assert (startup.residency, startup.entered_on, startup.sites) == (Residency.RESIDENT, day(0), [agadir])

    (graduated,) = terms("leaving_reasons", "graduated")
    left = record_residency(session, SYSTEM, startup, EventDraft(day(90), LEFT, agadir, reason=graduated), today=TODAY)
    session.expire_all()
    assert (startup.residency, startup.entered_on, startup.sites) == (Residency.ALUMNI, day(0), [agadir])
    assert left.reason is graduated
    assert [event.kind for event in list_events(session, startup)] == [ENTERED, MOVED, LEFT]


def test_leaving_and_coming_back_on_one_day_is_possible(
    session: Session, make_startup: Maker, sites: dict[str, Site]
) -> None:
    startup = make_startup(site="rabat", entered=day(0))
    for kind in (LEFT, ENTERED, RENEWED):
        record_residency(session, SYSTEM, startup, EventDraft(day(9), kind, sites["rabat"]), today=TODAY)
    assert startup.residency == Residency.RESIDENT


def test_an_event_of_long_ago_can_be_recorded_late(
    session: Session, make_startup: Maker, sites: dict[str, Site]
) -> None:
    startup = make_startup(site="rabat", entered=day(100))
    record_residency(session, SYSTEM, startup, EventDraft(day(0), ENTERED, sites["agadir"]), today=TODAY)
    record_residency(session, SYSTEM, startup, EventDraft(day(50), LEFT, sites["agadir"]), today=TODAY)
    assert startup.entered_on == day(0)
    assert startup.sites == [sites["rabat"]]


def test_an_event_that_contradicts_the_others_leaves_nothing_behind(
    session: Session, make_startup: Maker, sites: dict[str, Site]
) -> None:
    startup = make_startup(site="rabat", entered=day(0))
    session.commit()
    with pytest.raises(Invalid, match="not-there"):
        record_residency(session, SYSTEM, startup, EventDraft(day(9), LEFT, sites["agadir"]), today=TODAY)
    session.commit()
    assert len(list_events(session, startup)) == 1
    assert startup.residency == Residency.RESIDENT


def test_an_event_of_the_future_is_refused(session: Session, make_startup: Maker, sites: dict[str, Site]) -> None:
    with pytest.raises(Invalid, match="not-yet"):
        record_residency(
            session, SYSTEM, make_startup(), EventDraft(TODAY + timedelta(days=1), ENTERED, sites["rabat"]), today=TODAY
        )


def test_only_a_leaving_reason_is_a_reason_for_leaving(
    session: Session, make_startup: Maker, sites: dict[str, Site], terms: Callable[..., list[Term]]
) -> None:
    startup = make_startup(site="rabat", entered=day(0))
    (sector,) = terms("sectors", "fintech")
    with pytest.raises(Invalid) as refused:
        record_residency(session, SYSTEM, startup, EventDraft(day(9), LEFT, sites["rabat"], reason=sector), today=TODAY)
    assert (refused.value.code, refused.value.values) == ("not-a-leaving-reason", {"code": "fintech"})


def test_a_visitor_records_nothing(session: Session, make_startup: Maker, sites: dict[str, Site]) -> None:
    with pytest.raises(NotAllowed):
        record_residency(session, VISITOR, make_startup(), EventDraft(day(0), ENTERED, sites["rabat"]), today=TODAY)


def test_an_event_is_a_change_of_its_startup(session: Session, make_startup: Maker, sites: dict[str, Site]) -> None:
    startup = make_startup(site="rabat", entered=day(0))
    session.flush()
    session.execute(sa.delete(Change))
    record_residency(session, SYSTEM, startup, EventDraft(day(9), RENEWED, sites["rabat"]), today=TODAY)
    assert session.execute(sa.select(Change.noun, Change.object_id)).all() == [("startup", startup.id)]
