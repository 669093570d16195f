"""The register of non-conformities: what did not go as the network's own rules say, why, and what was done about it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, Nonconformity, utc_now
from webapp.permissions import Actor, Permission, require

TEXTS = ("reference", "subject", "service", "description", "cause", "action", "found_on", "due_on")
COLUMNS = (*TEXTS, "state", "closed_on")
"""Of the register as a file."""


@dataclass(frozen=True)
class NonconformityDraft:
    """What staff write of a non-conformity."""

    subject: str
    description: str
    found_on: date
    service: str = ""
    cause: str = ""
    action: str = ""
    due_on: date | None = None


def list_nonconformities(session: DbSession, actor: Actor, *, is_open: bool | None = None) -> Sequence[Nonconformity]:
    """The register, open ones first, of these what is due first (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    statement = sa.select(Nonconformity).options(joinedload(Nonconformity.opened_by))
    if is_open is not None:
        statement = statement.where(
            Nonconformity.closed_at.is_(None) if is_open else Nonconformity.closed_at.is_not(None)
        )
    order = (Nonconformity.closed_at.is_not(None), Nonconformity.due_on.is_(None), Nonconformity.due_on)
    return session.scalars(statement.order_by(*order, Nonconformity.found_on.desc(), Nonconformity.id.desc())).all()


def nonconformity_rows(rows: Sequence[Nonconformity], today: date) -> Iterator[Mapping[str, Any]]:
    """The register as rows of a file, with the state that its page says."""
    for each in rows:
        is_overdue = each.due_on is not None and each.due_on < today
        state = "closed" if each.closed_at else "overdue" if is_overdue else "open"
        closed_on = each.closed_at.date() if each.closed_at else None
        yield {name: getattr(each, name) for name in TEXTS} | {"state": state, "closed_on": closed_on}


def get_nonconformity(session: DbSession, actor: Actor, reference: str) -> Nonconformity:
    """One of the register.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``nonconformity``.
    """
    require(actor, Permission.STAFF)
    found = session.scalar(sa.select(Nonconformity).filter_by(reference=reference))
    if found is None:
        raise NotFound("nonconformity", reference=reference)
    return found


def open_nonconformity(session: DbSession, actor: Actor, draft: NonconformityDraft, *, today: date) -> Nonconformity:
    """Record a non-conformity.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``not-yet`` (found on a day to come) or ``due-before-found``.
    """
    require(actor, Permission.STAFF)
    found = Nonconformity(reference=secrets.token_hex(4), opened_by_id=actor.person_id)
    _write(found, draft, today)
    session.add(found)
    session.flush()
    return found


def edit_nonconformity(
    session: DbSession, actor: Actor, found: Nonconformity, draft: NonconformityDraft, *, version: int, today: date
) -> None:
    """Change what is written of it.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: as for ``open_nonconformity``.
        Conflict: ``changed-meanwhile``: it is not any more as it was seen.
    """
    require(actor, Permission.STAFF)
    _require_version(found, version)
    _write(found, draft, today)
    _flush(session)


def close_nonconformity(session: DbSession, actor: Actor, found: Nonconformity, *, version: int) -> None:
    """Close it: its cause is known and something was done about it.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``no-cause`` or ``no-action``: without them it cannot be closed.
        Conflict: ``changed-meanwhile``.
    """
    require(actor, Permission.STAFF)
    _require_version(found, version)
    if found.closed_at is not None:
        raise Conflict("changed-meanwhile")
    for name in ("cause", "action"):
        if not getattr(found, name).strip():
            raise Invalid(f"no-{name}")
    found.closed_at, found.closed_by_id = utc_now(), actor.person_id
    _flush(session)


def reopen_nonconformity(session: DbSession, actor: Actor, found: Nonconformity, *, version: int) -> None:
    """Open it again, since it came back.

    Raises:
        NotAllowed: the actor is no staff.
        Conflict: ``changed-meanwhile``.
    """
    require(actor, Permission.STAFF)
    _require_version(found, version)
    found.closed_at = found.closed_by_id = None
    _flush(session)


def _write(found: Nonconformity, draft: NonconformityDraft, today: date) -> None:
    if draft.found_on > today:
        raise Invalid("not-yet")
    if draft.due_on and draft.due_on < draft.found_on:
        raise Invalid("due-before-found")
    for name in ("subject", "description", "service", "cause", "action", "found_on", "due_on"):
        setattr(found, name, getattr(draft, name))


def _require_version(found: Nonconformity, version: int) -> None:
    if found.version != version:
        raise Conflict("changed-meanwhile")


def _flush(session: DbSession) -> None:
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("changed-meanwhile") from error
