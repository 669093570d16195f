"""Working days: those on which somebody is there to decide. Service levels are counted in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.models import Network
from webapp.services.network import zone_of
from webapp.services.network_schema import ServiceLevels

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of a network."""

    zone: ZoneInfo
    weekend: frozenset[int] = frozenset({6, 7})
    """ISO weekdays on which nobody works: 1 is Monday."""
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether somebody works on a day."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def between(self, since: datetime, until: datetime) -> int:
        """How many working days have gone by: those after the day of ``since``, up to the day of ``until``.

        What comes in on a Friday evening has waited no day on Sunday, and one on Monday. Never negative.
        """
        first, last = (moment.astimezone(self.zone).date() for moment in (since, until))
        if last <= first:
            return 0
        weeks, rest = divmod((last - first).days, 7)
        count = weeks * (7 - len(self.weekend))
        count += sum((last - _DAY * n).isoweekday() not in self.weekend for n in range(rest))
        return count - sum(first < day <= last and day.isoweekday() not in self.weekend for day in self.holidays)

    def after(self, since: datetime, days: int) -> date:
        """The day that is so many working days after a moment: the last one on which deciding is in time."""
        day, left = since.astimezone(self.zone).date(), days
        while left:
            day += _DAY
            left -= self.is_working(day)
        return day


def working_days_of(network: Network | None) -> WorkingDays:
    """The calendar of a network, as its pack has it; without a network, Monday to Friday."""
    if network is None:
        return WorkingDays(zone_of(None))
    levels = ServiceLevels.model_validate(network.service_levels or {})
    return WorkingDays(zone_of(network), frozenset(levels.weekend), _dates(network.holidays))


def _dates(texts: Collection[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
