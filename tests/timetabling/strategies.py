"""Invented matchmaking days, and what is true of every plan."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from webapp.timetabling import Attendee, Lock, Plan, Problem


@st.composite
def problems(
    draw: st.DrawFn, *, away: bool = True, people: bool = True, tables: bool = True, locks: bool = True
) -> Problem:
    """Small days, with whatever makes them hard unless told otherwise."""
    slots = draw(st.integers(1, 5))
    sizes = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    sides = [[draw(attendees(slots, away=away, people=people)) for _ in range(size)] for size in sizes]
    pairs = [(one, other) for one in range(sizes[0]) for other in range(sizes[1])]
    known = draw(st.lists(st.sampled_from(pairs), unique=True))
    problem = Problem(
        slots=slots,
        startups=sides[0],
        partners=sides[1],
        scores={pair: draw(st.integers(1, 100)) / 100 for pair in known},
        tables=draw(st.none() | st.integers(1, 3)) if tables else None,
        exclusions=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=3))),
    )
    return (
        with_locks(problem, draw(st.lists(st.tuples(st.sampled_from(pairs), st.integers(0, slots - 1)))))
        if locks
        else problem
    )


@st.composite
def attendees(draw: st.DrawFn, slots: int, *, away: bool, people: bool) -> Attendee:
    """Somebody who comes."""
    gone = draw(st.frozensets(st.integers(0, slots - 1), max_size=slots - 1)) if away else frozenset()
    return Attendee(draw(st.integers(0, slots)), gone, draw(st.none() | st.sampled_from("abc")) if people else None)


def with_locks(problem: Problem, wanted: list[tuple[tuple[int, int], int]]) -> Problem:
    """The same with those of the wanted locks that go together."""
    kept: list[Lock] = []
    busy: set[tuple[object, int]] = set()
    for pair, slot in wanted[:3]:
        both = seats(problem, pair)
        at_once = sum(lock.slot == slot for lock in kept)
        repeated = any((lock.startup, lock.partner) == pair for lock in kept)
        if both[0] == both[1] or repeated or any((seat, slot) in busy for seat in both):
            continue
        if problem.tables is None or at_once < problem.tables:
            kept.append(Lock(*pair, slot, 0.5))
            busy |= {(seat, slot) for seat in both}
    values = {**vars(problem), "locks": tuple(kept)}
    return Problem(**values)


def seats(problem: Problem, pair: tuple[int, int]) -> tuple[object, object]:
    """Who sits at the table when a pair meets."""
    sides = problem.startups[pair[0]], problem.partners[pair[1]]
    one, other = (
        (side, number) if attendee.person is None else attendee.person
        for side, number, attendee in zip(("startup", "partner"), pair, sides, strict=True)
    )
    return one, other


def counts(plan: Plan) -> tuple[Counter[int], Counter[int]]:
    """How many meetings each startup and each partner has."""
    return Counter(each.startup for each in plan.meetings), Counter(each.partner for each in plan.meetings)


def covered(plan: Plan) -> int:
    """How many participants have a meeting."""
    return sum(len(each) for each in counts(plan))


def best(problem: Problem) -> tuple[int, float]:
    """The most participants that can have a meeting, and the highest score with so many: every pair in every slot."""
    locked = {(lock.startup, lock.partner) for lock in problem.locks}
    busy = {(seat, lock.slot) for lock in problem.locks for seat in seats(problem, (lock.startup, lock.partner))}
    places = [
        (pair, slot)
        for pair in sorted(set(problem.scores) - locked - problem.exclusions)
        for slot in range(problem.slots)
        if len(set(seats(problem, pair))) == 2
        and slot not in problem.startups[pair[0]].away | problem.partners[pair[1]].away
        and not any((seat, slot) in busy for seat in seats(problem, pair))
    ]
    everybody = [("startup", n) for n in range(len(problem.startups))] + [
        ("partner", n) for n in range(len(problem.partners))
    ]
    width = len(places) + len(everybody)
    rows: list[np.ndarray] = []
    limits: list[float] = []

    def row(chosen: object, limit: float, first: int | None = None) -> None:
        line = np.zeros(width)
        line[: len(places)] = chosen
        if first is not None:
            line = -line
            line[len(places) + first] = 1
        rows.append(line)
        limits.append(limit)

    for number, (side, index) in enumerate(everybody):
        at = 0 if side == "startup" else 1
        mine = [pair[at] == index for pair, _ in places]
        kept = sum(pair[at] == index for pair in locked)
        attendee = (problem.startups if at == 0 else problem.partners)[index]
        row(mine, max(0, attendee.capacity - kept))
        row(mine, kept, first=number)
    for slot in range(problem.slots):
        here = [at == slot for _, at in places]
        if problem.tables is not None:
            row(here, problem.tables - sum(lock.slot == slot for lock in problem.locks))
        for seat in {seat for pair, _ in places for seat in seats(problem, pair)}:
            row([at == slot and seat in seats(problem, pair) for pair, at in places], 1)
    for pair in {pair for pair, _ in places}:
        row([each == pair for each, _ in places], 1)
    values = np.array([problem.scores[pair] for pair, _ in places] + [1000.0] * len(everybody))
    limited = LinearConstraint(np.array(rows), -np.inf, np.array(limits))
    found = milp(-values, constraints=limited, bounds=Bounds(0, 1), integrality=np.ones(width)).x.round()
    score = float(values[: len(places)] @ found[: len(places)]) + sum(lock.score for lock in problem.locks)
    return int(found[len(places) :].sum()), score
