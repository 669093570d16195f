"""How long it takes to find the likely duplicates among many startups, of which one in fifty is planted.

python -m bench.duplicates 2000 20000
"""

from __future__ import annotations

import random
import sys
import time

from webapp.services.duplicate_pairs import Card, compare_cards
from webapp.services.likeness import marks_of

SYLLABLES = (
    "ta",
    "na",
    "ri",
    "so",
    "lar",
    "at",
    "las",
    "me",
    "di",
    "ka",
    "sa",
    "ma",
    "zer",
    "fi",
    "kr",
    "da",
    "noor",
    "green",
    "tech",
    "data",
    "agri",
    "pay",
    "smart",
    "med",
    "edu",
    "lab",
    "wa",
    "hub",
    "sol",
    "cloud",
    "bio",
    "air",
    "farm",
    "med",
    "bank",
    "trans",
    "port",
    "city",
    "form",
    "build",
    "food",
    "health",
    "log",
    "mobi",
)
WORDS = ("tech", "solutions", "labs", "maroc", "africa", "systems", "digital", "group", "consulting", "energy")
SHARE = 50


def _name(chance: random.Random) -> str:
    head = "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4)))
    return f"{head} {chance.choice(WORDS)}" if chance.random() < 0.6 else head


def _slip(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice("aeiou") + name[at:]


def _cards(number: int) -> list[Card]:
    chance = random.Random(7)  # The same names every time.
    cards = []
    names = [_name(chance) for _ in range(number)]
    for row_id in range(number):
        if row_id % SHARE == SHARE - 1:
            names[row_id] = _slip(chance, names[row_id - 1])
        marks = marks_of((names[row_id], None), f"https://{row_id}.example", None, frozenset({"group"}))
        cards.append(Card(row_id, marks, chance.randrange(12), 2000 + chance.randrange(25), ""))
    return cards


def main() -> None:
    """Time each size."""
    for number in map(int, sys.argv[1:] or ("2000", "20000")):
        begun = time.perf_counter()
        cards = _cards(number)
        made = time.perf_counter()
        pairs = list(compare_cards(cards))
        ended = time.perf_counter()
        found = {(pair.first_id, pair.second_id) for pair in pairs}
        planted = [(row_id - 1, row_id) for row_id in range(SHARE - 1, number, SHARE)]
        share = sum(each in found for each in planted) / len(planted)
        print(
            f"{number} startups: names {made - begun:.2f} s, pairs {ended - made:.2f} s, "
            f"{len(pairs)} pairs, {share:.0%} of those planted"
        )


if __name__ == "__main__":
    main()
