"""Slots for chosen pairs: a colouring of the edges between people, so that nobody has two of one colour.

By König's theorem as many colours suffice as the busiest has meetings; the proof is the algorithm: a meeting that
finds no common slot gets one by exchanging two slots along an alternating path. Absences, locks and tables take
exchanges away, so some meetings may stay without a slot; see ``webapp.timetabling.repair``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.timetabling.problem import Pair, Rules


class Board:
    """The timetable as it grows."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.slots = rules.problem.slots
        self.slot_of: dict[Pair, int] = {}
        self.left = list(rules.left)
        self.fill = [0] * self.slots
        """Slot -> how many meetings there are, locked ones included."""
        self._at: dict[tuple[int, int], Pair] = {}
        """Seat and slot -> who meets; locked meetings stand in no path and are not here."""
        self._among: dict[Pair, frozenset[int]] = {}
        for lock in rules.problem.locks:
            self.fill[lock.slot] += 1

    def place_all(self, pairs: Mapping[Pair, Iterable[int]]) -> list[Pair]:
        """Place pairs, those with the fewest slots and then the best first; gives those that stay without one.

        Args:
            pairs: pair -> the slots among which it is to get one, at first.
        """
        scores = self.rules.problem.scores
        self._among = {pair: self.rules.slots_for(pair) & frozenset(slots) for pair, slots in pairs.items()}
        order = sorted(pairs, key=lambda pair: (len(self.open(pair)), -scores[pair], pair))
        lost = [pair for pair in order if not self.place(pair, crowd=True)]
        lost += self._thin_out()
        self._among.clear()
        return [pair for pair in lost if not self.place(pair)]

    def place(self, pair: Pair, *, crowd: bool = False) -> bool:
        """Give a pair a slot, if need be by exchanging slots of others; gives whether that was possible.

        Args:
            crowd: for now let more meetings be at a time than there are tables.
        """
        one, other = self.rules.participants(pair)
        if pair in self.slot_of or not self.left[one] or not self.left[other]:
            return False
        first, second = self.rules.seats_of(pair)
        free = [slot for slot in self.open(pair) if self._free(first, slot) and self._free(second, slot)]
        room = [slot for slot in free if crowd or self._has_room(slot)]
        if room:
            self._put(pair, min(room, key=lambda slot: (self.fill[slot], slot)))
            return True
        return self._place_by_exchange(pair, first, second, crowd) or self._place_by_exchange(
            pair, second, first, crowd
        )

    def take(self, pair: Pair) -> None:
        """Take a meeting off the timetable."""
        slot = self.slot_of.pop(pair)
        for seat in self.rules.seats_of(pair):
            del self._at[seat, slot]
        for participant in self.rules.participants(pair):
            self.left[participant] += 1
        self.fill[slot] -= 1

    def put(self, pair: Pair, slot: int) -> None:
        """Place a pair where somebody else found room for it."""
        self._put(pair, slot)

    def open(self, pair: Pair) -> frozenset[int]:
        """The slots in which a pair could meet if nobody else did."""
        return self._among.get(pair) or self.rules.slots_for(pair)

    def _free(self, seat: int, slot: int) -> bool:
        return (seat, slot) not in self._at

    def _has_room(self, slot: int) -> bool:
        tables = self.rules.problem.tables
        return tables is None or self.fill[slot] < tables

    def _put(self, pair: Pair, slot: int) -> None:
        self.slot_of[pair] = slot
        for seat in self.rules.seats_of(pair):
            self._at[seat, slot] = pair
        for participant in self.rules.participants(pair):
            self.left[participant] -= 1
        self.fill[slot] += 1

    def _place_by_exchange(self, pair: Pair, free: int, busy: int, crowd: bool) -> bool:
        """Make ``busy`` free in a slot in which ``free`` is, by exchanging it with another along a path."""
        for slot in sorted(self.open(pair)):
            if not self._free(free, slot) or self._free(busy, slot):
                continue
            for other in range(self.slots):
                if other == slot or not self._free(busy, other):
                    continue
                path = self._path(busy, slot, other)
                if path and self._fits(path, slot, other, crowd, extra=1) and not self._touches(path, free):
                    self._exchange(path, slot, other)
                    self._put(pair, slot)
                    return True
        return False

    def _path(self, seat: int, slot: int, other: int) -> list[Pair]:
        """The meetings that hang together from a seat on, in turn in one slot and in the other; empty if in a ring."""
        path: list[Pair] = []
        at, wanted = seat, slot
        while (at, wanted) in self._at:
            pair = self._at[at, wanted]
            path.append(pair)
            first, second = self.rules.seats_of(pair)
            at = second if at == first else first
            wanted = other if wanted == slot else slot
            if at == seat:
                return []
        return path

    def _fits(self, path: list[Pair], slot: int, other: int, crowd: bool, extra: int = 0) -> bool:
        """Whether each meeting of a path can be in the other of the two slots, and both then have tables enough."""
        if not all((other if self.slot_of[pair] == slot else slot) in self.open(pair) for pair in path):
            return False
        tables = self.rules.problem.tables
        if crowd or tables is None:
            return True
        here = sum(self.slot_of[pair] == slot for pair in path)
        change = len(path) - 2 * here
        return self.fill[slot] + change + extra <= tables and self.fill[other] - change <= tables

    def _touches(self, path: list[Pair], seat: int) -> bool:
        return any(seat in self.rules.seats_of(pair) for pair in path)

    def _exchange(self, path: list[Pair], slot: int, other: int) -> None:
        moves = [(pair, other if self.slot_of[pair] == slot else slot) for pair in path]
        for pair, _ in moves:
            self.take(pair)
        for pair, to in moves:
            self._put(pair, to)

    def _thin_out(self) -> list[Pair]:
        """Move meetings out of slots with more of them than tables; gives those for which that was not possible."""
        tables = self.rules.problem.tables
        if tables is None:
            return []
        lost = []
        for slot in range(self.slots):
            while self.fill[slot] > tables:
                if not self._move_one(slot, tables):
                    scores = self.rules.problem.scores
                    here = [pair for pair, at in self.slot_of.items() if at == slot]
                    worst = min(here, key=lambda pair: (scores[pair], pair))
                    self.take(worst)
                    lost.append(worst)
        return lost

    def _move_one(self, slot: int, tables: int) -> bool:
        """Have one meeting fewer in a slot, and one more in another that has tables left."""
        emptier = sorted((fill, other) for other, fill in enumerate(self.fill) if fill < tables)
        here = sorted(pair for pair, at in self.slot_of.items() if at == slot)
        for _, other in emptier:
            for pair in here:
                for seat in self.rules.seats_of(pair):
                    if not self._free(seat, other):
                        continue
                    path = self._path(seat, slot, other)
                    if len(path) % 2 and self._fits(path, slot, other, crowd=True):
                        self._exchange(path, slot, other)
                        return True
        return False
