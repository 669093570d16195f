"""The pulse: once a year, startups that left the parks are asked whether they are still active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, Invalid
from webapp.models import (
    DbSession,
    Membership,
    OneTimeLink,
    Pulse,
    PulseAnswer,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.actors import members_of
from webapp.services.leases import add_months, residency_rules
from webapp.services.mail import make_link, order_mail
from webapp.services.network import get_network
from webapp.services.write_lock import lock_rows

PURPOSE = "pulse"
LINK_DAYS = 60


def ask_pulse(session: DbSession, today: date) -> int:
    """Ask the members of those that are due; gives how many startups were asked. Twice a day asks nobody twice."""
    months = residency_rules(get_network(session)).pulse_months
    due = add_months(today, -months)
    moment = datetime.combine(due, time(), UTC)
    asked = sa.select(Pulse.startup_id).where(sa.or_(Pulse.asked_at > moment, Pulse.year == today.year))
    left = (
        sa.select(ResidencyEvent.startup_id)
        .where(ResidencyEvent.kind == ResidencyEventKind.LEFT)
        .group_by(ResidencyEvent.startup_id)
        .having(sa.func.max(ResidencyEvent.on) <= due)
    )
    with_members = sa.select(Membership.startup_id).where(Membership.startup_id.is_not(None))
    statement = sa.select(Startup).where(
        Startup.residency == Residency.ALUMNI,
        Startup.closed_on.is_(None),
        Startup.id.in_(left),
        Startup.id.in_(with_members),
        Startup.id.not_in(asked),
    )
    startups = session.scalars(statement.order_by(Startup.id)).all()
    for startup in startups:
        _ask(session, startup, today)
    return len(startups)


def _ask(session: DbSession, startup: Startup, today: date) -> None:
    pulse = Pulse(startup_id=startup.id, year=today.year)
    session.add(pulse)
    session.flush()
    for person in members_of(session, startup):
        link = make_link(session, PURPOSE, pulse.id, person=person, valid=timedelta(days=LINK_DAYS))
        order_mail(session, "pulse-question", person, {"pulse_id": pulse.id, "link_id": link.id})


def pulse_of_link(session: DbSession, link: OneTimeLink) -> Pulse:
    """The question that a link answers.

    Raises:
        Conflict: ``pulse-answered``: a colleague was quicker, or ``no-longer-member``.
    """
    pulse = session.get(Pulse, link.subject_id)
    if pulse is None:
        raise Conflict("no-longer-member")
    theirs = sa.select(Membership.id).filter_by(person_id=link.person_id, startup_id=pulse.startup_id)
    if session.scalar(theirs) is None:
        raise Conflict("no-longer-member")
    if pulse.answered_at is not None:
        raise Conflict("pulse-answered")
    return pulse


def answer_pulse(session: DbSession, actor: Actor, pulse: Pulse, answer: str, *, today: date) -> None:
    """Note what a startup says of itself. That it closed, staff check before they say so (``confirm_closure``).

    Raises:
        NotAllowed: the actor does not act for the startup.
        Invalid: ``pulse-answer``: it is none of ``PulseAnswer``.
        Conflict: ``pulse-answered``: a colleague was quicker.
    """
    require(actor, Permission.EDIT_PROFILE, pulse.startup)
    if answer not in PulseAnswer._value2member_map_:
        raise Invalid("pulse-answer")
    lock_rows(session, Pulse, pulse.id)
    session.refresh(pulse)
    if pulse.answered_at is not None:
        raise Conflict("pulse-answered")
    pulse.answer, pulse.answered_at, pulse.person_id = PulseAnswer(answer), utc_now(), actor.person_id
    if pulse.answer == PulseAnswer.ACTIVE:
        pulse.startup.confirmed_on, pulse.startup.confirmation_asked_on = today, None
    session.flush()


def list_answers(session: DbSession, actor: Actor, year: int) -> Sequence[Pulse]:
    """The questions of a year, answered ones first, of these what asks something of staff first (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    weight = sa.case(
        (Pulse.answer == PulseAnswer.CLOSED, 0),
        (Pulse.answer.in_((PulseAnswer.ACQUIRED, PulseAnswer.CHANGED)), 1),
        (Pulse.answer == PulseAnswer.ACTIVE, 2),
        else_=3,
    )
    statement = sa.select(Pulse).where(Pulse.year == year).options(joinedload(Pulse.startup))
    return session.scalars(statement.order_by(weight, Pulse.answered_at.desc(), Pulse.id)).all()


def confirm_closure(session: DbSession, actor: Actor, startup: Startup, *, on: date, today: date) -> None:
    """Note that a company ceased its activity.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``not-yet``: the day is still to come.
    """
    require(actor, Permission.WRITE)
    if on > today:
        raise Invalid("not-yet")
    startup.closed_on = on
    session.flush()
