"""Keeping profiles true: needs and offers that expire, and the yearly question whether a profile is still right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict, NotFound
from webapp.models import (
    DbSession,
    Membership,
    OneTimeLink,
    Partner,
    PartnerTerm,
    Startup,
    StartupTerm,
    Term,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.actors import members_of
from webapp.services.mail import make_link, order_mail
from webapp.services.organisations import NOUNS
from webapp.services.profile_fields import fields_of
from webapp.services.profile_values import renew_terms

WARNING_DAYS = 14
"""How long before a need or an offer expires its members are told."""
YEAR = 365
LINK_DAYS = 30
CONFIRM, RENEW = "profile-confirm", "needs-renew"
"""What links do; the noun of the profile follows after a colon."""

_MODELS: tuple[tuple[type[Startup] | type[Partner], Any], ...] = ((Startup, StartupTerm), (Partner, PartnerTerm))


@dataclass(frozen=True)
class Freshened:
    """What a night did."""

    expired: int = 0
    """Needs and offers that were taken away."""
    warned: int = 0
    """Profiles whose members were told that some expire soon."""
    asked: int = 0
    """Profiles whose members were asked whether they are still right."""


def purpose_of(kind: str, profile: Startup | Partner | type[Startup] | type[Partner]) -> str:
    """The purpose of links that confirm or renew a profile."""
    return f"{kind}:{profile.noun}"


def nightly_freshness(session: DbSession, today: date) -> Freshened:
    """Take away what has expired, tell of what expires soon, ask whether profiles are still right.

    Doing it twice a day sends nothing twice.

    Args:
        today: the day it is where the network is.
    """
    expired = sum(_expire(session, link_model, today) for _, link_model in _MODELS)
    warned = sum(_warn(session, model, link_model, today) for model, link_model in _MODELS)
    asked = sum(_ask(session, model, today) for model, _ in _MODELS)
    return Freshened(expired, warned, asked)


def confirm_profile(session: DbSession, actor: Actor, profile: Startup | Partner, *, today: date) -> None:
    """Note that a profile is still right, its needs and offers included.

    Raises:
        NotAllowed: the actor does not edit the profile.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    profile.confirmed_on, profile.confirmation_asked_on = today, None
    renew_needs(session, actor, profile, today=today)


def renew_needs(session: DbSession, actor: Actor, profile: Startup | Partner, *, today: date) -> int:
    """Let the needs and offers of a profile hold for their time from today; gives how many there are.

    Raises:
        NotAllowed: the actor does not edit the profile.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    for field in fields_of(profile):
        if field.expires:
            renew_terms(profile, field, today)
    session.flush()
    return len(needs_of(profile))


def needs_of(profile: Startup | Partner) -> list[StartupTerm | PartnerTerm]:
    """The links of those terms of a profile that hold for a time only."""
    kinds = {field.term_kind for field in fields_of(profile) if field.expires}
    return [link for link in profile.term_links if link.term.kind in kinds]


def expiring_terms(profile: Startup | Partner, today: date) -> list[Term]:
    """The needs and offers of a profile that hold for two weeks more at most."""
    last = today + timedelta(days=WARNING_DAYS)
    return [link.term for link in needs_of(profile) if link.expires_on and today < link.expires_on <= last]


def profile_of_link(session: DbSession, link: OneTimeLink) -> Startup | Partner:
    """The profile that a link is about.

    Raises:
        NotFound: ``organisation``: it is gone.
        Conflict: ``no-longer-member``: its person does not act for it any more.
    """
    profile = session.get(NOUNS[link.purpose.rpartition(":")[2]], link.subject_id)
    if not isinstance(profile, Startup | Partner):
        raise NotFound("organisation")
    theirs = Membership.columns_for(profile) | {"person_id": link.person_id}
    if session.scalar(sa.select(Membership.id).filter_by(**theirs)) is None:
        raise Conflict("no-longer-member")
    return profile


def _expire(session: DbSession, link_model: Any, today: date) -> int:
    gone = session.scalars(sa.select(link_model).where(link_model.expires_on <= today)).all()
    for link in gone:
        owner = getattr(link, "startup", None) or link.partner
        owner.term_links.remove(link)
    session.flush()
    return len(gone)


def _warn(session: DbSession, model: type[Startup] | type[Partner], link_model: Any, today: date) -> int:
    last = today + timedelta(days=WARNING_DAYS)
    soon = sa.select(_owner(model, link_model)).where(link_model.expires_on > today, link_model.expires_on <= last)
    told = sa.select(OneTimeLink.subject_id).where(
        OneTimeLink.purpose == purpose_of(RENEW, model),
        OneTimeLink.created_at > utc_now() - timedelta(days=WARNING_DAYS),
    )
    profiles = session.scalars(model.published().where(model.id.in_(soon), model.id.not_in(told)))
    return sum(_tell(session, profile, RENEW, "needs-expiring", WARNING_DAYS) for profile in profiles.all())


def _ask(session: DbSession, model: type[Startup] | type[Partner], today: date) -> int:
    """Ask the members of profiles that nobody stood by for a year, once a year."""
    year_ago = today - timedelta(days=YEAR)
    column = Membership.startup_id if model is Startup else Membership.partner_id
    long_ago = [
        sa.or_(day.is_(None), day <= year_ago)
        for day in (model.confirmed_on, model.verified_on, model.confirmation_asked_on)
    ]
    with_members = sa.select(column).where(column.is_not(None))
    due = model.published().where(*long_ago, model.id.in_(with_members))
    moment = utc_now() - timedelta(days=YEAR)
    asked = 0
    for profile in session.scalars(due.where(model.published_at <= moment)).all():
        asked += ask_members(session, profile, today)
    return asked


def ask_members(session: DbSession, profile: Startup | Partner, today: date) -> bool:
    """Ask the members of a profile by mail whether it is still right; gives whether there are any."""
    has_members = _tell(session, profile, CONFIRM, "profile-confirm", LINK_DAYS)
    profile.confirmation_asked_on = today
    session.flush()
    return has_members


def _tell(session: DbSession, profile: Startup | Partner, purpose: str, kind: str, days: int) -> bool:
    """Send each member a mail with a link of their own; gives whether there is any."""
    members = members_of(session, profile)
    for person in members:
        link = make_link(session, purpose_of(purpose, profile), profile.id, person=person, valid=timedelta(days=days))
        values = {"noun": profile.noun, "organisation_id": profile.id, "link_id": link.id}
        order_mail(session, kind, person, values)
    return bool(members)


def _owner(model: type[Startup] | type[Partner], link_model: Any) -> Any:
    return link_model.startup_id if model is Startup else link_model.partner_id
