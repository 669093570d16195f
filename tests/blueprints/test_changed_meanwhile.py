"""Staff decide on what a page showed them: if it is no longer so, they are told, and what they typed is still there.

One test a screen on which staff decide something; what each decision does is tested with its feature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts import make_account, signed_in
from tests.applications import make_sent, network_of
from tests.challenges import make_contest
from tests.days import make_fair
from tests.introductions import State, make_pair
from tests.pages import said, sent
from tests.services.test_import_runs import made, prepared
from tests.test_access_matrix import MATRIX
from webapp.models import NetworkRole, ResidencyEvent
from webapp.permissions import Actor, Permission
from webapp.services.actors import actor_of
from webapp.services.admissions import Decision, decide
from webapp.services.application_moves import Move as ApplicationMove
from webapp.services.challenge_moves import Move
from webapp.services.cohorts import CohortValues, rules_of, save_cohort
from webapp.services.nonconformities import NonconformityDraft, open_nonconformity
from webapp.web.marks import today

Maker = Callable[..., Any]
OLD = "99999"
"""A version that no row has."""


@dataclass
class Desk:
    """Somebody of the staff and what lies before them."""

    session: Session
    actor: Actor
    make_startup: Maker
    make_partner: Maker


@dataclass(frozen=True)
class Screen:
    """A form of staff as it is sent by somebody who saw an older state."""

    path: str
    typed: Mapping[str, str] = field(default_factory=dict)
    """What must still be there, in its field or to be copied."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None
    """Where the form stands, if not at its own address."""
    role: NetworkRole = NetworkRole.STAFF


def application(desk: Desk) -> Screen:
    path = f"/en/staff/applications/{make_sent(desk.session).reference}"
    typed = {"note": "Who pays for it?", "early_reason": "We know them well."}
    return Screen(f"{path}/decision", typed, {"decision": "return", "profile": "new"}, path)


def cohort(desk: Desk) -> Screen:
    code = save_cohort(desk.session, desk.actor, CohortValues({"en": "Spring"}, today(), today())).code
    dates = {"opens_on": today().isoformat(), "closes_on": today().isoformat()}
    return Screen(f"/en/staff/cohorts/{code}", {"name-en": "A better spring", "places": "7"} | dates)


def triage(desk: Desk) -> Screen:
    reference = make_pair(desk.session, desk.make_startup, desk.make_partner).at(State.SUBMITTED).reference
    path = f"/en/staff/introductions/{reference}"
    return Screen(f"{path}/return", {"return_note": "Please say what you need."}, page=path)


def staff_note(desk: Desk) -> Screen:
    found = make_pair(desk.session, desk.make_startup, desk.make_partner).at(State.SUBMITTED)
    path = f"/en/staff/introductions/{found.reference}"
    return Screen(f"{path}/note", {"staff_note": "Ask Samir first."}, page=path)


def roles(desk: Desk) -> Screen:
    path = f"/en/administration/accounts/{make_account().id}"
    return Screen(path, {"region": "MA-06"}, {"roles": "authority", "mark": "staff"}, role=NetworkRole.ADMINISTRATOR)


def challenge(desk: Desk) -> Screen:
    contest = make_contest(desk.session, desk.make_startup, desk.make_partner)
    contest.move("company", Move.SUBMIT)
    return Screen(f"/en/staff/challenges/{contest.challenge.slug}", {"note": "For whom is it?"}, {"decision": "return"})


def day(desk: Desk) -> Screen:
    code = make_fair(desk.session, desk.make_startup, desk.make_partner).day.code
    typed = {"name-en": "Another name", "place": "Room 77", "begins": "09:00 09:45", "on": today().isoformat()}
    usual = {"site": "casablanca", "minutes": "20", "tables": "", "startup_meetings": "3", "partner_meetings": "3"}
    return Screen(f"/en/staff/days/{code}/edit", typed, usual)


def participant(desk: Desk) -> Screen:
    fair = make_fair(desk.session, desk.make_startup, desk.make_partner)
    row = fair.participant(fair.startups[0])
    return Screen(f"/en/staff/days/{fair.day.code}/participants/{row.id}", {"meetings": "2"}, {"person": ""})


def end_of_day(desk: Desk) -> Screen:
    return Screen(f"/en/staff/days/{make_fair(desk.session, desk.make_startup, desk.make_partner).day.code}/end")


def row_of_import(deed: str) -> Callable[[Desk], Screen]:
    def screen(desk: Desk) -> Screen:
        run = made(desk.session, desk.actor, prepared(desk.session, desk.actor, "Nom,Secteur\nNabd,fintech\n,edtech\n"))
        path = f"/en/staff/imports/runs/{run.reference}/rows/{run.rows[0].id}"
        return Screen(path, {"cell-0": "Sahel Pay", "reason": "A line too much"}, {"deed": deed})

    return screen


def nonconformity(deed: str) -> Callable[[Desk], Screen]:
    def screen(desk: Desk) -> Screen:
        row = open_nonconformity(desk.session, desk.actor, NonconformityDraft("Late", "Slow.", today()), today=today())
        texts = {"subject": "Late answers", "description": "Claims waited.", "cause": "Holidays", "action": "A rota"}
        chosen = {"deed": deed, "found_on": today().isoformat(), "due_on": "", "service": ""}
        return Screen(f"/en/staff/quality/nonconformities/{row.reference}", texts, chosen)

    return screen


def residency(desk: Desk) -> Screen:
    startup = desk.make_startup("Tazrii", site="rabat")
    chosen = {"kind": "left", "on": today().isoformat(), "site": "rabat", "from_site": "", "reason": ""}
    return Screen(f"/en/staff/residency/startups/{startup.slug}", {"note": "They grew out of it."}, chosen)


def correction(desk: Desk) -> Screen:
    startup = desk.make_startup("Tazrii", site="rabat")
    event = desk.session.scalars(sa.select(ResidencyEvent)).one()
    path = f"/en/staff/residency/startups/{startup.slug}/correct/{event.id}"
    typed = {"why": "Another startup came.", "note": "It was in spring."}
    return Screen(path, typed, {"kind": "entered", "on": "2024-02-01", "site": "rabat", "from_site": "", "reason": ""})


def entry(desk: Desk) -> Screen:
    sent_in = make_sent(desk.session)
    decision = Decision(ApplicationMove.ACCEPT, early_reason="Known well.", enters_on=today() + timedelta(days=9))
    rules = rules_of(network_of(desk.session))
    decide(desk.session, desk.actor, sent_in, decision, rules=rules, version=sent_in.version, today=today())
    path = f"/en/staff/applications/{sent_in.reference}"
    return Screen(f"{path}/entry", {"on": today().isoformat()}, page=path)


def meeting(desk: Desk) -> Screen:
    fair = make_fair(desk.session, desk.make_startup, desk.make_partner).planned()
    row = fair.day.meetings[0]
    chosen = {"slot": str(row.slot), "other": str(row.partner_participant_id)}
    return Screen(f"/en/staff/days/{fair.day.code}/meetings/{row.id}", chosen=chosen)


def new_meeting(desk: Desk) -> Screen:
    fair = make_fair(desk.session, desk.make_startup, desk.make_partner)
    one, other = fair.participant(fair.startups[0]), fair.participant(fair.partners[0])
    path = f"/en/staff/days/{fair.day.code}/participants/{one.id}"
    return Screen(f"{path}/meet", chosen={"slot": "2", "other": str(other.id)}, page=path)


SCREENS: dict[str, Callable[[Desk], Screen]] = {
    "admissions.decide": application,
    "admissions.enter": entry,
    "cohorts.edit": cohort,
    "triage.move": triage,
    "triage.note": staff_note,
    "administration.account": roles,
    "challenge_reviews.review": challenge,
    "matchmaking.edit": day,
    "matchmaking.participant": participant,
    "matchmaking.meeting": meeting,
    "matchmaking.add_meeting": new_meeting,
    "matchmaking.end": end_of_day,
    "imports.row: put right": row_of_import("import"),
    "imports.row: left out": row_of_import("drop"),
    "quality.nonconformity: saved": nonconformity("save"),
    "quality.nonconformity: closed": nonconformity("close"),
    "residents.startup": residency,
    "residents.correct": correction,
}
"""Endpoint, and what is done there if it does several things."""
WITH_ITS_FEATURE = {
    "bulk_edits.preview", "bulk_edits.undo", "claims.claim", "duplicates.pair", "imports.mapping", "matchmaking.act",
    "matchmaking.participants", "pack.reload", "profiles.rename", "reviews.review",
}  # fmt: skip
"""Tested in the module of the blueprint, or of the service where nothing is typed."""
BUTTONS = {
    "imports.carry_out", "imports.check", "imports.drop", "imports.use_known", "mailroom.give_up", "mailroom.retry",
    "matchmaking.allow_again", "matchmaking.keep_apart", "matchmaking.lock", "matchmaking.remove_meeting",
    "matchmaking.remove_participant", "profiles.publish",
}  # fmt: skip
"""Nothing is typed: the page that follows says that it was not done, and shows how things stand."""
INDEPENDENT = {
    "administration.close", "administration.open", "administration.second_factor", "admissions.evaluate",
    "cohorts.create", "duplicates.apart", "imports.ignore", "imports.upload", "matchmaking.create", "matchmaking.slot",
    "organisations.add", "profiles.verify", "quality.new", "residents.closed", "stale_profiles.ask",
    "stale_profiles.vouch", "triage.propose",
}  # fmt: skip
"""They make something new or one's own, or say what is as true after what a colleague did as before it."""


def test_every_decision_of_staff_is_known_here() -> None:
    deciding = {Permission.STAFF, Permission.WRITE, Permission.ADMINISTER}
    writing = {name for name, (methods, asked) in MATRIX.items() if "POST" in methods and asked in deciding}
    here = {name.partition(":")[0] for name in SCREENS}
    assert writing == here | WITH_ITS_FEATURE | BUTTONS | INDEPENDENT


@pytest.fixture
def desk(session: Session, make_startup: Maker, make_partner: Maker) -> Desk:
    return Desk(session, actor_of(session, make_account(NetworkRole.STAFF)), make_startup, make_partner)


@pytest.mark.parametrize("name", SCREENS)
def test_the_second_of_two_is_told_and_loses_nothing(app: Flask, desk: Desk, name: str) -> None:
    screen = SCREENS[name](desk)
    desk.session.commit()
    assert app.url_map.bind("").match(screen.path, "POST")[0] == name.partition(":")[0]
    staff = signed_in(app, make_account(screen.role))
    desk.session.commit()
    answer = sent(staff, screen.path, screen.page, version=OLD, seen=OLD, **screen.chosen, **screen.typed)
    assert answer.status_code == 409
    assert "meanwhile" in said(answer)
    lost = {name: text for name, text in screen.typed.items() if text not in shown(answer)}
    assert not lost


def shown(answer: TestResponse) -> list[str]:
    """What fields say on a page, and what it repeats to be copied."""
    values = re.findall(r'value="([^"]*)"', answer.text)
    texts = re.findall(r"<(?:textarea|blockquote)[^>]*>\s*(.*?)\s*</(?:textarea|blockquote)>", answer.text, re.DOTALL)
    return [unescape(text) for text in [*values, *texts]]
