"""Review: staff look at the changes of a profile, publish them or give them back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import (
    DbSession,
    Membership,
    Partner,
    PublicationState,
    Revision,
    RevisionState,
    Startup,
    touch,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.actors import members_of
from webapp.services.mail import order_mails
from webapp.services.memberships import lock_members
from webapp.services.profile_fields import ProfileField, fields_of
from webapp.services.profile_values import Values, normal, only_changed, proposed_values, read_values, write_values
from webapp.services.revisions import OPEN, check_values, missing_fields, submit

NOTE_LENGTH = 2000
EVIDENCE_LENGTH = 1000


@dataclass(frozen=True)
class FieldChange:
    """A field that changes, with its values before and after."""

    field: ProfileField
    old: Any
    new: Any


def differences(profile: Startup | Partner, old: Values, new: Values) -> list[FieldChange]:
    """The fields in which two sets of values differ, in the order of the profile's pages; fields left out are equal."""
    found = []
    for field in fields_of(profile):
        if field.name in new:
            before, after = normal(field, old.get(field.name)), normal(field, new[field.name])
            if before != after:
                found.append(FieldChange(field, before, after))
    return found


def differences_of(revision: Revision) -> list[FieldChange]:
    """What a revision changes: of an open one to what the profile says now, of a published one to what it said then."""
    profile = revision.organisation
    if revision.state in OPEN:
        return differences(profile, read_values(profile), revision.changes)
    return differences(profile, revision.before, revision.changes)


def list_waiting_reviews(session: DbSession, actor: Actor) -> list[Revision]:
    """The submitted revisions, oldest first.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    waiting = sa.select(Revision).filter_by(state=RevisionState.SUBMITTED)
    return list(session.scalars(waiting.order_by(Revision.submitted_at, Revision.id)))


def count_waiting_reviews(session: DbSession) -> int:
    """How many revisions wait for staff."""
    waiting = sa.select(sa.func.count()).select_from(Revision).where(Revision.state == RevisionState.SUBMITTED)
    return session.scalar(waiting) or 0


def get_review(session: DbSession, actor: Actor, revision_id: int) -> Revision:
    """A revision, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``revision``: there is none.
    """
    require(actor, Permission.STAFF)
    revision = session.get(Revision, revision_id)
    if revision is None:
        raise NotFound("revision", id=revision_id)
    return revision


def publish(
    session: DbSession,
    actor: Actor,
    revision: Revision,
    *,
    version: int,
    today: date,
    verified: bool = False,
    evidence: str = "",
) -> None:
    """Let the profile say what a revision proposes; its first one makes it public. Its members are told by mail.

    Args:
        version: of the revision as the actor saw it.
        today: the day it is where the network is.
        verified: whether staff checked the profile against evidence.
        evidence: against which, in words and links; kept with the revision, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``revision-changed``: it is no longer as they saw it (``state``).
        Invalid: ``incomplete`` (``missing``), or another rule of ``check_values``.
    """
    require(actor, Permission.STAFF)
    profile = _take(session, revision, version)
    values = proposed_values(profile, revision.changes)
    if missing := missing_fields(profile, values):
        raise Invalid("incomplete", missing=missing)
    changes = only_changed(profile, revision.changes)
    check_values(session, profile, values, set(changes))
    present = read_values(profile)
    by_member = _is_by_member(session, revision, profile)
    write_values(session, profile, changes, today=today)
    _make_public(profile, today=today, confirmed=by_member, verified=verified)
    revision.before, revision.changes = {name: present[name] for name in changes}, changes
    revision.evidence = evidence.strip()[:EVIDENCE_LENGTH] if verified else ""
    _decide(session, actor, revision, RevisionState.PUBLISHED)
    touch(profile)
    others = [person for person in members_of(session, profile) if person.id != actor.person_id]
    order_mails(session, "profile-published", others, {"revision_id": revision.id})


def give_back(session: DbSession, actor: Actor, revision: Revision, *, version: int, note: str) -> None:
    """Return a revision to the members with a reason; they are told by mail.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: ``note``: there is no reason.
        Conflict: ``revision-changed``: it is no longer as the actor saw it (``state``).
    """
    require(actor, Permission.STAFF)
    if not note.strip():
        raise Invalid("note")
    profile = _take(session, revision, version)
    revision.note = note.strip()[:NOTE_LENGTH]
    _decide(session, actor, revision, RevisionState.RETURNED)
    order_mails(session, "profile-returned", members_of(session, profile), {"revision_id": revision.id})


def publish_directly(
    session: DbSession, actor: Actor, profile: Startup | Partner, *, today: date, verified: bool = False
) -> Revision:
    """Publish what staff have edited themselves, without a review.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict, Invalid: as ``submit`` and ``publish``.
    """
    require(actor, Permission.STAFF)
    revision = submit(session, actor, profile)
    publish(session, actor, revision, version=revision.version, today=today, verified=verified)
    return revision


def verify(session: DbSession, actor: Actor, profile: Startup | Partner, *, today: date, evidence: str = "") -> None:
    """Note that staff have checked a profile against evidence today; what that was stands in its history.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    profile.verified_on = today
    if evidence := evidence.strip()[:EVIDENCE_LENGTH]:
        values = {"state": RevisionState.PUBLISHED, "changes": {}, "before": {}, "evidence": evidence}
        noted = Revision(**Revision.columns_for(profile), **values, decided_at=utc_now(), decided_by_id=actor.person_id)
        session.add(noted)
    session.flush()


def _take(session: DbSession, revision: Revision, version: int) -> Startup | Partner:
    """The profile of a submitted revision, which nobody else changes until the transaction ends."""
    profile = revision.organisation
    lock_members(session, profile)
    session.refresh(revision)
    session.refresh(profile)
    if revision.state != RevisionState.SUBMITTED or revision.version != version:
        raise Conflict("revision-changed", state=revision.state)
    return profile


def _is_by_member(session: DbSession, revision: Revision, profile: Startup | Partner) -> bool:
    theirs = Membership.columns_for(profile) | {"person_id": revision.author_id}
    return revision.author_id is not None and session.scalar(sa.select(Membership.id).filter_by(**theirs)) is not None


def _make_public(profile: Startup | Partner, *, today: date, confirmed: bool, verified: bool) -> None:
    if confirmed:
        profile.confirmed_on, profile.confirmation_asked_on = today, None
    if verified:
        profile.verified_on = today
    if profile.state == PublicationState.DRAFT:
        profile.state = PublicationState.PUBLISHED
        profile.published_at = profile.published_at or utc_now()


def _decide(session: DbSession, actor: Actor, revision: Revision, state: RevisionState) -> None:
    revision.state, revision.decided_at, revision.decided_by_id = state, utc_now(), actor.person_id
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("revision-changed", state=revision.state) from None
