"""Revisions: the changes of a profile that its members write together until staff publish them, and its history.

A profile has at most one open revision. Two who write to the same page of it at a time are told so; what one of them
would overwrite is recognised by a mark of what their page showed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, Partner, PublicationState, Revision, RevisionState, Startup, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.memberships import lock_members
from webapp.services.network import get_network
from webapp.services.profile_fields import RANGES, fields_in, fields_of
from webapp.services.profile_values import Values, normal, only_changed, proposed_values

AMOUNTS = frozenset(name for pair in RANGES for name in pair)
OPEN = (RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.RETURNED)


def open_revision(session: DbSession, profile: Startup | Partner) -> Revision | None:
    """The revision that is being written or reviewed."""
    statement = sa.select(Revision).filter_by(**Revision.columns_for(profile)).where(Revision.state.in_(OPEN))
    return session.scalar(statement.execution_options(populate_existing=True))


def current_values(session: DbSession, profile: Startup | Partner) -> dict[str, Any]:
    """What all fields say with the open revision, if there is one."""
    revision = open_revision(session, profile)
    return proposed_values(profile, revision.changes if revision else {})


def mark_of_section(profile: Startup | Partner, section: str, values: Values) -> str:
    """A mark that changes with what a page of the profile says."""
    said = {field.name: values.get(field.name) for field in fields_in(profile, section)}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_section(
    session: DbSession, actor: Actor, profile: Startup | Partner, section: str, values: Values, *, mark: str
) -> Revision | None:
    """Write what a page of the profile says into the open revision, which is begun if need be.

    Saying the same twice changes nothing. Values equal to the published ones are no changes.

    Args:
        values: the page's fields by name; fields that are left out stay as they are.
        mark: what ``mark_of_section`` gave when the page was shown.

    Returns:
        The open revision; nothing if there is none because nothing differs from the row.

    Raises:
        NotAllowed: the actor does not edit the profile.
        Conflict: ``changed-meanwhile``: somebody else saved other values since; ``in-review``: it lies with staff.
        Invalid: ``range-reversed`` or ``company-number-taken`` (``field``).
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    _lock(session, profile)
    revision = open_revision(session, profile)
    present = proposed_values(profile, revision.changes if revision else {})
    fields = {field.name: field for field in fields_in(profile, section)}
    names = set(fields)
    wanted = present | {name: normal(fields[name], value) for name, value in values.items() if name in names}
    if "currency" in names and not wanted["currency"] and any(wanted[name] for name in AMOUNTS & names):
        wanted["currency"] = _usual_currency(session)
    if all(wanted[name] == present[name] for name in names):
        return revision
    if mark != mark_of_section(profile, section, present):
        raise Conflict("changed-meanwhile", section=section)
    if revision and revision.state == RevisionState.SUBMITTED and not actor.is_staff:
        raise Conflict("in-review")
    check_values(session, profile, wanted, names)
    return _write(session, actor, profile, revision, only_changed(profile, wanted))


def check_values(session: DbSession, profile: Startup | Partner, values: Values, names: Collection[str]) -> None:
    """Check what one field alone cannot tell.

    Raises:
        Invalid: see ``save_section``.
    """
    for least, most in RANGES:
        if least in names and values.get(least) and values.get(most) and values[least] > values[most]:
            raise Invalid("range-reversed", field=most)
    both = set(values.get("excluded_sectors") or ()) & set(values.get("sectors") or ())
    if "excluded_sectors" in names and both:
        raise Invalid("sought-and-excluded", field="excluded_sectors", codes=sorted(both))
    number = values.get("company_number")
    if "company_number" in names and number and isinstance(profile, Startup):
        taken = sa.select(Startup.id).where(Startup.company_number == number, Startup.id != profile.id)
        if session.scalar(taken):
            raise Invalid("company-number-taken", field="company_number")


def missing_fields(profile: Startup | Partner, values: Values) -> list[str]:
    """The fields without which a profile is not published, as far as these values lack them."""
    missing = [] if values.get("name_latin") or values.get("name_arabic") else ["name_latin"]
    return missing + [field.name for field in fields_of(profile) if field.required and not values.get(field.name)]


def submit(session: DbSession, actor: Actor, profile: Startup | Partner) -> Revision:
    """Hand the open revision to staff. Doing it twice is doing it once.

    Raises:
        NotAllowed: the actor does not edit the profile.
        Invalid: ``incomplete``: fields are missing (``missing``).
        Conflict: ``nothing-to-submit``: nothing differs from what is published.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    _lock(session, profile)
    revision = open_revision(session, profile)
    if revision and revision.state == RevisionState.SUBMITTED:
        return revision
    if not (revision and revision.changes) and profile.state != PublicationState.DRAFT:
        raise Conflict("nothing-to-submit")
    if missing := missing_fields(profile, proposed_values(profile, revision.changes if revision else {})):
        raise Invalid("incomplete", missing=missing)
    revision = revision or _begin(session, actor, profile)
    revision.state, revision.submitted_at = RevisionState.SUBMITTED, utc_now()
    if actor.role_in(profile) is not None:
        revision.author_id = actor.person_id  # a member who hands it over stands by all of it
    _flush(session)
    return revision


def take_back(session: DbSession, actor: Actor, profile: Startup | Partner) -> Revision:
    """Take a submitted revision back from staff to go on editing.

    Raises:
        NotAllowed: the actor does not edit the profile.
        Conflict: ``decided-meanwhile``: staff were quicker.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    _lock(session, profile)
    revision = open_revision(session, profile)
    if revision is None:
        raise Conflict("decided-meanwhile")
    if revision.state == RevisionState.SUBMITTED:
        revision.state, revision.submitted_at = RevisionState.DRAFT, None
        _flush(session)
    return revision


def discard(session: DbSession, actor: Actor, profile: Startup | Partner) -> None:
    """Drop all changes that are not published. Doing it twice is doing it once.

    Raises:
        NotAllowed: the actor does not edit the profile.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    _lock(session, profile)
    revision = open_revision(session, profile)
    if revision is not None:
        revision.state = RevisionState.DISCARDED
        _flush(session)


def history(session: DbSession, actor: Actor, profile: Startup | Partner) -> list[Revision]:
    """The published revisions of a profile, newest first.

    Raises:
        NotAllowed: the actor does not edit the profile.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    of_it = sa.select(Revision).filter_by(**Revision.columns_for(profile), state=RevisionState.PUBLISHED)
    return list(session.scalars(of_it.order_by(Revision.decided_at.desc(), Revision.id.desc())))


def go_back(session: DbSession, actor: Actor, profile: Startup | Partner, revision_id: int) -> Revision:
    """Propose that the profile says again what it said before one of its published revisions.

    What was published after that revision is undone with it; the logo stays, as former files are not kept. The proposal
    is a revision like any other.

    Raises:
        NotAllowed: the actor does not edit the profile.
        NotFound: ``revision``: it has no such published revision.
        Conflict: ``revision-open``: there are changes that must be published or dropped first; ``nothing-to-submit``:
            it says so already.
    """
    require(actor, Permission.EDIT_PROFILE, profile)
    _lock(session, profile)
    revision = open_revision(session, profile)
    if revision and revision.changes:
        raise Conflict("revision-open")
    former: dict[str, Any] = {}
    for published in history(session, actor, profile):
        former |= published.before
        if published.id == revision_id:
            break
    else:
        raise NotFound("revision", id=revision_id)
    former.pop("logo", None)
    changes = only_changed(profile, former)
    if not changes:
        raise Conflict("nothing-to-submit")
    return _write(session, actor, profile, revision, changes) or _begin(session, actor, profile)


def _usual_currency(session: DbSession) -> str | None:
    network = get_network(session)
    return network.currency if network else None


def _lock(session: DbSession, profile: Startup | Partner) -> None:
    """Let nobody else write to the profile's revision until the transaction ends."""
    lock_members(session, profile)
    session.refresh(profile)


def _write(
    session: DbSession, actor: Actor, profile: Startup | Partner, revision: Revision | None, changes: Mapping[str, Any]
) -> Revision | None:
    if revision is None:
        if not changes:
            return None
        revision = _begin(session, actor, profile)
    revision.changes, revision.author_id, revision.updated_at = dict(changes), actor.person_id, utc_now()
    _flush(session)
    return revision


def _begin(session: DbSession, actor: Actor, profile: Startup | Partner) -> Revision:
    revision = Revision(**Revision.columns_for(profile), changes={}, before={}, author_id=actor.person_id)
    session.add(revision)
    return revision


def _flush(session: DbSession) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("changed-meanwhile") from None
