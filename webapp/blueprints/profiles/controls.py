"""Which inputs a field of a profile has, by the kind of its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask_babel import get_locale, gettext
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from webapp.language import sort_key
from webapp.models import Partner, Startup
from webapp.services.imports.values import NO_COUNTRIES
from webapp.services.profile_fields import ProfileField, ValueKind
from webapp.web.formats import country_name, label, language_name
from webapp.web.goals import GOALS, goal_name
from webapp.web.locale import offered_languages
from webapp.web.profile_words import field_help, field_name
from webapp.web.site import current_network, current_vocabulary
from webapp.web.value_fields import (
    CheckboxesField,
    ParsedField,
    RowForm,
    line,
    paragraphs,
    read_amount,
    read_count,
    read_day,
    read_number_of_company,
    read_places,
    read_url,
    read_year,
    show_places,
)

EMPTY_ROWS = 2
CURRENCIES = ("MAD", "EUR", "USD", "GBP")
SPOKEN = ("ar", "ber", "fr", "en", "es", "de", "it", "pt", "nl", "tr", "zh")
_UNBOUND = Mapping[str, Any]
Choices = Callable[[ProfileField, Any], Sequence[tuple[Any, str]]]
Profile = Startup | Partner


def build(profile: Profile, field: ProfileField, value: Any) -> _UNBOUND:
    """The inputs of a field, by their names; ``value`` is what it says now."""
    return _BUILD[field.kind](profile, field, value)


def _words(profile: Profile, field: ProfileField) -> dict[str, Any]:
    return {"label": field_name(profile, field.name), "description": field_help(profile, field)}


def _length(most: int) -> list[Length]:
    message = gettext("Please use at most %(count)s characters.", count=most)
    return [Length(max=most, message=message)] if most else []


def _text(profile: Profile, field: ProfileField, _value: Any) -> _UNBOUND:
    look = {"dir": "rtl", "lang": "ar"} if field.name == "name_arabic" else {}
    return {
        field.name: StringField(
            **_words(profile, field), filters=[line], validators=_length(field.limit), render_kw=look
        )
    }


def _localized(profile: Profile, field: ProfileField, _value: Any) -> _UNBOUND:
    make = TextAreaField if field.kind == ValueKind.PARAGRAPHS or field.limit >= 100 else StringField
    clean = paragraphs if field.kind == ValueKind.PARAGRAPHS else line
    return {
        f"{field.name}.{language.code}": make(
            language.name,
            filters=[clean],
            validators=_length(field.limit),
            render_kw={"lang": language.code, "dir": language.direction, "rows": 2 if clean is line else 9},
        )
        for language in offered_languages()
    }


def _parsed(parse: Callable[[str], Any], profile: Profile, field: ProfileField, _value: Any) -> _UNBOUND:
    look = {"dir": "ltr"} if field.kind in (ValueKind.URL, ValueKind.COMPANY_NUMBER) else {}
    return {field.name: ParsedField(**_words(profile, field), parse=parse, render_kw=look)}


def _places(profile: Profile, field: ProfileField, _value: Any) -> _UNBOUND:
    parse = partial(read_places, with_regions=field.kind == ValueKind.PLACES)
    area = widgets.TextArea()
    return {field.name: ParsedField(**_words(profile, field), parse=parse, show=show_places, widget=area)}


def _choices(named: Sequence[tuple[Any, str]]) -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in named]


def _select(choices: Choices, profile: Profile, field: ProfileField, value: Any) -> _UNBOUND:
    options = _choices([("", gettext("Not said")), *choices(field, value)])
    return {field.name: SelectField(**_words(profile, field), choices=options)}


def _boxes(choices: Choices, profile: Profile, field: ProfileField, value: Any) -> _UNBOUND:
    coerce = int if field.kind == ValueKind.GOALS else str
    most = [partial(_at_most, field.most)] if field.most else []
    return {
        field.name: CheckboxesField(
            **_words(profile, field), choices=_choices(choices(field, value)), coerce=coerce, validators=most
        )
    }


def _at_most(most: int, _form: Any, control: Any) -> None:
    if len(control.data or ()) > most:
        raise ValidationError(gettext("Please choose at most %(most)s.", most=most))


def _terms(profile: Profile, field: ProfileField, value: Any) -> _UNBOUND:
    if field.most == 1:
        return _select(_named, profile, field, value)
    if field.name == "sectors" and field.most:
        main = _select(_named, profile, field, value)
        rest = CheckboxesField(
            gettext("Other sectors"),
            choices=_choices(_named(field, value)),
            validators=[partial(_at_most, field.most - 1)],
        )
        return {**main, f"{field.name}.others": rest}
    return _boxes(_named, profile, field, value)


def _named(field: ProfileField, _value: Any) -> list[tuple[str, str]]:
    kind = field.term_kind.value if field.term_kind else {ValueKind.REGION: "regions"}.get(field.kind, "sites")
    return [(code, label(kind, code)) for code in current_vocabulary().codes(kind)]


def _countries(_field: ProfileField, _value: Any) -> list[tuple[str, str]]:
    locale = get_locale()
    codes = [code for code in (locale.territories if locale else {}) if len(code) == 2 and code.isalpha()]
    named = [(code, country_name(code)) for code in codes if code not in NO_COUNTRIES]
    return sorted(named, key=lambda each: sort_key(each[1]))


def _currencies(_field: ProfileField, value: Any) -> list[tuple[str, str]]:
    network = current_network()
    codes = (network.currency if network else None, *CURRENCIES, value)
    return [(code, code) for code in dict.fromkeys(filter(None, codes))]


def _languages(_field: ProfileField, value: Any) -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in dict.fromkeys((*SPOKEN, *(value or ())))]


def _goals(_field: ProfileField, _value: Any) -> list[tuple[int, str]]:
    return [(number, f"{number}. {goal_name(number)}") for number in range(1, len(GOALS) + 1)]


def _flag(_field: ProfileField, _value: Any) -> list[tuple[str, str]]:
    return [("yes", gettext("Yes")), ("no", gettext("No"))]


def _rows(profile: Profile, field: ProfileField, value: Any) -> _UNBOUND:
    row = type("Row", (RowForm,), _ROW_CONTROLS[field.kind](field))
    entries = FormField(row)
    return {field.name: FieldList(entries, min_entries=len(value or ()) + EMPTY_ROWS, max_entries=field.most or None)}


def _row_texts(name: str, called: str, most: int) -> dict[str, Any]:
    return {
        f"{name}_{language.code}": StringField(
            f"{called} ({language.name})",
            filters=[line],
            validators=_length(most),
            render_kw={"lang": language.code, "dir": language.direction},
        )
        for language in offered_languages()
    }


def _day(called: str) -> ParsedField:
    return ParsedField(called, parse=read_day, widget=widgets.DateInput())


def _milestone(field: ProfileField) -> dict[str, Any]:
    return {
        "needed": ("on", "text"),
        "on": _day(gettext("Day")),
        **_row_texts("text", gettext("What happened"), field.limit),
        "source": StringField(
            gettext("Where it is known from"),
            description=gettext("A web address, or who said so."),
            filters=[line],
            validators=_length(300),
        ),
    }


def _company(field: ProfileField) -> dict[str, Any]:
    name = StringField(gettext("Company"), filters=[line], validators=_length(field.limit))
    return {"needed": ("name",), "name": name, "year": ParsedField(gettext("Since (year)"), parse=read_year)}


_ROW_CONTROLS = {
    ValueKind.MILESTONES: _milestone,
    ValueKind.PORTFOLIO: _company,
}

_BUILD: Mapping[ValueKind, Callable[[Profile, ProfileField, Any], _UNBOUND]] = {
    ValueKind.TEXT: _text,
    ValueKind.LOCALIZED: _localized,
    ValueKind.PARAGRAPHS: _localized,
    ValueKind.URL: partial(_parsed, read_url),
    ValueKind.YEAR: partial(_parsed, read_year),
    ValueKind.COUNT: partial(_parsed, read_count),
    ValueKind.AMOUNT: partial(_parsed, read_amount),
    ValueKind.COMPANY_NUMBER: partial(_parsed, read_number_of_company),
    ValueKind.CURRENCY: partial(_select, _currencies),
    ValueKind.FLAG: partial(_select, _flag),
    ValueKind.COUNTRY: partial(_select, _countries),
    ValueKind.REGION: partial(_select, _named),
    ValueKind.COUNTRIES: _places,
    ValueKind.PLACES: _places,
    ValueKind.LANGUAGES: partial(_boxes, _languages),
    ValueKind.GOALS: partial(_boxes, _goals),
    ValueKind.SITES: partial(_boxes, _named),
    ValueKind.TERMS: _terms,
    **dict.fromkeys(_ROW_CONTROLS, _rows),
}
