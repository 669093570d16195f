"""What can be changed of many profiles at once, and how: the fields, the actions, and what each does to one profile.

Needs and offers are not among the fields: they hold for a time from the day on which a member says them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import Invalid, NotFound
from webapp.models import DbSession, Partner, PublicationState, Region, Startup, Term, utc_now
from webapp.services.profile_fields import (
    PARTNER_FIELDS,
    STARTUP_FIELDS,
    ProfileField,
    ValueKind,
    field_table,
    fields_of,
)
from webapp.services.profile_values import read_value, write_values
from webapp.services.revisions import missing_fields

SET, ADD, REMOVE, CLEAR = "set", "add", "remove", "clear"
STATE, VERIFIED, CONFIRMED = "state", "verified_on", "confirmed_on"
"""Columns beside the fields of the profile's pages."""

_FIELDS: Mapping[str, tuple[ProfileField, ...]] = {Startup.noun: STARTUP_FIELDS, Partner.noun: PARTNER_FIELDS}
_KINDS = frozenset({ValueKind.TERMS, ValueKind.REGION, ValueKind.COUNTRY})
_STATES = (PublicationState.PUBLISHED.value, PublicationState.WITHDRAWN.value)


@dataclass(frozen=True)
class Operation:
    """What is done to a field."""

    field: str
    action: str
    value: str = ""
    """A code; nothing where the action needs none."""

    def stored(self) -> dict[str, Any]:
        """The same for the record."""
        return {"field": self.field, "action": self.action, "value": self.value}


@dataclass(frozen=True)
class Change:
    """What an operation would do to a profile."""

    profile: Any
    before: dict[str, Any]
    after: dict[str, Any]
    hindrance: str = ""
    """Why it cannot be done, if it cannot: ``full``, ``required``, ``incomplete``, ``ruled-out``, ``no-field``."""


def bulk_fields(noun: str) -> list[str]:
    """The names of the fields that can be changed of many profiles, in the order of their pages.

    Raises:
        NotFound: ``noun``.
    """
    if noun not in _FIELDS:
        raise NotFound("noun")
    fields = [field.name for field in _FIELDS[noun] if field.kind in _KINDS and not field.expires]
    return [*fields, STATE, VERIFIED, CONFIRMED]


def profile_field(noun: str, name: str) -> ProfileField | None:
    """The field of the profile's pages with this name; nothing for a column beside them."""
    return next((field for field in _FIELDS[noun] if field.name == name), None)


def actions_of(noun: str, name: str) -> tuple[str, ...]:
    """What can be done to a field.

    Raises:
        Invalid: ``field``: there is no such field.
    """
    if name not in bulk_fields(noun):
        raise Invalid("field")
    field = profile_field(noun, name)
    if field is None:
        return (SET,) if name in (STATE, VERIFIED) else (CLEAR,)
    if field.kind == ValueKind.TERMS and field.most != 1:
        return (ADD, REMOVE, SET)
    return (SET,) if field.required else (SET, CLEAR)


def check_operation(session: DbSession, noun: str, operation: Operation) -> None:
    """Check that an operation can be done to some profile.

    Raises:
        NotFound: ``noun``.
        Invalid: ``field``, ``action`` or ``value`` is none.
    """
    if operation.action not in actions_of(noun, operation.field):
        raise Invalid("action")
    if operation.action != CLEAR and not _is_value(session, noun, operation):
        raise Invalid("value")


def _is_value(session: DbSession, noun: str, operation: Operation) -> bool:
    field = profile_field(noun, operation.field)
    if field is None:
        return operation.field == VERIFIED or operation.value in _STATES
    if field.kind == ValueKind.TERMS:
        known: Any = sa.select(Term.id).where(Term.kind == field.terms, Term.code == operation.value)
    elif field.kind == ValueKind.REGION:
        known = sa.select(Region.id).where(Region.code == operation.value)
    else:
        return len(operation.value) == len("xx") and operation.value.isascii() and operation.value.isalpha()
    return session.scalar(known) is not None


def changed_by(profile: Startup | Partner, operation: Operation, today: date) -> Change:
    """What an operation would do to a profile; nothing is changed."""
    name, field = operation.field, field_table(profile).get(operation.field)
    if field is None and profile_field(profile.noun, name) is not None:
        return Change(profile, {}, {}, "no-field")
    before = read_state(profile, name)
    if field is None:
        after = _columns_after(profile, operation, before, today)
        becomes_public = after.get(STATE) == PublicationState.PUBLISHED and before != after
        return Change(profile, before, after, "incomplete" if becomes_public and _is_incomplete(profile) else "")
    value = _value_after(field, operation, before[name])
    return Change(profile, before, {name: value}, _hindrance(profile, field, before[name], value))


def _value_after(field: ProfileField, operation: Operation, before: Any) -> Any:
    if field.kind != ValueKind.TERMS:
        return None if operation.action == CLEAR else operation.value
    if operation.action == ADD:
        return before if operation.value in before else [*before, operation.value]
    if operation.action == REMOVE:
        return [code for code in before if code != operation.value]
    return [] if operation.action == CLEAR else [operation.value]


def _hindrance(profile: Startup | Partner, field: ProfileField, before: Any, value: Any) -> str:
    if value == before:
        return ""
    if isinstance(value, list):
        if field.most and len(value) > field.most:
            return "full"
        if _is_on_other_side(profile, field, value):
            return "ruled-out"
    return "required" if field.required and not value else ""


def _is_on_other_side(profile: Startup | Partner, field: ProfileField, value: Sequence[str]) -> bool:
    """Whether a partner would both seek a sector and rule it out."""
    other = {"sectors": "excluded_sectors", "excluded_sectors": "sectors"}.get(field.name, "")
    table = field_table(profile)
    return other in table and bool(set(value) & set(read_value(profile, table[other])))


def _is_incomplete(profile: Startup | Partner) -> bool:
    """Whether it lacks what a profile is not published without."""
    names = {"name_latin": profile.name_latin, "name_arabic": profile.name_arabic}
    required = {field.name: read_value(profile, field) for field in fields_of(profile) if field.required}
    return bool(missing_fields(profile, names | required))


def _columns_after(
    profile: Startup | Partner, operation: Operation, before: dict[str, Any], today: date
) -> dict[str, Any]:
    if operation.field == STATE:
        if operation.value == PublicationState.WITHDRAWN and profile.state == PublicationState.DRAFT:
            return before  # What was never public cannot be withdrawn.
        return {STATE: operation.value}
    return {operation.field: today.isoformat() if operation.action == SET else None}


def read_state(profile: Startup | Partner, name: str) -> dict[str, Any]:
    """What a profile says in a field, as a record keeps it."""
    field = field_table(profile).get(name)
    if field is not None:
        return {name: read_value(profile, field)}
    if name == STATE:
        return {STATE: profile.state.value if isinstance(profile.state, PublicationState) else str(profile.state)}
    day = getattr(profile, name)
    return {name: day.isoformat() if day else None}


def write_state(
    session: DbSession, profile: Startup | Partner, name: str, said: Mapping[str, Any], today: date
) -> None:
    """Let a profile say this."""
    if name in field_table(profile):
        write_values(session, profile, said, today=today)
    elif name == STATE:
        profile.state = PublicationState(said[STATE])
        if profile.is_published and profile.published_at is None:
            profile.published_at = utc_now()
    else:
        day = said[name]
        setattr(profile, name, date.fromisoformat(day) if day else None)
