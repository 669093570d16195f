"""Choosing who meets whom: the pairs of highest total score under all capacities, as many as possible not left out.

Each participant gets a first meeting, which is worth more than all scores together, and then others up to its capacity.
Where nobody is away that is a flow from startups to partners: the vertices of such a polytope are whole numbers, so the
simplex method of HiGHS ends with a choice, and its value proves that there is no better one.

Absences cut the day into parts in each of which the same people are there. Pairs are then chosen with the part in which
they meet, and within a part all slots are alike, so that colouring is as easy as without absences.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from webapp.timetabling.problem import Pair, Rules

WHOLE = 1e-6
"""How far a number may be from a whole one that it stands for."""
NODES = 200
"""How many branches of a problem without whole vertices are looked at; a count, not a time, so that plans repeat."""
GAP = 0.001
"""Share of the total score at which such a search ends."""

LARGE = 40_000
"""With more variables than that, parts are rounded instead; the board refuses what is too much, and fills up."""

Part = tuple[int, ...]
"""Slots in which the same people are there."""


@dataclass(frozen=True)
class Choice:
    """Pairs that are to meet."""

    parts: dict[Pair, Part]
    """Pair -> the slots among which it gets one."""
    value: float
    """The relaxation's: no choice has more."""
    first: float
    """What a first meeting counts in it."""
    is_best: bool = True
    """Whether there is no better one; if not, more may fit."""


class Rows:
    """Rows of a system of inequalities, made as they are mentioned."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._most: list[float] = []
        self._least: list[float] = []
        self._entries: list[tuple[int, int, float]] = []

    def add(self, row: Hashable, most: float, column: int, value: float = 1.0, *, least: float = -np.inf) -> None:
        """A variable in a row, which must come to at most, and at least, so much."""
        if row not in self._numbers:
            self._numbers[row] = len(self._most)
            self._most.append(most)
            self._least.append(least)
        self._entries.append((self._numbers[row], column, value))

    def constraint(self, width: int) -> LinearConstraint:
        """All rows, over so many variables."""
        numbers, columns, values = (np.array(each) for each in zip(*self._entries, strict=True))
        matrix = coo_array((values, (numbers, columns)), shape=(len(self._most), width))
        return LinearConstraint(matrix.tocsr(), np.array(self._least), np.array(self._most))


def choose(rules: Rules) -> Choice:
    """The best pairs of those that the rules leave open."""
    columns, waiting = _columns(rules)
    if not columns:
        return Choice({}, 0.0, 0.0)
    scores = np.array([rules.problem.scores[pair] for pair, _ in columns])
    first = 1.0 + _most(rules, scores)
    costs = -np.concatenate([scores, np.full(len(waiting), first)])
    constraint = _rows(rules, columns, waiting).constraint(len(costs))
    relaxed = solved(costs, constraint)
    found = relaxed.x
    is_whole = bool(np.abs(found - found.round()).max() <= WHOLE)
    if len(costs) <= LARGE and not is_whole:
        options = {"node_limit": NODES, "mip_rel_gap": GAP * first / max(first, -relaxed.fun)}
        found = solved(costs, constraint, integrality=np.ones(len(costs)), options=options).x
    parts = {pair: part for (pair, part), share in zip(columns, found, strict=False) if share > 0.5}
    return Choice(parts, -float(relaxed.fun), first, is_best=is_whole)


def highest_score(rules: Rules, covered: int) -> float:
    """A bound: the relaxed score of all choices in which at least so many participants have a meeting."""
    columns, waiting = _columns(rules)
    if not columns:
        return 0.0
    scores = np.array([rules.problem.scores[pair] for pair, _ in columns])
    costs = -np.concatenate([scores, np.zeros(len(waiting))])
    rows = _rows(rules, columns, waiting)
    already = sum(bool(count) for count in rules.locks_of.values())
    for number in range(len(waiting)):
        rows.add("covered", already - covered, len(columns) + number, -1.0)
    return -float(solved(costs, rows.constraint(len(costs))).fun)


def parts_of(rules: Rules) -> list[Part]:
    """The slots of the day, together those in which the same participants are away."""
    participants = range(len(rules.seats))
    parts: dict[frozenset[int], list[int]] = {}
    for slot in range(rules.problem.slots):
        away = frozenset(one for one in participants if slot in rules.attendee(one).away)
        parts.setdefault(away, []).append(slot)
    return [tuple(slots) for slots in parts.values()]


def solved(costs: np.ndarray, constraint: LinearConstraint, **options: Any) -> Any:
    """The least cost of variables between 0 and 1.

    Raises:
        RuntimeError: HiGHS gave up; all zeros are a solution, so it never should.
    """
    result = milp(costs, constraints=[constraint], bounds=Bounds(0, 1), **options)
    if result.x is None:
        raise RuntimeError(f"HiGHS found no solution: {result.message}")
    return result


def _columns(rules: Rules) -> tuple[list[tuple[Pair, Part]], list[int]]:
    """Each pair with each part of the day in which it could meet; and who waits for a first meeting."""
    parts = parts_of(rules)
    columns = [(pair, part) for pair in rules.pairs for part in parts if not rules.slots_for(pair).isdisjoint(part)]
    ends = {one for pair in rules.pairs for one in rules.participants(pair)}
    return columns, sorted(one for one in ends if not rules.locks_of[one])


def _most(rules: Rules, scores: np.ndarray) -> float:
    """No choice has a higher score than this."""
    startups = rules.left[: len(rules.problem.startups)]
    return float(scores.max()) * min(sum(startups), sum(rules.left) - sum(startups))


def _rows(rules: Rules, columns: list[tuple[Pair, Part]], waiting: list[int]) -> Rows:
    """Each participant's meetings less the first: none, up to as many as are left besides the first; and the rest."""
    rows, waits = Rows(), set(waiting)
    has_parts = len({part for _, part in columns}) > 1
    seats = [0] * len(rules.seats)
    for seat in rules.seats:
        seats[seat] += 1
    tables = rules.problem.tables
    for column, (pair, part) in enumerate(columns):
        for one in rules.participants(pair):
            if one in waits:
                rows.add(("meetings", one), rules.left[one] - 1, column, least=0)
            else:
                rows.add(("meetings", one), rules.left[one], column)
        for seat in rules.seats_of(pair):
            if has_parts or seats[seat] > 1:
                rows.add(("seat", seat, part), len(part) - _taken(rules.locked_slots.get(seat, ()), part), column)
        if has_parts:
            rows.add(("pair", pair), 1, column)
        if tables is not None:
            locks = _taken((lock.slot for lock in rules.problem.locks), part)
            rows.add(("tables", part), tables * len(part) - locks, column)
    for number, one in enumerate(waiting, start=len(columns)):
        rows.add(("meetings", one), rules.left[one] - 1, number, -1.0, least=0)
    return rows


def _taken(slots: Iterable[int], part: Part) -> int:
    return sum(slot in part for slot in slots)
