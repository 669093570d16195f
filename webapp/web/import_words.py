"""What an import has to say, in the reader's language: on its pages, and, in English, in the report of the command.

Codes come from ``webapp.services.imports``. What is quoted from the file stands between quotation marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from webapp.services.imports.remarks import Remark, Status

Values = Mapping[str, Any]
Namer = Callable[[str], str]
"""Gives a field its name."""

STATUSES: Mapping[Status, LazyString] = {
    Status.CREATED: lazy_gettext("New"),
    Status.FLAGGED: lazy_gettext("New, looks like another"),
    Status.UPDATED: lazy_gettext("Brought up to date"),
    Status.UNCHANGED: lazy_gettext("Unchanged"),
    Status.REJECTED: lazy_gettext("Rejected"),
}
"""What became of a row -> its name."""

FIELD_NAMES: Mapping[str, LazyString] = {
    "slug": lazy_gettext("Address of its page"),
    "name_latin": lazy_gettext("Name in Latin letters"),
    "name_arabic": lazy_gettext("Name in Arabic letters"),
    "pitch": lazy_gettext("Pitch"),
    "description": lazy_gettext("Description"),
    "website": lazy_gettext("Website"),
    "founded": lazy_gettext("Year of foundation"),
    "closed_on": lazy_gettext("Closed on"),
    "company_number": lazy_gettext("Company number"),
    "city": lazy_gettext("City"),
    "country": lazy_gettext("Country"),
    "region": lazy_gettext("Region"),
    "regions": lazy_gettext("Regions"),
    "sites": lazy_gettext("Parks"),
    "sectors": lazy_gettext("Sectors"),
    "technologies": lazy_gettext("Technologies"),
    "maturities": lazy_gettext("Stage"),
    "funding_stages": lazy_gettext("Funding"),
    "business_models": lazy_gettext("Business model"),
    "customers": lazy_gettext("Customers"),
    "headcounts": lazy_gettext("Team"),
    "needs": lazy_gettext("Needs"),
    "offers": lazy_gettext("Offers"),
    "legal_forms": lazy_gettext("Legal form"),
    "women_founders": lazy_gettext("Women among the founders"),
    "export_markets": lazy_gettext("Export markets"),
    "sdgs": lazy_gettext("Sustainable Development Goals"),
    "raising_min": lazy_gettext("Raising, at least"),
    "raising_max": lazy_gettext("Raising, at most"),
    "currency": lazy_gettext("Currency"),
    "site": lazy_gettext("Park"),
    "entered_on": lazy_gettext("Entered the park on"),
    "left_on": lazy_gettext("Left the park on"),
    "leaving_reason": lazy_gettext("Reason for leaving"),
    "leaving_reasons": lazy_gettext("Reasons for leaving"),
    "residency_events": lazy_gettext("History of residency"),
    "milestones": lazy_gettext("Milestones"),
    "note": lazy_gettext("Note (kept with the row)"),
}
"""Field of a mapping, or file of the pack -> its name."""


def field_label(name: str) -> str:
    """What a field is called; its own name if nobody has named it."""
    return str(FIELD_NAMES.get(name, name))


def listed(values: Iterable[str]) -> str:
    """Values between quotation marks, one after the other."""
    return gettext(", ").join(gettext("“%(text)s”", text=value) for value in values)


_STOPS: Mapping[str, LazyString] = {
    "file-type": lazy_gettext("Files of this kind cannot be read (%(suffix)s). Give a .csv, .xlsx or .jsonl file."),
    "wrong-content": lazy_gettext("The file is damaged, or it is not what its name says (%(suffix)s)."),
    "file-empty": lazy_gettext("The file holds nothing."),
    "no-rows": lazy_gettext("The file has column names, but no rows."),
    "too-many-rows": lazy_gettext(
        "The file has %(found)s rows. At most %(most)s can be imported here; the command imports more."
    ),
    "header-twice": lazy_gettext("Columns with the same name: %(names)s. Rename all but one."),
    "header-unreadable": lazy_gettext(
        "The column names in line %(line)s cannot be read: a quotation mark is not closed."
    ),
    "not-in-encoding": lazy_gettext(
        "The file is not in the encoding %(encoding)s. Leave file.encoding out, or correct it."
    ),
    "no-such-sheet": lazy_gettext("There is no sheet %(sheet)s. There are: %(sheets)s."),
    "no-network": lazy_gettext("No network pack is loaded yet. Run “flask network load” first."),
    "alias-unknown": lazy_gettext("columns.%(field)s.aliases: the network has no “%(code)s” among its %(field)s."),
    "columns-missing": lazy_gettext("The file lacks columns that the mapping names: %(missing)s. It has: %(columns)s."),
    "no-mapping": lazy_gettext("It has not been said yet which column is what."),
    "no-name-column": lazy_gettext("Say which column holds the name of the startup."),
    "one-column": lazy_gettext("%(field)s takes one column only. Leave the others out."),
    "mapping-wrong": lazy_gettext("The mapping cannot be used: %(problems)s"),
    "content-forgotten": lazy_gettext("The import is over; its file was forgotten."),
}
"""Why a whole file cannot be imported."""

_LIKENESS: Mapping[str, LazyString] = {
    "same-name": lazy_gettext("same name"),
    "close-name": lazy_gettext("almost the same name"),
    "same-website": lazy_gettext("same website"),
}

_REMARKS: Mapping[str, LazyString] = {
    # Reasons: the row was rejected.
    "cell-count": lazy_gettext("%(found)s cells instead of %(expected)s"),
    "quotes": lazy_gettext("a quotation mark is not closed, or text follows it: %(text)s"),
    "cell-too-large": lazy_gettext("a cell is larger than 64 MB"),
    "unstorable": lazy_gettext("the cell in “%(column)s” holds characters that no database keeps"),
    "not-json": lazy_gettext("not JSON: %(error)s"),
    "not-an-object": lazy_gettext("not a JSON object"),
    "no-key": lazy_gettext("nothing stands in %(columns)s, by which a row is known again"),
    "key-twice": lazy_gettext("the same key as line %(line)s"),
    "no-name": lazy_gettext("no name"),
    "name-too-long": lazy_gettext("%(field)s is longer than %(limit)s characters"),
    "company-number-taken": lazy_gettext("%(slug)s has the company number %(number)s already"),
    "already-there": lazy_gettext(
        "residency contradicts itself or what is recorded: enters a park where it sits (%(on)s)"
    ),
    "not-there": lazy_gettext(
        "residency contradicts itself or what is recorded: leaves a park where it does not sit (%(on)s)"
    ),
    "not-yet": lazy_gettext("residency tells of a day that is still to come (%(on)s)"),
    "until-before-on": lazy_gettext("a lease ends before the day on which it was agreed (%(on)s)"),
    "not-a-leaving-reason": lazy_gettext("%(code)s is not a reason for leaving"),
    "database-refused": lazy_gettext("the database refused it: %(error)s"),
    "dropped": lazy_gettext("left out: %(reason)s"),
    # Notes: the row was imported all the same.
    "unknown": lazy_gettext("unknown %(fields)s: %(values)s"),
    "unreadable": lazy_gettext("%(field)s cannot be read: “%(value)s”"),
    "too-many": lazy_gettext("too many %(field)s; left out: %(left_out)s"),
    "too-long": lazy_gettext("%(field)s is longer than %(limit)s characters and was left empty"),
    "cut": lazy_gettext("%(field)s was cut to %(limit)s characters"),
    "pitch-from-description": lazy_gettext("the pitch is the beginning of the description (%(language)s)"),
    "date-rounded": lazy_gettext("%(field)s: “%(value)s” is not a full date; taken as %(date)s"),
    "range-reversed": lazy_gettext("raising_min was larger than raising_max; exchanged"),
    "stay-incomplete": lazy_gettext("a stay needs a site and a day of entry; not recorded"),
    "no-sector": lazy_gettext("no known sector"),
    "slug-taken": lazy_gettext("the address %(slug)s is taken or not written as addresses are; another was made"),
    "source-says": lazy_gettext("%(column)s: %(value)s"),
    "repaired-encoding": lazy_gettext("written in another encoding than the rest of the file; repaired"),
    "formula-without-value": lazy_gettext("formulas without a result, read as empty: %(columns)s"),
    "lookalike": lazy_gettext("looks like %(slug)s (%(how)s)"),
}


def word_stop(code: str, values: Values, name: Namer = str) -> str:
    """Why a whole file cannot be imported; the bare code if nobody has put it into words yet."""
    return _worded(_STOPS, code, values, name)


def word_remark(remark: Remark, name: Namer = str) -> str:
    """A note or reason; the bare code if nobody has put it into words yet."""
    return _worded(_REMARKS, remark.code, remark.values, name)


def _worded(words: Mapping[str, LazyString], code: str, values: Values, name: Namer) -> str:
    text = words.get(code)
    return str(text) % {key: _value(key, value, name) for key, value in values.items()} if text else code


def _value(key: str, value: Any, name: Namer) -> Any:
    if key == "field":
        return name(value)
    if key == "fields":
        return gettext(" or ").join(map(name, value))
    if key == "missing":
        return gettext(", ").join(f"“{column}” ({place})" for column, place in value)
    if key == "how":
        return str(_LIKENESS[value])
    if key == "problems":
        return "; ".join(value)
    return listed(value) if isinstance(value, (list, tuple)) else value


def rows_text(count: int, shown: str) -> str:
    """How many rows: "12 rows"."""
    return ngettext("%(count)s row", "%(count)s rows", count, count=shown)
