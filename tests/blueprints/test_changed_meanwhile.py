"""Staff decide on what a page showed them: if it is no longer so, they are told, and what they typed is still there.

One test a screen on which staff decide something; what each decision does is tested with its feature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts import make_account, signed_in
from tests.applications import make_sent
from tests.challenges import make_contest
from tests.days import make_fair
from tests.introductions import State, make_pair
from tests.pages import said, sent
from tests.services.test_import_runs import made, prepared
from webapp.models import NetworkRole, ResidencyEvent
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.challenge_moves import Move
from webapp.services.cohorts import CohortValues, save_cohort
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
    words: str = "meanwhile"


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


SCREENS: dict[str, Callable[[Desk], Screen]] = {
    "an application": application,
    "a cohort": cohort,
    "a request for an introduction": triage,
    "a challenge": challenge,
    "a matchmaking day": day,
    "a participant of a day": participant,
    "calling a day off": end_of_day,
    "a row that is put right": row_of_import("import"),
    "a row that is left out": row_of_import("drop"),
    "a non-conformity": nonconformity("save"),
    "closing a non-conformity": nonconformity("close"),
    "an event of a residency": residency,
    "a correction": correction,
}


@pytest.fixture
def desk(session: Session, make_startup: Maker, make_partner: Maker) -> Desk:
    return Desk(session, actor_of(session, make_account(NetworkRole.STAFF)), make_startup, make_partner)


@pytest.mark.parametrize("name", SCREENS)
def test_the_second_of_two_is_told_and_loses_nothing(app: Flask, desk: Desk, name: str) -> None:
    screen = SCREENS[name](desk)
    desk.session.commit()
    staff = signed_in(app, make_account(NetworkRole.STAFF))
    desk.session.commit()
    answer = sent(staff, screen.path, screen.page, version=OLD, seen=OLD, **screen.chosen, **screen.typed)
    assert answer.status_code == 409
    assert screen.words in said(answer)
    lost = {name: text for name, text in screen.typed.items() if text not in shown(answer)}
    assert not lost


def shown(answer: TestResponse) -> list[str]:
    """What fields say on a page, and what it repeats to be copied."""
    values = re.findall(r'value="([^"]*)"', answer.text)
    texts = re.findall(r"<(?:textarea|blockquote)[^>]*>\s*(.*?)\s*</(?:textarea|blockquote)>", answer.text, re.DOTALL)
    return [unescape(text) for text in [*values, *texts]]
