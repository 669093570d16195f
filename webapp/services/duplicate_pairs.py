"""Profiles that may be one organisation twice: all likely pairs, with what speaks for it and what against.

Nobody is compared with everybody. Profiles that share a number, a website, a name or its sound meet in one block, and
names that differ by some letters meet where they begin or end alike; only there are they compared letter by letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist
from sqlalchemy import select

from webapp.errors import NotFound
from webapp.models import DbSession, NotDuplicate, Partner, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.imports.lookalikes import SHORTEST_CLOSE, legal_forms
from webapp.services.likeness import CLOSE, Marks, digits_of, marks_of
from webapp.services.organisations import NOUNS
from webapp.services.write_lock import lock_rows

SIGNS: Mapping[str, float] = {
    "same-number": 0.97,
    "same-name": 0.75,
    "same-website": 0.6,
    "same-sound": 0.5,
    "close-name": 0.45,
    "same-region": 0.1,
    "same-year": 0.15,
}
"""What speaks for one organisation, and how sure it alone makes."""
DOUBTS: Mapping[str, float] = {"other-number": 0.35, "other-year": 0.7, "other-kind": 0.5}
"""What speaks against it, and by what it multiplies."""
BY_CHANCE = frozenset({"same-region", "same-year"})
"""Signs that many share; alone they are none."""

LEAST = 0.3
"""Pairs less sure than this are not shown."""
GRADES: tuple[tuple[float, str], ...] = ((0.8, "very-likely"), (0.55, "likely"), (0.0, "possible"))
MOST_TOGETHER = 20
"""A website or a name that more profiles share says nothing: an accelerator's page, a word like “Startup”."""
EDGE = 3
"""Letters by which names that differ begin or end alike."""
SHORTEST_HEARD = 4
"""How a name sounds says too little if it is shorter."""
SLICE = 512
"""Names compared with all others of a block at a time, so that a large block needs little memory."""


class Card(NamedTuple):
    """What of a profile is compared."""

    row_id: int
    marks: Marks
    region_id: int | None
    founded: int | None
    kind: str


@dataclass(frozen=True)
class Pair:
    """Two profiles that may be one organisation."""

    first_id: int
    """The smaller id."""
    second_id: int
    signs: tuple[str, ...]
    """What speaks for it, the surest first; of ``SIGNS``."""
    doubts: tuple[str, ...]
    """What speaks against it; of ``DOUBTS``."""
    sureness: float
    """Between 0 and 1; orders the pairs, and is no probability."""

    @property
    def grade(self) -> str:
        """The same in three steps, of ``GRADES``."""
        return next(code for least, code in GRADES if self.sureness >= least)


@dataclass(frozen=True)
class ShownPair:
    """A pair with its profiles."""

    pair: Pair
    first: Any
    second: Any


@dataclass
class _Found:
    """Pairs with the signs found so far."""

    signs: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, one: int, two: int, sign: str) -> None:
        """Note a sign of two profiles."""
        if one != two:
            self.signs[min(one, two), max(one, two)].add(sign)

    def add_blocks(self, keyed: Iterable[tuple[Hashable, int]], sign: str) -> None:
        """Note a sign of all that share a key."""
        blocks: dict[Hashable, list[int]] = defaultdict(list)
        for key, row_id in keyed:
            blocks[key].append(row_id)
        for ids in blocks.values():
            if len(ids) <= MOST_TOGETHER:
                for one, two in combinations(ids, 2):
                    self.add(one, two, sign)


def find_pairs(session: DbSession, actor: Actor, noun: str) -> list[Pair]:
    """All likely pairs of a noun that staff have not told apart, the surest first (three queries).

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``noun``.
    """
    require(actor, Permission.STAFF)
    if noun not in NOUNS:
        raise NotFound("noun")
    cards = _read_cards(session, NOUNS[noun])
    apart = select(NotDuplicate.first_id, NotDuplicate.second_id).where(NotDuplicate.noun == noun)
    told_apart = {(first, second) for first, second in session.execute(apart)}
    pairs = [pair for pair in compare_cards(cards) if (pair.first_id, pair.second_id) not in told_apart]
    return sorted(pairs, key=lambda pair: (-pair.sureness, pair.first_id, pair.second_id))


def load_pairs(session: DbSession, noun: str, pairs: Sequence[Pair]) -> list[ShownPair]:
    """Pairs with their profiles and what a list shows of them, in a fixed number of queries."""
    model: Any = NOUNS[noun]
    ids = {row_id for pair in pairs for row_id in (pair.first_id, pair.second_id)}
    rows = {row.id: row for row in session.scalars(model.with_listing(select(model).where(model.id.in_(ids))))}
    shown = [ShownPair(pair, rows.get(pair.first_id), rows.get(pair.second_id)) for pair in pairs]
    return [each for each in shown if each.first is not None and each.second is not None]


def tell_apart(session: DbSession, actor: Actor, noun: str, first_id: int, second_id: int) -> None:
    """Note that two profiles are two organisations. Doing it twice is doing it once.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    lock_rows(session, NOUNS[noun], first_id, second_id)
    pair = {"noun": noun, "first_id": min(first_id, second_id), "second_id": max(first_id, second_id)}
    if session.scalar(select(NotDuplicate).filter_by(**pair)) is None:
        session.add(NotDuplicate(**pair, person_id=actor.person_id))
        session.flush()


def compare_cards(cards: Sequence[Card]) -> Iterator[Pair]:
    """The likely pairs among profiles."""
    found = _Found()
    found.add_blocks(((card.marks.number, card.row_id) for card in cards if card.marks.number), "same-number")
    found.add_blocks(((card.marks.place, card.row_id) for card in cards if card.marks.place), "same-website")
    found.add_blocks(((name, card.row_id) for card in cards for name in card.marks.names), "same-name")
    found.add_blocks(((sound, card.row_id) for card in cards for sound in card.marks.sounds), "same-sound")
    found.add_blocks(
        ((heard, card.row_id) for card in cards for heard in card.marks.heard if len(heard) >= SHORTEST_HEARD),
        "same-sound",
    )
    _add_close(found, ((name, card.row_id) for card in cards for name in card.marks.names))
    by_id = {card.row_id: card for card in cards}
    for (one, two), signs in found.signs.items():
        pair = _weigh(by_id[one], by_id[two], signs)
        if pair.sureness >= LEAST:
            yield pair


def _read_cards(session: DbSession, model: type[Startup] | type[Partner]) -> list[Card]:
    forms = legal_forms(session)
    own: list[Any] = [Startup.company_number, Startup.founded] if model is Startup else [Partner.kind]
    columns = select(model.id, model.name_latin, model.name_arabic, model.website, model.region_id, *own)
    cards = []
    for row_id, latin, arabic, website, region_id, *rest in session.execute(columns.order_by(model.id)):
        number, founded, kind = (*rest, "") if model is Startup else ("", None, *rest)
        cards.append(Card(row_id, marks_of((latin, arabic), website, number, forms), region_id, founded, kind))
    return cards


def _add_close(found: _Found, names: Iterable[tuple[str, int]]) -> None:
    """Note names that differ by some letters, among those that begin or end alike."""
    owners: dict[str, set[int]] = defaultdict(set)
    for name, row_id in names:
        if len(name) >= SHORTEST_CLOSE:
            owners[name].add(row_id)
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in owners:
        blocks["^" + name[:EDGE]].append(name)
        blocks[name[-EDGE:] + "$"].append(name)
    for block in blocks.values():
        for one, two in _close_in(block):
            if digits_of(one) == digits_of(two):
                for first in owners[one]:
                    for second in owners[two]:
                        found.add(first, second, "close-name")


def _close_in(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a block whose names are close."""
    for start in range(0, len(names), SLICE):
        part = names[start : start + SLICE]
        likeness = cdist(part, names, scorer=ratio, score_cutoff=CLOSE, dtype=np.uint8)
        for row, column in zip(*likeness.nonzero(), strict=True):
            if start + row < column:
                yield part[row], names[column]


def _weigh(one: Card, two: Card, signs: set[str]) -> Pair:
    """How sure all signs together make, less what speaks against it."""
    if "same-name" in signs:
        signs = signs - {"close-name", "same-sound"}
    signs |= {sign for sign, same in _by_chance(one, two) if same}
    doubts = {
        "other-number": one.marks.number and two.marks.number and one.marks.number != two.marks.number,
        "other-year": one.founded and two.founded and abs(one.founded - two.founded) > 1,
        "other-kind": one.kind != two.kind,
    }
    unsure = 1.0
    for sign in signs:
        unsure *= 1 - SIGNS[sign]
    sureness = 1 - unsure
    for doubt, holds in doubts.items():
        sureness *= DOUBTS[doubt] if holds else 1
    ordered = tuple(sign for sign in SIGNS if sign in signs)
    return Pair(one.row_id, two.row_id, ordered, tuple(code for code in doubts if doubts[code]), round(sureness, 4))


def _by_chance(one: Card, two: Card) -> Iterator[tuple[str, bool]]:
    yield "same-region", one.region_id is not None and one.region_id == two.region_id
    yield "same-year", one.founded is not None and one.founded == two.founded
