"""Saved searches in the reader's words: what each looks for, where its page is, how often it tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import Flask, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from webapp.models import AlertFrequency, Partner, SavedSearch, Startup
from webapp.services.saved_searches import NAME_LENGTH
from webapp.services.search_news import MATCHES
from webapp.web.directories import DIRECTORIES
from webapp.web.formats import name_of, number
from webapp.web.selection import Selection

FREQUENCIES: Mapping[AlertFrequency, LazyString] = {
    AlertFrequency.DAILY: lazy_gettext("Every day"),
    AlertFrequency.WEEKLY: lazy_gettext("Every Monday"),
    AlertFrequency.NEVER: lazy_gettext("No mails"),
}
"""How often somebody is told by mail, as choices."""

_TELLS: Mapping[AlertFrequency, LazyString] = {
    AlertFrequency.DAILY: lazy_gettext("A mail every day on which there is something new"),
    AlertFrequency.WEEKLY: lazy_gettext("A mail on Mondays if there is something new"),
    AlertFrequency.NEVER: lazy_gettext("No mails"),
}
_LONGEST_NAME = 60


class Asked(NamedTuple):
    """One thing that a search asks for: a filter, or its text."""

    title: str
    name: str


def selection_of(noun: str, parameters: Mapping[str, Any]) -> Selection:
    """What a saved query string selects in the directory of a noun."""
    directory = DIRECTORIES[noun]
    texts = [
        (name, str(each))
        for name, value in parameters.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return Selection.from_form(directory.form(MultiDict(texts)), directory.endpoint, directory.names)


def asked_by(selection: Selection, noun: str) -> list[Asked]:
    """What a selection asks for, in words; nothing if it is the whole directory."""
    facets = {facet.name: facet for facet in DIRECTORIES[noun].facets}
    found = [Asked(gettext("Words"), gettext("“%(word)s”", word=selection.text))] if selection.text else []
    return found + [Asked(str(facets[name].title), facets[name].name_of(code)) for name, code in selection.chosen]


def asked_by_saved(saved: SavedSearch) -> list[Asked]:
    """The same of a saved search."""
    return [] if saved.noun == MATCHES else asked_by(selection_of(saved.noun, saved.parameters), saved.noun)


def what_is_saved(saved: SavedSearch) -> str:
    """Where it looks: in which directory, or among whose matches."""
    if saved.noun == MATCHES:
        return gettext("Matches of %(name)s", name=f"\u2068{name_of(owner_of(saved))}\u2069")
    return gettext("Startups") if saved.noun == Startup.noun else gettext("Partners")


def owner_of(saved: SavedSearch) -> Startup | Partner:
    """Whose matches a search of matches is.

    Raises:
        ValueError: it is none.
    """
    found = saved.startup or saved.partner
    if found is None:
        raise ValueError("a search of a directory belongs to no organisation")
    return found


def saved_search_url(saved: SavedSearch) -> str:
    """Where all is that it finds."""
    if saved.noun == MATCHES:
        owner = owner_of(saved)
        return url_for("matches.matches", noun=owner.noun, slug=owner.slug)
    return selection_of(saved.noun, saved.parameters).url


def suggested_name(noun: str, asked: Iterable[Asked]) -> str:
    """A name for a search, made of what it asks for; as much of it as is still a name."""
    name = ""
    for each in asked:
        longer = f"{name} · {each.name}" if name else each.name
        if name and len(longer) > _LONGEST_NAME:
            break
        name = longer
    everything = gettext("All startups") if noun == Startup.noun else gettext("All partners")
    return name[:NAME_LENGTH] or everything


def tells_text(saved: SavedSearch) -> str:
    """How often somebody is told, as a statement."""
    return str(_TELLS[AlertFrequency(saved.frequency)])


def news_text(saved: SavedSearch, noun: str, count: int) -> str:
    """How many are new in a search."""
    if saved.noun == MATCHES:
        return ngettext("%(count)s new match", "%(count)s new matches", count, count=number(count))
    if noun == Startup.noun:
        return ngettext("%(count)s new startup", "%(count)s new startups", count, count=number(count))
    return ngettext("%(count)s new partner", "%(count)s new partners", count, count=number(count))


def init_app(app: Flask) -> None:
    """Give templates the words."""
    for function in (asked_by_saved, what_is_saved, saved_search_url, tells_text, news_text):
        app.add_template_global(function)
