"""Admission: staff read applications, evaluate them, and decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import Invalid, NotFound
from webapp.models import Application, ApplicationState, Cohort, DbSession, Evaluation, Site, Startup, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.admission_profile import admit
from webapp.services.application_moves import WAITING, Move, check_move, take, written
from webapp.services.applications import address_proof
from webapp.services.duplicates import Duplicate, find_duplicates
from webapp.services.evaluations import Score, counting, summary
from webapp.services.mail import order_mail_to
from webapp.services.network_schema import ApplicationRules, Criterion

NOTE_LENGTH = 2000
OPEN, ALL = "open", "all"
"""Of the states that one can ask for: what waits for staff, and everything that was ever sent."""


@dataclass(frozen=True)
class Narrowing:
    """Which applications one wants to see."""

    state: str = OPEN
    """``open``, ``all`` or a state."""
    site: str = ""
    cohort: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Decision:
    """What staff decide, with what goes with it."""

    move: Move
    """``accept``, ``refuse`` or ``return``."""
    note: str = ""
    """For the applicant, in their language."""
    early_reason: str = ""
    """Why it is decided with fewer evaluations than the pack asks for."""
    enters_on: date | None = None
    """Of an acceptance: when it is to enter its park."""
    startup_id: int | None = None
    """Of an acceptance: the profile that the applicant has already; nothing to make a new one."""


@dataclass(frozen=True)
class Ranked:
    """An application among those of its cohort."""

    application: Application
    score: Score | None
    recommended: int
    """How many evaluators would accept it."""


def count_applications(session: DbSession, actor: Actor, narrowing: Narrowing) -> int:
    """How many there are; drafts are their authors' own business.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    return session.scalar(_narrowed(sa.select(sa.func.count(Application.id)), narrowing)) or 0


def list_applications(
    session: DbSession, actor: Actor, narrowing: Narrowing, *, limit: int, offset: int = 0
) -> Sequence[Application]:
    """Those that wait longest first; in a fixed number of queries.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    statement = _narrowed(_with_all(), narrowing).order_by(Application.submitted_at, Application.id)
    return session.scalars(statement.limit(limit).offset(offset)).all()


def get_application(session: DbSession, actor: Actor, reference: str) -> Application:
    """One that was sent, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``application``: there is none, or it is a draft.
    """
    require(actor, Permission.STAFF)
    statement = _with_all().where(Application.reference == reference, Application.state != ApplicationState.DRAFT)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("application", reference=reference)
    return found


def duplicates_of(session: DbSession, actor: Actor, application: Application) -> list[Duplicate]:
    """The profiles that may be the applicant's already, the surest first."""
    values = application.values
    names = values.get("name_latin"), values.get("name_arabic")
    number = values.get("company_number")
    return find_duplicates(session, actor, Startup, names, website=values.get("website"), company_number=number)


def earlier_applications(session: DbSession, actor: Actor, application: Application) -> Sequence[Application]:
    """Others that were sent from the same address, the newest first."""
    require(actor, Permission.STAFF)
    same = Application.email == application.email, Application.email != "", Application.id != application.id
    statement = sa.select(Application).where(*same, Application.state != ApplicationState.DRAFT)
    return session.scalars(statement.order_by(Application.id.desc())).all()


def decide(
    session: DbSession,
    actor: Actor,
    application: Application,
    decision: Decision,
    *,
    rules: ApplicationRules,
    version: int | None,
    today: date,
) -> None:
    """Accept, refuse, or give back with a question; the applicant is told by mail.

    Args:
        rules: of the network.
        version: of the application as the actor saw it.
        today: the day it is where the network is.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: ``note``: a refusal or a question needs one; ``too-few-evaluations`` (``given``, ``needed``), unless
            there is a reason; what ``admit`` raises.
        Conflict: ``application-changed``: it is no longer as the actor saw it (``state``).
    """
    require(actor, Permission.STAFF)
    take(session, application, version)
    line = check_move(application, decision.move)
    note, reason = decision.note.strip()[:NOTE_LENGTH], decision.early_reason.strip()[:NOTE_LENGTH]
    if decision.move != Move.ACCEPT and not note:
        raise Invalid("note")
    given = len(counting(application))
    is_early = decision.move != Move.RETURN and given < rules.evaluators
    if is_early and not reason:
        raise Invalid("too-few-evaluations", given=given, needed=rules.evaluators)
    if decision.move == Move.ACCEPT:
        admit(session, actor, application, startup_id=decision.startup_id, enters_on=decision.enters_on, today=today)
    application.state, application.note = line.target, note
    if decision.move != Move.RETURN:
        application.early_reason = reason if is_early else ""
        application.decided_at, application.decided_by_id = utc_now(), actor.person_id
    written(session)
    values = {"application_id": application.id, "proof": address_proof(application)}
    order_mail_to(session, line.mail, application.email, application.language, values)


def ranking(session: DbSession, actor: Actor, cohort: Cohort, criteria: Sequence[Criterion]) -> list[Ranked]:
    """The applications to a cohort that are not withdrawn, by weighted mean; those without one last.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    out = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    statement = _with_all().where(Application.cohort_id == cohort.id, Application.state.not_in(out))
    rows = [_ranked(each, criteria) for each in session.scalars(statement)]
    return sorted(rows, key=lambda row: (row.score is None, -row.score.mean if row.score else 0, row.application.id))


def _ranked(application: Application, criteria: Sequence[Criterion]) -> Ranked:
    given = counting(application)
    return Ranked(application, summary(given, criteria), sum(each.recommends is True for each in given))


def _with_all() -> sa.Select[Application]:
    return sa.select(Application).options(
        joinedload(Application.site),
        joinedload(Application.cohort),
        joinedload(Application.startup),
        selectinload(Application.evaluations).joinedload(Evaluation.person),
    )


def _narrowed(statement: sa.Select[Any], narrowing: Narrowing) -> sa.Select[Any]:
    if narrowing.state == OPEN:
        statement = statement.where(Application.state.in_(WAITING))
    elif narrowing.state == ALL:
        statement = statement.where(Application.state != ApplicationState.DRAFT)
    else:
        statement = statement.where(Application.state == narrowing.state, Application.state != ApplicationState.DRAFT)
    if narrowing.site:
        statement = statement.where(Application.site_id.in_(sa.select(Site.id).filter_by(code=narrowing.site)))
    if narrowing.cohort:
        statement = statement.where(Application.cohort_id.in_(sa.select(Cohort.id).filter_by(code=narrowing.cohort)))
    return statement.where(Application.kind == narrowing.kind) if narrowing.kind else statement
