"""Who entered which park when, and left when and why: an invented history that agrees with the published figures.

Pure: from proportions and a random generator to lives, without a database. The number of residents grows evenly from
the opening of the first park to today; each month takes in as many startups as are needed for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from webapp.services.demonstration.content import PopulationFigures

MONTH = 365.25 / 12
INCUBATION_MONTHS = 18


@dataclass
class Life:
    """What the parks know of one startup. Without ``entered`` it was never hosted."""

    entered: date | None
    left: date | None = None
    reason: str | None = None
    closed: date | None = None
    site: str = ""
    moved: tuple[date, str] | None = None
    second_site: tuple[date, str] | None = None


def pick(random: Random, weights: Mapping[str, float]) -> str:
    """One of the keys, each as often as its weight says."""
    return random.choices(list(weights), list(weights.values()))[0]


def make_lives(random: Random, figures: PopulationFigures, today: date) -> list[Life]:
    """The lives of all residents, former residents and never hosted startups, in order of entry."""
    opening = date(min(site.since for site in figures.sites.values()), 10, 1)
    months = round((today - opening).days / MONTH)
    lives: list[Life] = []
    for number in range(1, months + 1):
        month = opening + timedelta(days=number * MONTH)
        present = sum(1 for life in lives if life.left is None or life.left > month)
        wanted = math.ceil(figures.residents * number / months)
        lives += [_stay(random, figures, month, today) for _ in range(wanted - present)]
    lives = _trim(random, lives, figures)
    for life in lives:
        _settle(random, figures, life, today)
    return lives + [Life(entered=None) for _ in range(figures.supported)]


def _trim(random: Random, lives: list[Life], figures: PopulationFigures) -> list[Life]:
    """Exactly the wanted numbers: residents stay, of the former ones a random part of the surplus is forgotten."""
    former = [life for life in lives if life.left is not None]
    forgotten = set(map(id, random.sample(former, max(0, len(former) - figures.former_residents))))
    return [life for life in lives if id(life) not in forgotten]


def _stay(random: Random, figures: PopulationFigures, month: date, today: date) -> Life:
    stay = figures.stay
    entered = min(month - timedelta(days=random.randrange(28)), today - timedelta(days=3))
    early = random.random() < stay.early_leavers
    if early:
        length = random.uniform(*stay.early_months) * MONTH
    else:
        length = INCUBATION_MONTHS * MONTH + random.gammavariate(2, stay.later_years / 2) * 365.25
    left = entered + timedelta(days=round(length))
    if left >= today:
        return Life(entered)
    reason = pick(random, figures.early_reasons if early else figures.later_reasons)
    return Life(entered, left, reason, closed=_closing(random, figures, left, reason, today))


def _closing(random: Random, figures: PopulationFigures, left: date, reason: str, today: date) -> date | None:
    """When the company closed: on leaving, within five years after, later at the same pace, or not yet."""
    if reason == "closed":
        return left
    yearly = 1 - (1 - figures.closes_within_five_years) ** (1 / 5)
    closed = left + timedelta(days=round(365.25 * random.expovariate(-math.log(1 - yearly))))
    return closed if closed < today else None


def _settle(random: Random, figures: PopulationFigures, life: Life, today: date) -> None:
    """Give a life its sites: one, rarely a move or a second one beside it."""
    if life.entered is None:
        return
    life.site = _site(random, figures, life.entered, without=())
    until = life.left or today
    middle = life.entered + (until - life.entered) / 2
    other = _site(random, figures, middle, without=(life.site,))
    if other and (until - life.entered).days > 400:
        chance = random.random()
        if chance < figures.stay.moves:
            life.moved = (middle, other)
        elif chance < figures.stay.moves + figures.stay.two_sites:
            life.second_site = (middle, other)


def _site(random: Random, figures: PopulationFigures, on: date, without: Sequence[str]) -> str:
    weights = {
        code: site.weight for code, site in figures.sites.items() if code not in without and site.since <= on.year
    }
    return pick(random, weights) if weights else ""


def renewals(life: Life, figures: PopulationFigures, today: date) -> list[date]:
    """When its lease was renewed: at the end of the incubation, then once a lease."""
    if life.entered is None:
        return []
    until = life.left or today
    dates: list[date] = []
    on = life.entered + timedelta(days=round(INCUBATION_MONTHS * MONTH))
    while on < until:
        dates.append(on)
        on += timedelta(days=round(figures.stay.lease_months * MONTH))
    return dates


def lease_ends(life: Life, figures: PopulationFigures, today: date) -> list[date]:
    """When each of its leases ends: on the days of its renewals, and once more."""
    dates = renewals(life, figures, today)
    if life.entered is None:
        return []
    months = figures.stay.lease_months if dates else INCUBATION_MONTHS
    return [*dates, (dates[-1] if dates else life.entered) + timedelta(days=round(months * MONTH))]
