"""Changes of profiles as people read them: field by field, texts word by word, lists by what came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import gettext

from webapp.errors import NotFound
from webapp.i18n import LANGUAGES, Language
from webapp.models import Partner, Startup
from webapp.services.logos import logo_path
from webapp.services.profile_fields import ProfileField, ValueKind
from webapp.services.profile_review import FieldChange
from webapp.services.text_difference import Piece, word_difference
from webapp.web.formats import country_name, label, language_name, number, place_name
from webapp.web.goals import goal_name
from webapp.web.profile_words import field_name
from webapp.web.site import current_settings


class TextChange(NamedTuple):
    """How a text changes in one language."""

    language: Language
    pieces: Sequence[Piece]


class ShownChange(NamedTuple):
    """A change of a field, as it is shown. Of ``texts``, the lists and ``old`` and ``new``, one is used."""

    name: str
    label: str
    texts: Sequence[TextChange] = ()
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    old: str = ""
    new: str = ""
    is_list: bool = False
    is_logo: bool = False


def shown_changes(profile: Startup | Partner, changes: Sequence[FieldChange]) -> list[ShownChange]:
    """Changes of a profile in the reader's language."""
    return [_shown(profile, change) for change in changes]


def shown_value(field: ProfileField, value: Any) -> str:
    """A single value of a field in words; an empty text if it says nothing."""
    if value is None or value == "":
        return ""
    if field.kind == ValueKind.FLAG:
        return gettext("Yes") if value else gettext("No")
    if field.kind in (ValueKind.AMOUNT, ValueKind.COUNT):
        return number(value)
    if field.kind == ValueKind.COUNTRY:
        return country_name(value)
    if field.kind == ValueKind.REGION:
        return label("regions", value)
    return str(value)


def shown_entry(field: ProfileField, entry: Any) -> str:
    """An entry of a list in words."""
    if field.term_kind:
        return label(field.term_kind.value, entry)
    if field.kind == ValueKind.GOALS:
        return f"{entry}. {goal_name(entry)}"
    if field.kind == ValueKind.SITES:
        return label("sites", entry)
    if field.kind == ValueKind.LANGUAGES:
        return language_name(entry)
    if field.kind in (ValueKind.COUNTRIES, ValueKind.PLACES):
        return place_name(entry)
    return _row(entry)


def _kept(name: str | None) -> str:
    """The name of a logo whose file still exists; those that nobody uses are deleted."""
    try:
        logo_path(current_settings().data_dir, name or "")
    except NotFound:
        return ""
    return name or ""


def _row(entry: Mapping[str, Any]) -> str:
    """A record in words: all that it says, its texts in every language, so that nothing of a change is hidden."""
    parts: list[str] = []
    for key in ("on", "name", "year", "text", "source"):
        value = entry.get(key)
        if isinstance(value, dict):
            parts += [f"\u2068{text}\u2069" for text in value.values()]
        elif value:
            parts.append(str(value))
    return " · ".join(parts)


def _shown(profile: Startup | Partner, change: FieldChange) -> ShownChange:
    field, called = change.field, field_name(profile, change.field.name)
    if field.is_localized:
        return ShownChange(field.name, called, texts=_texts(change.old or {}, change.new or {}))
    if field.kind == ValueKind.LOGO:
        return ShownChange(field.name, called, old=_kept(change.old), new=_kept(change.new), is_logo=True)
    if isinstance(change.old, list) or isinstance(change.new, list):
        old, new = change.old or [], change.new or []
        return ShownChange(
            field.name,
            called,
            added=[shown_entry(field, entry) for entry in new if entry not in old],
            removed=[shown_entry(field, entry) for entry in old if entry not in new],
            new=_first(field, old, new),
            is_list=True,
        )
    return ShownChange(field.name, called, old=shown_value(field, change.old), new=shown_value(field, change.new))


def _first(field: ProfileField, old: list[Any], new: list[Any]) -> str:
    """The main entry, where it is another one than before: the order of the others says nothing."""
    return shown_entry(field, new[0]) if field.name == "sectors" and field.most and new and old[:1] != new[:1] else ""


def _texts(old: Mapping[str, str], new: Mapping[str, str]) -> list[TextChange]:
    codes = [code for code in LANGUAGES if old.get(code, "") != new.get(code, "")]
    return [TextChange(LANGUAGES[code], word_difference(old.get(code, ""), new.get(code, ""))) for code in codes]


def init_app(app: Flask) -> None:
    """Give templates the changes."""
    app.add_template_global(shown_changes)
