"""Cohorts: intakes with a first and a last day for applications, and so many places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import Application, ApplicationState, Cohort, DbSession, Localized, Network, Site
from webapp.permissions import Actor, Permission, require
from webapp.services.network_schema import ApplicationRules


@dataclass(frozen=True)
class CohortValues:
    """What staff say of a cohort."""

    names: Localized
    opens_on: date
    closes_on: date
    site: Site | None = None
    begins_on: date | None = None
    places: int | None = None


def rules_of(network: Network | None) -> ApplicationRules:
    """The rules of a network; without kinds of applicants it takes no applications."""
    return ApplicationRules.model_validate(network.applications or {} if network else {})


def open_cohorts(session: DbSession, today: date) -> Sequence[Cohort]:
    """Those to which one can apply today, the one that closes first at the top."""
    open_now = _with_site().where(Cohort.opens_on <= today, Cohort.closes_on >= today)
    return session.scalars(open_now.order_by(Cohort.closes_on, Cohort.id)).all()


def coming_cohorts(session: DbSession, today: date) -> Sequence[Cohort]:
    """Those that open later, the next one first."""
    return session.scalars(_with_site().where(Cohort.opens_on > today).order_by(Cohort.opens_on, Cohort.id)).all()


def is_open(cohort: Cohort, today: date) -> bool:
    """Whether one can apply to it."""
    return cohort.opens_on <= today <= cohort.closes_on


def list_cohorts(session: DbSession, actor: Actor) -> Sequence[Cohort]:
    """All, the newest first.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    return session.scalars(_with_site().order_by(Cohort.closes_on.desc(), Cohort.id.desc())).all()


def get_cohort(session: DbSession, actor: Actor, code: str) -> Cohort:
    """One, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``cohort``: there is none.
    """
    require(actor, Permission.STAFF)
    found = session.scalar(_with_site().where(Cohort.code == code))
    if found is None:
        raise NotFound("cohort", code=code)
    return found


def count_by_state(session: DbSession, cohorts: Sequence[Cohort]) -> Mapping[int, Mapping[ApplicationState, int]]:
    """Cohort -> state -> number of applications; drafts are their authors' own business (one query)."""
    statement = sa.select(Application.cohort_id, Application.state, sa.func.count())
    wanted = Application.cohort_id.in_([cohort.id for cohort in cohorts]), Application.state != ApplicationState.DRAFT
    found: dict[int, dict[ApplicationState, int]] = {}
    for cohort_id, state, count in session.execute(
        statement.where(*wanted).group_by(Application.cohort_id, Application.state)
    ):
        found.setdefault(cohort_id or 0, {})[ApplicationState(state)] = count
    return found


def save_cohort(
    session: DbSession, actor: Actor, values: CohortValues, cohort: Cohort | None = None, *, version: int | None = None
) -> Cohort:
    """Begin a cohort, or change one.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: ``name-missing``; ``closes-before``: its last day is before its first; ``begins-before``: it is to
            begin before one can no longer apply; ``places``: there are none.
        Conflict: ``cohort-changed``: somebody else changed it meanwhile.
    """
    require(actor, Permission.STAFF)
    _check(values)
    if cohort is None:
        cohort = Cohort(code=_code(session, values))
        session.add(cohort)
    elif version is not None and cohort.version != version:
        raise Conflict("cohort-changed")
    cohort.names = {language: text for language, text in values.names.items() if text}
    cohort.site = values.site
    cohort.opens_on, cohort.closes_on, cohort.begins_on = values.opens_on, values.closes_on, values.begins_on
    cohort.places = values.places
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("cohort-changed") from None
    return cohort


def _check(values: CohortValues) -> None:
    if not any(values.names.values()):
        raise Invalid("name-missing")
    if values.closes_on < values.opens_on:
        raise Invalid("closes-before")
    if values.begins_on is not None and values.begins_on <= values.closes_on:
        raise Invalid("begins-before")
    if values.places is not None and values.places < 1:
        raise Invalid("places")


def _code(session: DbSession, values: CohortValues) -> str:
    """What its address carries: its park and the month in which it closes; numbered if there are several."""
    base = "-".join([*([values.site.code] if values.site else ["all"]), f"{values.closes_on:%Y-%m}"])[:36]
    taken = set(session.scalars(sa.select(Cohort.code).where(Cohort.code.startswith(base, autoescape=True))))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)


def _with_site() -> sa.Select[Cohort]:
    return sa.select(Cohort).options(joinedload(Cohort.site))
