"""The views of who comes: adding many at once, and changing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from webapp.blueprints.matchmaking.forms import NamesForm, participant_form, place_form
from webapp.blueprints.matchmaking.page import asked_day, done_or_said, refused, sides
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import DayParticipant, MatchmakingDay, Partner, PartnerKind, Startup
from webapp.permissions import Permission
from webapp.services import day_participants as people
from webapp.services.day_publishing import meetings_by_participant
from webapp.services.day_timetables import Timetable
from webapp.services.matchmaking_days import CHANGING
from webapp.services.network import list_sites
from webapp.services.organisations import get_published
from webapp.services.profile_finder import profiles_named
from webapp.web.access import allow, current_actor
from webapp.web.formats import number
from webapp.web.forms import SeenForm
from webapp.web.site import current_search

Organisation = Startup | Partner

MOST_SHOWN = 200
"""How many boxes to tick one page has; whoever wants others narrows the list down or writes names."""


@allow(Permission.STAFF)
def add(code: str) -> ResponseReturnValue:
    """Find organisations by what they are, and add all or some of them; or by a list of names."""
    day, form = asked_day(code), NamesForm()
    wanted = _wanted(day.site.code)
    found = people.candidates(db.session, day, wanted)
    status = 200
    if form.is_submitted() and form.validate():
        chosen = _chosen(found, form)
        try:
            count = people.add_participants(db.session, current_actor(), day, chosen, version=form.seen_version)
        except Conflict as error:
            day, status = refused(form, error, code), 409
        else:
            db.session.commit()
            flash(ngettext("%(count)s is added.", "%(count)s are added.", count, count=number(count)), "success")
            if not form.names.data:
                return redirect(url_for("matchmaking.participants", code=code, **_parameters(wanted)), 303)
            day, status = asked_day(code), 422
            form.refuse(form.names, gettext("These lines fit no profile, or several. Please write their addresses."))
            form.show_version(day.version)
            found = people.candidates(db.session, day, wanted)
    else:
        form.show_version(day.version)
    return _adding_page(day, form, wanted, found), status


def _adding_page(day: MatchmakingDay, form: NamesForm, wanted: people.Wanted, found: Sequence[Organisation]) -> str:
    return render_template(
        "matchmaking/participants.html",
        event=day,
        form=form,
        wanted=wanted,
        found=found,
        shown=found[:MOST_SHOWN],
        ticked=set(request.form.getlist("organisation")),
        kinds=list(PartnerKind),
        sites=[site for site in list_sites(db.session) if site.status == "operating"],
        parameters=_parameters(wanted),
        can_change=day.state in CHANGING,
    )


@allow(Permission.STAFF)
def edit(code: str, participant_id: int) -> ResponseReturnValue:
    """One participant: what it can do, its meetings, and whom it must not meet."""
    day = asked_day(code)
    participant = people.find_participant(day, participant_id)
    form = participant_form(day, participant, people.people_of(db.session, participant))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            people.change_participant(
                db.session,
                current_actor(),
                day,
                participant_id,
                meetings=form.meetings.data,
                away=form.away.data or [],
                person_id=int(form.person.data) if form.person.data else None,
                version=form.seen_version,
            )
        except (Conflict, Invalid) as error:
            day, status = refused(form, error, code), 409
            participant = people.find_participant(day, participant_id)
        else:
            db.session.commit()
            flash(gettext("Saved. Plan the day anew for it to count."), "success")
            return redirect(url_for("matchmaking.participant", code=code, participant_id=participant_id), 303)
    return participant_page(day, participant, form=form), status


@allow(Permission.STAFF)
def remove(code: str, participant_id: int) -> ResponseReturnValue:
    """Have one not come after all."""

    def work(day: MatchmakingDay, version: int) -> None:
        people.remove_participant(db.session, current_actor(), day, participant_id, version=version)

    return done_or_said(code, work, url_for("matchmaking.day", code=code), gettext("Removed, with its meetings."))


@allow(Permission.STAFF)
def keep_apart(code: str, participant_id: int) -> ResponseReturnValue:
    """Keep a pair apart."""
    other = request.form.get("other", 0, type=int)

    def work(day: MatchmakingDay, version: int) -> None:
        people.exclude(db.session, current_actor(), day, *_pair(day, participant_id, other), version=version)

    back = url_for("matchmaking.participant", code=code, participant_id=participant_id)
    return done_or_said(code, work, back, gettext("These two do not meet on this day."))


@allow(Permission.STAFF)
def allow_again(code: str, participant_id: int) -> ResponseReturnValue:
    """Let a pair meet after all."""
    exclusion_id = request.form.get("exclusion", 0, type=int)

    def work(day: MatchmakingDay, version: int) -> None:
        people.allow_again(db.session, current_actor(), day, exclusion_id, version=version)

    back = url_for("matchmaking.participant", code=code, participant_id=participant_id)
    return done_or_said(code, work, back, gettext("These two may meet again."))


def participant_page(day: MatchmakingDay, participant: DayParticipant, **forms: SeenForm) -> str:
    """The page of one participant, with forms as they were sent."""
    startups, partners = sides(day)
    others = partners if participant.startup_id else startups
    form = forms.get("form") or participant_form(day, participant, people.people_of(db.session, participant))
    asked_slot = request.args.get("slot", 0, type=int)
    return render_template(
        "matchmaking/participant.html",
        event=day,
        participant=participant,
        timetable=Timetable(participant, meetings_by_participant(day).get(participant.id, [])),
        form=form,
        meet_form=forms.get("meet_form") or place_form(day, others, slot=asked_slot),
        others=others,
        apart=_apart(day, participant),
        can_change=day.state in CHANGING,
    )


def _apart(day: MatchmakingDay, participant: DayParticipant) -> list[tuple[int, DayParticipant]]:
    """Whom it is kept apart from, each with the number of the exclusion."""
    found = []
    for each in day.exclusions:
        ids = each.startup_participant_id, each.partner_participant_id
        if participant.id in ids:
            other = ids[1] if participant.id == ids[0] else ids[0]
            found.append((each.id, people.find_participant(day, other)))
    return found


def _pair(day: MatchmakingDay, participant_id: int, other: int) -> tuple[int, int]:
    """Both, the startup first."""
    is_startup = people.find_participant(day, participant_id).startup_id is not None
    return (participant_id, other) if is_startup else (other, participant_id)


def _wanted(site: str) -> people.Wanted:
    """What is asked for; before anything is, the startups of the park where the day takes place."""
    values = request.args or {"site": site}
    noun = Partner.noun if values.get("noun") == Partner.noun else Startup.noun
    kind = values.get("kind", "") if values.get("kind") in list(PartnerKind) and noun == Partner.noun else ""
    return people.Wanted(noun, kind, values.get("site", ""), bool(values.get("matched")))


def _parameters(wanted: people.Wanted) -> dict[str, Any]:
    given = {"noun": wanted.noun, "kind": wanted.kind, "site": wanted.site, "matched": "1" if wanted.matched else ""}
    return {name: value for name, value in given.items() if value}


def _chosen(found: Sequence[Organisation], form: NamesForm) -> list[Organisation]:
    """Everybody who was found, those whose boxes are ticked, or those whose names were typed."""
    if request.form.get("all"):
        form.names.data = ""
        return list(found)
    ticked = set(request.form.getlist("organisation"))
    named = [(line, _named(line)) for line in (form.names.data or "").splitlines() if line.strip()]
    form.names.data = "\n".join(line for line, profile in named if profile is None)
    return [each for each in found if each.slug in ticked] + [profile for _, profile in named if profile is not None]


def _named(line: str) -> Organisation | None:
    """The one profile that a line means: by address, or by a name that only one has."""
    slug = line.strip().rstrip("/").rpartition("/")[2]
    for noun in (Startup.noun, Partner.noun):
        try:
            return get_published(db.session, noun, slug)
        except NotFound:
            continue
    text = " ".join(line.split()).casefold()
    same = [
        each
        for noun in (Startup.noun, Partner.noun)
        for each in profiles_named(db.session, current_search(), noun, line)
        if text in {(name or "").casefold() for name in (each.name_latin, each.name_arabic)}
    ]
    return same[0] if len(same) == 1 else None
