"""Between the values of a profile's fields and what stands in the inputs of its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from webapp.i18n import LANGUAGES
from webapp.services.profile_fields import ProfileField, ValueKind
from webapp.services.profile_values import Values
from webapp.web.locale import offered_languages
from webapp.web.value_fields import (
    RowForm,
)


class Inputs(Protocol):
    """A form with inputs for fields of a profile."""

    def control(self, field: ProfileField, part: str = "") -> Any:
        """An input of a field."""


def fill(field: ProfileField, value: Any) -> dict[str, Any]:
    """What stands in the inputs of a field that has this value."""
    return _FILL.get(field.kind, _fill_one)(field, value)


def read(form: Inputs, field: ProfileField, present: Any) -> Any:
    """The value of a field from its inputs.

    Args:
        form: a form that was validated.
        field: one without errors.
        present: its value so far, whose order lists keep.
    """
    return _READ.get(field.kind, _read_one)(form, field, present)


def _fill_one(field: ProfileField, value: Any) -> dict[str, Any]:
    return {field.name: value if value is not None else ""}


def _fill_localized(field: ProfileField, value: Any) -> dict[str, Any]:
    return {f"{field.name}.{code}": text for code, text in (value or {}).items()}


def _fill_parsed(field: ProfileField, value: Any) -> dict[str, Any]:
    return {field.name: value}


def _fill_terms(field: ProfileField, value: Any) -> dict[str, Any]:
    if not field.most:
        return {field.name: value or []}
    first, *others = value or [""]
    return {field.name: first, f"{field.name}.others": others}


def _fill_flag(field: ProfileField, value: Any) -> dict[str, Any]:
    return {field.name: {True: "yes", False: "no"}.get(value, "")}


def _fill_rows(field: ProfileField, value: Any) -> dict[str, Any]:
    return {field.name: [_flat(item) for item in reversed(value or [])]}


def _flat(item: Values) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in item.items():
        flat |= {f"{key}_{code}": text for code, text in value.items()} if isinstance(value, dict) else {key: value}
    return flat


_ROWS_OF = (ValueKind.MILESTONES, ValueKind.PORTFOLIO)
_PARSED = (ValueKind.URL, ValueKind.YEAR, ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.COMPANY_NUMBER)
_PLACES = (ValueKind.COUNTRIES, ValueKind.PLACES)
_LOCALIZED = (ValueKind.LOCALIZED, ValueKind.PARAGRAPHS)
_FILL: Mapping[ValueKind, Callable[[ProfileField, Any], dict[str, Any]]] = {
    **dict.fromkeys((*_PARSED, *_PLACES), _fill_parsed),
    **dict.fromkeys(_LOCALIZED, _fill_localized),
    ValueKind.TERMS: _fill_terms,
    ValueKind.FLAG: _fill_flag,
    **dict.fromkeys(_ROWS_OF, _fill_rows),
}


def _read_one(form: Inputs, field: ProfileField, _present: Any) -> Any:
    data = form.control(field).data
    return data if data not in ("", ()) else None


def _read_list(form: Inputs, field: ProfileField, _present: Any) -> Any:
    return sorted(form.control(field).data or [])


def _read_localized(form: Inputs, field: ProfileField, present: Any) -> Any:
    """The texts of the languages offered; those in others stay."""
    offered = {language.code for language in offered_languages()}
    kept = {code: text for code, text in (present or {}).items() if code not in offered}
    read = {code: form.control(field, code).data for code in LANGUAGES if code in offered}
    return kept | {code: text for code, text in read.items() if text}


def _read_terms(form: Inputs, field: ProfileField, present: Any) -> Any:
    if field.most == 1:
        return [code for code in (form.control(field).data,) if code]
    if field.most:
        main, others = form.control(field).data, form.control(field, "others").data or []
        return _in_order([code for code in others if code != main], (present or [])[1:], first=main)
    return _in_order(form.control(field).data or [], present or [])


def _in_order(chosen: Sequence[str], before: Sequence[str], first: str = "") -> list[str]:
    kept = [code for code in before if code in chosen]
    return [*([first] if first else []), *kept, *(code for code in chosen if code not in kept)]


def _read_flag(form: Inputs, field: ProfileField, _present: Any) -> Any:
    return {"yes": True, "no": False}.get(form.control(field).data)


def _read_rows(form: Inputs, field: ProfileField, present: Any) -> Any:
    known = {item.get("name"): item.get("startup_id") for item in present or []}
    rows = [_nested(row) for row in _filled(form, field)]
    for row in rows if field.kind == ValueKind.PORTFOLIO else ():
        if known.get(row["name"]):
            row["startup_id"] = known[row["name"]]
    return rows


def _filled(form: Inputs, field: ProfileField) -> Iterator[RowForm]:
    return (row.form for row in form.control(field) if not row.form.is_empty)


def _nested(row: RowForm) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for name, value in row.data.items():
        key, _, code = name.partition("_")
        if code in LANGUAGES:
            texts = item.setdefault(key, {})
            if value:
                texts[code] = value
        elif value:
            item[name] = value
    return item


_READ: Mapping[ValueKind, Callable[[Inputs, ProfileField, Any], Any]] = {
    **dict.fromkeys((*_PLACES, ValueKind.LANGUAGES, ValueKind.GOALS, ValueKind.SITES), _read_list),
    **dict.fromkeys(_LOCALIZED, _read_localized),
    ValueKind.TERMS: _read_terms,
    ValueKind.FLAG: _read_flag,
    **dict.fromkeys(_ROWS_OF, _read_rows),
}
