"""Residency: recording events, and deriving from them who sits where.

The events are the truth. A startup's ``residency``, ``entered_on`` and sites are derived from them here, and only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from webapp.errors import Invalid
from webapp.models import (
    DbSession,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Site,
    Startup,
    StartupSite,
    Term,
    TermKind,
)
from webapp.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Stay:
    """A time that a startup spent at a site; ``left`` is empty while it lasts (right-censored)."""

    site_id: int
    entered: date
    left: date | None
    reason_id: int | None = None


class EventDraft(NamedTuple):
    """Something that happened to a startup, not yet recorded."""

    on: date
    kind: ResidencyEventKind
    site: Site
    from_site: Site | None = None
    """Where it moved from."""
    reason: Term | None = None
    """Why it left."""


def derive_stays(events: Iterable[ResidencyEvent]) -> list[Stay]:
    """The stays that a startup's events describe, in order of entry. A move ends one stay and begins another.

    Events of one day happened in the order in which they are given.

    Raises:
        Invalid: the events contradict one another: ``already-there`` (enters a site where it sits) or ``not-there``
            (renews at, moves from or leaves a site where it does not sit).
    """
    current: dict[int, date] = {}
    stays: list[Stay] = []
    for event in sorted(events, key=lambda event: event.on):
        _apply(event, current, stays)
    stays += [Stay(site_id, entered, None) for site_id, entered in current.items()]
    return sorted(stays, key=lambda stay: (stay.entered, stay.site_id))


def _apply(event: ResidencyEvent, current: dict[int, date], stays: list[Stay]) -> None:
    kind = event.kind
    origin = event.from_site_id if kind == ResidencyEventKind.MOVED else event.site_id
    if kind != ResidencyEventKind.ENTERED and origin not in current:
        raise Invalid("not-there", on=event.on)
    if kind in (ResidencyEventKind.ENTERED, ResidencyEventKind.MOVED) and event.site_id in current:
        raise Invalid("already-there", on=event.on)
    if kind in (ResidencyEventKind.MOVED, ResidencyEventKind.LEFT) and origin is not None:
        stays.append(Stay(origin, current.pop(origin), event.on, event.reason_id))
    if kind in (ResidencyEventKind.ENTERED, ResidencyEventKind.MOVED):
        current[event.site_id] = event.on


def residency_on(stays: Sequence[Stay], day: date) -> Residency:
    """How a startup with these stays stood to the parks on a day."""
    begun = [stay for stay in stays if stay.entered <= day]
    if any(stay.left is None or stay.left > day for stay in begun):
        return Residency.RESIDENT
    return Residency.ALUMNI if begun else Residency.SUPPORTED


def sites_on(stays: Sequence[Stay], day: date) -> set[int]:
    """Ids of the sites where a startup sat on a day or, if it had left, of those that it left last."""
    begun = [stay for stay in stays if stay.entered <= day]
    present = {stay.site_id for stay in begun if stay.left is None or stay.left > day}
    if present or not begun:
        return present
    last = max(stay.left for stay in begun if stay.left is not None)
    return {stay.site_id for stay in begun if stay.left == last}


def list_events(session: DbSession, startup: Startup) -> Sequence[ResidencyEvent]:
    """A startup's events in the order in which they happened; of one day, in that in which they were recorded."""
    of_startup = select(ResidencyEvent).where(ResidencyEvent.startup_id == startup.id)
    return session.scalars(of_startup.order_by(ResidencyEvent.on, ResidencyEvent.id)).all()


def record_residency(
    session: DbSession, actor: Actor, startup: Startup, draft: EventDraft, *, today: date
) -> ResidencyEvent:
    """Add an event to a startup's residency and derive anew what follows from it.

    Raises:
        NotAllowed: the actor may not.
        Invalid: ``not-yet`` (it lies in the future, where nothing derived from it would stay true), or
            ``not-a-leaving-reason``, or the event contradicts the others (see ``derive_stays``).
    """
    require(actor, Permission.WRITE)
    if draft.on > today:
        raise Invalid("not-yet", on=draft.on)
    if draft.reason and draft.reason.kind != TermKind.LEAVING_REASON:
        raise Invalid("not-a-leaving-reason", code=draft.reason.code)
    event = ResidencyEvent(
        startup_id=startup.id,
        kind=draft.kind,
        on=draft.on,
        site_id=draft.site.id,
        from_site_id=draft.from_site.id if draft.from_site else None,
        reason_id=draft.reason.id if draft.reason else None,
    )
    events = list_events(session, startup)
    refresh_residency(startup, derive_stays([*events, event]), today)
    session.add(event)
    session.flush()
    return event


def refresh_residency(startup: Startup, stays: Sequence[Stay], today: date) -> None:
    """Set what a startup's row repeats of its stays, so that lists need not read the events."""
    startup.residency = residency_on(stays, today)
    startup.entered_on = min((stay.entered for stay in stays), default=None)
    wanted = sites_on(stays, today)
    kept = [link for link in startup.site_links if link.site_id in wanted]
    missing = wanted - {link.site_id for link in kept}
    startup.site_links = kept + [StartupSite(site_id=site_id) for site_id in sorted(missing)]
