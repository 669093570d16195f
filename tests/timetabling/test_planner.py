"""Plans of matchmaking days: nobody in two places or overrun, nobody left out who could meet, and nearly the best."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from tests.timetabling.strategies import best, counts, covered, problems, seats
from webapp.timetabling import Attendee, Lock, Plan, Problem, plan


def day(startups: int, partners: int, /, *, slots: int = 3, capacity: int = 3, **values: object) -> Problem:
    """A day on which everybody fits everybody."""
    defaults: dict[str, object] = {
        "slots": slots,
        "startups": [Attendee(capacity)] * startups,
        "partners": [Attendee(capacity)] * partners,
        "scores": {(one, other): 0.5 for one in range(startups) for other in range(partners)},
    }
    return Problem(**(defaults | values))  # type: ignore[arg-type]


def times(made: Plan) -> dict[tuple[int, int], int]:
    return {(each.startup, each.partner): each.slot for each in made.meetings}


@given(problems())
def test_nobody_is_in_two_places(problem: Problem) -> None:
    made = plan(problem)
    at = [(seat, each.slot) for each in made.meetings for seat in seats(problem, (each.startup, each.partner))]
    assert len(at) == len(set(at))


@given(problems())
def test_locks_are_kept_and_all_else_respects_capacities_tables_absences_and_exclusions(problem: Problem) -> None:
    made = plan(problem)
    locks = {((lock.startup, lock.partner), lock.slot) for lock in problem.locks}
    assert locks == {((each.startup, each.partner), each.slot) for each in made.meetings if each.is_locked}
    kept = Counter(lock.startup for lock in problem.locks), Counter(lock.partner for lock in problem.locks)
    for side, attendees, locked in zip(counts(made), (problem.startups, problem.partners), kept, strict=True):
        assert all(count <= max(attendees[number].capacity, locked[number]) for number, count in side.items())
    if problem.tables is not None:
        assert max(Counter(each.slot for each in made.meetings).values(), default=0) <= problem.tables
    assert len(times(made)) == len(made.meetings)
    for each in made.meetings:
        if not each.is_locked:
            assert (each.startup, each.partner) in set(problem.scores) - problem.exclusions
            assert each.slot not in problem.startups[each.startup].away | problem.partners[each.partner].away


@given(problems())
@settings(max_examples=60)
def test_as_many_as_possible_meet_somebody_and_the_score_is_within_a_hundredth_of_the_best(problem: Problem) -> None:
    made = plan(problem)
    most, score = best(problem)
    assert covered(made) == most
    assert made.score >= 0.99 * score - 1e-6
    assert made.bound >= score - 1e-6


@given(problems(away=False, people=False, locks=False))
def test_without_absences_and_locks_the_plan_reaches_its_own_bound_and_drops_nothing(problem: Problem) -> None:
    made = plan(problem)
    assert made.score == pytest.approx(made.bound, abs=1e-6)
    assert made.dropped == []


@given(problems())
def test_who_has_no_meeting_could_only_take_the_only_one_of_somebody_else(problem: Problem) -> None:
    made = plan(problem)
    sides = counts(made)
    for startup, partner in set(problem.scores) - problem.exclusions - set(times(made)):
        attendee = problem.startups[startup]
        if sides[0][startup] or not attendee.capacity or len(set(seats(problem, (startup, partner)))) < 2:
            continue
        mine = {
            each.slot
            for each in made.meetings
            if seats(problem, (startup, partner))[0] in seats(problem, (each.startup, each.partner))
        }
        for each in made.meetings:
            takes = each.partner == partner and not each.is_locked and each.slot not in attendee.away | mine
            assert not (takes and sides[0][each.startup] > 1)


@given(problems())
@settings(max_examples=30)
def test_the_same_day_gives_the_same_plan_in_whatever_order_the_pairs_come(problem: Problem) -> None:
    turned = Problem(**{**vars(problem), "scores": dict(reversed(list(problem.scores.items())))})
    assert plan(problem) == plan(turned)


def test_everybody_gets_one_before_the_best_get_more() -> None:
    scores = {(0, partner): 0.9 for partner in range(3)} | {(one, 0): 0.1 for one in range(1, 4)}
    made = plan(day(4, 3, scores=scores))
    assert covered(made) == 7
    assert times(made).keys() >= {(1, 0), (2, 0), (3, 0)}


def test_a_person_who_comes_for_two_is_in_one_meeting_at_a_time() -> None:
    both = [Attendee(3, person="Salma"), Attendee(3, person="Salma")]
    made = plan(day(2, 4, startups=both))
    assert len(made.meetings) == 3
    assert len({each.slot for each in made.meetings}) == 3


def test_nobody_meets_themselves() -> None:
    made = plan(day(1, 1, startups=[Attendee(3, person=7)], partners=[Attendee(3, person=7)]))
    assert made.meetings == []


def test_whoever_leaves_at_noon_meets_before() -> None:
    made = plan(day(3, 3, slots=6, partners=[Attendee(3, away=frozenset({3, 4, 5})), Attendee(3), Attendee(3)]))
    assert len(made.meetings) == 9
    assert {each.slot for each in made.meetings if each.partner == 0} == {0, 1, 2}


def test_planning_anew_leaves_what_is_locked() -> None:
    first = plan(day(4, 4))
    moved = Lock(0, 1, 2, 0.5)
    second = plan(day(4, 4, locks=(moved,)))
    assert times(second)[0, 1] == 2
    assert len(second.meetings) == len(first.meetings) == 12


def test_locks_stay_above_capacity() -> None:
    made = plan(day(1, 3, capacity=1, locks=(Lock(0, 0, 0), Lock(0, 1, 1))))
    assert times(made) == {(0, 0): 0, (0, 1): 1}


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        ((Lock(0, 0, 0), Lock(0, 1, 0)), "at the same time"),
        ((Lock(0, 0, 0), Lock(0, 0, 1)), "twice"),
        ((Lock(0, 0, 0), Lock(1, 1, 0)), "tables"),
    ],
)
def test_locks_that_exclude_one_another_are_refused(locks: tuple[Lock, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plan(day(2, 2, tables=1, locks=locks))


def test_what_was_wanted_but_has_no_slot_is_reported() -> None:
    # Three people, each for both sides: any two can meet, but no two meetings are possible at a time.
    people = [Attendee(1, person=name) for name in "abc"]
    scores = {(0, 1): 0.5, (1, 2): 0.5, (2, 0): 0.5}
    made = plan(day(3, 3, slots=2, startups=people, partners=people, scores=scores))
    assert len(made.meetings) == 2
    assert len(made.dropped) == 1


def test_a_day_without_anybody_is_an_empty_plan() -> None:
    assert plan(day(0, 0)).meetings == []
