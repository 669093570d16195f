"""The planner: choose pairs, give them slots, repair what absences and locks made impossible."""

from __future__ import annotations

from webapp.timetabling.board import Board
from webapp.timetabling.choosing import WHOLE, Choice, choose, highest_score
from webapp.timetabling.problem import Lock, Plan, Planned, Problem, Rules
from webapp.timetabling.repair import fill_up, repair


def plan(problem: Problem) -> Plan:
    """A plan of a day, the same for the same problem.

    Everybody who can gets a meeting before anybody gets more; beyond that the total score is as high as can be.
    Locked meetings stay, whatever capacities and absences say.

    Raises:
        ValueError: locks exclude one another.
    """
    rules = Rules(problem)
    choice = choose(rules)
    board = Board(rules)
    lost = board.place_all(choice.parts)
    if lost:
        repair(board, lost, choice.first)
    if lost or not choice.is_best:
        fill_up(board)
    meetings = [_locked(lock) for lock in problem.locks]
    meetings += [Planned(slot, *pair, problem.scores[pair]) for pair, slot in board.slot_of.items()]
    dropped = sorted(pair for pair in choice.parts if pair not in board.slot_of)
    return Plan(sorted(meetings), dropped, _bound(rules, choice, meetings))


def _locked(lock: Lock) -> Planned:
    return Planned(lock.slot, lock.startup, lock.partner, lock.score, is_locked=True)


def _bound(rules: Rules, choice: Choice, meetings: list[Planned]) -> float:
    """What the relaxation proves: directly if as many have a meeting as it says, or else by asking for just so many."""
    locked = sum(lock.score for lock in rules.problem.locks)
    covered = len({one for each in meetings for one in rules.participants((each.startup, each.partner))})
    new = covered - sum(bool(count) for count in rules.locks_of.values())
    rest = choice.value - choice.first * new
    return locked + (rest if rest <= choice.first - 1 + WHOLE else highest_score(rules, covered))
