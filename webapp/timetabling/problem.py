"""What is to be planned, what came of it, and what the rules leave open before anything is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Pair = tuple[int, int]
"""Positions of a startup and of a partner in the problem's lists."""


@dataclass(frozen=True)
class Attendee:
    """A startup or a partner that comes."""

    capacity: int
    """At most so many meetings."""
    away: frozenset[int] = frozenset()
    """Slots in which it is not there."""
    person: Hashable = None
    """Who comes for it, if somebody may come for several; one person is in one meeting at a time."""


@dataclass(frozen=True)
class Lock:
    """A meeting that stays as it is."""

    startup: int
    partner: int
    slot: int
    score: float = 0.0


@dataclass(frozen=True)
class Problem:
    """A day to be planned."""

    slots: int
    startups: Sequence[Attendee]
    partners: Sequence[Attendee]
    scores: Mapping[Pair, float]
    """The pairs that may meet, and how well each fits: 0 to 1."""
    tables: int | None = None
    """How many meetings there may be at a time."""
    exclusions: frozenset[Pair] = frozenset()
    locks: Sequence[Lock] = field(default=())


@dataclass(frozen=True, order=True)
class Planned:
    """A meeting of a plan."""

    slot: int
    startup: int
    partner: int
    score: float
    is_locked: bool = False


@dataclass(frozen=True)
class Plan:
    """What came of a problem."""

    meetings: list[Planned]
    """In the order of slots, startups and partners."""
    dropped: list[Pair]
    """Pairs that were chosen by score but found no slot in which both are free; others may have come in their place."""
    bound: float
    """No plan in which as many participants meet somebody has a higher score."""

    @property
    def score(self) -> float:
        """The scores of all meetings together."""
        return sum(meeting.score for meeting in self.meetings)


class Rules:
    """What a problem leaves open once its locks are kept: seats, capacities, pairs and their slots.

    A seat is whoever can be in one place only: a participant, or one person who comes for several.

    Raises:
        ValueError: two locks need the same person at the same time, the same pair twice, or more tables than there are.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seats = _seats(problem)
        self.locked_slots: dict[int, set[int]] = {}
        self.locks_of: Counter[int] = Counter()
        self._slots_for: dict[Pair, frozenset[int]] = {}
        self._keep_locks(problem.locks)

    def attendee(self, participant: int) -> Attendee:
        """A participant: startups come first, then partners."""
        first = len(self.problem.startups)
        return self.problem.startups[participant] if participant < first else self.problem.partners[participant - first]

    def participants(self, pair: Pair) -> Pair:
        """Both sides of a pair as participants."""
        return pair[0], pair[1] + len(self.problem.startups)

    def seats_of(self, pair: Pair) -> Pair:
        """Who would be taken by a meeting of a pair."""
        one, other = self.participants(pair)
        return self.seats[one], self.seats[other]

    @cached_property
    def left(self) -> list[int]:
        """How many meetings each participant can still have besides its locked ones."""
        return [self._left(participant) for participant in range(len(self.seats))]

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs that can meet at all, in order."""
        taken = {(lock.startup, lock.partner) for lock in self.problem.locks} | self.problem.exclusions
        return sorted(pair for pair in self.problem.scores if pair not in taken and self.slots_for(pair))

    def slots_for(self, pair: Pair) -> frozenset[int]:
        """The slots in which both sides are there and not in a locked meeting; none for a person with themselves."""
        if pair not in self._slots_for:
            self._slots_for[pair] = self._open(pair)
        return self._slots_for[pair]

    def _open(self, pair: Pair) -> frozenset[int]:
        one, other = self.participants(pair)
        if self.seats[one] == self.seats[other] or not self.left[one] or not self.left[other]:
            return frozenset()
        return self._free[one] & self._free[other]

    @cached_property
    def _free(self) -> list[frozenset[int]]:
        """The slots in which each participant is there and not in a locked meeting."""
        everything = frozenset(range(self.problem.slots))
        return [
            everything - self.attendee(participant).away - self.locked_slots.get(seat, set())
            for participant, seat in enumerate(self.seats)
        ]

    def _left(self, participant: int) -> int:
        capacity = self.attendee(participant).capacity - self.locks_of[participant]
        return max(0, min(capacity, len(self._free[participant])))

    def _keep_locks(self, locks: Iterable[Lock]) -> None:
        at_a_time: Counter[int] = Counter()
        pairs: set[Pair] = set()
        for lock in locks:
            pair = (lock.startup, lock.partner)
            if pair in pairs:
                raise ValueError("a pair is locked twice")
            pairs.add(pair)
            at_a_time[lock.slot] += 1
            for participant in self.participants(pair):
                self.locks_of[participant] += 1
            for seat in set(self.seats_of(pair)):
                taken = self.locked_slots.setdefault(seat, set())
                if lock.slot in taken:
                    raise ValueError("two locked meetings need the same person at the same time")
                taken.add(lock.slot)
        if self.problem.tables is not None and any(count > self.problem.tables for count in at_a_time.values()):
            raise ValueError("more locked meetings at a time than there are tables")


def _seats(problem: Problem) -> list[int]:
    """The seat of each participant."""
    known: dict[Hashable, int] = {}
    seats = []
    for participant, attendee in enumerate((*problem.startups, *problem.partners)):
        key = ("alone", participant) if attendee.person is None else ("person", attendee.person)
        seats.append(known.setdefault(key, len(known)))
    return seats
