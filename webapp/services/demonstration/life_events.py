"""What happened between an invented startup and the parks: its life as residency events, with leases and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zlib import crc32

from webapp.models import ResidencyEvent, ResidencyEventKind, Startup, TermKind
from webapp.services.demonstration.content import PopulationFigures
from webapp.services.demonstration.pack_rows import PackRows
from webapp.services.demonstration.population import Life, lease_ends


class LifeEvents:
    """The events of one life, in the order in which they happened."""

    def __init__(self, startup: Startup, life: Life, figures: PopulationFigures, pack: PackRows, today: date) -> None:
        self.startup, self.life, self.pack, self.today = startup, life, pack, today
        self.leases = lease_ends(life, figures, today)
        self._site = life.site
        self._number = crc32(startup.slug.encode())
        """The same on every day, so that the rest of the invention does not depend on what it decides."""

    def __iter__(self) -> Iterator[ResidencyEvent]:
        life = self.life
        if life.entered is None:
            return
        yield self._event(ResidencyEventKind.ENTERED, life.entered, life.site, until=self.leases[0])
        if life.second_site:
            yield self._event(ResidencyEventKind.ENTERED, *life.second_site)
        for number, (on, until) in enumerate(pairwise(self.leases)):
            yield from self._move(before=on, until=on)
            if self._is_late(on):
                break
            if not number and not self._is_unreviewed(on):
                yield self._event(ResidencyEventKind.REVIEWED, on, self._site)
            yield self._event(ResidencyEventKind.RENEWED, on, self._site, until=until)
        yield from self._move(before=None, until=self.leases[-1])
        yield from self._departure()

    def _move(self, before: date | None, until: date) -> Iterator[ResidencyEvent]:
        """Its move to another park, if there is one that has not been told yet and lies before a day."""
        moved = self.life.moved
        if moved is None or self._site == moved[1] or (before is not None and before <= moved[0]):
            return
        yield self._event(ResidencyEventKind.MOVED, *moved, from_site_id=self.pack.sites[self._site].id, until=until)
        self._site = moved[1]

    def _departure(self) -> Iterator[ResidencyEvent]:
        life = self.life
        if not (life.left and life.reason):
            return
        reason = self.pack.terms[TermKind.LEAVING_REASON, life.reason].id
        yield self._event(ResidencyEventKind.LEFT, life.left, self._site, reason_id=reason)
        if life.second_site:
            yield self._event(ResidencyEventKind.LEFT, life.left, life.second_site[1], reason_id=reason)

    def _event(self, kind: ResidencyEventKind, on: date, at: str, **values: Any) -> ResidencyEvent:
        recorded = datetime.combine(on, time(9), UTC)
        site_id = self.pack.sites[at].id
        return ResidencyEvent(startup=self.startup, kind=kind, on=on, site_id=site_id, recorded_at=recorded, **values)

    def _is_late(self, on: date) -> bool:
        """Whether staff have not come to record a renewal yet, as happens to a few of the last weeks."""
        return self.life.left is None and on > self.today - timedelta(days=25) and self._number % 6 == 0

    def _is_unreviewed(self, on: date) -> bool:
        """Whether an incubation of the last months has not been looked at yet."""
        return on > self.today - timedelta(days=60) and self._number % 5 == 1
