"""Matchmaking days: creating them, who comes, planning, moving, and telling people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_person
from tests.days import ON, TODAY, Fair, draft, make_fair
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import DayState, MatchChoice, MatchmakingDay, OutgoingMail, PublicationState, Side
from webapp.permissions import SYSTEM, Actor
from webapp.services import day_moves as moves
from webapp.services import day_participants as people
from webapp.services.day_planning import plan_day
from webapp.services.day_publishing import cancel_day, changed_since, close_day, publish_day, send_changes
from webapp.services.day_timetables import left_out
from webapp.services.matchmaking_days import change_day, create_day, discard_day, list_days

Maker = Callable[..., Any]


@pytest.fixture
def fair(session: Session, make_startup: Maker, make_partner: Maker) -> Fair:
    return make_fair(session, make_startup, make_partner)


def mails(session: Session, kind: str) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id)))


def test_a_day_has_its_date_and_site_in_its_address_and_a_second_one_a_number(session: Session) -> None:
    one, other = (create_day(session, SYSTEM, draft(session)) for _ in range(2))
    assert one.code == f"2026-12-15-{one.site.code}"
    assert other.code == f"{one.code}-2"
    assert [row[0] for row in list_days(session, SYSTEM)] == [other, one]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"names": {"en": "  "}}, "day-name"),
        ({"begins": ()}, "day-begins"),
        ({"begins": ("nine",)}, "day-begins"),
        ({"begins": ("09:00", "09:20")}, "day-overlap"),
        ({"begins": ("23:50",)}, "day-overlap"),
        ({"minutes": 2}, "day-minutes"),
        ({"tables": 5000}, "day-tables"),
        ({"startup_meetings": 0}, "day-meetings"),
    ],
)
def test_a_day_that_cannot_be_is_refused(session: Session, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_day(session, SYSTEM, draft(session, **values))
    assert refused.value.code == code


def test_only_staff_plan(session: Session, fair: Fair) -> None:
    with pytest.raises(NotAllowed):
        plan_day(session, Actor("person", account_id=1), fair.day)


def test_planning_gives_everybody_meetings_and_tables(session: Session, fair: Fair) -> None:
    done = plan_day(session, SYSTEM, fair.day)
    assert done.meetings == 6
    assert done.score == pytest.approx(done.bound)
    assert set(fair.times()) == {(f"S{one}", f"P{other}") for one in range(3) for other in range(2)}
    tables = {(each.partner_participant_id, each.table) for each in fair.day.meetings}
    assert sorted(table for _, table in tables) == [1, 2]


def test_only_matched_pairs_that_nobody_set_aside_or_keeps_apart_meet(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    scores = {(0, 0): 0.5, (1, 0): 0.5, (1, 1): 0.5, (2, 1): 0.5}
    fair = make_fair(session, make_startup, make_partner, scores=scores)
    ids = {"startup_id": fair.startups[1].id, "partner_id": fair.partners[0].id}
    session.add(MatchChoice(side=Side.PARTNER, reason="stage", **ids))
    people.exclude(
        session, SYSTEM, fair.day, fair.participant(fair.startups[2]).id, fair.participant(fair.partners[1]).id
    )
    fair.planned()
    assert set(fair.times()) == {("S0", "P0"), ("S1", "P1")}
    assert list(left_out(session, fair.day).values()) == ["no-match"]


def test_who_is_no_longer_published_does_not_meet(session: Session, fair: Fair) -> None:
    fair.startups[0].state = PublicationState.WITHDRAWN
    fair.planned()
    assert "S0" not in {one for one, _ in fair.times()}
    assert left_out(session, fair.day) == {fair.participant(fair.startups[0]).id: "not-published"}


def test_one_person_for_two_organisations_is_in_one_meeting_at_a_time(session: Session, fair: Fair) -> None:
    person = make_person()
    for startup in fair.startups[:2]:
        one = fair.participant(startup)
        join(person, startup)
        people.change_participant(session, SYSTEM, fair.day, one.id, meetings=None, away=[], person_id=person.id)
    fair.planned()
    slots = [slot for (startup, _), slot in fair.times().items() if startup in ("S0", "S1")]
    assert len(slots) == len(set(slots)) == 4


def test_the_first_owner_comes_for_an_organisation(session: Session, make_startup: Maker, fair: Fair) -> None:
    startup = make_startup()
    join(owner := make_person(), startup)
    assert people.add_participants(session, SYSTEM, fair.day, [startup, fair.startups[0]]) == 1
    assert fair.participant(startup).person_id == owner.id


def test_candidates_are_found_by_site_kind_and_match(
    session: Session, make_startup: Maker, make_partner: Maker, fair: Fair
) -> None:
    resident = make_startup("Resident", site=fair.day.site.code)
    make_startup("Elsewhere")
    mentor = make_partner("Mentor", kind="mentor")
    found = people.candidates(session, fair.day, people.Wanted(site=fair.day.site.code))
    assert found == [resident]
    assert people.candidates(session, fair.day, people.Wanted("partner", kind="mentor")) == [mentor]
    assert people.candidates(session, fair.day, people.Wanted(matched=True)) == []


def test_a_moved_meeting_is_locked_and_stays_when_the_day_is_planned_anew(session: Session, fair: Fair) -> None:
    fair.planned()
    meeting = fair.day.meetings[0]
    free = next(
        slot
        for slot in range(4)
        if all(
            slot != each.slot
            for each in fair.day.meetings
            if each.startup_participant is meeting.startup_participant
            or each.partner_participant is meeting.partner_participant
        )
    )
    uid, sequence = meeting.uid, meeting.sequence
    moves.move_meeting(session, SYSTEM, fair.day, meeting.id, slot=free)
    assert (meeting.slot, meeting.is_locked, meeting.uid) == (free, True, uid)
    assert meeting.sequence > sequence
    fair.planned()
    assert meeting in fair.day.meetings
    assert meeting.slot == free
    assert len(fair.day.meetings) == 6


def test_moves_that_cannot_be_say_why(session: Session, fair: Fair) -> None:
    fair.planned()
    meeting = fair.day.meetings[0]
    one, other = meeting.startup_participant, meeting.partner_participant
    busy = next(each for each in fair.day.meetings if each.partner_participant is other and each is not meeting)
    with pytest.raises(Conflict) as refused:
        moves.move_meeting(session, SYSTEM, fair.day, meeting.id, slot=busy.slot)
    assert refused.value.code == "day-busy"
    people.change_participant(session, SYSTEM, fair.day, one.id, meetings=None, away=[3], person_id=None)
    with pytest.raises(Conflict) as refused:
        moves.move_meeting(session, SYSTEM, fair.day, meeting.id, slot=3)
    assert (refused.value.code, refused.value.values["who"]) == ("day-away", one.organisation)
    with pytest.raises(Invalid):
        moves.move_meeting(session, SYSTEM, fair.day, meeting.id, slot=9)
    with pytest.raises(Conflict) as refused:
        moves.add_meeting(session, SYSTEM, fair.day, one.id, other.id, slot=2)
    assert refused.value.code == "day-pair"


def test_a_meeting_above_the_wished_number_or_without_a_table_is_refused(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    fair = make_fair(session, make_startup, make_partner, sizes=(2, 2), scores={(0, 0): 0.5}, tables=1)
    fair.planned()
    slot = fair.day.meetings[0].slot
    ids = fair.participant(fair.startups[1]).id, fair.participant(fair.partners[1]).id
    with pytest.raises(Conflict) as refused:
        moves.add_meeting(session, SYSTEM, fair.day, *ids, slot=slot)
    assert refused.value.code == "day-full"
    people.change_participant(session, SYSTEM, fair.day, ids[0], meetings=0, away=[], person_id=None)
    with pytest.raises(Conflict) as refused:
        moves.add_meeting(session, SYSTEM, fair.day, *ids, slot=(slot + 1) % 4)
    assert refused.value.code == "day-enough"


def test_staff_may_have_two_meet_that_do_not_match(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    fair = make_fair(session, make_startup, make_partner, sizes=(1, 2), scores={(0, 0): 0.5})
    ids = fair.participant(fair.startups[0]).id, fair.participant(fair.partners[1]).id
    made = moves.add_meeting(session, SYSTEM, fair.day, *ids, slot=1)
    assert (made.score, made.is_locked) == (0.0, True)
    fair.planned()
    assert fair.times() == {("S0", "P1"): 1, ("S0", "P0"): fair.times()["S0", "P0"]}


def test_another_partner_takes_the_place_of_the_first(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    fair = make_fair(session, make_startup, make_partner, sizes=(1, 2), scores={(0, 0): 0.5}).planned()
    (meeting,) = fair.day.meetings
    other = fair.participant(fair.partners[1])
    moves.move_meeting(session, SYSTEM, fair.day, meeting.id, slot=2, partner_participant_id=other.id)
    assert fair.times() == {("S0", "P1"): 2}


def test_locked_meetings_that_have_become_impossible_together_are_said(session: Session, fair: Fair) -> None:
    fair.planned()
    there = [each for each in fair.day.meetings if each.slot == fair.day.meetings[0].slot]
    assert len(there) == 2
    join(person := make_person(), fair.startups[0])
    for meeting in there:
        moves.lock_meeting(session, SYSTEM, fair.day, meeting.id, locked=True)
        meeting.startup_participant.person_id = person.id
    with pytest.raises(Conflict) as refused:
        plan_day(session, SYSTEM, fair.day)
    assert refused.value.code == "day-locks"


def test_who_goes_takes_their_meetings_along(session: Session, fair: Fair) -> None:
    fair.planned()
    assert people.remove_participant(session, SYSTEM, fair.day, fair.participant(fair.partners[0]).id) == 3
    assert {partner for _, partner in fair.times()} == {"P1"}


def test_a_day_that_somebody_else_changed_is_not_changed(session: Session, fair: Fair) -> None:
    seen = fair.day.version
    plan_day(session, SYSTEM, fair.day, version=seen)
    with pytest.raises(Conflict) as refused:
        plan_day(session, SYSTEM, fair.day, version=seen)
    assert refused.value.code == "day-changed"


def test_members_get_one_mail_with_all_that_they_come_for_and_later_only_if_theirs_changed(
    session: Session, fair: Fair
) -> None:
    join(owner := make_person(), fair.startups[0])
    join(owner, fair.startups[1])
    join(make_person(), fair.partners[0])
    fair.planned()
    assert publish_day(session, SYSTEM, fair.day, today=TODAY) == 2
    theirs = [fair.participant(each).id for each in fair.startups[:2]]
    assert mails(session, "day-timetable")[0].values == {"day_id": fair.day.id, "participants": theirs}
    assert changed_since(fair.day) == []
    assert send_changes(session, SYSTEM, fair.day, today=TODAY) == 0
    gone = next(each for each in fair.day.meetings if each.startup_participant.organisation is fair.startups[0])
    moves.remove_meeting(session, SYSTEM, fair.day, gone.id)
    assert {each.organisation for each in changed_since(fair.day)} == {
        fair.startups[0],
        gone.partner_participant.organisation,
    }
    assert send_changes(session, SYSTEM, fair.day, today=TODAY) >= 1
    assert mails(session, "day-timetable")[-1].values["participants"] != theirs


def test_a_cancelled_day_is_told_to_those_who_knew_of_it(session: Session, fair: Fair) -> None:
    join(make_person(), fair.partners[0])
    fair.planned()
    publish_day(session, SYSTEM, fair.day, today=TODAY)
    assert cancel_day(session, SYSTEM, fair.day, today=TODAY) == 1
    assert fair.day.state == DayState.CANCELLED
    assert [mail.state for mail in mails(session, "day-timetable")] == ["cancelled"]
    with pytest.raises(Conflict):
        plan_day(session, SYSTEM, fair.day)


def test_what_is_not_planned_or_past_is_not_published(session: Session, fair: Fair) -> None:
    with pytest.raises(Conflict) as refused:
        publish_day(session, SYSTEM, fair.day, today=TODAY)
    assert refused.value.code == "day-empty"
    fair.planned()
    with pytest.raises(Conflict) as refused:
        publish_day(session, SYSTEM, fair.day, today=ON + timedelta(days=1))
    assert refused.value.code == "day-past"


def test_a_day_is_closed_once_it_came(session: Session, fair: Fair) -> None:
    publish_day(session, SYSTEM, fair.planned().day, today=TODAY)
    with pytest.raises(Conflict):
        close_day(session, SYSTEM, fair.day, today=TODAY)
    close_day(session, SYSTEM, fair.day, today=ON)
    assert fair.day.state == DayState.HELD


def test_slots_with_meetings_do_not_vanish_and_other_times_are_new_events(session: Session, fair: Fair) -> None:
    fair.planned()
    with pytest.raises(Conflict) as refused:
        change_day(session, SYSTEM, fair.day, draft(session, begins=("09:00",)))
    assert refused.value.code == "day-slots-used"
    before = [each.sequence for each in fair.day.meetings]
    change_day(session, SYSTEM, fair.day, draft(session, place="Room 3"))
    assert [each.sequence for each in fair.day.meetings] == [each + 1 for each in before]


def test_drafts_are_deleted_with_everything_in_them_and_published_days_are_not(session: Session, fair: Fair) -> None:
    fair.planned()
    discard_day(session, SYSTEM, fair.day)
    assert session.scalars(select(MatchmakingDay)).all() == []
    day = create_day(session, SYSTEM, draft(session))
    day.state = DayState.PUBLISHED
    with pytest.raises(Conflict):
        discard_day(session, SYSTEM, day)


def test_what_is_not_of_the_day_is_not_found(session: Session, fair: Fair) -> None:
    with pytest.raises(NotFound):
        moves.remove_meeting(session, SYSTEM, fair.day, 12345)
    with pytest.raises(NotFound):
        people.remove_participant(session, SYSTEM, fair.day, 12345)
    partner, startup = fair.participant(fair.partners[0]).id, fair.participant(fair.startups[0]).id
    with pytest.raises(NotFound):
        moves.add_meeting(session, SYSTEM, fair.day, partner, startup, slot=0)
