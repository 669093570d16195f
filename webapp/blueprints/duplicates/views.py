"""Two profiles beside one another as their page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wtforms import Field

from webapp.blueprints.duplicates.forms import PREFIX, MergeForm
from webapp.i18n import LANGUAGES, Language
from webapp.services.merging_fields import FieldChoice
from webapp.services.merging_parts import Merging
from webapp.services.profile_fields import ProfileField, ValueKind, fields_of
from webapp.services.profile_values import read_values
from webapp.web.profile_changes import shown_entry, shown_value
from webapp.web.profile_words import field_name


class Said(NamedTuple):
    """What a field says, as it is shown: texts by language, entries of a list, or one text."""

    texts: Sequence[tuple[Language, str]] = ()
    entries: Sequence[str] = ()
    text: str = ""
    logo: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not any(self)


class Row(NamedTuple):
    """A field in which two profiles differ, with what each way of deciding would say."""

    field: Field
    options: Sequence[tuple[Any, Said]]
    """The option of the form, and what the profile would say with it."""


def said(field: ProfileField, value: Any) -> Said:
    """What a value says."""
    if field.is_localized:
        return Said(texts=[(LANGUAGES[code], text) for code, text in (value or {}).items() if code in LANGUAGES])
    if field.kind == ValueKind.LOGO:
        return Said(logo=value or "")
    if isinstance(value, list):
        return Said(entries=[shown_entry(field, entry) for entry in value])
    return Said(text=shown_value(field, value))


def rows_of(form: MergeForm, differing: Sequence[FieldChoice]) -> list[Row]:
    """The differing fields with their options."""
    rows = []
    for each in differing:
        control = form[PREFIX + each.field.name]
        options = [(option, said(each.field, each.value(option.data))) for option in control]
        rows.append(Row(control, options))
    return rows


def same_of(merging: Merging, differing: Sequence[FieldChoice]) -> list[tuple[str, Said]]:
    """What both say alike, by the names of the fields; what neither says is left out."""
    return list(_same(merging.kept, read_values(merging.kept), {each.field.name for each in differing}))


def _same(profile: Any, values: Mapping[str, Any], but: set[str]) -> Iterator[tuple[str, Said]]:
    for field in fields_of(profile):
        if field.name not in but and not field.is_list_of_rows:
            shown = said(field, values[field.name])
            if not shown.is_empty:
                yield field_name(profile, field.name), shown
