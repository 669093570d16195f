"""Residency: recording events, and deriving from them who sits where.

The events are the truth. A startup's ``residency``, ``entered_on`` and sites are derived from them here, and only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from webapp.errors import Conflict, Invalid
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
from webapp.services.write_lock import lock_rows


@dataclass(frozen=True)
class Stay:
    """A time that a startup spent at a site; ``left`` is empty while it lasts (right-censored)."""

    site_id: int
    entered: date
    left: date | None
    reason_id: int | None = None
    until: date | None = None
    """The last day of its lease, as last agreed; empty where none was."""


class EventDraft(NamedTuple):
    """Something that happened to a startup, not yet recorded."""

    on: date
    kind: ResidencyEventKind
    site: Site
    from_site: Site | None = None
    """Where it moved from."""
    reason: Term | None = None
    """Why it left."""
    until: date | None = None
    """The last day of the lease that begins or goes on."""
    note: str = ""
    """Of staff, for staff."""


BEGINNINGS = frozenset({ResidencyEventKind.ENTERED, ResidencyEventKind.MOVED})
"""Begin a stay at their site."""
ENDS = frozenset({ResidencyEventKind.MOVED, ResidencyEventKind.LEFT})
"""End a stay."""
LEASES = frozenset({*BEGINNINGS, ResidencyEventKind.RENEWED, ResidencyEventKind.EXTENDED})
"""May say until when the lease runs."""


def standing_events(events: Iterable[ResidencyEvent]) -> list[ResidencyEvent]:
    """The events that hold, in order of days: without corrections, and without what these take back.

    Events of one day happened in the order in which they are given.
    """
    given = list(events)
    voided = {event.voids_id for event in given if event.kind == ResidencyEventKind.CORRECTED}
    holding = (
        event
        for event in given
        if event.kind != ResidencyEventKind.CORRECTED and (not voided or event.id not in voided)
    )
    return sorted(holding, key=lambda event: event.on)


def derive_stays(events: Iterable[ResidencyEvent]) -> list[Stay]:
    """The stays that a startup's events describe, in order of entry. A move ends one stay and begins another.

    Events of one day happened in the order in which they are given.

    Raises:
        Invalid: the events contradict one another: ``already-there`` (enters a site where it sits) or ``not-there``
            (renews at, moves from or leaves a site where it does not sit).
    """
    current: dict[int, Stay] = {}
    stays: list[Stay] = []
    for event in standing_events(events):
        _apply(event, current, stays)
    return sorted([*stays, *current.values()], key=lambda stay: (stay.entered, stay.site_id))


def _apply(event: ResidencyEvent, current: dict[int, Stay], stays: list[Stay]) -> None:
    kind = event.kind
    origin = event.from_site_id if kind == ResidencyEventKind.MOVED else event.site_id
    if kind != ResidencyEventKind.ENTERED and origin not in current:
        raise Invalid("not-there", on=event.on)
    if kind in BEGINNINGS and event.site_id in current:
        raise Invalid("already-there", on=event.on)
    if kind in ENDS and origin is not None:
        stays.append(replace(current.pop(origin), left=event.on, reason_id=event.reason_id))
    if kind in BEGINNINGS:
        current[event.site_id] = Stay(event.site_id, event.on, None, until=event.until)
    elif kind in LEASES and event.until:
        current[event.site_id] = replace(current[event.site_id], until=event.until)


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


def list_events(session: DbSession, startup: Startup, known_at: datetime | None = None) -> Sequence[ResidencyEvent]:
    """A startup's events in the order in which they happened; of one day, in that in which they were recorded.

    Args:
        known_at: only what had been recorded by this moment: what one knew then.
    """
    of_startup = select(ResidencyEvent).where(ResidencyEvent.startup_id == startup.id)
    if known_at is not None:
        of_startup = of_startup.where(ResidencyEvent.recorded_at <= known_at)
    return session.scalars(of_startup.order_by(ResidencyEvent.on, ResidencyEvent.id)).all()


def last_event(events: Iterable[ResidencyEvent]) -> int:
    """What tells one state of a startup's residency from another: the id of what was recorded last, 0 without any."""
    return max((event.id for event in events), default=0)


def record_residency(
    session: DbSession, actor: Actor, startup: Startup, draft: EventDraft, *, today: date, seen: int | None = None
) -> ResidencyEvent:
    """Add an event to a startup's residency and derive anew what follows from it.

    Args:
        seen: the ``last_event`` that the decision was made on, if somebody made it on a page.

    Raises:
        NotAllowed: the actor may not.
        Invalid: ``not-yet`` (it lies in the future, where nothing derived from it would stay true),
            ``not-a-leaving-reason`` or ``until-before-on``, or the event contradicts the others (see ``derive_stays``).
        Conflict: ``residency-changed``: somebody else recorded something meanwhile.
    """
    require(actor, Permission.WRITE)
    _check(draft, today)
    events = _locked_events(session, startup, seen)
    event = _event(startup, actor, draft)
    refresh_residency(startup, derive_stays([*events, event]), today)
    session.add(event)
    session.flush()
    return event


def correct_residency(
    session: DbSession,
    actor: Actor,
    startup: Startup,
    wrong: ResidencyEvent,
    right: EventDraft | None,
    *,
    today: date,
    note: str = "",
    seen: int | None = None,
) -> ResidencyEvent:
    """Take back an event that was recorded wrongly, and record in its place what did happen, if anything did.

    The wrong one stays, and who knew what when can be told for ever.

    Raises:
        NotAllowed: the actor may not.
        Invalid: as for ``record_residency``; what remains must not contradict itself.
        Conflict: ``residency-changed``, or ``corrected-already``.
    """
    require(actor, Permission.WRITE)
    if right is not None:
        _check(right, today)
    events = _locked_events(session, startup, seen)
    if wrong.kind == ResidencyEventKind.CORRECTED or any(event.voids_id == wrong.id for event in events):
        raise Conflict("corrected-already")
    correction = ResidencyEvent(
        startup_id=startup.id,
        kind=ResidencyEventKind.CORRECTED,
        on=wrong.on,
        site_id=wrong.site_id,
        note=note,
        voids_id=wrong.id,
        recorded_by_id=actor.person_id,
    )
    added = [correction] if right is None else [correction, _event(startup, actor, right)]
    refresh_residency(startup, derive_stays([*events, *added]), today)
    session.add_all(added)
    session.flush()
    return correction


def _check(draft: EventDraft, today: date) -> None:
    if draft.on > today:
        raise Invalid("not-yet", on=draft.on)
    if draft.reason and draft.reason.kind != TermKind.LEAVING_REASON:
        raise Invalid("not-a-leaving-reason", code=draft.reason.code)
    if draft.until and draft.until < draft.on:
        raise Invalid("until-before-on", on=draft.on)


def _event(startup: Startup, actor: Actor, draft: EventDraft) -> ResidencyEvent:
    return ResidencyEvent(
        startup_id=startup.id,
        kind=draft.kind,
        on=draft.on,
        site_id=draft.site.id,
        from_site_id=draft.from_site.id if draft.from_site else None,
        reason_id=draft.reason.id if draft.reason else None,
        until=draft.until if draft.kind in LEASES else None,
        note=draft.note,
        recorded_by_id=actor.person_id,
    )


def _locked_events(session: DbSession, startup: Startup, seen: int | None) -> Sequence[ResidencyEvent]:
    """The events as they are now; if somebody decided on a page, nobody else adds to them meanwhile."""
    if seen is None:
        return list_events(session, startup)
    lock_rows(session, Startup, startup.id)
    events = list_events(session, startup)
    if last_event(events) != seen:
        raise Conflict("residency-changed")
    return events


def refresh_residency(startup: Startup, stays: Sequence[Stay], today: date) -> None:
    """Set what a startup's row repeats of its stays, so that lists need not read the events."""
    startup.residency = residency_on(stays, today)
    startup.entered_on = min((stay.entered for stay in stays), default=None)
    wanted = sites_on(stays, today)
    kept = [link for link in startup.site_links if link.site_id in wanted]
    missing = wanted - {link.site_id for link in kept}
    startup.site_links = kept + [StartupSite(site_id=site_id) for site_id in sorted(missing)]
