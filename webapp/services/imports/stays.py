"""Residency in files: a single stay in four columns, or the whole history in one cell.

In one cell an event is written as its day, what happened and where, in codes: ``2020-01-15 entered rabat``,
``2022-01-15 renewed rabat until:2024-01-14``, ``2023-05-01 moved rabat tanger``, ``2024-06-30 left tanger graduated``.
What was taken back by a correction is not written, nor are corrections: a file tells what holds. A note of staff
comes last, written as in addresses: ``2021-07-01 reviewed rabat note:On%20track``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote, unquote

from webapp.models import ResidencyEvent, ResidencyEventKind, Site, Term, TermKind
from webapp.services.imports.lookups import Lookups
from webapp.services.imports.values import key_of
from webapp.services.residency import LEASES, EventDraft

UNTIL = "until:"
"""Before the last day of a lease."""
NOTE = "note:"
"""Before what staff noted, in which no space and no semicolon stands."""


def stay_events(stay: Mapping[str, Site | date | Term]) -> list[EventDraft]:
    """The entry and, if it is over, the end of a stay: ``site``, ``entered_on``, ``left_on``, ``leaving_reason``.

    Raises:
        ValueError: a part is missing without which the stay means nothing.
    """
    site, entered, left = stay.get("site"), stay.get("entered_on"), stay.get("left_on")
    reason = stay.get("leaving_reason")
    if not isinstance(site, Site) or not isinstance(entered, date):
        raise ValueError("a stay needs a site and a day of entry")
    events = [EventDraft(entered, ResidencyEventKind.ENTERED, site)]
    if isinstance(left, date):
        reason = reason if isinstance(reason, Term) else None
        events.append(EventDraft(left, ResidencyEventKind.LEFT, site, reason=reason))
    return events


def parse_event(text: str, lookups: Lookups) -> EventDraft:
    """Read one event.

    Raises:
        ValueError: it is not written as above, or names a site or reason that nobody knows.
    """
    words = text.split()
    note = unquote(words.pop().removeprefix(NOTE)) if words and words[-1].startswith(NOTE) else ""
    until = date.fromisoformat(words.pop().removeprefix(UNTIL)) if words and words[-1].startswith(UNTIL) else None
    day, word, place, *rest = words
    kind = ResidencyEventKind(word)
    if kind == ResidencyEventKind.CORRECTED or (until and kind not in LEASES):
        raise ValueError("not an event that files tell of")
    on = date.fromisoformat(day)
    if kind == ResidencyEventKind.MOVED:
        (target,) = rest
        return EventDraft(on, kind, _site(target, lookups), _site(place, lookups), None, until, note)
    reason = None
    if rest:
        reason = lookups.terms[TermKind.LEAVING_REASON].get(key_of(rest[0]))
        if kind != ResidencyEventKind.LEFT or reason is None or len(rest) > 1:
            raise ValueError("not a reason for leaving")
    return EventDraft(on, kind, _site(place, lookups), None, reason, until, note)


def _site(text: str, lookups: Lookups) -> Site:
    site = lookups.sites.get(key_of(text))
    if site is None:
        raise ValueError(f"no site {text}")
    return site


def event_text(event: ResidencyEvent) -> str:
    """Write one event as ``parse_event`` reads it."""
    places = [site.code for site in (event.from_site, event.site) if site]
    reason = [event.reason.code] if event.reason else []
    until = [f"{UNTIL}{event.until.isoformat()}"] if event.until else []
    note = [NOTE + quote(event.note, safe="")] if event.note else []
    return " ".join([event.on.isoformat(), str(event.kind), *places, *reason, *until, *note])
