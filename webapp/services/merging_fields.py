"""What a merged profile says: field by field from the one, from the other, or from both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.errors import Invalid
from webapp.models import Partner, Startup
from webapp.services.merging_parts import Merging
from webapp.services.profile_fields import ProfileField, ValueKind, fields_of
from webapp.services.profile_values import normal, read_values

KEPT, GONE, BOTH = "kept", "gone", "both"
"""From which profile a field is taken."""

_LISTS = (
    ValueKind.TERMS,
    ValueKind.COUNTRIES,
    ValueKind.PLACES,
    ValueKind.LANGUAGES,
    ValueKind.GOALS,
    ValueKind.SITES,
)


@dataclass(frozen=True)
class FieldChoice:
    """A field in which two profiles differ."""

    field: ProfileField
    kept: Any
    gone: Any
    both: Any
    """What both say together; nothing if it cannot be had."""
    default: str
    """``KEPT``, ``GONE`` or ``BOTH``."""

    @property
    def options(self) -> tuple[str, ...]:
        """From where it can be taken."""
        return (KEPT, GONE) if self.both is None else (KEPT, GONE, BOTH)

    def value(self, choice: str) -> Any:
        """What the field will say."""
        return {KEPT: self.kept, GONE: self.gone, BOTH: self.both}[choice]


def field_choices(merging: Merging) -> list[FieldChoice]:
    """The fields in which the two differ, with what seems best; records such as milestones are kept from both."""
    kept, gone = read_values(merging.kept), read_values(merging.gone)
    is_newer = _known_on(merging.gone) > _known_on(merging.kept)
    found = []
    for field in fields_of(merging.kept):
        if field.is_list_of_rows or field.name not in gone or kept[field.name] == gone[field.name]:
            continue
        ours, theirs = kept[field.name], gone[field.name]
        both = _together(field, ours, theirs)
        found.append(FieldChoice(field, ours, theirs, both, _default(ours, theirs, both, is_newer=is_newer)))
    return found


def _known_on(profile: Startup | Partner) -> date:
    """When somebody last stood by what it says; when it was created tells nothing of that."""
    return max((day for day in (profile.confirmed_on, profile.verified_on) if day), default=date.min)


def _together(field: ProfileField, ours: Any, theirs: Any) -> Any:
    if not ours or not theirs:
        return None
    if field.is_localized:
        both = theirs | ours
    elif field.kind in _LISTS and field.most != 1:
        both = normal(field, [*ours, *theirs])
    else:
        return None
    fits = field.is_localized or not field.most or len(both) <= field.most
    return both if fits and both not in (ours, theirs) else None


def _default(ours: Any, theirs: Any, both: Any, *, is_newer: bool) -> str:
    if not theirs and theirs is not False:
        return KEPT
    if not ours and ours is not False:
        return GONE
    if both is not None:
        return BOTH
    if isinstance(ours, (dict, list)) and len(ours) != len(theirs):
        return KEPT if len(ours) > len(theirs) else GONE
    return GONE if is_newer else KEPT


def chosen_of(each: FieldChoice, choices: Mapping[str, str]) -> str:
    """From where a field is taken.

    Raises:
        Invalid: ``choice``: the field cannot be taken from there.
    """
    choice = choices.get(each.field.name, each.default)
    if choice not in each.options:
        raise Invalid("choice", field=each.field.name)
    return choice


def text_dates(merging: Merging, wanted: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Since when each text that is taken over stands as it does: that does not change with where it stands."""
    found: dict[str, dict[str, str]] = {}
    for name in wanted:
        ours, theirs = ((row.text_dates or {}).get(name) for row in (merging.kept, merging.gone))
        if ours or theirs:
            kept_texts = getattr(merging.kept, name)
            merged = {}
            for language, text in wanted[name].items():
                source = ours if kept_texts.get(language) == text else theirs
                if source and language in source:
                    merged[language] = source[language]
            found[name] = merged
    return found
