"""What becomes of an accepted application: a profile with all that was typed, its owner, its entry into the park."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid
from webapp.models import (
    Application,
    ApplicationState,
    DbSession,
    MembershipRole,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Startup,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.application_fields import is_said, values_for_startup
from webapp.services.application_moves import take, written
from webapp.services.invitations import invite
from webapp.services.memberships import has_members
from webapp.services.organisations import NewOrganisation, create_organisation
from webapp.services.profile_fields import field_table
from webapp.services.profile_values import read_value, write_values
from webapp.services.residency import EventDraft, record_residency


def admit(
    session: DbSession,
    actor: Actor,
    application: Application,
    *,
    startup_id: int | None,
    enters_on: date | None,
    today: date,
) -> Startup:
    """Make the profile of an applicant, or complete the one that they have; invite them; record the entry if it is due.

    What a profile says already stays: it was checked. A new one is a draft until staff publish it.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: ``no-such-startup``; ``company-number-taken``: by another profile, which should be chosen instead.
    """
    require(actor, Permission.STAFF)
    known = startup_id or application.startup_id
    startup = session.get(Startup, known) if known else _create(session, actor, application, today)
    if startup is None:
        raise Invalid("no-such-startup")
    _complete(session, startup, application, today)
    application.startup, application.enters_on = startup, enters_on
    session.flush()
    if not has_members(session, startup):
        # Where somebody acts for the profile already, they decide who else does.
        with suppress(Conflict):
            invite(session, actor, startup, application.email, MembershipRole.OWNER, language=application.language)
    if enters_on is not None and enters_on <= today:
        _enter(session, actor, application, startup, enters_on, today)
    return startup


def record_entry(
    session: DbSession, actor: Actor, application: Application, *, on: date, version: int | None, today: date
) -> None:
    """Record that an accepted applicant has entered its park.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``application-changed``: it is not accepted, its profile is gone, or it entered already.
        Invalid: ``not-yet``: the day has not come.
    """
    require(actor, Permission.STAFF)
    take(session, application, version)
    startup = application.startup
    if application.state != ApplicationState.ACCEPTED or startup is None or has_entered(session, application):
        raise Conflict("application-changed", state=str(application.state))
    if on > today:
        raise Invalid("not-yet", on=on)
    application.enters_on = on
    _enter(session, actor, application, startup, on, today)
    written(session)


def has_entered(session: DbSession, application: Application) -> bool:
    """Whether the startup of an accepted application has been in the park that it applied for since."""
    startup, since = application.startup, application.enters_on or application.decided_at
    if startup is None or application.site_id is None or since is None:
        return False
    if startup.residency == Residency.RESIDENT and application.site_id in {site.id for site in startup.sites}:
        return True
    events = sa.select(ResidencyEvent.id).filter_by(startup_id=startup.id, site_id=application.site_id)
    day = since.date() if isinstance(since, datetime) else since
    return session.scalar(events.where(ResidencyEvent.on >= day).limit(1)) is not None


def _create(session: DbSession, actor: Actor, application: Application, today: date) -> Startup:
    values = application.values
    region = application.site.region.code if application.site else None
    new = NewOrganisation(
        noun=Startup.noun,
        language=application.language,
        text=values.get("pitch", ""),
        name_latin=values.get("name_latin"),
        name_arabic=values.get("name_arabic"),
        region=region,
        company_number=values.get("company_number"),
    )
    startup = create_organisation(session, actor, new, today=today, as_owner=False)
    if not isinstance(startup, Startup):
        raise TypeError(startup)
    startup.is_demo = application.is_demo
    return startup


def _complete(session: DbSession, startup: Startup, application: Application, today: date) -> None:
    """Write what the profile does not say yet."""
    fields = field_table(startup)
    said = values_for_startup(application.values, application.language)
    number = said.get("company_number")
    if number and not startup.company_number:
        taken = sa.select(Startup.id).where(Startup.company_number == number, Startup.id != startup.id)
        if session.scalar(taken) is not None:
            raise Invalid("company-number-taken")
    new = {name: value for name, value in said.items() if not is_said(read_value(startup, fields[name]) or None)}
    write_values(session, startup, new, today=today)


def _enter(session: DbSession, actor: Actor, application: Application, startup: Startup, on: date, today: date) -> None:
    if application.site is None:
        return
    # Whoever sits there already needs no entry.
    with suppress(Invalid):
        entry = EventDraft(on, ResidencyEventKind.ENTERED, application.site)
        record_residency(session, actor, startup, entry, today=today)
