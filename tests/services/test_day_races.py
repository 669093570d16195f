"""Two of the staff at one matchmaking day in the same second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.days import TODAY, Fair, make_fair
from tests.races import together
from webapp.models import DayMeeting, DayState, MatchmakingDay, NetworkRole, OutgoingMail
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.day_moves import lock_meeting, move_meeting, remove_meeting
from webapp.services.day_planning import plan_day
from webapp.services.day_publishing import cancel_day, publish_day
from webapp.services.matchmaking_days import get_day

Maker = Callable[..., Any]


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def fair(session: Session, make_startup: Maker, make_partner: Maker) -> Fair:
    return make_fair(session, make_startup, make_partner)


def racing(session: Session, staff: Actor, day: MatchmakingDay, *acts: Any) -> list[str]:
    """All have the page of the day before them, and act as it said."""
    code, version = day.code, day.version
    steps = [lambda own, found, act=act: act(own, found, version) for act in acts]
    return together(session, lambda own: get_day(own, staff, code), *steps)


def free_slots(day: MatchmakingDay, meeting: DayMeeting) -> list[int]:
    """Where nobody of a meeting has another one."""
    sides = {meeting.startup_participant_id, meeting.partner_participant_id}
    taken = {each.slot for each in day.meetings if sides & {each.startup_participant_id, each.partner_participant_id}}
    return [slot for slot in range(len(day.begins)) if slot not in taken]


def test_a_meeting_is_moved_locked_or_removed_by_one(session: Session, staff: Actor, fair: Fair) -> None:
    day = fair.planned().day
    meeting = next(each for each in day.meetings if free_slots(day, each))
    meeting_id, before, free = meeting.id, meeting.slot, free_slots(day, meeting)[0]

    def moving(own: Session, found: MatchmakingDay, version: int) -> None:
        move_meeting(own, staff, found, meeting_id, slot=free, version=version)

    def locking(own: Session, found: MatchmakingDay, version: int) -> None:
        lock_meeting(own, staff, found, meeting_id, locked=True, version=version)

    def removing(own: Session, found: MatchmakingDay, version: int) -> None:
        remove_meeting(own, staff, found, meeting_id, version=version)

    results = racing(session, staff, day, moving, locking, removing, moving)
    assert sorted(results) == ["day-changed", "day-changed", "day-changed", "done"]
    left = session.scalar(sa.select(DayMeeting).filter_by(id=meeting_id))
    assert (left is None) == (results[2] == "done")
    if left is not None:
        assert left.is_locked
        assert left.slot == (before if results[1] == "done" else free)


def test_a_day_is_planned_once(session: Session, staff: Actor, fair: Fair) -> None:
    def planning(own: Session, found: MatchmakingDay, version: int) -> None:
        plan_day(own, staff, found, version=version)

    assert sorted(racing(session, staff, fair.day, planning, planning)) == ["day-changed", "done"]
    pairs = [(each.startup_participant_id, each.partner_participant_id) for each in fair.day.meetings]
    assert pairs
    assert len(pairs) == len(set(pairs))


def test_a_day_is_published_once_and_everybody_gets_one_timetable(session: Session, staff: Actor, fair: Fair) -> None:
    for organisation in (*fair.startups, *fair.partners):
        join(make_account(), organisation)
    fair.planned()

    def publishing(own: Session, found: MatchmakingDay, version: int) -> None:
        publish_day(own, staff, found, today=TODAY, version=version)

    assert sorted(racing(session, staff, fair.day, publishing, publishing)) == ["day-changed", "done"]
    told = list(session.scalars(sa.select(OutgoingMail.person_id).filter_by(kind="day-timetable")))
    assert len(told) == len(set(told)) == 5


def test_a_day_is_published_or_called_off(session: Session, staff: Actor, fair: Fair) -> None:
    fair.planned()

    def publishing(own: Session, found: MatchmakingDay, version: int) -> None:
        publish_day(own, staff, found, today=TODAY, version=version)

    def cancelling(own: Session, found: MatchmakingDay, version: int) -> None:
        cancel_day(own, staff, found, today=TODAY, version=version)

    results = racing(session, staff, fair.day, publishing, cancelling)
    assert sorted(results) == ["day-changed", "done"]
    assert fair.day.state == (DayState.PUBLISHED if results[0] == "done" else DayState.CANCELLED)
