"""Fields, actions and values of bulk edits in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.language import sort_key
from webapp.models import PublicationState
from webapp.services.bulk_fields import (
    ADD,
    CLEAR,
    CONFIRMED,
    REMOVE,
    SET,
    STATE,
    VERIFIED,
    Operation,
    actions_of,
    profile_field,
)
from webapp.services.imports.values import NO_COUNTRIES
from webapp.services.organisations import NOUNS
from webapp.services.profile_fields import ValueKind
from webapp.web.formats import country_name, day, label, number
from webapp.web.forms import unknown_rule
from webapp.web.profile_changes import shown_entry, shown_value
from webapp.web.profile_words import field_name as name_on_page
from webapp.web.site import current_vocabulary

_COLUMNS: Mapping[str, LazyString] = {
    STATE: lazy_gettext("Publication"),
    VERIFIED: lazy_gettext("Verified by the park"),
    CONFIRMED: lazy_gettext("Confirmed by its members"),
}
_STATES: Mapping[str, LazyString] = {
    PublicationState.DRAFT: lazy_gettext("Draft"),
    PublicationState.PUBLISHED: lazy_gettext("Public"),
    PublicationState.WITHDRAWN: lazy_gettext("Withdrawn"),
}
HINDRANCES: Mapping[str, LazyString] = {
    "full": lazy_gettext("has as many already as a profile may have"),
    "required": lazy_gettext("would have none left, and needs one"),
    "incomplete": lazy_gettext("lacks what a profile is not published without"),
    "ruled-out": lazy_gettext("would both seek it and rule it out"),
    "no-field": lazy_gettext("has no such field"),
}


def field_name(noun: str, name: str) -> str:
    """What a field is called."""
    return str(_COLUMNS[name]) if name in _COLUMNS else name_on_page(NOUNS[noun](), name)


def action_name(noun: str, name: str, action: str) -> str:
    """What is done to a field."""
    if name == VERIFIED:
        return gettext("Verified as of today")
    if name == CONFIRMED:
        return gettext("Not confirmed any more")
    if name == STATE:
        return gettext("Change to")
    if action == SET and ADD not in actions_of(noun, name):
        return gettext("Set to")
    return {
        ADD: gettext("Add"),
        REMOVE: gettext("Remove"),
        SET: gettext("Replace all by"),
        CLEAR: gettext("Empty it"),
    }[action]


def values_of(noun: str, name: str) -> list[tuple[str, str]]:
    """Codes and names of what a field can be given; nothing for fields that take no value."""
    if name == STATE:
        return [(code.value, str(_STATES[code])) for code in (PublicationState.PUBLISHED, PublicationState.WITHDRAWN)]
    field = profile_field(noun, name)
    if field is None:
        return []
    if field.kind == ValueKind.COUNTRY:
        locale = get_locale()
        codes = [code for code in (locale.territories if locale else {}) if len(code) == 2 and code.isalpha()]
        named = [(code, country_name(code)) for code in codes if code not in NO_COUNTRIES]
        return sorted(named, key=lambda each: sort_key(each[1]))
    kind = field.terms.value if field.kind == ValueKind.TERMS else "regions"
    return [(code, label(kind, code)) for code in current_vocabulary().codes(kind)]


def shown(noun: str, said: Mapping[str, Any]) -> str:
    """What a profile says, or said, in the field of an edit."""
    for name, value in said.items():
        field = profile_field(noun, name)
        if field is not None and isinstance(value, list):
            return gettext(", ").join(shown_entry(field, code) for code in value)
        if field is not None:
            return shown_value(field, value)
        if name == STATE:
            return str(_STATES[PublicationState(value)])
        return day(date.fromisoformat(value)) if value else ""
    return ""


def operation_text(noun: str, operation: Operation) -> str:
    """What is done, in a line."""
    name = field_name(noun, operation.field)
    if operation.field in (VERIFIED, CONFIRMED) or operation.action == CLEAR:
        return gettext("%(field)s: %(action)s", field=name, action=action_name(noun, operation.field, operation.action))
    values = dict(values_of(noun, operation.field))
    return gettext(
        "%(field)s: %(action)s “%(value)s”",
        field=name,
        action=action_name(noun, operation.field, operation.action),
        value=values.get(operation.value, operation.value),
    )


def hindrance_text(error: DomainError) -> str:
    """Why an edit cannot be previewed or done."""
    if error.code == "too-many":
        return gettext(
            "These are %(count)s profiles; at most %(most)s can be changed at once. Narrow them down.",
            count=number(error.values["count"]),
            most=number(error.values["most"]),
        )
    texts = {
        "field": gettext("Please choose a field."),
        "action": gettext("Please choose what to do."),
        "value": gettext("Please choose a value."),
        "selection-changed": gettext(
            "Meanwhile something else would be changed than what you saw. Please look again, then decide."
        ),
        "nothing-to-do": gettext("All of these profiles say so already."),
        "undone-already": gettext("This was undone already."),
    }
    return texts.get(error.code) or unknown_rule(error)
