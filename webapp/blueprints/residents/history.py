"""One startup's residency: what happened, what one knew of it when, and what staff record or correct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from webapp.blueprints.residents.forms import CorrectionForm, EventForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import ResidencyEvent, ResidencyEventKind, Site, Startup, Term, TermKind
from webapp.permissions import Permission
from webapp.services.leases import add_months, residency_rules
from webapp.services.network import list_sites, list_terms, zone_of
from webapp.services.residency import (
    correct_residency,
    derive_stays,
    last_event,
    list_events,
    record_residency,
    standing_events,
)
from webapp.services.residents import get_history
from webapp.web.access import allow, current_actor
from webapp.web.formats import name_of
from webapp.web.marks import today
from webapp.web.residency_words import KINDS, residency_rule
from webapp.web.site import current_network

NOTHING = ("", lazy_gettext("Nothing: it was recorded by mistake"))
FIELDS = {"not-yet": "on", "until-before-on": "until", "not-there": "site", "already-there": "site"}
"""Rule -> the field that breaks it."""


def _known_at() -> date | None:
    """The day whose knowledge is asked for."""
    try:
        return date.fromisoformat(request.args.get("known", ""))
    except ValueError:
        return None


def _prepared(form: EventForm, startup: Startup, events: Sequence[ResidencyEvent]) -> EventForm:
    """The form with what can have happened: whoever is nowhere can only have entered."""
    sites = list_sites(db.session)
    here_ids = {stay.site_id for stay in derive_stays(events) if stay.left is None}
    here = [site for site in sites if site.id in here_ids]
    kinds = [kind for kind in ResidencyEventKind if kind != ResidencyEventKind.CORRECTED]
    possible = kinds if here or isinstance(form, CorrectionForm) else [ResidencyEventKind.ENTERED]
    form.offer(possible, sites, here or sites, list_terms(db.session, TermKind.LEAVING_REASON))
    if not form.is_submitted():
        form.seen.data = str(last_event(events))
    return form


def _due_kind() -> str:
    """What the list of what is due says has happened; nothing if one comes from elsewhere."""
    kind = request.args.get("kind", "")
    return kind if kind in ResidencyEventKind._value2member_map_ else ""


def _proposed(events: Sequence[ResidencyEvent]) -> dict[str, object]:
    """What the form begins with: today, where the startup sits, and the usual length of a lease."""
    stays = [stay for stay in derive_stays(events) if stay.left is None]
    code = {site.id: site.code for site in list_sites(db.session)}
    values: dict[str, object] = {"on": today(), "kind": _due_kind() or None}
    if stays:
        until = stays[0].until or today()
        values |= {"site": code[stays[0].site_id], "from_site": code[stays[0].site_id]}
    else:
        until = today()
    values["until"] = add_months(until, residency_rules(current_network()).lease_months)
    return values


def _day_after(day: date) -> datetime:
    """The moment at which a day ends in the network."""
    return datetime.combine(day + timedelta(days=1), time(), zone_of(current_network())).astimezone(UTC)


@allow(Permission.STAFF)
def startup(slug: str) -> ResponseReturnValue:
    """What happened to a startup, and a form to record what happened next."""
    found, events = get_history(db.session, current_actor(), slug)
    form = _prepared(EventForm(data=_proposed(events)), found, events)
    if form.validate_on_submit() and _recorded(found, form):
        # Whoever works through what is due goes on with the next.
        return redirect(url_for("residents.renewals") if _due_kind() else url_for("residents.startup", slug=slug), 303)
    if form.is_submitted():
        found, events = get_history(db.session, current_actor(), slug)
        form.show_last_event(last_event(events))
    known = _known_at()
    shown = list_events(db.session, found, _day_after(known)) if known else events
    page = render_template(
        "residents/startup.html",
        startup=found,
        events=list(reversed(shown)),
        standing={event.id for event in standing_events(shown)},
        stays=derive_stays(shown),
        sites={site.id: site for site in list_sites(db.session)},
        known=known,
        form=form,
        due_kind=_due_kind(),
        today=today(),
    )
    return page, form.status if form.is_submitted() else 200


def _lookups() -> tuple[dict[str, Site], dict[str, Term]]:
    sites = {site.code: site for site in list_sites(db.session)}
    reasons = {term.code: term for term in list_terms(db.session, TermKind.LEAVING_REASON)}
    return sites, reasons


def _recorded(found: Startup, form: EventForm) -> bool:
    """Record it; otherwise the form says what stands in the way."""
    sites, reasons = _lookups()
    try:
        record_residency(
            db.session,
            current_actor(),
            found,
            form.draft(sites, reasons),
            today=today(),
            seen=form.seen_event,
        )
    except (Invalid, Conflict) as error:
        _refuse(form, error)
        return False
    db.session.commit()
    kind = KINDS[ResidencyEventKind(form.kind.data)]
    flash(gettext("Recorded of %(name)s: %(what)s", name=name_of(found), what=kind), "success")
    return True


def _refuse(form: EventForm, error: Invalid | Conflict) -> None:
    """Keep nothing, and say in the form what stands in the way."""
    db.session.rollback()
    form.refuse_at(FIELDS.get(error.code, ""), residency_rule(error))
    form.status = 409 if isinstance(error, Conflict) else 422


@allow(Permission.STAFF)
def correct(slug: str, event_id: int) -> ResponseReturnValue:
    """Take back an event, and record what did happen."""
    found, events = get_history(db.session, current_actor(), slug)
    wrong = next((event for event in events if event.id == event_id), None)
    if wrong is None or wrong.kind == ResidencyEventKind.CORRECTED:
        raise NotFound("event")
    form = CorrectionForm(data=_as_recorded(wrong))
    _prepared(form, found, events)
    form.kind.choices = [*form.kind.choices, NOTHING]
    if form.validate_on_submit() and _corrected(found, wrong, form):
        return redirect(url_for("residents.startup", slug=slug), 303)
    if form.is_submitted():
        form.show_last_event(last_event(get_history(db.session, current_actor(), slug)[1]))
    page = render_template("residents/correct.html", startup=found, event=wrong, form=form)
    return page, form.status if form.is_submitted() else 200


def _as_recorded(event: ResidencyEvent) -> dict[str, object]:
    return {
        "kind": event.kind,
        "on": event.on,
        "site": event.site.code,
        "from_site": event.from_site.code if event.from_site else "",
        "until": event.until,
        "reason": event.reason.code if event.reason else "",
        "note": event.note,
    }


def _corrected(found: Startup, wrong: ResidencyEvent, form: CorrectionForm) -> bool:
    sites, reasons = _lookups()
    try:
        correct_residency(
            db.session,
            current_actor(),
            found,
            wrong,
            form.draft(sites, reasons) if form.kind.data else None,
            today=today(),
            note=form.why.data.strip(),
            seen=form.seen_event,
        )
    except (Invalid, Conflict) as error:
        _refuse(form, error)
        return False
    db.session.commit()
    flash(gettext("It is corrected; the history keeps both."), "success")
    return True
