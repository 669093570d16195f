"""The invented applications: every state, every kind, valid as if they had been typed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.applications import network_of
from tests.conftest import PACK
from webapp.models import Application, ApplicationState, OutgoingMail, Startup
from webapp.services.application_fields import Step, cleaned, missing_in
from webapp.services.application_moves import DECIDED
from webapp.services.cohorts import open_cohorts, rules_of
from webapp.services.demonstration import make_demonstration_applications

TODAY = date(2026, 11, 28)


@pytest.fixture
def made(session: Session, make_startup: object) -> list[Application]:
    for number, site in enumerate(("agadir", "agadir", "casablanca")):
        make_startup(f"Resident {number}", site=site, is_demo=True)  # type: ignore[operator]
    assert make_demonstration_applications(session, PACK / "demo", seed=1, today=TODAY) == 14
    return list(session.scalars(select(Application).order_by(Application.id)))


def test_every_state_and_every_kind_can_be_seen(session: Session, made: list[Application]) -> None:
    assert {each.state for each in made} == set(ApplicationState)
    assert {each.kind for each in made} == {kind.code for kind in rules_of(network_of(session)).kinds}
    assert {each.language for each in made} == {"ar", "fr", "en"}
    assert all(each.is_demo for each in made)
    assert len(open_cohorts(session, TODAY)) == 1
    assert session.scalars(select(OutgoingMail)).all() == []


def test_what_they_say_is_what_the_form_would_have_taken(session: Session, made: list[Application]) -> None:
    for each in made:
        for step in list(Step)[1:]:
            assert cleaned(session, step, each.values).items() <= each.values.items()
        if each.state not in (ApplicationState.DRAFT, ApplicationState.ACCEPTED):
            assert missing_in(each.values) == []
            strict = [found["holds"] for found in each.eligibility if found["is_strict"]]
            assert all(strict) or each.state == ApplicationState.REFUSED


def test_the_accepted_ones_are_residents_and_decisions_have_their_dates(
    session: Session, made: list[Application]
) -> None:
    accepted = [each for each in made if each.state == ApplicationState.ACCEPTED]
    assert len({each.startup_id for each in accepted}) == 3
    for each in made:
        assert (each.decided_by is not None) == (each.state in DECIDED)
        assert each.decided_at is None or each.decided_at.date() <= TODAY
    assert all(isinstance(each.startup, Startup) and each.startup.name_latin for each in accepted)


def test_making_them_again_makes_nothing(session: Session, made: list[Application]) -> None:
    assert make_demonstration_applications(session, PACK / "demo", seed=1, today=TODAY) == 0
