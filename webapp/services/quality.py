"""The quality report: for a quarter, how soon staff decided, what people said of it, and what did not go as it should.

Every figure is counted from rows of its own time: those decided within the quarter, with the working days from when
each began to wait. ``docs/quality.md`` has the definitions; pages and files read this one report.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from webapp.models import (
    Application,
    ApplicationState,
    Challenge,
    Claim,
    ClaimState,
    DayFeedback,
    DbSession,
    Introduction,
    IntroductionMove,
    Network,
    Outcome,
    Revision,
    RevisionState,
    Side,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.desk import Queue, queues, service_levels
from webapp.services.introduction_moves import Move
from webapp.services.shares import Share
from webapp.services.working_days import WorkingDays, working_days_of


class Quarter(NamedTuple):
    """Three months."""

    year: int
    number: int
    """1 to 4."""

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """A quarter as addresses write it, ``2026-3``; nothing if it is none."""
        year, _, number = text.partition("-")
        if not (year.isdecimal() and number.isdecimal() and len(year) == 4 and 1 <= int(number) <= 4 and int(year)):
            return None
        return cls(int(year), int(number))

    @property
    def code(self) -> str:
        """As addresses write it."""
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and when the next one does."""
        first, last = (datetime.combine(each.first, time(), zone).astimezone(UTC) for each in (self, self.after))
        return first, last


@dataclass(frozen=True)
class Decided:
    """What staff decided in one queue within a quarter."""

    code: str
    level: int
    """Within how many working days they mean to."""
    days: Sequence[int]
    """Working days that each decision took, ascending."""

    @property
    def in_time(self) -> Share:
        """How many of the decisions were in time."""
        return Share(sum(days <= self.level for days in self.days), len(self.days))

    @property
    def median(self) -> float | None:
        """Working days that half of the decisions took at most."""
        return float(median(self.days)) if self.days else None

    @property
    def nine_in_ten(self) -> int | None:
        """Working days that nine in ten decisions took at most (nearest rank)."""
        return self.days[math.ceil(0.9 * len(self.days)) - 1] if self.days else None


@dataclass(frozen=True)
class QualityReport:
    """The figures of one quarter."""

    quarter: Quarter
    decided: Sequence[Decided]
    useful: Share
    """Answers to whether an introduction was useful that say yes."""
    would_meet_again: Share
    """Feedback on meetings of matchmaking days that asks for more."""
    rating: float | None
    """Mean of the ratings of these meetings, 1 to 5."""
    admitted: Share
    """Applications decided that were accepted."""


_STAFF_DECIDES = (Move.SEND, Move.RETURN, Move.REFUSE)


def _decisions(first: datetime, last: datetime) -> Mapping[str, sa.Select[Any]]:
    """Queue -> when each of what was decided between two moments began to wait, and when it was decided."""
    of_staff = sa.and_(IntroductionMove.side == Side.STAFF, IntroductionMove.move.in_(_STAFF_DECIDES))
    found: dict[str, tuple[Any, Any, Any]] = {
        "applications": (
            Application.submitted_at,
            Application.decided_at,
            Application.state.in_((ApplicationState.ACCEPTED, ApplicationState.REFUSED)),
        ),
        "introductions": (
            Introduction.submitted_at,
            IntroductionMove.at,
            sa.and_(of_staff, IntroductionMove.introduction_id == Introduction.id),
        ),
        "reviews": (
            Revision.submitted_at,
            Revision.decided_at,
            Revision.state.in_((RevisionState.PUBLISHED, RevisionState.RETURNED)),
        ),
        "claims": (Claim.created_at, Claim.decided_at, Claim.state.in_((ClaimState.APPROVED, ClaimState.REFUSED))),
        "challenges": (Challenge.submitted_at, Challenge.opened_at, sa.true()),
    }
    return {
        code: sa.select(began, decided).where(condition, began.is_not(None), decided >= first, decided < last)
        for code, (began, decided, condition) in found.items()
    }


def report(session: DbSession, actor: Actor, network: Network | None, quarter: Quarter) -> QualityReport:
    """The report of a quarter (eight queries).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    calendar, levels = working_days_of(network), service_levels(network)
    first, last = quarter.moments(calendar.zone)
    decided = [
        Decided(code, levels[code], _days(session.execute(statement), calendar))
        for code, statement in _decisions(first, last).items()
    ]
    more, number, rating = session.execute(
        sa.select(
            sa.func.count().filter(DayFeedback.wants_more), sa.func.count(), sa.func.avg(DayFeedback.rating)
        ).where(DayFeedback.at >= first, DayFeedback.at < last)
    ).one()
    return QualityReport(
        quarter,
        decided,
        useful=_share(session, Outcome.useful, Outcome.answered_at, (first, last), Outcome.useful.is_not(None)),
        would_meet_again=Share(more, number),
        rating=None if rating is None else float(rating),
        admitted=_share(
            session,
            Application.state == ApplicationState.ACCEPTED,
            Application.decided_at,
            (first, last),
            Application.state.in_((ApplicationState.ACCEPTED, ApplicationState.REFUSED)),
        ),
    )


def _share(session: DbSession, counted: Any, moment: Any, between: tuple[datetime, datetime], condition: Any) -> Share:
    first, last = between
    statement = sa.select(sa.func.count().filter(counted), sa.func.count())
    count, of = session.execute(statement.where(condition, moment >= first, moment < last)).one()
    return Share(count, of)


def _days(rows: Iterable[Any], calendar: WorkingDays) -> list[int]:
    return sorted(calendar.between(began, decided) for began, decided in rows)


def late_queues(session: DbSession, actor: Actor) -> list[Queue]:
    """The queues in which something waits longer than it should, now: what a non-conformity may be recorded of."""
    return [queue for queue in queues(session, actor) if queue.is_late]


COLUMNS = ("quarter", "figure", "queue", "value", "count", "of", "lower", "upper")
"""Of the report as a file."""


def report_rows(found: QualityReport) -> list[dict[str, object]]:
    """The same report, a figure a row."""
    rows: list[dict[str, object]] = []
    for each in found.decided:
        rows += [
            {"figure": "decided", "queue": each.code, "value": len(each.days)},
            {"figure": "median_working_days", "queue": each.code, "value": each.median},
            {"figure": "nine_in_ten_working_days", "queue": each.code, "value": each.nine_in_ten},
            {"figure": "in_time", "queue": each.code} | _columns(each.in_time),
        ]
    rows += [
        {"figure": "useful"} | _columns(found.useful),
        {"figure": "would_meet_again"} | _columns(found.would_meet_again),
        {"figure": "rating", "value": found.rating},
        {"figure": "admitted"} | _columns(found.admitted),
    ]
    return [{"quarter": found.quarter.code} | row for row in rows]


def _columns(share: Share) -> dict[str, object]:
    lower, upper = share.interval or (None, None)
    return {"value": share.value, "count": share.count, "of": share.of, "lower": lower, "upper": upper}
