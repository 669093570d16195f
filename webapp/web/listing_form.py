"""The query string of a directory as a form that never refuses: what it cannot use, it replaces and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField

from webapp.search.columns import SORTS

LONGEST_TEXT = 300
"""Characters of a search text that are used."""
MOST_CODES = 40
"""Codes of one facet that are read; there are fewer in any network's page."""
LAST_PAGE = 1_000_000
"""Greater numbers are read as this one, which is beyond the last page of any directory."""
VIEWS = ("list", "cards")
"""Densities of a listing; the first is the default."""
SWITCH = ("", "1")
"""Off and on."""


def printable(text: str) -> str:
    """The text without control characters, in which no database and no reader finds any sense."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


class CodesField(Field):  # type: ignore[misc]
    """A parameter that may come several times, each time with a stable code."""

    data: tuple[str, ...]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        codes = (printable(value)[:60] for value in valuelist)
        self.data = tuple(dict.fromkeys(code for code in codes if code))[:MOST_CODES]


class PageField(Field):  # type: ignore[misc]
    """A page's number; 1 where it is none."""

    data: int

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        number = int(text[:10]) if text.isdecimal() else 1
        self.data = min(max(number, 1), LAST_PAGE)


class OneOfField(Field):  # type: ignore[misc]
    """One of some words; the first of them where it is none."""

    data: str

    def __init__(self, words: Sequence[str], **options: object) -> None:
        super().__init__(**options)
        self.words = words

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] in self.words else self.words[0]


class TextField(StringField):  # type: ignore[misc]
    """A search text, cut where it is too long; ``was_cut`` says so."""

    was_cut = False

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = " ".join(printable(valuelist[0]).split()) if valuelist else ""
        self.was_cut = len(text) > LONGEST_TEXT
        self.data = text[:LONGEST_TEXT].rstrip()


class ListingForm(FlaskForm):  # type: ignore[misc]
    """What every directory understands; ``form_with`` adds the facets."""

    class Meta:
        """Reading needs no token."""

        csrf = False

    q = TextField()
    sort = OneOfField(SORTS)
    page = PageField()
    view = OneOfField(VIEWS)
    exact = OneOfField(SWITCH)
    explain = OneOfField(SWITCH)

    def filters(self, facets: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The codes chosen of each facet, facets without any left out."""
        chosen = {facet: self[facet].data for facet in facets}
        return {facet: codes for facet, codes in chosen.items() if codes}


def form_with(facets: Iterable[str]) -> type[ListingForm]:
    """The form of a directory with these facets."""
    fields: dict[str, Any] = {facet: CodesField() for facet in facets}
    return type("FacetsForm", (ListingForm,), fields)
