"""Form fields whose texts stand for values, such as years and web addresses; of profiles and of applications."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import Form as PlainForm
from wtforms import SelectMultipleField, StringField, widgets

from webapp.errors import Invalid
from webapp.extensions import db
from webapp.services.imports.values import key_of, parse_amount, parse_country, parse_url, parse_year
from webapp.services.organisations import read_company_number
from webapp.web.formats import place_name
from webapp.web.listing_form import printable
from webapp.web.marks import today
from webapp.web.site import current_vocabulary

_SEPARATORS = re.compile(r"[,،;؛\n]")
MOST_OF_A_COUNT = 500


def line(text: str | None) -> str:
    """A line without what cannot be printed and without spaces around it."""
    return " ".join(printable(text or "").split())


def paragraphs(text: str | None) -> str:
    """The same of a text, line by line."""
    return "\n".join(printable(each).rstrip() for each in (text or "").splitlines()).strip()


class ParsedField(StringField):  # type: ignore[misc]
    """A text that stands for a value. What cannot be read stays as it was typed, with the reason."""

    def __init__(
        self,
        label: str = "",
        *,
        parse: Callable[[str], Any],
        show: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.parse, self.show = parse, show

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data in (None, []) else self.show(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; ``ValueError`` carries what is said of it."""
        text = paragraphs(valuelist[0] if valuelist else "")
        self.data = None
        if text:
            self.data = self.parse(text)


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]
    """Several of some options, as checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class RowForm(PlainForm):  # type: ignore[misc]
    """A record in a list of records. One that is left empty is none."""

    needed: tuple[str, ...] = ()
    """Of each, one field must be filled in whose name begins so."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(field.data or (field.raw_data and field.raw_data[0].strip()) for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check a record that is not empty, and that what it needs is there."""
        if self.is_empty:
            return True
        valid: bool = super().validate(extra_validators)
        for needed in self.needed:
            of_it = [field for field in self if field.short_name.startswith(needed)]
            if not any(field.data or field.errors for field in of_it):
                of_it[0].errors = [*of_it[0].errors, gettext("Please fill this in, or empty the row.")]
                valid = False
        return valid


def read_amount(text: str) -> int:
    """An amount of money."""
    return _or_say(parse_amount, text, gettext("Please write an amount, like 500,000 or 2 M."))


def read_year(text: str) -> int:
    """A year that has come."""
    year = _or_say(parse_year, text, gettext("Please write a year, like 2021."))
    if year > today().year:
        raise ValueError(gettext("This year has not come yet."))
    return int(year)


def read_count(text: str) -> int:
    """A small number."""
    if not text.isdecimal() or int(text[:9]) > MOST_OF_A_COUNT:
        raise ValueError(gettext("Please write a number, at most %(most)s.", most=MOST_OF_A_COUNT))
    return int(text)


def read_url(text: str) -> str:
    """A web address."""
    address: str = _or_say(parse_url, text, gettext("Please write a web address, like company.ma."))
    if len(address) > 300:
        raise ValueError(gettext("Please use at most %(count)s characters.", count=300))
    return address


def read_day(text: str) -> str:
    """A day, as ISO date."""
    day: date = _or_say(date.fromisoformat, text, gettext("Please write a day as year-month-day, like 2026-03-31."))
    if not 1900 <= day.year <= 2200:
        raise ValueError(gettext("Please write a day as year-month-day, like 2026-03-31."))
    return day.isoformat()


def read_number_of_company(text: str) -> str:
    """A company's number whose digits fit together."""
    try:
        return read_company_number(db.session, text)
    except Invalid:
        raise ValueError(gettext("This number is not complete, or a digit is mistyped.")) from None


def read_places(text: str, *, with_regions: bool) -> list[str]:
    """Codes of countries, and of regions where they are allowed, from their names."""
    regions = _regions() if with_regions else {}
    found, unknown = [], []
    for name in filter(None, (line(part) for part in _SEPARATORS.split(text))):
        try:
            found.append(regions.get(key_of(name)) or parse_country(name))
        except ValueError:
            unknown.append(name)
    if unknown:
        names = gettext(", ").join(f"\u2068{name[:60]}\u2069" for name in unknown[:5])
        raise ValueError(gettext("Nobody knows this place: %(names)s. Please write its usual name.", names=names))
    return list(dict.fromkeys(found))


def show_places(codes: Sequence[str]) -> str:
    """Names of countries and regions, one a line."""
    return "\n".join(sorted(place_name(code) for code in codes))


def _regions() -> Mapping[str, str]:
    names = current_vocabulary().names.get("regions", {})
    return {key_of(text): code for code, texts in names.items() for text in (code, *texts.values())}


def _or_say(parse: Callable[[str], Any], text: str, message: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise ValueError(message) from None
