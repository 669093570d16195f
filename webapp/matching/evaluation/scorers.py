"""What every scorer can do, and those that need no text space: chance, popularity, categories, and our matcher."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from webapp.matching import Matcher, PartnerFeatures, StartupFeatures
from webapp.matching.evaluation.dataset import Profile
from webapp.matching.evaluation.tasks import Training

Scores = NDArray[np.float64]
"""Shape: companies asked by partners of the training, in the order given. Higher is better."""

Direction = Literal["startup to partner", "partner to startup"]
"""Whose list is made: the startup's (a row of the scores) or the partner's (a column)."""

DIRECTIONS: tuple[Direction, ...] = ("startup to partner", "partner to startup")


class Unavailable(Exception):  # noqa: N818
    """A scorer cannot take part here; says why."""


class Scorer(Protocol):
    """Learns from known companies, partners and pairs, and scores companies against all partners."""

    family: str
    """What it is called in tables."""
    variant: str
    """Which of several ways of doing it, the best of which on the tune half speaks for the family; empty: only one."""

    def fit(self, training: Training) -> None:
        """Learn, forgetting everything before.

        Raises:
            Unavailable: it cannot.
        """

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        """The scores of these companies with all partners, for lists of one direction."""


def known_companies(training: Training) -> list[list[Profile]]:
    """The companies that each partner is known with, in the order of the partners."""
    profiles = {company.id: company for company in training.companies}
    found: dict[str, list[Profile]] = defaultdict(list)
    for company, partner in sorted(training.pairs):
        if company in profiles:
            found[partner].append(profiles[company])
    return [found[partner.id] for partner in training.partners]


class Chance:
    """Draws by lot, with a fixed seed."""

    family, variant = "random", ""

    def fit(self, training: Training) -> None:
        self._width = len(training.partners)

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        return np.random.default_rng(1).random((len(companies), self._width))


class Popularity:
    """Counts known pairs: of the partner, or of the company, of which a new one has none."""

    family, variant = "popularity", ""

    def fit(self, training: Training) -> None:
        by_partner = Counter(partner for _, partner in training.pairs)
        self._partners = np.array([by_partner[partner.id] for partner in training.partners], dtype=np.float64)
        self._companies = Counter(company for company, _ in training.pairs)

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        if direction == "startup to partner":
            return np.tile(self._partners, (len(companies), 1))
        counts = np.array([[self._companies[company.id]] for company in companies], dtype=np.float64)
        return np.tile(counts, (1, len(self._partners)))


class CategoryOverlap:
    """Cosine of the company's categories and the counts of the partner's own and its companies' categories."""

    family, variant = "category overlap", ""

    def fit(self, training: Training) -> None:
        self._column: dict[str, int] = {}
        for profile in (*training.companies, *training.partners):
            for name in profile.categories:
                self._column.setdefault(name.casefold(), len(self._column))
        counts = [
            self._rows([partner, *companies]).sum(axis=0)
            for partner, companies in zip(training.partners, known_companies(training), strict=True)
        ]
        self._partners = _normalised(np.array(counts).reshape(len(counts), len(self._column)))

    def _rows(self, profiles: Sequence[Profile]) -> Scores:
        rows = np.zeros((len(profiles), len(self._column)))
        for row, profile in zip(rows, profiles, strict=True):
            for name in profile.categories:
                if name.casefold() in self._column:
                    row[self._column[name.casefold()]] = 1
        return rows

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        return _normalised(self._rows(companies)) @ self._partners.T


def _normalised(rows: Scores) -> Scores:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms == 0, 1, norms)


class Ours:
    """The matcher as the site uses it: fitted to what is known, new companies put in without a refit.

    Categories are sectors. The companies that a partner is known with are its history, from which the matcher learns.
    """

    family, variant = "ours", ""

    def fit(self, training: Training) -> None:
        self._matcher = Matcher(per_profile=10, pack_digest="evaluation")
        self._known = {company.id: number for number, company in enumerate(training.companies)}
        partners = [
            _partner(number, partner, [self._known[company.id] for company in companies])
            for number, (partner, companies) in enumerate(
                zip(training.partners, known_companies(training), strict=True)
            )
        ]
        self._matcher.fit((_startup(self._known[one.id], one) for one in training.companies), partners)

    def scores(self, companies: Sequence[Profile], direction: Direction) -> Scores:
        first = len(self._known)
        ids = [self._known.get(company.id, first + place) for place, company in enumerate(companies)]
        startups = sorted((_startup(*pair) for pair in zip(ids, companies, strict=True)), key=lambda one: one.id)
        self._matcher.replace_startups(ids, startups)
        found = self._matcher.scores(startup_ids=ids)
        return found[np.argsort(np.argsort(ids))].astype(np.float64)


def _code(category: str) -> str:
    return "-".join(category.casefold().split())


def _startup(number: int, company: Profile) -> StartupFeatures:
    sectors = tuple(dict.fromkeys(map(_code, company.categories)))
    return StartupFeatures(number, company.texts, {"sectors": sectors} if sectors else {})


def _partner(number: int, partner: Profile, history: Sequence[int]) -> PartnerFeatures:
    sectors = tuple(dict.fromkeys(map(_code, partner.categories)))
    terms: Mapping[str, tuple[str, ...]] = {"sectors": sectors} if sectors else {}
    return PartnerFeatures(
        number, partner.kind or "partner", partner.texts, terms, meets_in_person=False, history=tuple(history)
    )
