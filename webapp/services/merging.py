"""Merging two profiles of one organisation: one says what staff chose of both, has all that belonged to either, and
answers at both addresses; the other is gone, with all that it said kept in a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Container, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, NotFound
from webapp.models import (
    DbSession,
    Membership,
    NotDuplicate,
    Partner,
    ProfileMerge,
    PublicationState,
    Revision,
    RevisionState,
    SlugRedirect,
    Startup,
    touch,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.actors import members_of
from webapp.services.mail import order_mails
from webapp.services.memberships import organisation_values
from webapp.services.merging_checks import hindrances
from webapp.services.merging_fields import chosen_of, field_choices, text_dates
from webapp.services.merging_parts import Merging, move_parts
from webapp.services.organisations import NOUNS
from webapp.services.profile_review import FieldChange, differences
from webapp.services.profile_values import only_changed, proposed_values, read_values, write_values
from webapp.services.redirects import keep_slug
from webapp.services.residency import derive_stays, list_events, refresh_residency
from webapp.services.revisions import check_values
from webapp.services.write_lock import lock_rows


def get_pair(session: DbSession, actor: Actor, noun: str, kept_id: int, gone_id: int) -> Merging:
    """Two profiles that are to be looked at together.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``organisation``: one of them does not exist (any more), or they are the same.
    """
    require(actor, Permission.STAFF)
    model: Any = NOUNS.get(noun)
    kept = session.get(model, kept_id) if model else None
    gone = session.get(model, gone_id) if model else None
    if kept is None or gone is None or kept is gone:
        raise NotFound("organisation", noun=noun)
    return Merging(session, actor, kept, gone)


def suggest_kept(one: Startup | Partner, two: Startup | Partner, with_members: Container[int]) -> Startup | Partner:
    """Which of two to keep unless staff decide otherwise: what the public sees, has members, is known for longer."""
    return max((one, two), key=lambda row: (row.is_published, row.id in with_members, -row.id))


def with_members(session: DbSession, noun: str, ids: Collection[int]) -> set[int]:
    """Those of these profiles for which somebody acts (one query)."""
    column = Membership.startup_id if noun == Startup.noun else Membership.partner_id
    return {row_id for row_id in session.scalars(sa.select(column).where(column.in_(ids)).distinct()) if row_id}


def mark_of(merging: Merging) -> str:
    """A mark that changes with what either profile says."""
    said = [[row.id, row.slug, row.state, read_values(row)] for row in (merging.kept, merging.gone)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def merge(merging: Merging, choices: Mapping[str, str], *, mark: str, today: date) -> ProfileMerge:
    """Merge one profile into another; whoever acted for the one that is gone is told by mail.

    Args:
        merging: from ``get_pair``.
        choices: field -> ``KEPT``, ``GONE`` or ``BOTH``; others as ``field_choices`` suggests.
        mark: what ``mark_of`` gave when staff saw the two.
        today: the day it is where the network is.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``organisation``: one of them was merged meanwhile.
        Conflict: ``changed-meanwhile``: one of them says something else now; or a ``Hindrance``.
        Invalid: together they break a rule of ``check_values``.
    """
    session, actor, kept, gone = merging.session, merging.actor, merging.kept, merging.gone
    require(actor, Permission.STAFF)
    _lock(merging)
    if mark != mark_of(merging):
        raise Conflict("changed-meanwhile")
    for hindrance in hindrances(merging):
        raise Conflict(hindrance.code, **hindrance.values)
    wanted = {each.field.name: each.value(chosen_of(each, choices)) for each in field_choices(merging)}
    dates, told = text_dates(merging, wanted), members_of(session, gone)
    known = {person.id for person in members_of(session, kept)}
    record = _record(merging)
    move_parts(merging)
    _move_addresses(merging)
    standing = _standing(gone)
    session.expire(gone)
    session.expire(kept)
    session.delete(gone)
    session.flush()
    session.add(record)
    _write(merging, wanted, today)
    kept.text_dates = (kept.text_dates or {}) | dates
    _take_standing(kept, standing)
    if isinstance(kept, Startup):
        refresh_residency(kept, derive_stays(list_events(session, kept)), today)
    touch(kept)
    session.flush()
    others = [person for person in told if person.id not in known]
    order_mails(session, "membership-added", others, organisation_values(kept))
    return record


def merges_of(session: DbSession, actor: Actor, profile: Startup | Partner) -> list[ProfileMerge]:
    """What was merged into a profile, the latest first.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    into = sa.select(ProfileMerge).where(ProfileMerge.noun == profile.noun, ProfileMerge.kept_id == profile.id)
    into = into.options(joinedload(ProfileMerge.person)).order_by(ProfileMerge.id.desc())
    return list(session.scalars(into))


def what_was_said(profile: Startup | Partner, record: ProfileMerge) -> list[FieldChange]:
    """All that a profile said that was merged into this one."""
    return differences(profile, {}, record.said)


def _lock(merging: Merging) -> None:
    """Let nobody else change either until the transaction ends. One of them may have been merged meanwhile."""
    session, kept, gone = merging.session, merging.kept, merging.gone
    model, ids = type(kept), (kept.id, gone.id)
    lock_rows(session, model, *ids)
    session.expire(kept)
    session.expire(gone)
    if session.scalar(sa.select(sa.func.count()).where(model.id.in_(ids))) != len(ids):
        raise NotFound("organisation", noun=model.noun)


def _record(merging: Merging) -> ProfileMerge:
    gone = merging.gone
    published = [row for row in merging.rows(Revision, gone) if row.state == RevisionState.PUBLISHED]
    return ProfileMerge(
        noun=gone.noun,
        kept_id=merging.kept.id,
        gone_id=gone.id,
        gone_slug=gone.slug,
        gone_name=gone.name_latin or gone.name_arabic or gone.slug,
        said=read_values(gone) | {"state": str(gone.state)},
        history=[
            {
                "on": row.decided_at.date().isoformat() if row.decided_at else None,
                "changes": row.changes,
                "before": row.before,
            }
            for row in published
        ],
        person_id=merging.actor.person_id,
    )


def _move_addresses(merging: Merging) -> None:
    """Let all former addresses of the profile that goes lead to the one that is kept."""
    session, kept, gone = merging.session, merging.kept, merging.gone
    of_it = sa.select(SlugRedirect).where(SlugRedirect.noun == gone.noun, SlugRedirect.object_id == gone.id)
    for redirect in session.scalars(of_it):
        redirect.object_id = kept.id
    keep_slug(session, kept, gone.slug)
    merged = sa.select(ProfileMerge).where(ProfileMerge.noun == gone.noun, ProfileMerge.kept_id == gone.id)
    for earlier in session.scalars(merged):
        earlier.kept_id = kept.id
    either = sa.or_(NotDuplicate.first_id == gone.id, NotDuplicate.second_id == gone.id)
    for pair in session.scalars(sa.select(NotDuplicate).where(NotDuplicate.noun == gone.noun, either)):
        session.delete(pair)
    session.flush()


def _write(merging: Merging, wanted: Mapping[str, Any], today: date) -> None:
    """Write what was chosen, as a published revision, so that it stands in the history and can be taken back."""
    session, kept = merging.session, merging.kept
    changes, present = only_changed(kept, wanted), read_values(kept)
    if not changes:
        return
    check_values(session, kept, proposed_values(kept, changes), set(changes))
    write_values(session, kept, changes, today=today)
    now = utc_now()
    session.add(
        Revision(
            **Revision.columns_for(kept),
            state=RevisionState.PUBLISHED,
            changes=changes,
            before={name: present[name] for name in changes},
            author_id=merging.actor.person_id,
            decided_by_id=merging.actor.person_id,
            submitted_at=now,
            decided_at=now,
        )
    )


class _Standing(NamedTuple):
    """How a profile stood when it was merged."""

    state: PublicationState
    published_at: Any
    created_at: Any


def _standing(profile: Startup | Partner) -> _Standing:
    return _Standing(profile.state, profile.published_at, profile.created_at)


def _take_standing(kept: Startup | Partner, gone: _Standing) -> None:
    """The better of both: public if either was, known since the earlier day."""
    if gone.state == PublicationState.PUBLISHED and kept.state == PublicationState.DRAFT:
        kept.state = PublicationState.PUBLISHED
    kept.published_at = min(filter(None, (kept.published_at, gone.published_at)), default=None)
    kept.created_at = min(kept.created_at, gone.created_at)


def count_members(merging: Merging) -> dict[int, int]:
    """How many act for either, by the profile's id."""
    return {row.id: len(merging.rows(Membership, row)) for row in (merging.kept, merging.gone)}
