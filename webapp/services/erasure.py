"""Erasing a person: everything that says who they were goes, anonymous counts stay.

What refers to a person says by its foreign key what becomes of it: ``SET NULL`` rows stay without them, ``CASCADE``
rows go. So a new table is covered from its first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict
from webapp.models import (
    Account,
    Base,
    DayFeedback,
    DbSession,
    Introduction,
    Invitation,
    MailState,
    Membership,
    NetworkRole,
    OutgoingMail,
    Partner,
    Person,
    Role,
    Startup,
    utc_now,
)
from webapp.permissions import SYSTEM, Actor, OrganisationKey, Permission, require
from webapp.services.actors import memberships_of
from webapp.services.application_forgetting import forget_applications_of
from webapp.services.challenge_forgetting import leave_answers
from webapp.services.introduction_moves import ENDED, Move, allowed_moves
from webapp.services.introductions import move
from webapp.services.mail import order_mail_to
from webapp.services.succession import Ownerless, check_choices, list_ownerless, lock_organisations, settle

FAREWELL = "account-erased"
"""The mail that says that it is done; the only thing that still knows the address, until it is sent."""

_LEAVING = (Move.WITHDRAW, Move.DECLINE, Move.CLOSE)
"""How to end an introduction, in the order in which one tries; the other side reads a courteous general answer."""


def erase_person(
    session: DbSession,
    actor: Actor,
    person: Person,
    *,
    today: date,
    choices: Mapping[OrganisationKey, str] | None = None,
) -> None:
    """Erase a person and their account. Nothing happens if that was done before.

    Args:
        session: everything happens in its transaction.
        actor: the person, or the system.
        person: who goes.
        today: the day it is where the network is.
        choices: what becomes of each organisation of ``list_ownerless``; the system takes the first choice of each.

    Raises:
        NotAllowed: the actor is somebody else.
        Conflict: ``last-administrator``: nobody would be left to decide who works for the network.
        Invalid: ``choice``: one is missing, or no longer possible (``organisation``).
    """
    require(actor, Permission.USE_ACCOUNT)
    if actor != SYSTEM and actor.person_id != person.id:
        require(actor, Permission.ADMINISTER)
    session.refresh(person, with_for_update=True)
    if person.erased_at is not None:
        return
    lock_organisations(session, person)
    account = session.scalar(sa.select(Account).filter_by(person_id=person.id))
    if account is not None:
        _check_administrators(session, account)
    ownerless = list_ownerless(session, person)
    _leave(session, person, ownerless, check_choices(ownerless, choices or {}, actor), today)
    _say_farewell(session, person, account)
    _forget(session, person, account)


def _leave(
    session: DbSession,
    person: Person,
    ownerless: Sequence[Ownerless],
    chosen: Mapping[OrganisationKey, str],
    today: date,
) -> None:
    """End what the person has under way with others, and settle what they leave behind."""
    _leave_introductions(session, person, {each.key for each in ownerless if not each.others}, today)
    leave_answers(session, person)
    for each in ownerless:
        settle(session, each, chosen[each.key])


def delete_unconfirmed(session: DbSession, account: Account) -> bool:
    """Delete a sign-up that nobody confirmed, unless somebody made its person a member meanwhile; whether it went."""
    person = account.person
    if session.scalar(sa.select(Membership.id).filter_by(person_id=person.id).limit(1)) is not None:
        return False
    session.delete(account)
    session.flush()
    session.delete(person)
    session.flush()
    return True


def _check_administrators(session: DbSession, account: Account) -> None:
    if NetworkRole.ADMINISTRATOR not in account.network_roles:
        return
    others = sa.select(Account.id).where(Account.roles.any(Role.name == NetworkRole.ADMINISTRATOR))
    if session.scalar(others.where(Account.id != account.id, Account.active).limit(1)) is None:
        raise Conflict("last-administrator")


def _leave_introductions(session: DbSession, person: Person, abandoned: set[OrganisationKey], today: date) -> None:
    """End what the person asked for or agreed to, and what nobody would be left to answer for."""
    startups = [id_ for noun, id_ in abandoned if noun == Startup.noun]
    partners = [id_ for noun, id_ in abandoned if noun == Partner.noun]
    mine = sa.or_(
        Introduction.requester_id == person.id,
        Introduction.answerer_id == person.id,
        Introduction.startup_id.in_(startups),
        Introduction.partner_id.in_(partners),
    )
    leaver = Actor("person", 0, person.id, memberships_of(session, person.id))
    statement = sa.select(Introduction).where(mine, Introduction.state.not_in(ENDED)).order_by(Introduction.id)
    for introduction in session.scalars(statement).all():
        possible = allowed_moves(leaver, introduction)
        way = next((each for each in _LEAVING if each in possible), None)
        if way is not None:
            move(session, leaver, introduction, way, today=today)
    for introduction in session.scalars(sa.select(Introduction).where(mine)).all():
        _blank_texts(introduction, person)


def _blank_texts(introduction: Introduction, person: Person) -> None:
    """Take away what the person wrote in an introduction."""
    if introduction.requester_id == person.id:
        introduction.reason = introduction.message = introduction.return_note = ""
    if introduction.answerer_id == person.id:
        introduction.decline_note = ""
    introduction.staff_note = ""
    if introduction.meeting is not None:
        introduction.meeting.place = ""


def _say_farewell(session: DbSession, person: Person, account: Account | None) -> None:
    address = account.email if account is not None and account.confirmed_at else person.email
    if address:
        order_mail_to(session, FAREWELL, address, person.language)


def _forget(session: DbSession, person: Person, account: Account | None) -> None:
    """Everything: mails, invitations, whatever refers to the person or the account, and what their own row says."""
    addresses = {person.email.lower(), account.email.lower() if account is not None else ""} - {""}
    _forget_mails(session, person, addresses)
    forget_applications_of(session, addresses)
    session.execute(sa.update(DayFeedback).where(DayFeedback.person_id == person.id).values(comment=""))
    invited = sa.func.lower(Invitation.email).in_(addresses)
    session.execute(sa.delete(Invitation).where(invited))
    for table in Base.metadata.sorted_tables:
        if table.name not in (Account.__tablename__, OutgoingMail.__tablename__):
            _unlink(session, table, Person.__table__.c.id, person.id)
    if account is not None:
        session.flush()
        session.expire(account)
        session.delete(account)
        session.flush()
    person.name = person.position = person.email = ""
    person.phone, person.erased_at = None, utc_now()
    session.flush()
    session.expire_all()


def _forget_mails(session: DbSession, person: Person, addresses: set[str]) -> None:
    """Waiting mails are cancelled; all lose address and content. The farewell goes to nobody in particular."""
    theirs = sa.or_(OutgoingMail.person_id == person.id, sa.func.lower(OutgoingMail.address).in_(addresses))
    theirs = sa.and_(theirs, OutgoingMail.kind != FAREWELL)
    waiting = sa.and_(theirs, OutgoingMail.state == MailState.WAITING)
    session.execute(sa.update(OutgoingMail).where(waiting).values(state=MailState.CANCELLED))
    blank: dict[str, Any] = {"address": "", "values": {}, "error": None, "person_id": None}
    session.execute(sa.update(OutgoingMail).where(theirs).values(blank))


def _unlink(session: DbSession, table: sa.Table, target: Any, id_: int) -> None:
    """Do with a table's rows what the database would do if the row that they refer to were deleted."""
    for key in table.foreign_keys:
        if key.column is not target:
            continue
        if key.ondelete == "CASCADE":
            session.execute(sa.delete(table).where(key.parent == id_))
        else:
            kept = {"updated_at": table.c.updated_at} if "updated_at" in table.c else {}
            session.execute(sa.update(table).where(key.parent == id_).values({key.parent.name: None, **kept}))
