"""The tasks: what a scorer may learn from, whom it is asked about, and what would be right.

Halves are fixed by the SHA-256 of a company's id, so that they never depend on the order of a file or on other
companies. Settings are chosen on the ``tune`` half, figures are reported on the ``report`` half:

- ``report``: the tune half is known with all its pairs, the report half is asked. Every company asked is new to the
  scorer (cold start), except in warm tasks, where only companies with two partners or more are asked and half of
  their pairs are known.
- ``tune``: the tune half is divided once more; each quarter is asked in turn while the other is known. The report half
  plays no part.

Where every pair has a date, the companies whose first pair is older than the median are the tune half, and of these the
older ones are known and the younger are asked; pairs younger than the first one asked about are not known either.
Companies without a pair go by their hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from webapp.matching.evaluation.dataset import Dataset, Pair, Profile

Half = Literal["tune", "report"]
Profiles = tuple[Profile, ...]


@dataclass(frozen=True)
class Training:
    """What a scorer may learn from."""

    companies: tuple[Profile, ...]
    partners: tuple[Profile, ...]
    pairs: frozenset[Pair]


@dataclass(frozen=True)
class Part:
    """One fit and what is asked of it. Pairs that the training knows are never asked and left out of the lists."""

    name: str
    training: Training
    asked: tuple[Profile, ...]
    """The companies: candidates of the partners, and those of them with a pair in ``truth`` queries of their own."""
    truth: frozenset[Pair]


@dataclass(frozen=True)
class Task:
    """Parts whose queries are averaged by id, so that a company asked in two languages is one query, not two."""

    name: str
    parts: tuple[Part, ...]


def bit(key: str, place: int) -> bool:
    """A fair coin, thrown once for all for each key and place."""
    return sha256(f"{place}:{key}".encode()).digest()[0] % 2 == 1


def is_of_tune_half(company: str) -> bool:
    """The half of a company without dates."""
    return bit(company, 0)


def split(dataset: Dataset, half: Half, *, name: str = "all", warm: bool = False) -> tuple[Part, ...]:
    """The parts of a task with a history of pairs. See the module for what is known and what is asked.

    Raises:
        ValueError: nothing is left to learn from or nothing to ask.
    """
    tune, rest = _in_two(dataset, dataset.companies, 0)
    parts = [(tune, rest)]
    if half == "tune":
        first, second = _in_two(dataset, tune, 1)
        parts = [(first, second)] if _is_dated(dataset) else [(first, second), (second, first)]
    made = tuple(_part(dataset, name, known, asked, warm) for known, asked in parts)
    if not all(part.truth and part.training.companies for part in made):
        raise ValueError("too few companies with pairs: the split leaves nothing to learn from or nothing to ask")
    return made


def _is_dated(dataset: Dataset) -> bool:
    return all(dataset.pairs.values())


def _in_two(dataset: Dataset, companies: Profiles, place: int) -> tuple[Profiles, Profiles]:
    """These companies in two parts: the older and the younger where there are dates, else by hash."""
    first: dict[str, str] = {}
    if _is_dated(dataset):
        ids = {company.id for company in companies}
        for (company, _), date in dataset.pairs.items():
            if company in ids:
                first[company] = min(date, first.get(company, date))
    order = sorted(first, key=lambda company: (first[company], sha256(company.encode()).digest()))
    is_first = {company: place < len(order) // 2 for place, company in enumerate(order)}
    chosen = [is_first.get(company.id, bit(company.id, place)) for company in companies]
    return (
        tuple(company for company, is_chosen in zip(companies, chosen, strict=True) if is_chosen),
        tuple(company for company, is_chosen in zip(companies, chosen, strict=True) if not is_chosen),
    )


def _part(dataset: Dataset, name: str, known: Profiles, asked: Profiles, warm: bool) -> Part:
    known_ids, asked_ids = {one.id for one in known}, {one.id for one in asked}
    learned = {pair for pair in dataset.pairs if pair[0] in known_ids}
    truth = {pair for pair in dataset.pairs if pair[0] in asked_ids}
    if _is_dated(dataset) and truth:
        # A partner's later pairs with older companies lie in the future of the companies asked.
        begin = min(dataset.pairs[pair] for pair in truth)
        learned = {pair for pair in learned if dataset.pairs[pair] <= begin}
    if warm:
        truth, told = _tell_half(truth)
        learned |= told
        # Others would be told from these by having no pair at all, which says nothing of a scorer.
        told_of = {company for company, _ in told}
        asked = tuple(company for company in asked if company.id in told_of)
        known = (*known, *asked)
    return Part(name, Training(known, dataset.partners, frozenset(learned)), asked, frozenset(truth))


def _tell_half(pairs: set[Pair]) -> tuple[set[Pair], set[Pair]]:
    """Of each company with two pairs or more: those that stay to be found, and those that are told."""
    partners_of: dict[str, list[str]] = {}
    for company, partner in pairs:
        partners_of.setdefault(company, []).append(partner)
    truth: set[Pair] = set()
    for company, partners in partners_of.items():
        lots = {partner: sha256(f"{company}|{partner}".encode()).digest() for partner in partners}
        order = sorted(partners, key=lots.__getitem__)
        if len(order) > 1:
            truth.update((company, partner) for partner in order[len(order) // 2 :])
    return truth, {pair for pair in pairs if pair not in truth and len(partners_of[pair[0]]) > 1}


def unpaired(dataset: Dataset, half: Half, name: str) -> Part:
    """A part without any history: partners are known by their own words only, the known companies are text alone."""
    tune = tuple(company for company in dataset.companies if is_of_tune_half(company.id))
    rest = tuple(company for company in dataset.companies if not is_of_tune_half(company.id))
    asked, others = (rest, tune) if half == "report" else (tune, rest)
    ids = {company.id for company in asked}
    truth = frozenset(pair for pair in dataset.pairs if pair[0] in ids)
    return Part(name, Training(others if half == "report" else (), dataset.partners, frozenset()), asked, truth)
