"""What the network learns from introductions: answers, times, meetings, outcomes, the spread of requests over partners.

All are pure functions over what ``introduction_record`` read. Requests that may still be answered are not taken for
unanswered: rates are of those that came to an end, and times until an answer are Kaplan and Meier's.
``docs/introductions.md`` has the definitions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from webapp.models import Side
from webapp.services.introduction_record import Sent, count_partners, read_sent

__all__ = [
    "COLUMNS",
    "Figures",
    "Sent",
    "by",
    "count_partners",
    "figure_rows",
    "figures_of",
    "gini",
    "median_time",
    "months_until",
    "read_sent",
    "spread_over_partners",
]


@dataclass(frozen=True)
class Figures:
    """The figures of some requests. Rates are shares from 0 to 1, nothing where there is nothing to divide by."""

    sent: int
    answered: int
    never_answered: int
    open: int
    response_rate: float | None
    """Of those that were answered or expired."""
    median_days: float | None
    """Until the first answer; nothing where fewer than half were answered."""
    accepted: int
    declined: int
    acceptance_rate: float | None
    """Of those that were accepted or declined."""
    met: int
    met_rate: float | None
    """Of those introduced."""
    useful: int
    useful_answers: int
    """How many answers said that it was useful, and how many said yes or no."""
    next_steps: Mapping[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """Those that were answered or expired: what the response rate is divided by."""
        return self.answered + self.never_answered

    @property
    def is_early(self) -> bool:
        """Whether some may still be answered. Quick answers come first, so a young rate will fall."""
        return self.open > 0


def figures_of(requests: Iterable[Sent]) -> Figures:
    """The figures of some requests."""
    rows = list(requests)
    answered, expired = sum(row.answered for row in rows), sum(row.expired for row in rows)
    accepted, declined = sum(row.accepted for row in rows), sum(row.declined for row in rows)
    met = sum(row.met for row in rows)
    useful = [yes for row in rows for yes in row.useful]
    steps = Counter(row.next_step for row in rows if row.next_step)
    return Figures(
        sent=len(rows),
        answered=answered,
        never_answered=expired,
        open=sum(row.open for row in rows),
        response_rate=_share(answered, answered + expired),
        median_days=median_time([row.days for row in rows], [row.answered for row in rows]),
        accepted=accepted,
        declined=declined,
        acceptance_rate=_share(accepted, accepted + declined),
        met=met,
        met_rate=_share(met, accepted),
        useful=sum(useful),
        useful_answers=len(useful),
        next_steps=dict(sorted(steps.items())),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def by(requests: Iterable[Sent], *names: str) -> dict[tuple[str, ...], Figures]:
    """The figures of each group of requests that agree in these fields: ``month``, ``site``, ``region``, ``kind``."""
    groups: dict[tuple[str, ...], list[Sent]] = defaultdict(list)
    for request in requests:
        groups[tuple(getattr(request, name) for name in names)].append(request)
    return {key: figures_of(groups[key]) for key in sorted(groups)}


def median_time(times: ArrayLike, happened: ArrayLike) -> float | None:
    """The median time until something happens, after Kaplan and Meier; nothing if it was not reached.

    Args:
        times: how long each was watched.
        happened: whether it happened at the end of that time; if not, it is only known to take longer (right-censored).
    """
    watched, events = np.asarray(times, dtype=float), np.asarray(happened, dtype=bool)
    surviving = 1.0
    for moment in np.unique(watched[events]):
        at_risk = int((watched >= moment).sum())
        surviving *= 1 - int((watched[events] == moment).sum()) / at_risk
        if surviving <= 0.5 + 1e-12:
            return float(moment)
    return None


def gini(counts: ArrayLike) -> float | None:
    """How unequally something is spread: 0 if all have the same, near 1 if one has all; nothing if there is nothing."""
    values = np.sort(np.asarray(counts, dtype=float))
    total = values.sum()
    if not total:
        return None
    number = len(values)
    weights = 2 * np.arange(1, number + 1) - number - 1
    return float((weights * values).sum() / (number * total))


def spread_over_partners(requests: Iterable[Sent], partners: int) -> float | None:
    """The Gini coefficient of requests from startups over partners; ``partners`` is how many could be asked."""
    counts = Counter(request.partner_id for request in requests if request.asked_by == Side.STARTUP)
    return gini([*counts.values(), *[0] * max(partners - len(counts), 0)])


COLUMNS: Mapping[str, Callable[[Figures], object]] = {
    "sent": lambda figures: figures.sent,
    "answered": lambda figures: figures.answered,
    "never_answered": lambda figures: figures.never_answered,
    "open": lambda figures: figures.open,
    "response_rate": lambda figures: _rounded(figures.response_rate),
    "response_rate_of": lambda figures: figures.ended,
    "too_early": lambda figures: "yes" if figures.is_early else "no",
    "median_days": lambda figures: _rounded(figures.median_days, 1),
    "accepted": lambda figures: figures.accepted,
    "declined": lambda figures: figures.declined,
    "acceptance_rate": lambda figures: _rounded(figures.acceptance_rate),
    "met": lambda figures: figures.met,
    "met_rate": lambda figures: _rounded(figures.met_rate),
    "useful": lambda figures: figures.useful,
    "useful_answers": lambda figures: figures.useful_answers,
    "pilot": lambda figures: figures.next_steps.get("pilot", 0),
    "investment": lambda figures: figures.next_steps.get("investment", 0),
    "mentoring": lambda figures: figures.next_steps.get("mentoring", 0),
    "hire": lambda figures: figures.next_steps.get("hire", 0),
}
"""Column of a file -> its value."""


def figure_rows(requests: Iterable[Sent], *names: str) -> list[dict[str, object]]:
    """One row a group, for a file: what it is grouped by (``month`` and ``site`` if nothing else), then figures."""
    keys = names or ("month", "site")
    return [
        dict(zip(keys, group, strict=True)) | {name: value(figures) for name, value in COLUMNS.items()}
        for group, figures in by(requests, *keys).items()
    ]


def _rounded(value: float | None, digits: int = 3) -> object:
    return "" if value is None else round(value, digits)


def months_until(today: date, number: int) -> list[str]:
    """The last months, the present one last, as requests name theirs."""
    last = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(last - number + 1, last + 1)]
