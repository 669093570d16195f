"""Organisations as those see them who act for them: also before the public does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from stdnum.util import get_cc_module

from webapp.errors import Conflict, Invalid, NotFound
from webapp.language import sort_key
from webapp.models import (
    DbSession,
    Membership,
    MembershipRole,
    Partner,
    PartnerKind,
    Person,
    PublicationState,
    Region,
    Startup,
    Term,
    TermKind,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.memberships import join, lock_members
from webapp.services.network import get_network
from webapp.services.redirects import find_former
from webapp.services.slugs import Slugs

NOUNS: Mapping[str, type[Startup] | type[Partner]] = {Startup.noun: Startup, Partner.noun: Partner}

MOST_DRAFTS = 5
"""How many organisations that were never published somebody may have created."""
PITCH_LENGTH = 140


@dataclass(frozen=True)
class NewOrganisation:
    """What is needed to begin a profile; the rest is added when editing it."""

    noun: str
    language: str
    """Of ``text`` and ``city``."""
    text: str
    """A startup's pitch, a partner's summary."""
    name_latin: str | None = None
    name_arabic: str | None = None
    kind: str | None = None
    """Of a partner."""
    sector: str | None = None
    """Code."""
    region: str | None = None
    """Code."""
    city: str = ""
    website: str | None = None
    company_number: str | None = None
    """Of a startup, as ``read_company_number`` gives it."""

    @property
    def names(self) -> tuple[str | None, str | None]:
        """Its names, Latin first."""
        return self.name_latin, self.name_arabic


def get_organisation(
    session: DbSession, actor: Actor, noun: str, slug: str, permission: Permission = Permission.EDIT_PROFILE
) -> Startup | Partner:
    """A startup or a partner, whether published or not, for somebody who acts for it or for the network.

    Raises:
        NotFound: ``organisation``: there is none, or the actor has nothing to do with it and must not learn of it.
        NotAllowed: they are a member, but may not do this.
    """
    found = _by_slug(session, noun, slug)
    if found is None or not can(actor, Permission.EDIT_PROFILE, found):
        raise NotFound("organisation", noun=noun, slug=slug)
    require(actor, permission, found)
    return found


def own_organisations(session: DbSession, actor: Actor) -> list[Startup | Partner]:
    """The organisations that an actor acts for, startups first, by name; one query for each noun."""
    found: list[Startup | Partner] = []
    for noun, model in NOUNS.items():
        ids = [row_id for of, row_id in actor.memberships if of == noun]
        if ids:
            found += session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(model.sort_name, model.id))
    return found


def get_published(session: DbSession, noun: str, slug: str) -> Startup | Partner:
    """A startup or a partner that the public sees.

    Raises:
        NotFound: ``organisation``: there is none.
    """
    found = _by_slug(session, noun, slug)
    if found is None or not found.is_published:
        raise NotFound("organisation", noun=noun, slug=slug)
    return found


def _by_slug(session: DbSession, noun: str, slug: str) -> Startup | Partner | None:
    """The organisation at a slug, or else that which was there before: links in old mails still lead to it."""
    model: Any = NOUNS.get(noun)
    if model is None:
        return None
    found: Startup | Partner | None = session.scalar(sa.select(model).where(model.slug == slug))
    return found or find_former(session, noun, slug)


def create_organisation(
    session: DbSession, actor: Actor, new: NewOrganisation, *, today: date, as_owner: bool = True
) -> Startup | Partner:
    """Begin the profile of an organisation as a draft, which nobody sees but its members and staff.

    Whoever creates it is its owner. Creating the same twice gives the first.

    Args:
        today: the day it is where the network is.
        as_owner: staff may also create it for others, without becoming a member.

    Raises:
        NotAllowed: nobody is signed in, or somebody who is not staff creates it for others.
        Invalid: ``name-missing``, ``company-number-taken``, or ``sector``, ``region`` or ``kind`` is unknown.
        Conflict: ``too-many-drafts``: first finish the others (``most``).
    """
    require(actor, Permission.USE_ACCOUNT if as_owner else Permission.STAFF)
    person = _lock_person(session, actor)
    if not any(new.names):
        raise Invalid("name-missing")
    if as_owner:
        mine = _unpublished(session, new.noun, person)
        if (known := next((each for each in mine if each.names == new.names), None)) is not None:
            return known.organisation
        if len(mine) >= MOST_DRAFTS and not actor.is_staff:
            raise Conflict("too-many-drafts", most=MOST_DRAFTS)
    organisation = _insert(session, new, _columns(session, new, today))
    if as_owner:
        join(session, organisation, lock_members(session, organisation), person, MembershipRole.OWNER)
    return organisation


def discard_draft(session: DbSession, actor: Actor, organisation: Startup | Partner) -> None:
    """Delete an organisation that was never published, with its memberships and invitations.

    Raises:
        NotAllowed: the actor does not decide about members.
        Conflict: ``was-published``: others may know it; the park can withdraw it.
    """
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    lock_members(session, organisation)
    session.refresh(organisation)
    if not is_new(organisation):
        raise Conflict("was-published")
    session.delete(organisation)
    session.flush()


def is_new(organisation: Startup | Partner) -> bool:
    """Whether the public has never seen it."""
    return organisation.state == PublicationState.DRAFT and organisation.published_at is None


def read_company_number(session: DbSession, text: str) -> str:
    """A company's number in the form in which it is kept.

    Raises:
        Invalid: ``company-number``: its digits do not fit together.
    """
    network = get_network(session)
    if network is None:
        return text.strip()
    check: Any = get_cc_module(*network.company_number["stdnum"].split("."))
    number: str = check.compact(text)
    if not check.is_valid(number):
        raise Invalid("company-number")
    return number


@dataclass(frozen=True)
class _Draft:
    organisation: Startup | Partner

    @property
    def names(self) -> tuple[str | None, str | None]:
        return self.organisation.name_latin, self.organisation.name_arabic


def _unpublished(session: DbSession, noun: str, person: Person) -> Sequence[_Draft]:
    """The organisations of a noun that a person acts for and that the public has never seen."""
    model = NOUNS[noun]
    column = Membership.startup_id if model is Startup else Membership.partner_id
    theirs = sa.select(column).where(Membership.person_id == person.id, column.is_not(None))
    statement: Any = sa.select(model).where(model.id.in_(theirs), model.published_at.is_(None))
    rows: Sequence[Startup | Partner] = session.scalars(statement).all()
    return [_Draft(row) for row in rows if is_new(row)]


def _lock_person(session: DbSession, actor: Actor) -> Person:
    """Whoever creates; what they create at the same time waits, so that a button pressed twice acts once."""
    nothing = sa.update(Person).where(Person.id == actor.person_id).values(name=Person.name)
    session.execute(nothing.execution_options(synchronize_session=False))
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound("person")
    return person


def _columns(session: DbSession, new: NewOrganisation, today: date) -> dict[str, Any]:
    region = session.scalar(sa.select(Region).where(Region.code == new.region)) if new.region else None
    if new.region and region is None:
        raise Invalid("region")
    network = get_network(session)
    text = "pitch" if new.noun == Startup.noun else "summary"
    columns: dict[str, Any] = {
        "name_latin": new.name_latin,
        "name_arabic": new.name_arabic,
        "sort_name": sort_key(new.name_latin or new.name_arabic or ""),
        "state": PublicationState.DRAFT,
        "description": {},
        text: {new.language: new.text},
        "text_dates": {text: {new.language: today.isoformat()}},
        "city": {new.language: new.city} if new.city else {},
        "country": network.country if network else None,
        "region": region,
        "website": new.website,
    }
    if new.noun == Startup.noun:
        return columns | {"export_markets": [], "sdgs": [], "company_number": new.company_number}
    if new.kind not in PartnerKind.__members__.values():
        raise Invalid("kind")
    return columns | {"kind": new.kind, "languages": [new.language], "geography": [], "pilot_process": {}}


def _insert(session: DbSession, new: NewOrganisation, columns: dict[str, Any]) -> Startup | Partner:
    """Insert the row. A slug that somebody else took in the same moment is made anew."""
    model = NOUNS[new.noun]
    sectors = session.scalars(sa.select(Term).filter_by(kind=TermKind.SECTOR, code=new.sector)).all()
    if new.sector and not sectors:
        raise Invalid("sector")
    if new.company_number and session.scalar(sa.select(Startup.id).filter_by(company_number=new.company_number)):
        raise Invalid("company-number-taken")
    for attempt in range(3):
        organisation = model(slug=Slugs(session, model).make(new.name_latin or new.name_arabic or ""), **columns)
        organisation.set_terms(TermKind.SECTOR, list(sectors))
        try:
            with session.begin_nested():
                session.add(organisation)
        except IntegrityError:
            if attempt == 2:
                raise Conflict("organisation-exists") from None
        else:
            return organisation
    raise Conflict("organisation-exists")
