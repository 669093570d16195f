"""What to do for meetings without a slot: plan anew around them, pairs and slots at once, and then use what is free.

Absences and locks make colouring hard in general. Few meetings are ever lost, so the exact problem of those people
and of whoever meets them is small; where it is not, the timetable stays as it is and says what it lacks.
"""

from __future__ import annotations

import numpy as np

from webapp.timetabling.board import Board
from webapp.timetabling.choosing import NODES, Rows, solved
from webapp.timetabling.problem import Pair, Rules

MOST = 12_000
"""So many pairs in slots are planned exactly at once."""

Place = tuple[Pair, int]


def repair(board: Board, lost: list[Pair], first: float) -> None:
    """Plan those anew who lost a meeting, and everybody who meets them; better or as it was.

    Args:
        first: what a first meeting counts.
    """
    rules = board.rules
    everybody = set(rules.seats)
    near = {seat for pair in lost for seat in rules.seats_of(pair)}
    nearer = near | {
        seat for pair in board.slot_of if near & set(rules.seats_of(pair)) for seat in rules.seats_of(pair)
    }
    for seats in (everybody, nearer, near):
        places = _places(board, seats)
        if len(places) <= MOST:
            _plan_again(board, seats, places, first)
            return


def fill_up(board: Board) -> None:
    """Use what is free: first for those without a meeting, then for the best pairs."""
    rules = board.rules
    order = sorted(rules.pairs, key=lambda pair: (-rules.problem.scores[pair], pair))
    for only_first in (True, False):
        for pair in order:
            if only_first and all(_has_meeting(board, one) for one in rules.participants(pair)):
                continue
            board.place(pair)


def _has_meeting(board: Board, participant: int) -> bool:
    return board.left[participant] < board.rules.left[participant] or board.rules.locks_of[participant] > 0


def _places(board: Board, seats: set[int]) -> list[Place]:
    """Where pairs of these people could meet, next to the meetings of everybody else."""
    rules = board.rules
    taken = {
        (seat, slot)
        for pair, slot in board.slot_of.items()
        if not _inside(rules, pair, seats)
        for seat in rules.seats_of(pair)
    }
    return [
        (pair, slot)
        for pair in rules.pairs
        if _inside(rules, pair, seats)
        for slot in sorted(board.open(pair))
        if not any((seat, slot) in taken for seat in rules.seats_of(pair))
    ]


def _inside(rules: Rules, pair: Pair, seats: set[int]) -> bool:
    return all(seat in seats for seat in rules.seats_of(pair))


def _plan_again(board: Board, seats: set[int], places: list[Place], first: float) -> None:
    if not places:
        return
    rules, scores = board.rules, board.rules.problem.scores
    old = {pair: slot for pair, slot in board.slot_of.items() if _inside(rules, pair, seats)}
    for pair in old:
        board.take(pair)
    waiting = sorted({one for pair, _ in places for one in rules.participants(pair) if not _has_meeting(board, one)})
    values = np.array([scores[pair] for pair, _ in places] + [first] * len(waiting))
    rows = _rows(board, places, waiting).constraint(len(values))
    found = solved(-values, rows, integrality=np.ones(len(values)), options={"node_limit": NODES}).x
    new = {pair: slot for (pair, slot), part in zip(places, found, strict=False) if part > 0.5}
    is_better = _worth(rules, new, waiting, first) > _worth(rules, old, waiting, first)
    for pair, slot in (new if is_better else old).items():
        board.put(pair, slot)


def _worth(rules: Rules, meetings: dict[Pair, int], waiting: list[int], first: float) -> float:
    met = {one for pair in meetings for one in rules.participants(pair)}
    return sum(rules.problem.scores[pair] for pair in meetings) + first * len(met & set(waiting))


def _rows(board: Board, places: list[Place], waiting: list[int]) -> Rows:
    """Each pair once, each person once a slot, each participant as often as it may, each slot as there are tables."""
    rows, tables, waits = Rows(), board.rules.problem.tables, set(waiting)
    for column, (pair, slot) in enumerate(places):
        rows.add(("pair", pair), 1, column)
        for seat in board.rules.seats_of(pair):
            rows.add(("seat", seat, slot), 1, column)
        for one in board.rules.participants(pair):
            rows.add(("meetings", one), board.left[one], column)
            if one in waits:
                rows.add(("first", one), 0, column, -1.0)
        if tables is not None:
            rows.add(("table", slot), tables - board.fill[slot], column)
    for number, one in enumerate(waiting, start=len(places)):
        rows.add(("first", one), 0, number)
    return rows
