"""Applications for a place for tests: written, sent, evaluated."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.models import Application, Network, NetworkRole, utc_now
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.applicants import Applicant
from webapp.services.applications import begin, confirm_address, save_step, submit
from webapp.services.cohorts import rules_of
from webapp.services.evaluations import save_evaluation

TODAY = date(2026, 11, 28)
ICE = "001999000110029"
PAGES: dict[str, dict[str, Any]] = {
    "project": {"name_latin": "Tarqim", "pitch": "Archives that one can search.", "description": "Towns keep paper."},
    "activity": {"sectors": ["egov", "software"], "maturity": ["mvp"], "needs": ["legal-advice"]},
    "company": {"company_number": ICE, "founded": 2024, "team": "Three people.", "why_park": "To meet towns."},
}
_numbers = itertools.count(1)


def network_of(session: Session) -> Network:
    """The network of the test database."""
    return session.scalars(select(Network)).one()


def applicant(**values: Any) -> Applicant:
    """Somebody with an address of their own."""
    usual = {"kind": "startup", "site": "casablanca", "contact_name": "Rim", "language": "en"}
    return Applicant(**{"email": f"rim{next(_numbers)}@mail.example", **usual, **values})


def make_draft(session: Session, actor: Actor = VISITOR, *, today: date = TODAY, **values: Any) -> Application:
    """A draft with its first page."""
    return begin(session, actor, network_of(session), applicant(**values), today=today)


def write_all(session: Session, application: Application, **pages: dict[str, Any]) -> None:
    """Fill in the other pages and confirm the address."""
    for step, usual in PAGES.items():
        save_step(session, VISITOR, application, step, usual | pages.get(step, {}), version=application.version)
    confirm_address(session, VISITOR, application)


def make_sent(session: Session, *, pages: dict[str, dict[str, Any]] | None = None, **values: Any) -> Application:
    """One that waits for staff."""
    application = make_draft(session, **values)
    write_all(session, application, **(pages or {}))
    submit(session, VISITOR, network_of(session), application, version=application.version, today=TODAY)
    return application


def make_staff(session: Session) -> Actor:
    """A member of staff."""
    return actor_of(session, make_account(NetworkRole.STAFF))


def evaluate(session: Session, application: Application, points: int = 4, actor: Actor | None = None) -> Actor:
    """Let a member of staff give the same points to all criteria; gives who it was."""
    actor = actor or make_staff(session)
    criteria = rules_of(network_of(session)).criteria
    scores = {criterion.code: points for criterion in criteria}
    given: dict[str, Any] = {"recommends": points > 3, "comment": f"{points} points, at {utc_now():%H}."}
    save_evaluation(session, actor, application, scores=scores, criteria=criteria, **given)
    return actor
